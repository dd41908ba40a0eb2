"""What the measurements of the pages ask for: every page, feed and answer of the API, on a store of any size."""

import random
from collections.abc import Iterator
from urllib.parse import quote, urlencode

from presswatch.store import Store
from presswatch.store.list_records import StoryFilter
from presswatch.store.records import ArticleFilter


def addresses(store: Store, draw: random.Random) -> Iterator[tuple[str, str]]:
    """What is asked for, and under which heading it counts; again and again, with other names, words and places."""
    names = {kind: [found.name for found in store.briefs.names(kind, limit=400)] for kind in ("organisation", "place")}
    page = store.briefs.list(StoryFilter(limit=500))
    ids = [brief.story for brief in page.briefs]
    urls = [version.article.url for version in store.articles.list(ArticleFilter(limit=300))]
    deep = quote(page.cursor or "")

    def name(kind: str) -> str:
        return quote(names[kind][int(len(names[kind]) ** draw.random()) - 1])

    while True:
        year = draw.randint(2016, 2026)
        yield "stories", "/"
        yield "stories, further down", f"/?after={deep}"
        yield "stories, one filter", f"/?organisation={name('organisation')}"
        yield "stories, two filters", f"/?place={name('place')}&topic=quantum"
        yield "stories, rare together", f"/?place={name('place')}&organisation={name('organisation')}&language=nl"
        yield "stories of a year", f"/?since={year}-01-01&until={year}-12-31&language=ko"
        yield "stories, mentions", "/?level=mention&source=nvidia-blog"
        yield "a story", f"/stories/{draw.choice(ids)}"
        yield "ledger", "/ledger"
        yield "ledger, filtered", f"/ledger?kind=money&year={year}&organisation={name('organisation')}"
        yield "ledger as CSV, filtered", f"/ledger.csv?kind=money&year={year}&place={name('place')}"
        yield "names", "/names"
        yield "a name", f"/names?kind=organisation&name={name('organisation')}"
        yield "search, a rare word", f"/search?q={draw.choice(('karten', 'lorivi', 'soras', 'tengorum'))}"
        yield "search, a common word", "/search?q=nvidia"
        yield "search, two words", "/search?q=ai+gpu+data"
        yield "search, a phrase", "/search?q=%22nvidia+ai%22"
        yield "search, a prefix", "/search?q=kar*"
        yield "search, Japanese", f"/search?q={quote('政府 投資')}"
        yield "search, filtered", "/search?q=nvidia&level=focus&language=ko"
        yield "charts", "/charts"
        yield "sources", "/sources"
        yield "digests", "/digests"
        yield "try", "/try"
        yield "Atom", "/stories.atom"
        yield "Atom, filtered", f"/stories.atom?organisation={name('organisation')}"
        yield "RSS", "/stories.rss"
        yield "JSON Feed", "/stories.json?topic=quantum"
        yield "calendar", "/stories.ics"
        yield "API: stories", f"/api/v1/stories?organisation={name('organisation')}"
        yield "API: a story", f"/api/v1/stories/{draw.choice(ids)}"
        yield "API: articles", f"/api/v1/articles?language=de&level=focus&since={year}-01-01"
        yield "API: an article", f"/api/v1/articles?{urlencode({'url': draw.choice(urls)})}"
        yield "API: facts", f"/api/v1/facts?kind=money&year={year}"
        yield "API: sources", "/api/v1/sources"
        yield "API: digests", "/api/v1/digests"
        yield "API: search", f"/api/v1/search?q={draw.choice(('nvidia', 'karten', 'ai+gpu'))}"
