"""Small readings of what sites write: character sets, titles with markup, dates, languages. Does no input or output."""

import html
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--[^<>]*-->")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_FORMATS = ("%B %d, %Y", "%b %d, %Y", "%b. %d, %Y", "%d %B %Y", "%d %b %Y", "%d.%m.%Y", "%Y/%m/%d", "%Y年%m月%d日")
# The web is younger; a date before this is a clock that was never set, usually 1 January 1970.
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)


def utf8(body: bytes) -> bytes:
    """`body` as UTF-8 without a byte order mark, NUL bytes or leading blanks, whatever charset it declares.

    Text that is valid UTF-8 is UTF-8: real text in another charset practically never is.
    """
    for mark, charset in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if body.startswith(mark):
            return body.decode(charset, "replace").lstrip("\ufeff").encode().lstrip()
    body = body.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip()
    try:
        body.decode()
    except UnicodeDecodeError:
        declared = _DECLARED.match(body[:300])
        charset = declared[1].decode() if declared else "windows-1252"
        if charset.lower() in ("utf-8", "utf8", "iso-8859-1", "us-ascii"):
            charset = "utf-8" if charset.lower().startswith("utf") else "windows-1252"
        try:
            body = body.decode(charset, "replace").encode()
        except LookupError:
            body = body.decode("windows-1252", "replace").encode()
    # The declaration would now be wrong, and XML readers believe it.
    declared = _DECLARED.match(body[:300])
    return body[: declared.start(1)] + b"utf-8" + body[declared.end(1) :] if declared else body


def plain(text: Any) -> str | None:
    """`text` without markup, entities and line breaks; None where nothing is left."""
    if not isinstance(text, str):
        return None
    return " ".join(html.unescape(_TAG.sub(" ", text)).split()) or None


def opening(body: bytes) -> str:
    """How `body` begins, short and printable, for a message."""
    text = " ".join(body[:80].decode("utf-8", "replace").split())[:40]
    if not text:
        return "nothing: it is empty"
    readable = sum(char.isprintable() and char != "\ufffd" for char in text)
    return f'"{text}"' if readable == len(text) else "bytes that are no text"


def date_of(value: Any) -> datetime | None:
    """A moment in UTC from what feeds, sitemaps and REST answers write; None where it cannot be one.

    Without a zone it is taken for UTC, as feeds without one mean.
    """
    if not isinstance(value, str) or not value.strip() or len(value) > 64:
        return None
    text = re.sub(r"\bsept\b", "Sep", " ".join(value.split()), flags=re.IGNORECASE)
    for read in (_iso, parsedate_to_datetime, _written):
        try:
            moment = read(text)
            return _sane(moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _iso(text: str) -> datetime:
    return datetime.fromisoformat(re.sub(r" (?=[+-]\d\d:?\d\d$)", "", text))


def _written(text: str) -> datetime:
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    raise ValueError(text)


def _sane(moment: datetime) -> datetime | None:
    return moment if moment >= _OLDEST else None


def language_of(tag: Any) -> str | None:
    """The ISO 639-1 code that a language tag such as "en-US" begins with."""
    code = tag.strip().lower().replace("_", "-").partition("-")[0] if isinstance(tag, str) else ""
    return code if len(code) == 2 and code.isalpha() else None
