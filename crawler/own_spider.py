"""A spider of the operator's own as a way in: its `parse` reads what our visits asked for.

The spider is an ordinary `scrapy.Spider`. What it yields becomes candidates and
further pages to ask; it asks nothing itself, so that robots.txt, the pauses, the
address guard and the archive hold for it as for everything else.
"""

import importlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from itemadapter import ItemAdapter
from scrapy import Request, Spider
from scrapy.http import HtmlResponse

from crawler import discovery
from crawler.asking import Answer
from crawler.discovery import Empty, Found, Unreadable
from presswatch.errors import ConfigError
from presswatch.models import Candidate, Source

_FIELDS = ("title", "author", "language", "content_html")
_TIMES = ("published_at", "modified_at")


def read(answer: Answer, url: str, source: Source, name: str) -> Found:
    """What the spider `module:Class` finds in an answer. Raises `Unreadable` where it fails, `Empty` where nothing."""
    spider = load(name)
    kind = answer.content_type or "text/html"
    page = HtmlResponse(url, body=answer.body, headers={"Content-Type": kind}, request=Request(url))
    try:
        yielded = list(_each(spider.parse(page)))
    except Exception as error:  # somebody else's code: one source fails, and says why
        raise Unreadable(f"the spider {name} failed on {url}: {type(error).__name__}: {error}") from error
    candidates = [_candidate(item, page, source, name) for item in yielded if not isinstance(item, Request)]
    onward = [item.url for item in yielded if isinstance(item, Request) and item.method == "GET"]
    if not any(candidates):
        raise Empty(f"the spider {name} found no article in {url}")
    return Found(
        candidates=tuple(c for c in candidates if c),
        onward=discovery.further(onward, url),
        skipped=sum(candidate is None for candidate in candidates),
    )


def load(name: str) -> Spider:
    """The spider `module:Class`; raises `ConfigError` where Python finds none."""
    module, _, attribute = name.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise ConfigError(
            f"The spider {name} of sources.yaml cannot be loaded: {error}. Is its folder in PYTHONPATH?"
        ) from error
    if not (isinstance(found, type) and issubclass(found, Spider)):
        raise ConfigError(f"{name} of sources.yaml is no scrapy.Spider.")
    return found(name=attribute.lower()) if getattr(found, "name", None) is None else found()


def _each(result: Any) -> Iterable[Any]:
    if hasattr(result, "__aiter__"):
        raise TypeError("its parse is asynchronous; here it must be an ordinary function or generator")
    if result is None:
        return ()
    return result if isinstance(result, Iterable) and not isinstance(result, Mapping) else (result,)


def _candidate(item: Any, page: HtmlResponse, source: Source, name: str) -> Candidate | None:
    """An item with a "url", and what it says of title, author, language, published_at, modified_at and content_html."""
    fields: Mapping[str, Any] = ItemAdapter(item)
    address = fields.get("url")
    if not isinstance(address, str):
        raise Unreadable(f'the spider {name} yielded an item without a "url"')
    words: dict[str, Any] = {field: str(fields[field]) for field in _FIELDS if fields.get(field)}
    times = {field: _moment(fields[field], name) for field in _TIMES if fields.get(field)}
    said = {"language": source.language, **words, **times}
    return discovery.named(address, page.url, source=source.id, via="listing", **said)


def _moment(value: Any, name: str) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        raise Unreadable(f"the spider {name} gave {value!r} for a time; write it like 2026-03-02T09:00:00Z") from None
    if moment.tzinfo is None:
        raise Unreadable(f"the spider {name} gave {value!r} without a time zone")
    return moment
