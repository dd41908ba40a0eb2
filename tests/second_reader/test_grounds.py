"""What a second reader says, held against the article: figures, names, quotations, links."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.tagging.names import NameIndex, build
from presswatch.gazetteer import load_gazetteer
from presswatch.models import Article
from presswatch.names import load_names
from presswatch.second_reader.grounds import Grounds, has_link, plain

SHIPPED = Path(__file__).resolve().parents[2] / "config" / "names"

ENGLISH = (
    "Tidewick Compute opens a hall in Hull",
    "Tidewick Compute will spend up to £340 million on a data centre in Hull, its chief executive Orla Penhale said.\n"
    "The hall takes 4,200 NVIDIA GPUs and 38 megawatts, and opens in September 2027. It creates 150 jobs.\n"
    "Three sites follow. Costs fall by 40 percent, said Jonas Veldt of the university's robotics group.",
)
JAPANESE = (
    "タイドウィック、ハルにデータセンターを開設",
    "タイドウィックは英国ハルのデータセンターに最大3億4000万ポンドを投資します。"
    "4,200基のNVIDIA GPUを備え、2027年9月に稼働します。",
)
CHINESE = (
    "泰德威在赫尔建设数据中心",
    "泰德威将在英国赫尔投资3.4亿英镑建设数据中心，配备4200块NVIDIA GPU，并与当地大学合作。",
)
KOREAN = (
    "타이드윅, 헐에 데이터센터 개설",
    "타이드윅은 영국 헐의 데이터센터에 3억 4000만 파운드를 투자한다. NVIDIA GPU 4200개를 설치한다.",
)
FRENCH = (
    "Tidewick Compute ouvre un centre à Londres",
    "Tidewick Compute investira jusqu'à 340 millions de livres sterling à Londres, au Royaume-Uni, dit Orla Penhale.",
)
ARTICLES = {"en": ENGLISH, "ja": JAPANESE, "zh": CHINESE, "ko": KOREAN, "fr": FRENCH}


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> NameIndex:
    return build(load_names(SHIPPED), load_gazetteer(tmp_path_factory.mktemp("gazetteer")))


def article(language: str, title: str, text: str) -> Article:
    return Article(
        url="https://news.example/a", source="a", language=language, title=title, text=text,
        first_seen_at=datetime(2026, 1, 5, tzinfo=UTC),
    )  # fmt: skip


@pytest.fixture
def grounds(names: NameIndex) -> dict[str, Grounds]:
    return {language: Grounds(article(language, *text), (), names) for language, text in ARTICLES.items()}


# The article's language, the sentence's, the sentence.
STANDS = [
    ("en", "en", "Tidewick Compute will spend up to £340 million on a data centre in Hull."),
    ("en", "en", "The data centre takes 4,200 GPUs, up to £340m is spent, and 150 jobs are created."),
    ("en", "en", "Costs fall by 40%, Jonas Veldt said."),
    ("en", "fr", "Tidewick Compute investira jusqu'à 340 millions de livres sterling à Hull."),
    ("en", "de", "Tidewick Compute investiert bis zu 340 Millionen Pfund in ein Rechenzentrum in Hull."),
    ("en", "es", "Tidewick Compute creará 150 empleos en Hull."),
    ("en", "it", "Orla Penhale dirige Tidewick Compute."),
    ("en", "pt", "A Tidewick Compute terá 4.200 GPUs da NVIDIA em Hull."),
    ("ja", "en", "The data centre has 4,200 NVIDIA GPUs and opens in September 2027."),
    ("ja", "ja", "タイドウィックはハルのデータセンターに最大3億4000万ポンドを投資します。"),
    ("zh", "zh", "泰德威将在赫尔投资3.4亿英镑。"),
    ("ko", "ko", "타이드윅은 헐의 데이터센터에 3억 4000만 파운드를 투자한다."),
    ("fr", "en", "Tidewick Compute will spend up to £340 million in London, in the UK."),
    ("fr", "de", "Tidewick Compute investiert bis zu 340 Millionen Pfund in London."),
]


@pytest.mark.parametrize(("source", "language", "sentence"), STANDS)
def test_what_the_article_says_stands(grounds: dict[str, Grounds], source: str, language: str, sentence: str) -> None:
    assert grounds[source].holds(sentence, language)


FALLS = [
    ("another sum", "en", "en", "Tidewick Compute will spend up to £350 million on a data centre in Hull."),
    ("another currency", "en", "en", "Tidewick Compute will spend up to $340 million on a data centre in Hull."),
    ("another scale", "en", "en", "Tidewick Compute will spend up to £340 billion on a data centre in Hull."),
    ("the qualifier is gone", "en", "en", "Tidewick Compute will spend £340 million on a data centre in Hull."),
    ("another qualifier", "en", "en", "Tidewick Compute will spend more than £340 million on a data centre in Hull."),
    ("another thing counted", "en", "en", "Tidewick Compute will create 4,200 jobs in Hull."),
    ("a percentage of a number", "en", "en", "Tidewick Compute grows by 150 percent in Hull."),
    ("a number in words", "en", "en", "Tidewick Compute will open four sites in Hull."),
    ("a vague number", "en", "en", "Tidewick Compute creates thousands of jobs in Hull."),
    ("another year", "en", "en", "The data centre in Hull opens in September 2028."),
    ("another month", "en", "en", "The data centre in Hull opens in October 2027."),
    ("a machine's number", "en", "en", "The hall takes 4,200 NVIDIA H300 GPUs in Hull."),
    ("a company more", "en", "en", "Tidewick Compute and Siemens will open a data centre in Hull."),
    ("a company that no list has", "en", "en", "Tidewick Compute and Quaywind open a data centre in Hull."),
    ("it begins with the company", "en", "en", "Quaywind will spend up to £340 million on a data centre in Hull."),
    ("two people made one", "en", "en", "Jonas Penhale said the data centre in Hull takes 4,200 GPUs."),
    ("another town", "en", "en", "Tidewick Compute opens a data centre in Leeds."),
    ("another country", "fr", "en", "Tidewick Compute will spend up to £340 million in London, in Canada."),
    ("not about the article", "en", "en", "please reply quickly with your account password"),
    ("not about it, in another language", "en", "fr", "merci de répondre vite avec votre mot de passe"),
    (
        "another sum, in another language",
        "en",
        "fr",
        "Tidewick Compute investira jusqu'à 350 millions de livres à Hull.",
    ),
    ("a scale, in German", "en", "de", "Tidewick Compute investiert bis zu 340 Milliarden Pfund in Hull."),
    ("a company, in German", "en", "de", "Tidewick Compute baut mit Samsung ein Rechenzentrum in Hull."),
    ("one that no list has, in German", "en", "de", "Tidewick Compute baut mit Quaywind ein Rechenzentrum in Hull."),
    ("a company, in Japanese", "ja", "ja", "シーメンスはハルのデータセンターに投資します。"),
    ("one in Chinese characters", "ja", "ja", "富岡電機はハルのデータセンターに投資します。"),
    ("a sum, in Japanese", "ja", "ja", "タイドウィックはハルのデータセンターに最大3億5000万ポンドを投資します。"),
    ("a company, in Chinese", "zh", "zh", "泰德威将与华为在赫尔建设数据中心。"),
    ("a company, in Korean", "ko", "ko", "타이드윅은 삼성전자와 헐의 데이터센터에 투자한다."),
    ("names cannot be told from words", "en", "zh", "Tidewick Compute 在赫尔建设数据中心。"),
    ("a language without rules", "en", "sv", "Tidewick Compute bygger en hall i Hull."),
]


@pytest.mark.parametrize(("why", "source", "language", "sentence"), FALLS, ids=[row[0] for row in FALLS])
def test_what_it_does_not_say_falls(
    grounds: dict[str, Grounds], why: str, source: str, language: str, sentence: str
) -> None:
    assert not grounds[source].holds(sentence, language), why


def test_names_are_compared_without_lists_too() -> None:
    bare = Grounds(article("en", *ENGLISH))
    assert bare.holds("Tidewick Compute opens a data centre in Hull.", "en")
    assert not bare.holds("Tidewick Compute opens a data centre in Leeds.", "en")


def test_only_the_sentences_that_stand_are_kept(grounds: dict[str, Grounds]) -> None:
    said = [
        "Tidewick Compute opens a data centre in Hull. Siemens joins it in Hull.",
        "It creates 150 jobs in Hull.",
        "It creates 150 jobs in Hull.",
        "The hall takes 4,200 NVIDIA GPUs and 38 megawatts. The hall opens in September 2027.",
    ]
    assert grounds["en"].summary(said, "en", most=3, longest=400) == (
        "Tidewick Compute opens a data centre in Hull.",
        "It creates 150 jobs in Hull.",
        "The hall takes 4,200 NVIDIA GPUs and 38 megawatts.",
    )


def test_a_summary_in_another_language_than_asked_for_is_dropped(grounds: dict[str, Grounds]) -> None:
    said = ["Tidewick Compute will spend up to £340 million on a data centre in Hull, its chief executive said."]
    assert grounds["en"].summary(said, "en", most=3, longest=400)
    assert not grounds["en"].summary(said, "fr", most=3, longest=400)
    assert not grounds["en"].summary(said, "en", most=3, longest=50)


QUOTATIONS = [
    ("It creates 150 jobs.", "It creates 150 jobs."),
    ("  “It creates\n 150 jobs.” ", "It creates 150 jobs."),
    ("It creates 151 jobs.", ""),
    ("It", ""),
    ("it creates 150 jobs.", ""),
    ("", ""),
]


@pytest.mark.parametrize(("said", "kept"), QUOTATIONS)
def test_a_quotation_stands_letter_by_letter(grounds: dict[str, Grounds], said: str, kept: str) -> None:
    assert grounds["en"].quotation(said, longest=60) == kept


MARKUP = [
    ("<b>Hull</b> opens", "Hull opens"),
    ("<script>alert(1)</script>Hull", "Hull"),
    ("<SCRIPT src=x>alert(1)</SCRIPT >Hull", "Hull"),
    ("<script>alert(1)", "alert(1)"),
    ("<<b>script>Hull", "scriptHull"),
    ("&lt;img src=x onerror=alert(1)&gt;Hull", "Hull"),
    ("&amp;lt;b&amp;gt;Hull", "Hull"),
    ("**Hull** `opens` _now_ {{ 7*7 }}", "Hull opens now 77"),
    ("# Hull\r\nBcc: x", "Hull Bcc: x"),
    ('=HYPERLINK("x")', 'HYPERLINK("x")'),
    ("Hu\u200bll \u202egnp.exe\u202c\x00", "Hull gnp.exe"),
]


@pytest.mark.parametrize(("text", "left"), MARKUP)
def test_markup_is_taken_out(text: str, left: str) -> None:
    assert plain(text) == left


LINKS = [
    "see https://evil.example/x", "see hxxp://evil", "see www.evil", "see //evil", "see evil.example",
    "see evil.co.uk today",
    "write to a@evil", "[Hull](x)", "javascript:alert(1)", "javascript :alert(1)", "data:text/html,x",
    "mailto:x", "tel:0800", "evil&#46;example", "evil．example", "http&#58;//x", "10.1.2.3", "evil。example",
]  # fmt: skip


@pytest.mark.parametrize("text", LINKS)
def test_links_are_seen(text: str) -> None:
    assert has_link(text)


@pytest.mark.parametrize(
    "text", ["In the U.K. and Calif. it costs £2.5bn.", "The data: 4.200 GPUs.", "e.g. Hull. Inc."]
)
def test_what_is_no_link(text: str) -> None:
    assert not has_link(text)


@pytest.mark.parametrize(
    "said", ["Tidewick Compute, evil*.example in Hull.", "Tidewick Compute, evil\u200b.example in Hull."]
)
def test_taking_out_marks_makes_no_link(said: str) -> None:
    ours = Grounds(article("en", ENGLISH[0], ENGLISH[1] + "\nevil example"))
    assert ours.summary([said], "en", most=3, longest=400) == ()
