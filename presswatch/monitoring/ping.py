"""The dead-man's ping: an address elsewhere is asked after each good cycle, so that silence itself raises the alarm.

Any healthchecks-style service will do. The name is looked up once, every
address it has must be public unless the operator says that it is his own, and
the connection goes to an address that was checked. Redirects are not followed.
"""

import threading
from urllib.parse import urlsplit

from presswatch.errors import PresswatchError
from presswatch.outgoing import NotPermitted, Permitted, Resolver, connect, look_up

SECONDS = 10.0  # for each step
_ALL = 30.0  # for everything: a server that drips its answer is left behind


class PingFailed(PresswatchError):
    """The ping did not arrive. Its message names the host only: the path is a secret."""


def ping(
    url: str,
    user_agent: str,
    *,
    permitted: Permitted,
    resolver: Resolver = look_up,
    seconds: float = SECONDS,
) -> None:
    """Ask `url` once; raises `PingFailed`. `permitted` says whether an address may be connected to."""
    failure: list[BaseException] = []

    def attempt() -> None:
        try:
            _ask(url, user_agent, permitted, resolver, seconds)
        except Exception as error:
            failure.append(error)

    thread = threading.Thread(target=attempt, name="ping", daemon=True)
    thread.start()
    thread.join(min(_ALL, 3 * seconds))
    place = urlsplit(url).hostname or "the ping's address"
    if thread.is_alive():
        raise PingFailed(f"{place} gave no whole answer to the ping in time.")
    if failure:
        error = failure[0]
        if isinstance(error, PingFailed):
            raise error
        why = "it did not answer in time" if isinstance(error, TimeoutError) else str(error) or type(error).__name__
        raise PingFailed(f"{place} could not be pinged: {why}.".replace(url, "…")) from None


def _ask(url: str, user_agent: str, permitted: Permitted, resolver: Resolver, seconds: float) -> None:
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    try:
        connection = connect(host, port, secure=secure, seconds=seconds, permitted=permitted, resolver=resolver)
    except NotPermitted as error:
        raise PingFailed(f"{error} Set ping_private = true under [monitoring] if it is yours.") from None
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"User-Agent": user_agent, "Accept": "*/*"})
        status = connection.getresponse().status
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise PingFailed(f"{host} answered the ping with {status}.")
