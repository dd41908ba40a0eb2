"""The verdict on articles about companies and towns that no list knows, in nine languages."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presswatch.models import Level
from tests.pipelines.marked import ROOT, cases, judge, knowledge

_PIECES = st.sampled_from(
    ["NVIDIA", "will open",
     "£3 million", "{place Leeds}", "{-country Chile}", "AI", "。", ". ", ", ", "\n", "\n- ", "\n## ",
     "“", "” said", "量子", "GPU 40", "and", "1899", "12", "—", "{organisation Tarn}", "İ", "\u202f", "About NVIDIA\n"]
)  # fmt: skip

HOME = "{organisation Tregarrick Tidal} will run 40 GPUs in {place Penryn} from May to train its model."


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_level(case: dict[str, Any]) -> None:
    verdict = judge(case["title"], case["text"], case["language"]).verdict
    assert verdict.level == case["level"], "\n".join(reason.text for reason in verdict.reasons)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_reasons_quote_the_document(case: dict[str, Any]) -> None:
    judged = judge(case["title"], case["text"], case["language"])
    assert judged.verdict.reasons
    for reason in judged.verdict.reasons:
        assert judged.article.document[reason.start : reason.end] == reason.quote
        assert reason.text.endswith(".")


def test_a_foreign_dateline_takes_nothing_from_the_opening() -> None:
    text = (
        "{-place SANTA CLARA}, {-place Calif.} — NVIDIA said today that it opens an office. The office trains robots."
    )
    judged = judge("NVIDIA Opens an Office", text)
    assert not judged.found.sentences[1].foreign


@pytest.mark.parametrize(
    "passage",
    [
        "The fingers of the robot come from a supplier in {place Leeds}, 40 of them a week, and a camera from Jena.",
        "A mill in {-place Lyon} will deliver 40 robots a week to a customer in {place Bristol} from May.",
        "In May, 40 robots go to two {place Leeds} customers and to a mill in {-place Lyon}.",
    ],
)
def test_whom_the_news_deals_with_makes_no_news_of_the_country(passage: str) -> None:
    assert _roundup(passage) is Level.MENTION


def test_where_a_firm_sits_takes_no_town_from_the_news() -> None:
    judged = judge(
        "{organisation Tarn} Opens a Robot Lab",
        "{-place CAMBRIDGE}, {-place Mass.} — {organisation Tarn} opens a lab in {place Leeds} with 300 GPUs today.",
    )
    assert judged.verdict.level is Level.FOCUS


def test_who_counted_in_a_report_or_taught_somebody_makes_no_news_of_the_country() -> None:
    cited = "A report published last year by {organisation Tarn University} found 32 countries that host AI centers."
    assert _roundup(cited) is Level.MENTION
    studied = "Its chief, who has a doctorate from {organisation Tarn University}, will train 32 robots on 900 GPUs."
    assert _roundup(studied) is Level.MENTION
    acts = "{organisation Tarn University} will train 32 robots on 900 GPUs from May, it says in a report."
    assert _roundup(acts) is Level.PART


def _roundup(passage: str) -> Level:
    """The level of wider news with `passage` in the middle of it."""
    return judge(
        "Five Ways to Train a Robot",
        "Robots learn in simulation first, and the tools for it are free.\n"
        "In {-country Japan}, a maker of lifts trains arms on 300 GPUs.\n"
        f"{passage}\n"
        "A harbour in {-country Chile} moves containers by itself.\n"
        "Engineers in {-country Canada} will follow in spring.",
    ).verdict.level


@pytest.mark.parametrize(
    ("passage", "level"),
    [
        # its own predicate, and a specific beyond the name
        (HOME, Level.PART),
        ("The {organisation University of Fenwick} will open a hall for 60 robots in {place Thurso}.", Level.PART),
        ("{organisation Peregrine Silicon} has ordered 2,000 GPUs for its engineers.", Level.PART),
        ("The {government Department for Ferries} will spend £4 million on robots that load ships.", Level.PART),
        # whatever the verb
        ("The {government Fenwick Assembly} has put £14 million on the table for robots.", Level.PART),
        ("Work on a 90-megawatt data center for AI is under way outside {place Thurso}.", Level.PART),
        ("{place Thurso} handed its archive, 2 million pages of it, to a language model.", Level.PART),
        ("{place Thurso} bets on boats: twelve of them cross the harbour without a crew since January.", Level.PART),
        ("{organisation Tarn} sings to 64 GPUs in {place Thurso} all night.", Level.PART),
        # names without news of their own
        ("Visitors came from {-country Norway}, {-country Spain} and the {country United Kingdom}.", Level.MENTION),
        ("{organisation Peregrine Silicon} has released a new version of its link.", Level.MENTION),
        ("The tour stops in {place Leeds} on 12 May, with workshops and a keynote.", Level.MENTION),
        ("“We like it,” said a product head at {organisation Visum UK}.", Level.MENTION),
        ("The {place Leeds} firm {organisation Tarn} showed an arm, as did {-organisation Foss} of {-country Sweden}.",
         Level.MENTION),
        ("In the {country UK=United Kingdom}, 43 percent of firms in a survey plan to buy robots.", Level.MENTION),
        ("In 1950 Turing asked in {place Manchester} whether machines think, in a test of 5 parts.", Level.MENTION),
        ("{organisation Peregrine Silicon} has trained its model on 256 GPUs and sells it in 45 lands.", Level.MENTION),
        ("It builds on a model published by {organisation Tarn}, of {place Thurso}, and runs on GPUs.", Level.MENTION),
        ("- {place Thurso}, {country UK=United Kingdom}: May 19, at the {organisation Pier Institute}", Level.MENTION),
        ("AI Day {place London} drew 900 developers in July, AI Day Lima 400.", Level.MENTION),
        ("Registration opens at 10 a.m. {country UK=United Kingdom} time on 3 May.", Level.NONE),
        ("A mill in {-place Perth|Perth here is in Australia}, {-country Australia}, sorts 40 tons a day.", Level.NONE),
    ],
)  # fmt: skip
def test_a_passage_inside_wider_news(passage: str, level: Level) -> None:
    assert _roundup(passage) == level


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("A Café in {place Leeds} Streams Games on One GPU", "Gamers queue for cloud gaming. A console is no use."),
        ("{place Leeds} Runs for Charity", "Runners with a GPU costume raised £4,000. Donations go to a hospice."),
        ("Moor Quest Comes to the Cloud", "The thriller set in {country Scotland} plays at 90 frames per second."),
    ],
)
def test_games_charity_and_fiction_are_not_the_subject(title: str, text: str) -> None:
    assert not judge(title, text).verdict.relevant


_MILL = (
    "The {place Selkirk}-based company weaves wool since long ago, and its looms have eyes: cameras that feed a GPU.\n"
    "The mill trained {people} weavers to label faults for the model.\n"
    "A team at the {organisation University of Fenwick} lent its scanners. Waste fell by a third.\n"
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (_MILL.replace("{people}", "45") + "The project cost £640,000.", True),
        (_MILL.replace("{people}", "its") + "The cloth is sold worldwide for $149.", False),
        (_MILL.replace("{people}", "its") + "It cost £640,000.\nMills in {-country Japan} and {-country Peru} follow.\n"
         "In {-country Peru}, two more.", False),
    ],
)  # fmt: skip
def test_a_story_that_follows_one_firm_is_of_the_country_where_its_opening_is(text: str, told: bool) -> None:
    assert judge("How a Mill Taught Its Looms to See", text).verdict.relevant is told


def test_the_first_reasons_say_where_and_then_what() -> None:
    reasons = judge("Robots at Sea", HOME).verdict.reasons
    assert "Tregarrick Tidal" in reasons[0].text or "Penryn" in reasons[0].text
    assert reasons[1].text == "It says what is done: “will”, with “40 GPUs” beside it."


def test_reasons_quote_whole_words() -> None:
    text = "{place Penryn} announced a supercomputer with 400 GPUs for researchers."
    quotes = {reason.quote for reason in judge("News", text).verdict.reasons}
    assert {"announced", "supercomputer"} <= quotes


def test_a_word_inside_a_name_does_nothing() -> None:
    text = "{organisation Launch Power} of {place Thurso} and robots."
    assert judge("Robots at Sea", text).verdict.level == Level.MENTION


def test_a_heading_lends_its_place() -> None:
    text = (
        "Robots learn in simulation first.\n## {place Thurso}\n"
        "The harbour will let 30 robots load ships from spring, trained on a DGX system.\n"
        "## {-place Bergen}\nThe harbour waits.\n## {-place Turku}\nThe ice is thick."
    )
    judged = judge("Three Harbours, Three Robots", text)
    assert judged.verdict.level == Level.PART
    told = [judged.article.document[start:end] for start, end in judged.verdict.passages]
    assert told[0] == "Thurso"
    assert "30 robots" in told[1]


def test_the_part_ends_where_other_countries_begin() -> None:
    judged = judge(
        "Five Ways to Train a Robot",
        "Robots learn in simulation first.\nIn {-country Peru}, a port tests 90 arms.\n"
        + HOME
        + " A dock was cleared for it. In {-country Chile}, nothing is ready.",
    )
    told = " ".join(judged.article.document[start:end] for start, end in judged.verdict.passages)
    assert "Chile" not in told
    assert "A dock was cleared" in told


@pytest.mark.parametrize("position", [1, 2, 3])
def test_order_of_other_paragraphs_does_not_matter(position: int) -> None:
    others = [
        "In {-country Japan}, a maker of lifts trains arms on 300 GPUs.",
        "A harbour in {-country Chile} moves containers by itself.",
        "Engineers in {-country Canada} will follow in spring.",
    ]
    paragraphs = ["Robots learn in simulation first.", *others]
    paragraphs.insert(position, HOME)
    assert judge("Five Ways to Train a Robot", "\n".join(paragraphs)).verdict.level == Level.PART


@pytest.mark.parametrize("case", [c for c in cases() if c["level"] == "focus"], ids=lambda case: case["id"])
def test_with_every_name_from_elsewhere_nothing_is_left(case: dict[str, Any]) -> None:
    def abroad(text: str) -> str:
        text = text.replace("{-", "{").replace("{", "{-").replace("United Kingdom", "France").replace("英國", "法國")
        return text.replace("britânico", "francês").replace("£", "€").replace("libras", "euros").replace("英鎊", "歐元")

    verdict = judge(abroad(case["title"]), abroad(case["text"]), case["language"]).verdict
    assert verdict.level == Level.NONE


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_boilerplate_changes_nothing(case: dict[str, Any]) -> None:
    notice = "## About NVIDIA\nNVIDIA has offices in {place Leeds} and sells GPUs in the {country United Kingdom}."
    plain = judge(case["title"], case["text"], case["language"]).verdict
    more = judge(case["title"], f"{case['text']}\n{notice}", case["language"]).verdict
    assert (plain.level, plain.score, plain.passages) == (more.level, more.score, more.passages)


def test_the_score_grows_with_the_evidence() -> None:
    scores = [judge("News of Robots", text).verdict.score for text in (
        "Robots dance on 40 GPUs.",
        "Robots dance on 40 GPUs in {-country Chile}, {-country Peru} and the {country UK=United Kingdom}.",
        HOME,
        HOME + " The {government Department for Ferries} pays £4 million for it.",
    )]  # fmt: skip
    assert scores == sorted(scores)
    assert 0 <= scores[0] < scores[1] < scores[2] < scores[3] <= 1


@pytest.mark.parametrize("text", ["", "   ", "## ", "- ", "AI", "。", "\n\n\n"])
def test_empty_text_is_judged_none(text: str) -> None:
    verdict = judge("", text).verdict
    assert verdict.level == Level.NONE
    assert verdict.score < 0.2


def test_another_country_needs_no_code() -> None:
    """tests/data/watches/france-ai.yaml is all there is to a second watch."""
    known = knowledge(ROOT / "tests" / "data" / "watches" / "france-ai.yaml")
    text = (
        "Le centre de calcul de {place Poitiers} ouvrira en mai avec 900 GPU, payés 40 millions d’euros.\n"
        "La région y formera 200 apprentis en {country France}."
    )
    judged = judge("{place Poitiers} se dote d’un supercalculateur", text, "fr", known)
    assert judged.verdict.level == Level.FOCUS
    assert judged.verdict.watch == "france-ai"
    assert any(reason.kind == "currency" for reason in judged.verdict.reasons)
    assert judge(*(t.replace("{place", "{-place").replace("{country France", "{-country Belgique") for t in
                   ("{place Mons} se dote d’un supercalculateur", text.replace("Poitiers", "Mons"))), "fr", known
                 ).verdict.level == Level.NONE  # fmt: skip


def test_the_watch_knows_its_country_without_any_list() -> None:
    judged = judge("Robots for the Royaume-Uni", "Le Royaume-Uni achète 300 GPU pour des robots britanniques.", "fr")
    assert judged.verdict.level == Level.FOCUS


@given(st.lists(_PIECES, max_size=25), st.sampled_from(["en", "de", "ja", "ko", "und", "xx"]))
@settings(max_examples=150, deadline=None)
def test_any_text_is_judged_and_every_span_stands_in_it(pieces: list[str], language: str) -> None:
    judged = judge("A {place Leeds} headline", " ".join(pieces), language)
    verdict, size = judged.verdict, len(judged.article.document)
    assert 0 <= verdict.score <= 1
    assert list(verdict.passages) == sorted(verdict.passages)
    assert all(0 <= start < end <= size for start, end in verdict.passages)
    assert bool(verdict.passages) == verdict.relevant
    for reason in verdict.reasons:
        assert judged.article.document[reason.start : reason.end] == reason.quote
    for sentence in judged.summary:
        assert sentence in judged.article.document
