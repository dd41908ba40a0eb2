"""Page classes: where a site keeps its headline, date, author and text, and until when that held.

Does no input or output. A page class is a declaration; nothing here reads a
page. It is recognised by its own marks on the page, so that it serves every
host with the same software. A site that changes gets a new class, and the old
one an `until`, so that an archived page is read as its site was then.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PageClass:
    """One look of one kind of site. Every place is the name of an HTML class."""

    name: str
    text: str  # holds the article's blocks and little else; has to be on the page exactly once
    headline: str  # has to be on the page as well, or the page is not of this class
    day: str | None = None  # shows the day of publication, as text or in a <time>
    author: str | None = None
    remove: tuple[str, ...] = ()  # what stands inside `text` and is not the article
    since: date | None = None  # first and last day on which pages looked like this; None: not known
    until: date | None = None

    def holds_on(self, moment: datetime) -> bool:
        """Whether a page fetched at `moment` may be read by this class."""
        day = moment.date()
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def page_classes() -> tuple[PageClass, ...]:
    """Every page class, the newest of a site first."""
    from pipelines.sites import nvidia_blog, nvidia_newsroom  # they declare with this module's words

    return (*nvidia_newsroom.PAGE_CLASSES, *nvidia_blog.PAGE_CLASSES)
