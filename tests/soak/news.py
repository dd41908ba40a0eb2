"""The news of the months that a soak lasts: the sample's own articles before its first day, then new ones, in bursts.

Each new article has its own firm, town, subject and figures, so that each is a
story of its own; two in three are about AI in the United Kingdom.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from presswatch.demo.articles import BUNDLED

MARK = "soak-"  # with which the ids of the new ones begin
_BRITISH = (
    "Leeds Manchester Glasgow Cardiff Belfast Bristol Sheffield Newcastle Edinburgh Cambridge Oxford Hull".split()
)
_ABROAD = "Lyon Munich Milan Lisbon Osaka Busan Austin Toronto Malmö Antwerp Vienna Krakow".split()
_FIRST = "Alder Birch Cobalt Dunlin Ember Fennel Gannet Heron Isobar Juniper Kestrel Linnet Merlin Osprey".split()
_SECOND = "Analytics Robotics Diagnostics Materials Logistics Energy Genomics".split()
_SUBJECTS = (
    ("a hospital trust’s scans", "reads chest scans", "radiographers"),
    ("the sorting of parcels", "steers the arms that sort parcels", "warehouse staff"),
    ("the balance of the grid", "forecasts what each wind farm will deliver", "control engineers"),
    ("the search for new alloys", "ranks alloys before anybody melts them", "metallurgists"),
    ("flood warnings", "turns river gauges into a forecast for each street", "duty officers"),
)


def write(path: Path, start: datetime, bursts: int, between: timedelta) -> None:
    """Write the file that the newsroom reads: news before `start`, and so many bursts after it."""
    rows = [json.loads(line) for line in BUNDLED.read_text("utf-8").splitlines() if line.strip()]
    newest = max(datetime.fromisoformat(row["published_at"]) for row in rows)
    for row in rows:
        at = datetime.fromisoformat(row["published_at"]) + (start - newest) - timedelta(days=1)
        row["published_at"] = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    numbers = count()
    for number in range(bursts):
        rows += _burst(numbers, start + between * (number + 1))
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def _burst(numbers: Iterator[int], moment: datetime) -> Iterator[dict[str, Any]]:
    for site, place in (("newsroom", _BRITISH), ("blog", _BRITISH), ("blog", _ABROAD)):
        yield _article(next(numbers), site, place, moment)


def _article(number: int, site: str, towns: list[str], moment: datetime) -> dict[str, Any]:
    town, country = towns[number % len(towns)], "the United Kingdom" if towns is _BRITISH else "its country"
    firm = f"{_FIRST[number % len(_FIRST)]} {_SECOND[number // len(_FIRST) % len(_SECOND)]}"
    subject, does, people = _SUBJECTS[number % len(_SUBJECTS)]
    million, gpus, jobs = 11 + 3 * number, 64 + 8 * number, 20 + number
    return {
        "id": f"{MARK}{number}",
        "site": site,
        "slug": f"{firm} {town} {number}".lower().replace(" ", "-").replace("ö", "o"),
        "language": "en",
        "title": f"{firm} of {town} Puts AI to Work on {subject[0].upper()}{subject[1:]}",
        "published_at": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        "author": None if site == "newsroom" else f"{_SECOND[number % 7]} Desk",
        "categories": ["AI", "Research"],
        "body": [
            f"{firm}, a company in {town}, has trained an AI model that {does}, and opens a laboratory for it in"
            f" {town} this year.",
            f"The model was trained on {gpus} NVIDIA H100 GPUs. {firm} invests £{million} million in {country} and"
            f" will hire {jobs} engineers in {town}.",
            f"“Our {people} stay in charge, and number {number} in our list of ideas was the one that worked,” said"
            f" the head of research at {firm}.",
            f"The work on {subject} began {number % 9 + 2} years ago at the university of {town} with {number + 3} test"
            " cases a week.",
        ],
        "label": {
            "level": "focus" if towns is _BRITISH else "none", "story": f"soak-{number}", "topics": [],
            "organisations": [], "people": [], "places": [], "facts": [],
        },
    }  # fmt: skip
