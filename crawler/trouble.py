"""What can go wrong with one request, in the words that a source's state shows. Does no input or output."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from twisted.internet import error as net
from twisted.internet.defer import CancelledError
from twisted.internet.defer import TimeoutError as DeferredTimeoutError
from twisted.web.client import ResponseFailed, ResponseNeverReceived

from crawler.guard import AddressRefused
from presswatch.errors import CrawlError

# A wait that a site may ask for; a longer one would silence a source by one wrong header.
MAX_RETRY_AFTER = timedelta(hours=24)
# What the challenge pages of the usual bot defences have in them; none of these stands in an article's markup.
_CHALLENGES = (b"/cdn-cgi/challenge-platform/", b"_Incapsula_Resource", b"captcha-delivery.com", b"px-captcha")


class Trouble(CrawlError):
    """A request that brought nothing usable.

    `state` is the source's word for it: "blocked", "down" or "changed" (also
    "refused" where we did not ask or would not take the answer). `dead` names
    the host where everything else would fail as well, and is empty otherwise.
    """

    def __init__(
        self,
        state: str,
        message: str,
        *,
        status: int = 0,
        dead: str = "",
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(message)
        self.state, self.status, self.dead, self.retry_at = state, status, dead, retry_at

    @property
    def gone(self) -> bool:
        """Whether the site says that there is nothing at this address."""
        return self.status in (404, 410)


def of_status(status: int, url: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Trouble | None:
    """The trouble that an answer is, or None where it is one that can be read."""
    retry_at, host = retry_after(headers.get("retry-after"), now), urlsplit(url).netloc
    if status == 429:
        return Trouble("blocked", f"{url} asks us to slow down (429)", status=429, dead=host, retry_at=retry_at)
    challenge = "cf-mitigated" in headers or any(mark in body[:100_000] for mark in _CHALLENGES)
    if challenge and (status != 200 or len(body) < 100_000):
        return Trouble("blocked", f"{url} answers with a challenge page for people ({status})", status=status)
    if status in (401, 403, 407, 451):
        return Trouble("blocked", f"{url} refuses us ({status})", status=status)
    if status in (404, 410):
        what = "is gone for good" if status == 410 else "does not exist"
        return Trouble("down", f"{url} {what} ({status}); is the address still right?", status=status)
    if status >= 500:
        wait = status == 503 and retry_at is not None
        return Trouble(
            "down",
            f"{url} fails on the site's side ({status})",
            status=status,
            dead=host if wait else "",
            retry_at=retry_at,
        )
    if status not in (200, 203, 304):
        return Trouble("down", f"{url} answers {status}, which holds no content", status=status)
    return None


def retry_after(value: str | None, now: datetime) -> datetime | None:
    """When a Retry-After header, in seconds or as a date, allows the next request; at most a day from `now`."""
    if not value:
        return None
    text = value.strip()
    try:
        wait = timedelta(seconds=int(text)) if text.isdecimal() else parsedate_to_datetime(text).astimezone(UTC) - now
    except (ValueError, TypeError, OverflowError):
        return None
    return now + min(max(wait, timedelta(0)), MAX_RETRY_AFTER)


def of_failure(error: BaseException, url: str, timeout: float) -> Trouble:
    """The trouble that an exception of the network or of Scrapy is; an unknown one is named by its type."""
    if isinstance(error, Trouble):
        return error
    if isinstance(error, AddressRefused):
        return Trouble("refused", f"{url}: {error}", dead=urlsplit(url).netloc)
    if isinstance(error, IgnoreRequest):
        large = "its body unpacks to more than is taken" if "decompress" in str(error) else str(error)
        return Trouble("refused", f"{url}: {large}")
    if isinstance(error, ResponseFailed) and error.reasons:  # also ResponseNeverReceived
        inner = next((r.value for r in error.reasons if isinstance(r.value, CrawlError)), None)
        if inner is None and not isinstance(error, ResponseNeverReceived):
            return Trouble("down", f"{url}: the answer broke off before its end")
        return of_failure(inner or error.reasons[0].value, url, timeout)
    return _of_network(error, url, timeout)


def _of_network(error: BaseException, url: str, timeout: float) -> Trouble:
    name, host = type(error).__name__, urlsplit(url).netloc
    if isinstance(error, (TimeoutError, DeferredTimeoutError, CancelledError, net.TimeoutError)):
        return Trouble("down", f"{url}: no whole answer within {timeout:g} s", dead=host)
    if isinstance(error, net.DNSLookupError) or name == "gaierror":
        return Trouble("down", f"{url}: the name of its host cannot be found", dead=host)
    if isinstance(error, net.ConnectionRefusedError):
        return Trouble("down", f"{url}: the host refuses the connection", dead=host)
    if (name == "Error" and "certificate verify failed" in str(error)) or "Verification" in name:
        return Trouble("down", f"{url}: the site's certificate is not valid for it", dead=host)
    if isinstance(error, (net.ConnectionLost, net.ConnectionDone)):
        return Trouble("down", f"{url}: the connection was cut before an answer came", dead=host)
    if isinstance(error, net.ConnectError):
        return Trouble("down", f"{url}: no connection can be made ({error})"[:300], dead=host)
    if isinstance(error, CrawlError):
        return Trouble("down", f"{url}: {error}")
    return Trouble("down", f"{url}: {name}: {error}"[:300])
