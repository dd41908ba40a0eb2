"""Whether an operator's regular expression could run for ever on some address. Does no input or output.

Python's matcher tries every way to split a text between two repetitions, one
inside the other, and that is two ways more for each further letter: `(a+)+`. It
is harmless where something firm stands between the rounds, as in `(/[a-z]+)+`.
"""

import re
from collections.abc import Iterator
from typing import Any

_parser: Any = re._parser  # type: ignore[attr-defined]  # the standard library's own; no other reads its dialect
# A repetition up to so many is counted as one without end: 2 to the 10th is no longer a moment's work.
_MANY = 10


def endless(pattern: str) -> str | None:
    """What is wrong with a pattern that could run for ever, as a clause; None for a harmless one.

    A sufficient check for the common mistake, not a proof: alternatives that
    begin alike, `(a|ab)*`, are refused as well where the parser leaves them so.
    """
    return next((problem for problem in map(_problem, _repeats(_parser.parse(pattern))) if problem), None)


def _problem(body: list[tuple[Any, Any]]) -> str | None:
    inner = list(_repeats(body))
    takers = [item for one in inner for item in one]
    if inner and not any(_firm(edge, takers) for edge in (body[0], body[-1])):
        return "it repeats a repetition, which can take for ever; write it with something firm between the rounds"
    if any(str(name) == "BRANCH" and _alike(argument[1]) for name, argument in _all(body)):
        return "it repeats alternatives that begin alike, which can take for ever; write what they share once"
    return None


def _all(parsed: Any) -> Iterator[tuple[Any, Any]]:
    """Every item of a parsed pattern, those inside others too."""
    for name, argument in parsed:
        yield name, argument
        for part in argument if isinstance(argument, tuple | list) else (argument,):
            for one in part if isinstance(part, list) else (part,):
                if isinstance(one, _parser.SubPattern):
                    yield from _all(one)


def _repeats(parsed: Any) -> Iterator[list[tuple[Any, Any]]]:
    """What is repeated without end, anywhere in a parsed pattern."""
    for name, argument in _all(parsed):
        if str(name) in ("MAX_REPEAT", "MIN_REPEAT") and argument[1] >= _MANY:
            yield _bare(argument[2])


def _bare(parsed: Any) -> list[tuple[Any, Any]]:
    """The items of a group, without the group around them."""
    items = list(parsed)
    while len(items) == 1 and str(items[0][0]) == "SUBPATTERN":
        items = list(items[0][1][3])
    return items


def _firm(edge: tuple[Any, Any], takers: list[tuple[Any, Any]]) -> bool:
    """Whether an item is one character that nothing repeated beside it takes."""
    return str(edge[0]) == "LITERAL" and not any(_takes(item, edge[1]) for item in takers)


def _takes(item: tuple[Any, Any], code: int) -> bool:
    """Whether an item could match this character; in doubt it could."""
    name, argument = str(item[0]), item[1]
    match name:
        case "LITERAL":
            return bool(argument == code)
        case "NOT_LITERAL":
            return bool(argument != code)
        case "RANGE":
            return bool(argument[0] <= code <= argument[1])
        case "CATEGORY":
            letter = {"DIGIT": "d", "WORD": "w", "SPACE": "s"}[str(argument).rpartition("_")[2]]
            return re.match(f"\\{letter.upper() if '_NOT_' in str(argument) else letter}", chr(code)) is not None
        case "IN":
            negated = str(argument[0][0]) == "NEGATE"
            return any(_takes(one, code) for one in argument[negated:]) is not negated
        case _:
            return True


def _alike(branches: Any) -> bool:
    """Whether two alternatives could begin with the same character, or one can be empty."""
    firsts = [list(branch)[:1] for branch in branches]
    if not all(firsts):
        return True
    for number, (one,) in enumerate(firsts):
        for (other,) in firsts[number + 1 :]:
            if str(one[0]) != "LITERAL" and str(other[0]) != "LITERAL":
                return True
            literal, item = (one, other) if str(one[0]) == "LITERAL" else (other, one)
            if _takes(item, literal[1]):
                return True
    return False
