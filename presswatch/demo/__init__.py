"""The bundled sample: a small newsroom on loopback with articles of our own, and the config that points at it.

`presswatch demo` runs the real service against it, the tests use it as their
web server, and its labels say what a careful analyst would make of each article.
The announcements in it are invented, also where they name firms that exist.
"""
