"""The visit that only tries: every way in once, and one article of those named. For `presswatch check`."""

from collections.abc import Iterable

from crawler.discovery import Unreadable
from crawler.memory import Seen
from crawler.tour import Wanted
from crawler.trouble import Trouble
from crawler.visit import Visit
from crawler.ways import Way

_MOST = 500  # articles listed; a sitemap may name tens of thousands
_LONGEST_TITLE = 300


class Probe(Visit):
    """Says of every way in what it found or why it failed. Its store is thrown away (see `crawler.look`)."""

    async def read(self) -> None:
        for way in self.ways:
            try:
                await self._try(way)
            except (Trouble, Unreadable) as error:
                self.failed(error)
                self.notes.append(f"{way.kind} failed: {error}")
            else:
                self.worked(way)

    async def _try(self, way: Way) -> None:
        answer = await self.ask(way, way.url)
        found = way.read(answer)
        sorted_ = self.sort_out(found, Seen())
        self.want(sorted_.wanted)
        self._list(way, sorted_.wanted)
        dates = [when for w in sorted_.wanted if (when := w.candidate.published_at)]
        newest = f", the newest of {max(dates):%d %b %Y}" if dates else ""
        further = " and more pages" if found.onward else ""
        address = way.url.partition("?")[0]
        self.notes.append(f"{way.kind} {address}: {len(sorted_.wanted)} articles{newest}{further}")

    def _list(self, way: Way, named: Iterable[Wanted]) -> None:
        """Note what a way names: what an ordinary visit would fetch where it is new."""
        listed = {row["url"]: row for row in self.figures.listed}
        for wanted in named:
            row = listed.get(wanted.url)
            if row is None and len(listed) < _MOST:
                row = listed[wanted.url] = {
                    "url": wanted.url,
                    "owner": wanted.owner.id,
                    "title": "",
                    "date": "",
                    "ways": [],
                }
            if row is not None:
                when = wanted.candidate.published_at
                row["title"] = row["title"] or (wanted.candidate.title or "")[:_LONGEST_TITLE]
                row["date"] = row["date"] or (when.isoformat() if when else "")
                row["ways"] = [*row["ways"], *([] if way.kind in row["ways"] else [way.kind])]
        self.figures.listed = list(listed.values())

    async def fetch_own(self) -> None:
        """One article, the newest that is dated, to see whether pages can be had."""
        dated = [w for w in self._own.values() if w.candidate.published_at]
        chosen = max(dated, key=_published, default=next(iter(self._own.values()), None))
        if chosen:
            await self._fetch([chosen])

    async def fetch_foreign(self) -> None:
        """Nothing: what belongs to others is theirs to try."""

    def conclude(self, defect: Exception | None = None) -> None:
        super().conclude(defect)
        if not self.figures.ok:
            return
        if not self._named:
            self.figures.ok, self.figures.state = False, "changed"
        self.figures.message = "; ".join(self.notes)
        if self.fetcher.first_trouble:
            self.figures.message += f"; the article tried could not be had: {self.fetcher.first_trouble}"


def _published(wanted: Wanted) -> float:
    moment = wanted.candidate.published_at
    return moment.timestamp() if moment else 0.0
