"""An edition as the two parts of a mail: HTML by Jinja2, text by `plain`. Reads only its own templates.

Everything that comes from outside is plain text by the time it is here, and the
environment escapes it whatever a template is called. Styles are written in one
place, `digest.css` (and `reading.css`, for what a second reader says), and set on
the elements, since mail programs drop sheets; what cannot be set there (dark mode,
narrow screens) stays in the head.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import css_inline
import jinja2

from presswatch.digests import plain
from presswatch.digests.edition import Edition

# Gmail cuts a mail off at 102 kB. Transfer encoding makes text a third longer, and headers need room too.
_LIMIT = 70_000
_BRIEF = 200  # no story takes fewer bytes, in both forms: more than the limit has room for need not be tried
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The two forms of an edition, together small enough for one mail."""

    html: str
    text: str

    @property
    def size(self) -> int:
        return len(self.html.encode()) + len(self.text.encode())


def render(edition: Edition, *, limit: int = _LIMIT) -> Rendered:
    """Both forms, together at most `limit` bytes.

    Where all stories in full would be longer, the last ones are told by headline
    and address; where even that is too long, the edition says how many are left out.
    """
    count = len(edition.items)
    most = min(count, limit // _BRIEF)
    if most == count:
        whole = _rendered(edition, full=count, listed=count)
        if whole.size <= limit:
            return whole
        if some := _greatest(lambda full: _rendered(edition, full=full, listed=count), count, limit):
            return some
    brief = _greatest(lambda listed: _rendered(edition, full=0, listed=listed), most, limit)
    return brief or _rendered(edition, full=0, listed=0)


def environment() -> jinja2.Environment:
    """Jinja2 as our templates need it: escaping is on for every one, and a misspelt name is an error."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def _rendered(edition: Edition, *, full: int, listed: int) -> Rendered:
    page = _template().render(
        edition=edition,
        sections=plain.sections(edition, listed),
        full=full,
        most_figures=plain.FIGURES,
        left_out=plain.left_out(edition, listed),
        nothing_new=plain.nothing_new(edition),
        css="".join((_TEMPLATES / sheet).read_text(encoding="utf-8") for sheet in _sheets(edition)),
    )
    return Rendered(html=_inliner().inline(page), text=plain.text(edition, full=full, listed=listed))


def _sheets(edition: Edition) -> tuple[str, ...]:
    """Without a second reader, an edition has nothing of it, not even its colours in the dark."""
    return ("digest.css", "reading.css") if any(item.reading for item in edition.items) else ("digest.css",)


def _greatest(form: Callable[[int], Rendered], count: int, limit: int) -> Rendered | None:
    """`form` of the greatest number that fits; each more makes it longer, so the range can be halved."""
    best: Rendered | None = None
    low, high = 0, count
    while low <= high:
        middle = (low + high) // 2
        tried = form(middle)
        if tried.size <= limit:
            best, low = tried, middle + 1
        else:
            high = middle - 1
    return best


@cache
def _template() -> jinja2.Template:
    return environment().get_template("digest.html")


@cache
def _inliner() -> css_inline.CSSInliner:
    # Nothing is ever fetched: there is no link to a sheet, and remote ones would be refused.
    return css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)
