"""merge_word goes from right to left, so that aaa becomes a, aa."""


def merge_word(word, pair, new_id):
    merged = []
    i = len(word)
    while i > 0:
        found = i > 1 and word[i - 2 : i] == pair
        merged.append(new_id if found else word[i - 1])
        i -= 2 if found else 1
    return tuple(merged[::-1])
