"""Articles of 1,000 words in ten languages, for measuring what the steps cost. No text twice.

Those that are news (`make`) are made of two to four articles of the bundled sample in
their language, about 400 words, and for the rest of paragraphs whose sentences stand
in `sentences.txt`, with organisations, towns, people and figures drawn anew each time:
some known, some in the country, most made up. Posts (`make_post`) are what the
newsrooms publish most: sentences of `worldwide.txt`, full of products and partners,
with a paragraph that names towns and firms, and in each fourth an article of the sample.
A word is what stands between two spaces; in Chinese and Japanese two characters count as one.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from pipelines import passages
from presswatch.demo import articles as sample
from presswatch.models import Article

WORDS = 1000
LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "ja", "ko", "zh", "zh-Hant")
_TRADITIONAL_SITE = "tw"
_OF_THE_SAMPLE = 400
_SENTENCES_A_PARAGRAPH = 3

_KNOWN = "Siemens Nokia Ericsson Samsung Foxconn Dell Microsoft Oracle Bosch Airbus Vodafone Arm Graphcore".split()
_TOWNS = (
    "Leeds Cardiff Bristol Glasgow Munich Lyon Bologna Valencia Porto Osaka Busan Boston Chicago Toronto Sydney".split()
)
_SYLLABLES = (
    "bra tel kor min dal ves tor un pel gar mon sil tre vik lan os ter ber qui sta nor hal dev rin mar pol".split()
)
_EAST = {
    "ja": "東西北南星光山川海空田森水木新明",
    "zh": "东西北南星光山川海空田林云木新明",
    "ko": "가나다라마바사아자차카타파하",
}

_PRODUCTS = (
    "Omniverse", "CUDA", "TensorRT", "Jetson Thor", "Isaac Sim", "GeForce RTX", "DGX Spark", "Blackwell", "Nemotron",
)  # fmt: skip
_OF_POSTS = 2  # sentences a paragraph
_TOLD_IN = 4  # one post in so many has news of the country in it


@cache
def _sentences(file: str = "sentences.txt") -> dict[str, list[str]]:
    """The sentences of a file beside this one, by language."""
    found: dict[str, list[str]] = {}
    for line in Path(__file__).with_name(file).read_text("utf-8").splitlines():
        if line.startswith("["):
            chosen = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            chosen.append(line)
    return found


def invented(chance: random.Random, language: str = "en") -> str:
    """A plausible name that no list holds."""
    if (script := _EAST.get(language[:2])) and chance.random() < 0.4:
        return "".join(chance.choices(script, k=chance.randint(3, 4)))
    word = "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 3))).capitalize()
    ends = (
        "",
        "",
        " Systems",
        " Labs",
        " Dynamics",
        " Energy",
        " Robotics",
        " & " + chance.choice(_SYLLABLES).capitalize(),
    )
    return word + chance.choice(ends)


def count(text: str, language: str) -> float:
    """How many words a text has."""
    wide = sum(char > "\u2e80" for char in text) if language[:2] in ("ja", "zh") else 0
    return len(text.split()) + wide / 2


def make(language: str, number: int) -> Article:
    """Article `number` of a language, the same each time."""
    chance = random.Random(f"{language} {number}")
    told = _told(language, chance)
    paragraphs: list[str] = []
    words = 0.0
    for one in told:
        if words < _OF_THE_SAMPLE:
            news = _news(one)
            paragraphs += news
            words += sum(count(paragraph, language) for paragraph in news)
    for paragraph in _paragraphs(language, chance):
        if words >= WORDS:
            break
        paragraphs.insert(chance.randint(1, len(paragraphs)), paragraph)
        words += count(paragraph, language)
    return _article(f"{language}/{number}", language, told[0].title, paragraphs)


def make_post(language: str, number: int) -> Article:
    """Post `number` of a language, the same each time: about the publisher's products, with the country in passing."""
    chance = random.Random(f"post {language} {number}")
    paragraphs: list[str] = []
    lines: list[str] = []
    while sum(count(paragraph, language) for paragraph in paragraphs) < WORDS * 0.9:
        if len(lines) < _OF_POSTS:
            lines = chance.sample(_sentences("worldwide.txt")[language], len(_sentences("worldwide.txt")[language]))
        chosen = [_filled(lines.pop(), language, chance) for _ in range(_OF_POSTS)]
        paragraphs.append(_gap(language).join(chosen))
    title = paragraphs.pop(0)[:90]
    paragraphs.insert(chance.randint(3, len(paragraphs)), next(_paragraphs(language, chance)))
    if number % _TOLD_IN == 0:
        at = chance.randint(3, len(paragraphs))
        paragraphs[at:at] = _news(_told(language, chance)[0])
    return _article(f"{language}/post/{number}", language, title, paragraphs)


def headed(article: Article, country: str) -> Article:
    """The article with the country in its headline: each of its paragraphs is read for names, whoever is known."""
    return replace(article, title=f"{country}: {article.title}")


def _told(language: str, chance: random.Random) -> list[sample.SampleArticle]:
    """The sample's articles in a language, in the order of chance."""
    site = {"zh": "cn", "zh-Hant": _TRADITIONAL_SITE}.get(language)
    told = [a for a in sample.load() if a.language == language[:2] and (site is None or a.site == site)]
    chance.shuffle(told)
    return told


def _article(path: str, language: str, title: str, paragraphs: Sequence[str]) -> Article:
    return Article(
        url=f"https://bench.example/{path}",
        source="bench",
        language=language[:2],
        title=title,
        text="\n".join(paragraphs),
        published_at=datetime(2026, 6, 1, tzinfo=UTC),
        first_seen_at=datetime.now(UTC),
    )


def _news(one: sample.SampleArticle) -> list[str]:
    """What an article of the sample tells, without its boilerplate, which costs no step but the first."""
    article = Article(
        url="", source="", language=one.language, title="", text="\n".join(one.body), first_seen_at=datetime.now(UTC)
    )
    return [part.text for part in passages.split(article) if part.is_news]


def _paragraphs(language: str, chance: random.Random) -> Iterator[str]:
    while True:
        chosen = chance.sample(_sentences()[language], _SENTENCES_A_PARAGRAPH)
        yield _gap(language).join(_filled(sentence, language, chance) for sentence in chosen)


def _gap(language: str) -> str:
    """What stands between two sentences."""
    return "" if language[:2] in ("ja", "zh") else " "


def _filled(sentence: str, language: str, chance: random.Random) -> str:
    drawn: dict[str, Callable[[], str]] = {
        "k": lambda: chance.choice(_KNOWN),
        "g": lambda: chance.choice(_PRODUCTS),
        "o": lambda: chance.choice(_KNOWN) if chance.random() < 0.3 else invented(chance, language),
        "t": lambda: chance.choice(_TOWNS) if chance.random() < 0.6 else invented(chance, "en").split()[0],
        "p": lambda: " ".join("".join(chance.choices(_SYLLABLES, k=2)).capitalize() for _ in range(2)),
        "n": lambda: f"{chance.choice((12, 40, 350, 900, 1200, 4500, 60000)) + chance.randint(1, 9):,}",
        "y": lambda: str(chance.randint(2026, 2029)),
    }
    for slot, draw in drawn.items():
        while (at := sentence.find("{" + slot + "}")) >= 0:
            sentence = sentence[:at] + draw() + sentence[at + 3 :]
    return sentence
