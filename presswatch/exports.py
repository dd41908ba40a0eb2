"""The export: one row an article, told or not, for other programs."""

import csv
import json
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from presswatch.errors import UsageError
from presswatch.models import Opinion, Reason, TagKind, Version

if TYPE_CHECKING:
    from presswatch.store import Store

FORMATS = ("jsonl", "csv")

_NAMES = (
    ("topics", TagKind.TOPIC),
    ("organisations", TagKind.ORGANISATION),
    ("people", TagKind.PERSON),
    ("places", TagKind.PLACE),
    ("products", TagKind.PRODUCT),
)
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")  # how what a spreadsheet would run begins


def moment(value: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the second."""
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if value else None


def reason(found: Reason) -> dict[str, Any]:
    return {"kind": found.kind, "weight": found.weight, "quote": found.quote, "text": found.text}


def opinion(found: Opinion) -> dict[str, Any]:
    values: dict[str, Any] = {"level": str(found.level), "why": found.why, "summary": list(found.summary)}
    return values | {"language": found.language, "model": found.model}


def row(version: Version) -> dict[str, Any]:
    """One article as a flat object; lists of names are in the order of the text, without repetition."""
    article, verdict = version.article, version.verdict
    names = {key: list(dict.fromkeys(tag.name for tag in version.tags if tag.kind is kind)) for key, kind in _NAMES}
    return {
        "url": article.url,
        "source": article.source,
        "language": article.language,
        "title": article.title,
        "author": article.author,
        "published_at": moment(article.published_at),
        "published_from": article.published_from,
        "first_seen_at": moment(article.first_seen_at),
        "modified_at": moment(article.modified_at),
        "removed_at": moment(version.removed_at),
        "via": article.via,
        "note": article.note,
        "level": str(verdict.level),
        "relevant": verdict.relevant,
        "score": round(verdict.score, 3),
        "reasons": [reason(found) for found in verdict.reasons],
        "story": version.story,
        **names,
        "facts": [
            {"kind": f.kind, "value": f.value, "unit": f.unit, "quote": f.quote, "qualifier": f.qualifier}
            for f in version.facts
        ],
        "summary": list(version.summary),
        "opinion": opinion(version.opinion) if version.opinion else None,
        "revisions": version.revisions,
        "text": article.text,
    }


def write(store: "Store", form: str, output: Path | None) -> int:
    """Write every article to `output`, or to standard output; returns how many.

    Raises `UsageError` where the file cannot be written.
    """
    with ExitStack() as stack:
        if output is None:
            target: TextIO = sys.stdout
        else:
            try:
                target = stack.enter_context(output.open("w", encoding="utf-8", newline=""))
            except OSError as error:
                raise UsageError(f"{output} cannot be written: {error.strerror}. Choose another file.") from error
        rows = map(row, store.articles.export())
        return _write_csv(rows, target) if form == "csv" else _write_jsonl(rows, target)


def _write_jsonl(rows: Iterator[dict[str, Any]], target: TextIO) -> int:
    count = 0
    for item in rows:
        target.write(json.dumps(item, ensure_ascii=False) + "\n")
        count += 1
    return count


def _write_csv(rows: Iterator[dict[str, Any]], target: TextIO) -> int:
    writer, count = None, 0
    for item in rows:
        flat = {key: cell(value) for key, value in item.items()}
        if writer is None:
            writer = csv.DictWriter(target, list(flat))
            writer.writeheader()
        writer.writerow(flat)
        count += 1
    return count


def cell(value: Any) -> str | int | float | bool | None:
    """A value as one spreadsheet cell: lists joined, and nothing that a spreadsheet would run as a formula."""
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) else value
    if value is None or isinstance(value, int | float | bool):
        return value
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return cell("; ".join(value))
    return cell(json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value))
