"""The pages, a module each."""

from presswatch.web.pages import charts, feeds, health, ledger, names, search, signing_in, stories, story

ROUTERS = (
    stories.router,
    feeds.router,
    story.router,
    ledger.router,
    names.router,
    search.router,
    charts.router,
    signing_in.router,
    health.router,
)
