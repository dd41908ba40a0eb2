"""The pages, a module each."""

from presswatch.web.pages import (
    charts,
    digests,
    feeds,
    health,
    ledger,
    names,
    search,
    signing_in,
    sources,
    stories,
    story,
    trying,
)

ROUTERS = (
    stories.router,
    feeds.router,
    story.router,
    ledger.router,
    names.router,
    search.router,
    charts.router,
    sources.router,
    digests.router,
    trying.router,
    signing_in.router,
    health.router,
)
