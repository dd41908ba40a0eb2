"""The visit that only tries: every way in once, and one article of those named. For `presswatch check`."""

from crawler.discovery import Unreadable
from crawler.memory import Seen
from crawler.tour import Wanted
from crawler.trouble import Trouble
from crawler.visit import Visit
from crawler.ways import Way


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
        dates = [when for w in sorted_.wanted if (when := w.candidate.published_at)]
        newest = f", the newest of {max(dates):%d %b %Y}" if dates else ""
        further = " and more pages" if found.onward else ""
        address = way.url.partition("?")[0]
        self.notes.append(f"{way.kind} {address}: {len(sorted_.wanted)} articles{newest}{further}")

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
