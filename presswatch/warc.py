"""One answer and its request as records of a WARC file, and back. Does no input or output."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from urllib.parse import urlsplit

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

Headers = Iterable[tuple[bytes, bytes]]

# The body is kept as it was after decoding, so these would lie about it. WARC tools know the prefix.
_OF_THE_TRANSFER = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_ORIGINAL = "X-Archive-Orig-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A response as the archive gives it back; its body is decoded from transfer and content encoding."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime


def records(
    url: str,
    method: str,
    request_headers: Headers,
    status: int,
    response_headers: Headers,
    body: bytes,
    fetched_at: datetime,
) -> bytes:
    """A response with the request that it answers, each gzipped for itself; the response first."""
    block = BytesIO()
    writer = WARCWriter(block, gzip=True)
    when = {"WARC-Date": _warc_date(fetched_at)}
    try:
        reason = HTTPStatus(status).phrase
    except ValueError:
        reason = "Unknown"
    answer = StatusAndHeaders(f"{status} {reason}", _of_the_body(response_headers, len(body)), protocol="HTTP/1.1")
    response = writer.create_warc_record(
        url, "response", payload=BytesIO(body), length=len(body), http_headers=answer, warc_headers_dict=when
    )
    parts = urlsplit(url)
    asked = [("Host", parts.netloc)] + [h for h in _clean(request_headers) if h[0].lower() not in ("host", "cookie")]
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    line = StatusAndHeaders(f"{method} {target} HTTP/1.1", asked, is_http_request=True)
    request = writer.create_warc_record(url, "request", http_headers=line, warc_headers_dict=when)
    writer.write_request_response_pair(request, response)
    return block.getvalue()


def warcinfo(name: str, at: datetime) -> bytes:
    """What a file begins with."""
    block = BytesIO()
    writer = WARCWriter(block, gzip=True)
    info = b"software: presswatch\r\nformat: WARC File Format 1.0\r\n"
    headers = {"WARC-Filename": name, "WARC-Date": _warc_date(at)}
    record = writer.create_warc_record(
        "", "warcinfo", payload=BytesIO(info), length=len(info), warc_headers_dict=headers
    )
    writer.write_record(record)
    return block.getvalue()


def _warc_date(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _of_the_body(headers: Headers, length: int) -> list[tuple[str, str]]:
    """The headers with those that spoke of the transfer set aside, and the length that the body has here."""
    kept = [(_ORIGINAL + name if name.lower() in _OF_THE_TRANSFER else name, value) for name, value in _clean(headers)]
    return [*kept, ("Content-Length", str(length))]


def _clean(headers: Headers) -> list[tuple[str, str]]:
    """Headers as text on one line each; bytes that are not ASCII are percent-escaped, as WARC tools expect."""
    return [(_line(name), _line(value)) for name, value in headers if _line(name)]


def _line(value: bytes) -> str:
    text = re.sub(rb"[\x00-\x1f\x7f]+", b" ", value).strip()
    return "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in text)


def response(record: ArcWarcRecord) -> Response:
    """A record's response; raises `ValueError` where it lacks what every response has."""
    body: bytes = record.content_stream().read()
    headers, url = record.http_headers, record.rec_headers.get_header("WARC-Target-URI")
    if headers is None or not url:
        raise ValueError("a record lacks its address or its status")
    return Response(
        url=url,
        status=int(headers.get_statuscode()),
        headers=tuple((name, value) for name, value in headers.headers),
        body=body,
        fetched_at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
    )
