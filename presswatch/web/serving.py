"""The pages' server: the port, uvicorn with its limits, and an orderly end."""

from __future__ import annotations

import json
import logging
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import anyio.to_thread
import uvicorn

from presswatch import access
from presswatch.errors import PresswatchError

if TYPE_CHECKING:
    from presswatch.services import Services

log = logging.getLogger(__name__)

_AT_ONCE = 200  # connections; who comes when so many are open is told to come again
_BACKLOG = 128
_SELDOM = 60.0  # seconds
# Requests that are answered at a time; others wait in line. Python runs one of them at any moment: with the forty that
# are usual, all of them take as long as the last, and each holds a connection to the store.
_THREADS = 6
# Seconds that one of them runs before others may: with Python's usual five milliseconds, the thread that takes requests
# and sends answers waits for most of a page each time. With one, 95 of 100 waited a third less.
_TURN = 0.001


def run(services: Services, *, announce: bool = False) -> None:
    """Serve until SIGTERM or SIGINT. `announce` tells the parent that all is ready, as a line of JSON.

    Raises `ConfigError` where strangers could read, `PresswatchError` where the port cannot be had.
    """
    rules = access.of(services.settings)
    web = services.settings.web
    with _listening(web.host, web.port) as listener:
        where = _address(web.host, listener.getsockname()[1])
        if not rules.is_open and not rules.proxies and not access.is_loopback(web.host):
            log.warning("The password travels unprotected to %s: put a proxy with TLS before it.", where)
        from presswatch.web.app import create_app

        logging.getLogger("uvicorn").setLevel(logging.WARNING)  # its routine is no news
        logging.getLogger("uvicorn.error").addFilter(Seldom())

        app = create_app(services)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            proxy_headers=False,  # whom to believe is `Access`'s matter
            server_header=False,
            ws="none",
            limit_concurrency=_AT_ONCE,
            timeout_keep_alive=10,
            timeout_graceful_shutdown=3,
            h11_max_incomplete_event_size=32_000,
        )
        threading.Thread(target=app.state.warm_up, name="warm up", daemon=True).start()
        _Server(config, where, announce).run(sockets=[listener])


class Seldom(logging.Filter):
    """Lets a warning through once a minute: uvicorn gives one for each visitor who is turned away."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, float] = {}  # by the message without its values, of which a library has few

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno != logging.WARNING:
            return True
        now = time.monotonic()
        if now - self._said.get(record.msg, float("-inf")) < _SELDOM:
            return False
        self._said[record.msg] = now
        return True


class _Server(uvicorn.Server):
    """uvicorn's, which says when it is ready."""

    def __init__(self, config: uvicorn.Config, where: str, announce: bool) -> None:
        super().__init__(config)
        self._where, self._announce = where, announce

    async def startup(self, sockets: Any = None) -> None:
        anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
        sys.setswitchinterval(_TURN)
        await super().startup(sockets=sockets)
        if self.started and self._announce:
            sys.stdout.write(json.dumps({"ready": self._where}) + "\n")
        elif self.started:
            sys.stdout.write(f"The pages are on {self._where} (Ctrl-C ends them)\n")
        sys.stdout.flush()


def _listening(host: str, port: int) -> socket.socket:
    name = host.strip("[]")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _cannot(host, port, error) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise _cannot(host, port, error) from error
    return listener


def _cannot(host: str, port: int, error: OSError) -> PresswatchError:
    return PresswatchError(
        f"The pages cannot be served on {host}, port {port} ({error.strerror or error}). Choose another port with"
        " --port or [web] port; 0 takes any free one."
    )


def _address(host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host and not host.startswith("[") else host
    return f"http://{shown}:{port}/"
