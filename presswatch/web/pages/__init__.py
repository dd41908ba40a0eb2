"""The pages, a module each."""

from presswatch.web.pages import health, signing_in, stories

ROUTERS = (stories.router, signing_in.router, health.router)
