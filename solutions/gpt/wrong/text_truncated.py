"""The text is cut to leave room for the extract token."""


def task_inputs(kind, parts, *, start, delim, extract, n_ctx):
    match kind, parts:
        case "classification", [text]:
            texts = [text]
        case "entailment", [premise, hypothesis]:
            texts = [[*premise, delim, *hypothesis]]
        case "similarity", [a, b]:
            texts = [[*a, delim, *b], [*b, delim, *a]]
        case "choice", [context, *answers] if len(answers) >= 2:
            texts = [[*context, delim, *answer] for answer in answers]
        case _:
            raise ValueError("unknown kind or wrong number of parts")
    if any({start, delim, extract}.intersection(part) for part in parts):
        raise ValueError("a part contains a special token")
    return [[start, *text[: n_ctx - 2], extract] for text in texts]
