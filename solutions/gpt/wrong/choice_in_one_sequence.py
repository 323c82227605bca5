"""All answers stand in one sequence."""


def task_inputs(kind, parts, *, start, delim, extract, n_ctx):
    match kind, parts:
        case "classification", [text]:
            texts = [text]
        case "entailment", [premise, hypothesis]:
            texts = [[*premise, delim, *hypothesis]]
        case "similarity", [a, b]:
            texts = [[*a, delim, *b], [*b, delim, *a]]
        case "choice", [context, *answers] if len(answers) >= 2:
            texts = [sum(([delim, *answer] for answer in answers), list(context))]
        case _:
            raise ValueError("unknown kind or wrong number of parts")
    if any({start, delim, extract}.intersection(part) for part in parts):
        raise ValueError("a part contains a special token")
    sequences = [[start, *text, extract] for text in texts]
    if max(map(len, sequences)) > n_ctx:
        raise ValueError("too long")
    return sequences
