"""The whole way of a text whose people, firms or boilerplate stand where they could hide its news."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

import pipelines
from pipelines import passages, relevance
from presswatch.models import Level
from tests.pipelines.marked import plain
from tests.quality.corpora import FILES, knowledge

GPUS = "with 5,000 NVIDIA GPUs and £50 million"


def level(text: str, language: str = "en", title: str = "A new AI supercomputer opens") -> Level:
    article = plain(title, text, language)
    found = pipelines.read(article, passages.split(article), knowledge())
    return relevance.judge(found, knowledge()).level


@pytest.mark.parametrize(
    ("language", "text"),
    [
        # somebody is called like the town
        ("en", f"An AI supercomputer is built in Bristol {GPUS}, said Alice Bristol of NVIDIA. Bristol gets jobs."),
        ("en", f"“Good,” said Paul England of NVIDIA. The AI supercomputer in England opens {GPUS}."),
        # something is called like the town, or the town is called something
        ("en", f"The government has named Edinburgh as the home of the national AI supercomputer, {GPUS}."),
        ("en", f"Kestrel Grid, which has called Manchester home since 2015, opens an AI data centre there {GPUS}."),
        ("en", f"NVIDIA opens an AI data centre in Leeds {GPUS}, a supercomputer called Leeds."),
        # what ends as trades do, and a town behind
        ("it", "A gennaio Kestrel Grid di Londra ha aperto un supercomputer di IA con 5.000 GPU."),
        ("it", "Nello storico Kestrel Works di Londra apre un supercomputer di IA con 5.000 GPU."),
        ("es", "La empresa química Kestrel Grid de Londres abre un superordenador de IA con 5.000 GPU."),
        ("fr", "Il existe Kestrel Row à Leeds, un supercalculateur d’IA qui ouvre avec 5 000 GPU."),
        # contacts before the news
        ("en", f"Media contact\nJane Doe, press\nLEEDS, England — NVIDIA builds an AI data centre in Leeds {GPUS}."),
        ("en", f"Latest news: NVIDIA will build an AI data centre in Leeds {GPUS}, the largest of its kind, which "
               "will open in spring and train engineers of the town for many years to come, as it says."),
        # what is trained
        ("en", f"Dr Alice Hartwell trained it at the University of Bristol, where an AI supercomputer opens {GPUS}."),
        # a place in Latin letters inside a Chinese text
        ("zh", "NVIDIA 今天宣布将在 Manchester Science Park 建设拥有 5,000 个 GPU 的人工智能数据中心。"),
    ],
)  # fmt: skip
def test_the_news_is_told(language: str, text: str) -> None:
    assert level(text, language) in (Level.FOCUS, Level.PART)


def test_towns_in_a_column_are_nobody() -> None:
    text = "An AI data centre opens in these towns of the UK with 5,000 GPUs:\nPreston\nBolton\nLincoln\nLeeds"
    assert level(text) in (Level.FOCUS, Level.PART)


@pytest.mark.parametrize(
    "text", ["Probert says AI. " * 2000, "The Probert says AI. In Leeds, Maeve Probert says. " * 800]
)
def test_names_said_again_and_again_take_no_time(text: str) -> None:
    began = datetime.now(UTC)
    level(text)
    assert (datetime.now(UTC) - began).total_seconds() < 8


PLAIN = "Developers everywhere build with it, and models are trained on GPUs."
TOLD: list[dict[str, Any]] = [
    row
    for corpus in ("strangers", "fresh")
    for row in map(json.loads, FILES[corpus].read_text("utf-8").splitlines())
    if row["label"]["level"] in ("focus", "part")
]


def _town(row: dict[str, Any]) -> str:
    """A town of one word that the article's news names, Thurso where there is none."""
    text = "\n".join((row["title"], *row["body"]))
    towns = (place for place in row["label"]["places"] if place.isalpha() and re.search(rf"\b{place}\b", text))
    return next(towns, "Thurso")


@pytest.mark.parametrize(
    "changed",
    [
        lambda body, town: [*body, f"“It works,” said Alice {town} of NVIDIA."],
        lambda body, town: [*body, f"Alice {town}, 52, agrees."],
        lambda body, town: [*body, f"The office is at 12 {town} Street."],
        lambda body, town: ["Media contact", "Jane Doe, press office", *body],
        lambda body, town: [*body[:1], "Contact: press@news.example", *body[1:]],
        lambda body, town: ["NVIDIA published this post on its blog.", *body],
        lambda body, town: [*body[:1], "## What it is", *body[1:]],
        lambda body, town: [*body, PLAIN, PLAIN, PLAIN],
    ],
    ids="quoted aged street contact address opening heading after".split(),
)
def test_what_stands_around_news_hides_none(changed: Callable[[Sequence[str], str], list[str]]) -> None:
    hidden = [
        row["id"]
        for row in TOLD
        if level("\n".join(row["body"]), row["language"], row["title"]) in (Level.FOCUS, Level.PART)
        and level("\n".join(changed(row["body"], _town(row))), row["language"], row["title"])
        not in (Level.FOCUS, Level.PART)
    ]
    assert len(TOLD) > 50
    assert hidden == []
