"""What became of an article between two readings of its page. Does no input or output.

Only what a reader would notice counts: not white space, not the kind of quotation
marks and dashes, not the order of paragraphs, not a line that only says when the
page was last touched.
"""

import re
import unicodedata
from collections import Counter
from datetime import datetime

from pipelines import dates
from presswatch.models import Article, Change, ChangeKind

_SIGNS = str.maketrans(
    {
        **dict.fromkeys('‘’‚‛′´`«»„“”‟″「」『』"', "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
    }
)
_STAMP = re.compile(r"^\W*(?:last )?(?:updated|modified|\d{1,3} min(?:ute)?s?\.? read)\b", re.IGNORECASE)
_MARK = re.compile(r"^(?:- |## )")


def _fold(text: str) -> str:
    """A text as far as a change in it is one to a reader."""
    plain = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    # A quotation mark more or less, and the spaces that French sets inside them, are typography as well.
    return re.sub(r"[\s']+", "", plain)


def _is_stamp(block: str) -> bool:
    """Whether a block only says when the page was touched, or how long it takes to read."""
    return len(block) <= 60 and (dates.is_only_a_date(block) or bool(_STAMP.match(block)))


def _blocks(article: Article) -> list[tuple[str, str]]:
    """The blocks of an article, each folded and as it stands."""
    stands = [_MARK.sub("", line) for line in article.text.split("\n")]
    return [(folded, block) for block in stands if (folded := _fold(block)) and not _is_stamp(block)]


def _missing(these: list[tuple[str, str]], those: list[tuple[str, str]]) -> list[str]:
    """The blocks of `these` that `those` have not, as often as they have not."""
    left = Counter(folded for folded, _ in those)
    gone = []
    for folded, block in these:
        if left[folded]:
            left[folded] -= 1
        else:
            gone.append(block)
    return gone


def _edit(before: Article, after: Article, at: datetime) -> Change | None:
    old, new = _blocks(before), _blocks(after)
    gone, come = _missing(old, new), _missing(new, old)
    if not gone and not come:
        return None
    # The same words parted into other blocks.
    if "".join(folded for folded, _ in old) == "".join(folded for folded, _ in new):
        return None
    # A feed's text, then the page's, or the other way round: the shorter one is a part, not an edit.
    if before.via != after.via and not (gone and come):
        return None
    return Change(url=after.url, kind=ChangeKind.EDITED, at=at, before="\n".join(gone), after="\n".join(come))


def compare(before: Article, after: Article, at: datetime) -> tuple[Change, ...]:
    """The changes from `before` to `after`, two readings of one article: moved, retitled, edited, in this order.

    An edit holds the blocks that went and the blocks that came, one a line.
    """
    found = []
    if before.url != after.url:
        found.append(Change(url=after.url, kind=ChangeKind.MOVED, at=at, before=before.url, after=after.url))
    if _fold(before.title) != _fold(after.title):
        found.append(Change(url=after.url, kind=ChangeKind.RETITLED, at=at, before=before.title, after=after.title))
    if edit := _edit(before, after, at):
        found.append(edit)
    return tuple(found)
