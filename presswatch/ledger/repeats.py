"""Which commitments say again what an earlier story said. Does no input or output.

Newsrooms repeat themselves: a year on, an article still tells of "the £11 billion".
A later commitment repeats an earlier one where all of this holds:

- kind, unit and three digits of the value are the same;
- it was announced no more than 18 months after the first;
- the organisations beside the one are all among those beside the other. For figures
  that are hardly met by chance (from a billion of money, 10,000 of anything else) one
  organisation in common is enough;
- a count is at least 10: "three companies" is said of many threes.

A commitment without an organisation repeats nothing. When in doubt both count, and
both show their quotes.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from presswatch.ledger.commitments import Commitment

WINDOW = timedelta(days=548)
_RARE_MONEY = 1e9
_RARE_COUNT = 10_000
_LEAST_COUNT = 10

Place = tuple[str, int]  # a commitment's story and its position there


def repeats(commitments: Iterable[Commitment]) -> dict[Place, str]:
    """For each commitment that says an earlier one again: the story of the first."""
    by_key: dict[str, list[Commitment]] = {}
    for commitment in commitments:
        by_key.setdefault(commitment.key, []).append(commitment)
    found: dict[Place, str] = {}
    for alike in by_key.values():
        found |= _of_one_figure(sorted(alike, key=_order))
    return found


def _of_one_figure(alike: Sequence[Commitment]) -> dict[Place, str]:
    found: dict[Place, str] = {}
    firsts: dict[str, deque[Commitment]] = defaultdict(deque)  # by organisation, oldest first
    for commitment in alike:
        first = min(
            (earlier for name in commitment.who for earlier in firsts[name] if _says_again(commitment, earlier)),
            key=_order,
            default=None,
        )
        if first is not None:
            found[commitment.story, commitment.position] = first.story
            continue
        for name in commitment.who:
            held = firsts[name]
            while held and commitment.announced_at - held[0].announced_at > WINDOW:
                held.popleft()
            held.append(commitment)
    return found


def _order(commitment: Commitment) -> tuple[datetime, str, int]:
    return commitment.announced_at, commitment.story, commitment.position


def _says_again(later: Commitment, first: Commitment) -> bool:
    if later.story == first.story or later.announced_at - first.announced_at > WINDOW:
        return False
    money = later.kind == "money"
    if not money and later.value < _LEAST_COUNT:
        return False
    one, other = set(later.who), set(first.who)
    if not one or not other:
        return False
    if later.value >= (_RARE_MONEY if money else _RARE_COUNT):
        return bool(one & other)
    return one <= other or other <= one
