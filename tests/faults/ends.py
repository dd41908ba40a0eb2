"""What must be true in the end, however often a service was killed. Each check yields a sentence for what is not."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from presswatch.demo.newsroom import Newsroom
from presswatch.errors import ArchiveError
from presswatch.models import Level
from presswatch.services import Services
from presswatch.store import tables
from tests.faults.mailbox import Accepted

# After a service alone was killed, its delivering child lives until it notices, and may hand over one mail more.
_ONE_MORE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """One strike: from the signal to the last victim's end, who died of it, and what ran."""

    struck: float
    ended: float
    way: str  # "all" at once, the "service" alone, or one "child" alone
    died: tuple[str, ...]  # what each process was doing that the signal was sent to
    running: frozenset[str]

    @property
    def cut_a_mail_off(self) -> bool:
        """Whether it can have come between a mail's acceptance and its receipt."""
        # Those that the forking process forked end with it.
        alone = self.way == "child" and "forking" not in self.died
        return "deliver" in (self.died if alone else self.running)


def articles(services: Services, served: Newsroom, connection: Any) -> Iterator[str]:
    """Every published article is stored once, with its page in the archive."""
    published = {served.url(article.id).rstrip("/") for article in served.articles()}
    pages = Counter(connection.scalars(select(tables.pages.c.url)))
    stored = Counter(connection.scalars(select(tables.articles.c.url)))
    have = {url.rstrip("/") for url in stored}
    if have != published or set(stored.values()) != {1}:
        yield f"articles: {published ^ have}, {stored.most_common(2)}"
    if pages != stored:
        yield f"pages that are no articles, or twice: {(pages - stored) + (stored - pages)}"
    for row in connection.execute(select(tables.pages).where(tables.pages.c.via == "page")):
        try:
            services.archive.read(row.warc_file, row.warc_offset)
        except ArchiveError as error:
            yield f"{row.url}: {error}"


def editions(services: Services, connection: Any) -> Iterator[str]:
    """Every story that is to be told is new in exactly one edition of each digest."""
    rows, told, digests, stories = tables.articles, tables.told, tables.digests, tables.stories
    living = {row.id: row.merged_into or row.id for row in connection.execute(select(stories))}
    relevant = {row.story for row in connection.execute(select(rows)) if Level(row.level) in (Level.FOCUS, Level.PART)}
    if not relevant:
        yield "nothing was to be told"
    new: dict[str, Counter[str]] = defaultdict(Counter)
    for row in connection.execute(select(told, digests.c.name).join(digests, digests.c.id == told.c.digest)):
        if not row.again:
            new[row.name][living[row.story]] += 1
    for plan in services.digests:
        if new[plan.name] != Counter(relevant):
            yield f"{plan.name} tells {new[plan.name]} as new, where {relevant} are to be told once"


def mails(taken: Sequence[Accepted], kills: Sequence[Kill], connection: Any) -> Iterator[str]:
    """Every recipient is served once; a repetition is the same mail, cut off from its receipt by a kill."""
    deliveries = connection.execute(select(tables.deliveries)).all()
    yield from (f"delivery {row.id} is {row.state}: {row.error}" for row in deliveries if row.state != "sent")
    expected = {(row.recipient.removeprefix("mailto:"), row.message_id) for row in deliveries}
    by_key = by_recipient(taken)
    if set(by_key) != expected:
        yield f"mails that nobody ordered, or that never came: {set(by_key) ^ expected}"
    for key, same in by_key.items():
        if len({mail.content for mail in same}) != 1:
            yield f"{key} came with different contents under one Message-ID"
        for mail in same[:-1]:
            following = next((other.at for other in taken if other.at > mail.at), float("inf"))
            if not any(k.cut_a_mail_off and mail.at <= k.ended and k.struck < following + _ONE_MORE for k in kills):
                yield f"{key} was sent again, though no kill came between acceptance and receipt"


def by_recipient(taken: Sequence[Accepted]) -> dict[tuple[str, str], list[Accepted]]:
    """The mails that a recipient got of one delivery: by its address and the Message-ID before the @."""
    found: dict[tuple[str, str], list[Accepted]] = defaultdict(list)
    for mail in taken:
        found[mail.recipient, mail.message_id.strip("<>").partition("@")[0]].append(mail)
    return found
