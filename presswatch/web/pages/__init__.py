"""The pages, a module each."""

from presswatch.web.pages import stories

ROUTERS = (stories.router,)
