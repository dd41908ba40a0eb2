"""`/ledger`: what was promised, and `/ledger.csv`: the same for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import islice
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from presswatch.exports import cell, moment
from presswatch.models import Fact
from presswatch.store.list_records import LedgerFilter, LedgerRow, LedgerSum
from presswatch.web import over_time
from presswatch.web.site import SiteOf

router = APIRouter()
_A_PAGE = 50
_A_PIECE = 200  # lines of the table
KINDS = {
    "money": "Money",
    "gpus": "GPUs",
    "power": "Power",
    "compute": "Computing power",
    "jobs": "Jobs",
    "people": "People trained or reached",
    "companies": "Companies",
}
COLUMNS = (
    *("announced", "amount", "kind", "value", "unit", "qualifier", "who", "where", "due", "due_words", "counted"),
    *("why_not_counted", "story", "article", "language", "quote", "quote_in_english"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A filter of the ledger as people set it."""

    kind: str = ""
    unit: str = ""
    year: str = ""
    organisation: str = ""
    place: str = ""
    topic: str = ""

    def parts(self) -> dict[str, str]:
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name))}

    def address(self, path: str = "/ledger", **more: str) -> str:
        query = urlencode(self.parts() | more)
        return f"{path}?{query}" if query else path

    def without(self, name: str) -> Asked:
        return replace(self, **{name: ""})

    def wanted(self) -> LedgerFilter:
        return LedgerFilter(
            kinds=(self.kind,) if self.kind else (),
            unit=self.unit,
            year=int(self.year) if self.year else None,
            organisation=self.organisation,
            place=self.place,
            topic=self.topic,
        )


async def _asked(request: Request) -> Asked:
    """Read the filter; what it does not know is refused, so that no typo shows everything."""
    asked = Asked(**{f.name: request.query_params.get(f.name, "").strip() for f in fields(Asked)})
    if asked.kind and asked.kind not in KINDS:
        raise HTTPException(400, f"The kind may be {', '.join(KINDS)}.")
    if asked.year and not (asked.year.isascii() and asked.year.isdigit() and len(asked.year) == 4):
        raise HTTPException(400, "A year is written 2026.")
    return asked


AskedOf = Annotated[Asked, Depends(_asked)]


@router.get("/ledger")
def ledger(site: SiteOf, asked: AskedOf, after: str = "") -> HTMLResponse:
    """The commitments that the filter takes, the newest first, with what they add up to."""
    wanted = asked.wanted()
    page = site.store.commitments.list(replace(wanted, limit=_A_PAGE, after=after or None))
    fine = wanted.year is not None
    sums = site.store.commitments.sums(wanted, by_month=fine)
    totals = sums.by_year()

    def months() -> Sequence[LedgerSum]:
        return (sums if fine else site.store.commitments.sums(wanted, by_month=True)).counted

    return site.page(
        "ledger.html",
        only=asked,
        rows=page.rows,
        sums=_by_unit(totals),
        left_out=sums.left_out,
        over_time=over_time.draw(totals, months, KINDS),
        amount=_amount,
        kinds=KINDS,
        units=site.snapshot("units", site.store.commitments.units),
        topics=site.services.topics,
        older=asked.address(after=page.cursor) if page.cursor else "",
        csv=asked.address("/ledger.csv"),
    )


def _by_unit(totals: tuple[LedgerSum, ...]) -> list[tuple[str, str, list[LedgerSum], LedgerSum]]:
    """For each kind and unit: its years, the latest first, and all of them together; in the order of `KINDS`."""
    order = list(KINDS)
    found = []
    pairs = sorted({(t.kind, t.unit) for t in totals}, key=lambda p: (order.index(p[0]) if p[0] in order else 99, p[1]))
    for kind, unit in pairs:
        years = [t for t in totals if (t.kind, t.unit) == (kind, unit)]
        whole = LedgerSum(
            kind=kind,
            unit=unit,
            year=0,
            total=sum(t.total for t in years),
            up_to=sum(t.up_to for t in years),
            rows=sum(t.rows for t in years),
        )
        found.append((kind, unit, years, whole))
    return found


def _amount(kind: str, unit: str, value: float) -> Fact:
    return Fact(kind=kind, value=value, unit=unit, quote="", start=0, end=0)


@router.get("/ledger.csv")
def ledger_csv(site: SiteOf, asked: AskedOf) -> StreamingResponse:
    """Every commitment that the filter takes, in the order and with the columns of the page."""
    rows = site.store.commitments.all(asked.wanted())
    headers = {"Content-Disposition": 'attachment; filename="ledger.csv"'}
    return StreamingResponse(_lines(rows), media_type="text/csv; charset=utf-8", headers=headers)


def _lines(rows: Iterator[LedgerRow]) -> Iterator[str]:
    """The table, some hundred lines at a time: each piece costs a change of threads."""
    piece = io.StringIO()
    writer = csv.writer(piece)
    writer.writerow(COLUMNS)
    while portion := list(islice(rows, _A_PIECE)):
        writer.writerows([cell(value) for value in values(row)] for row in portion)
        yield piece.getvalue()
        piece.seek(0)
        piece.truncate()
    yield piece.getvalue()


def values(row: LedgerRow) -> tuple[Any, ...]:
    """One commitment in the order of `COLUMNS`."""
    from presswatch.figures import worded

    found = row.commitment
    return (
        moment(found.announced_at),
        worded(found),
        found.kind,
        found.value,
        found.unit,
        found.qualifier,
        "; ".join(found.who),
        "; ".join(found.where),
        found.due_on.isoformat() if found.due_on else None,
        found.due_words,
        row.counted,
        row.why_not,
        found.story,
        found.url,
        found.language,
        found.quote,
        found.quote_en,
    )
