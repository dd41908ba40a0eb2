"""Whether what a second reader says stands in the article. Does no input or output.

A sentence stands where each of its figures does (the same amount of the same
thing with the same "up to", in whatever language), each of its names does (the
name itself, or another spelling that the lists know for it), and it is about the
article at all. In doubt it does not stand: the article's own sentences are there
anyway.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache

from babel.dates import get_month_names

from pipelines import sentences
from pipelines.language import detect
from pipelines.tagging import facts as figures
from pipelines.tagging import names as known_names
from pipelines.tagging import numerals
from pipelines.tagging.index import NameIndex
from pipelines.tagging.number_words import TEN
from presswatch.models import Article, Fact
from presswatch.second_reader import words as words

_CJK = frozenset({"ja", "ko", "zh"})
_EAST = "\u3005\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7a3"
_WORD = re.compile(rf"[^\W_{_EAST}]+")
_EAST_RUN = re.compile(f"[{_EAST}]+")
_KATAKANA = re.compile("[\u30a1-\u30ff]+")
_HIRAGANA = re.compile("[\u3040-\u309f]")
_PERCENT = re.compile(words.PERCENT)
_TAG = re.compile(r"<(script|style)\b[^<>]{0,2000}>[^<]{0,5000}</\1|<[^<>]{0,2000}>", re.IGNORECASE)
_LEADING = "=+-@#•–—/ "  # headings, items, and what a spreadsheet takes for a formula
_MARKUP = re.compile(r"[<>{}\[\]|`*~^\\_]")
# Anything that a mail program or a chat would make a link of, and @ names.
_LINK = re.compile(
    r"//|@|\]\s?\(|\bwww\.|\b(?:javascript|vbscript)\s?:|\b(?:data|mailto|file|tel|https?|ftp):\S"
    r"|[a-z0-9-]{2,60}。[a-z]{2,24}"
    r"|[^\W_][\w-]{1,60}\.[^\W\d_]{2,24}(?![^\W_])|\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b",
    re.IGNORECASE,
)
# Of a sentence's words, the share that the article must hold too when both are in one language.
_SHARED = 0.6
_SHORTEST = 8  # characters of a quotation that says anything
_CONTENT = 4  # letters of a word that says something
_STEM = 5  # letters of it that are compared: "invests", "investment"


def plain(text: str) -> str:
    """Text without markup, and without characters that cannot be seen or that a spreadsheet would act on."""
    for _ in range(3):  # "&amp;lt;" is "<" only at the second look
        text = html.unescape(text)
    text = unicodedata.normalize("NFKC", text)
    text = "".join(c if c.isspace() or unicodedata.category(c)[0] != "C" else "" for c in text)
    text = _MARKUP.sub("", _TAG.sub(" ", text))
    return " ".join(text.split()).lstrip(_LEADING)


def has_link(text: str) -> bool:
    """Whether anything in it could be followed."""
    return _LINK.search(unicodedata.normalize("NFKC", html.unescape(text))) is not None


def fold(text: str) -> str:
    """Lower case, no accents."""
    decomposed = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f")).casefold()


class Grounds:
    """One article, ready to be compared with what is said of it."""

    def __init__(self, article: Article, facts: Iterable[Fact] = (), names: NameIndex | None = None) -> None:
        self.language = article.language
        self._names = names
        self._text = " ".join(plain(line) for line in article.document.split("\n"))
        self._raw = " ".join(article.document.split())
        self._facts = {_key(f) for f in facts}
        self._numbers, self._percentages = set[Decimal](), set[Decimal]()
        for line in unicodedata.normalize("NFKC", article.document).split("\n"):
            self._facts |= {_key(f) for f in figures.find(line, [(0, len(line))], self.language)}
            for number in _numbers(line, self.language):
                self._numbers |= {number.value, number.thousands or number.value}
                if _PERCENT.match(line, number.end):
                    self._percentages.add(number.value)
        self._take_words()
        self._take_names(article.document)

    def _take_words(self) -> None:
        found = list(_WORD.finditer(self._text))
        tokens = [fold(match[0]) for match in found]
        self._sequence = f" {' '.join(tokens)} "
        self._words = frozenset(tokens)
        self._stems = frozenset(token[:_STEM] for token in tokens)
        # Words that stand somewhere without a capital beside them: "Huang" of "Jensen Huang" does not.
        runs = _runs(self._text, found)
        self._alone = self._words - {fold(m[0]) for run in runs if len(run) > 1 for m in run}
        self._alone |= {fold(run[0][0]) for run in runs if len(run) == 1}

    def _take_names(self, document: str) -> None:
        self._named: set[str] = set()
        self._countries: set[str] = set()
        if self._names is None:
            return
        lines, at = [], 0
        for line in document.split("\n"):
            lines.append((at, at + len(line)))
            at += len(line) + 1
        for mention in known_names.find(document, lines, self.language, self._names):
            self._named.add(mention.name)
            if mention.kind in ("country", "demonym", "government"):
                self._countries.add(mention.country)

    # --- what is asked of it ------------------------------------------------------------------------------------------

    def quotation(self, text: str, *, longest: int) -> str:
        """`text` if it stands in the article word for word, as plain text; else nothing."""
        quote = " ".join(text.split()).strip("\"'“”«»„「」 ")
        said = plain(quote)
        if not _SHORTEST <= len(said) <= longest or has_link(quote) or has_link(said):
            return ""
        return said if quote in self._raw or said in self._text else ""

    def summary(self, said: Sequence[str], language: str, *, most: int, longest: int) -> tuple[str, ...]:
        """The sentences of `said` that stand in the article, in `language`; at most `most`."""
        kept: list[str] = []
        for item in said:
            text = plain(item)
            if has_link(item) or has_link(text):  # taking out a mark may join what it parted
                continue
            found = (text[start:end].lstrip(_LEADING) for start, end in sentences.split(text, language))
            kept += (one for one in found if 0 < len(one) <= longest and self.holds(one, language))
        kept = list(dict.fromkeys(kept))[:most]
        return tuple(kept) if kept and detect(" ".join(kept), language) == language else ()

    def holds(self, sentence: str, language: str) -> bool:
        """Whether a sentence in `language` says nothing that the article does not."""
        if language not in words.STARTERS and language not in _CJK:
            return False  # a language whose names this module cannot tell from its words
        return (
            self._figures_stand(sentence, language)
            and self._names_stand(sentence, language)
            and (self._covered(sentence, language) if language in _CJK else self._about(sentence, language))
        )

    # --- figures ------------------------------------------------------------------------------------------------------

    def _figures_stand(self, sentence: str, language: str) -> bool:
        if any(_key(f) not in self._facts for f in figures.find(sentence, [(0, len(sentence))], language)):
            return False
        read = _numbers(sentence, language)
        for number in read:
            share = _PERCENT.match(sentence, number.end) is not None
            if number.value not in (self._percentages if share else self._numbers):
                return False
        for match in re.finditer(r"\d+", sentence):  # what is no number by itself: H100, 10.1.1
            if any(n.start <= match.start() < n.end for n in read):
                continue
            token = next((w[0] for w in _WORD.finditer(sentence) if w.start() <= match.start() < w.end()), match[0])
            if fold(token) not in self._words:
                return False
        vague = frozenset(words.VAGUE.get(language, "").split())
        loose = (w for w in _WORD.finditer(sentence) if not any(n.start <= w.start() < n.end for n in read))
        return all(fold(w[0]) in self._words for w in loose if fold(w[0]) in vague)

    # --- names --------------------------------------------------------------------------------------------------------

    def _names_stand(self, sentence: str, language: str) -> bool:
        known = self._known_spans(sentence, language)
        if known is None:
            return False
        found = list(_WORD.finditer(sentence))
        free = [m for m in found if not any(a <= m.start() < b for a, b in known)]
        first = found[0].start() if found else 0
        free = [
            m
            for m in free
            if not (_common(m, language, at_start=m.start() == first) or self._month_stands(m[0], language))
        ]
        return all(self._run_stands([m[0] for m in run], language) for run in _runs(sentence, free))

    def _known_spans(self, sentence: str, language: str) -> list[tuple[int, int]] | None:
        """Where names of the lists stand that the article has too; None where one stands that it has not."""
        if self._names is None:
            return []
        spans = []
        for mention in known_names.find(sentence, [(0, len(sentence))], language, self._names):
            if mention.kind == "currency":  # its figure was compared
                continue
            same = mention.kind in ("country", "demonym") and mention.country in self._countries
            if not (same or mention.name in self._named or self._has(mention.surface)):
                return None
            spans.append((mention.start, mention.end))
        return spans

    def _has(self, surface: str) -> bool:
        if _EAST_RUN.search(surface):
            return surface in self._text
        return f" {' '.join(fold(w) for w in _WORD.findall(surface))} " in self._sequence

    def _run_stands(self, run: Sequence[str], language: str) -> bool:
        """Whether words with capitals stand in the article as they are joined here: no "Keir Huang" of two people."""
        folded = [fold(word) for word in run]
        reachable = {0}
        for start in range(len(run)):
            if start not in reachable:
                continue
            for end in range(start + 1, len(run) + 1):
                if end - start == 1:
                    stands = self._word_stands(run[start], language, alone=len(run) > 1)
                else:
                    stands = f" {' '.join(folded[start:end])} " in self._sequence
                if stands:
                    reachable.add(end)
        return len(run) in reachable

    def _word_stands(self, word: str, language: str, *, alone: bool) -> bool:
        pool = self._alone if alone else self._words
        if fold(word) in pool:
            return True
        # "GPUs" of "GPU", "Starmers" of "Starmer"
        return word.endswith("s") and (language == "de" or word[:-1].isupper()) and fold(word[:-1]) in pool

    def _month_stands(self, word: str, language: str) -> bool:
        """Whether a word is a month that the article names in its own language: "September" of "9月"."""
        month = _months(language).get(fold(word))
        if month is None:
            return False
        if self.language in _CJK:
            return re.search(rf"(?<!\d){month}\s?[月월]", self._text) is not None
        return any(number == month and name in self._words for name, number in _months(self.language).items())

    # --- whether it is about the article ------------------------------------------------------------------------------

    def _about(self, sentence: str, language: str) -> bool:
        """In the article's language: most of its words are the article's. In another: it has a name or figure of it."""
        found = list(_WORD.finditer(sentence))
        if language == self.language:
            content = [fold(m[0])[:_STEM] for m in found if len(m[0]) >= _CONTENT]
            return sum(word in self._stems for word in content) >= max(1, _SHARED * len(content))
        anchors = (m for m in found if m[0][0].isupper() and not _common(m, language, at_start=True))
        anchored = any(fold(m[0]) in self._words for m in anchors)
        return anchored or bool(_numbers(sentence, language)) or bool(self._known_spans(sentence, language))

    def _covered(self, sentence: str, language: str) -> bool:
        """Whether all of a Chinese, Japanese or Korean sentence but its grammar stands in an article of the language.

        No capital marks a name there, so a word that the article does not hold may be one.
        """
        if language != self.language:
            return False
        if language == "ko":
            return all(self._korean(match[0]) for match in _EAST_RUN.finditer(sentence))
        if any(match[0] not in self._text for match in _KATAKANA.finditer(sentence)):
            return False
        for match in _EAST_RUN.finditer(sentence):
            run = match[0]
            held = [run[i : i + 2] in self._text for i in range(len(run) - 1)]
            for i, char in enumerate(run):
                known = (i > 0 and held[i - 1]) or (i < len(held) and held[i]) or (len(run) == 1 and char in self._text)
                if not (known or char in words.CHINESE_GRAMMAR or _HIRAGANA.match(char) or _KATAKANA.match(char)):
                    return False
        return True

    def _korean(self, token: str) -> bool:
        """Whether the article holds a word, but for its ending."""
        if token in words.KOREAN_WORDS or token in words.KOREAN_ENDINGS or token in self._text:
            return True
        return any(token[:cut] in self._text and token[cut:] in words.KOREAN_ENDINGS for cut in range(2, len(token)))


def _key(fact: Fact) -> tuple[str, float, str, str]:
    return (fact.kind, fact.value, fact.unit, fact.qualifier)


def _numbers(text: str, language: str) -> list[numerals.Numeral]:
    """Every number, the small spelled ones too ("three sites"), which the search for facts passes over."""
    # A line with a large spelled number in it is searched for all of them.
    searched = f"{text}\n{TEN.get(language, TEN['en'])}."
    found = numerals.find(searched, 0, len(searched), language)
    return [n for n in found if n.end <= len(text) and not n.article and not (n.spelled and n.value == 1)]


def _runs(text: str, found: Sequence[re.Match[str]]) -> list[list[re.Match[str]]]:
    """The words with capitals, those together that only a blank or a hyphen parts."""
    runs: list[list[re.Match[str]]] = []
    previous: re.Match[str] | None = None
    for match in found:
        if not any(c.isupper() for c in match[0]):
            previous = None
            continue
        if previous is not None and text[previous.end() : match.start()] in (" ", "-", "'", "’", "&", " & ", ". "):
            runs[-1].append(match)
        else:
            runs.append([match])
        previous = match
    return runs


def _common(match: re.Match[str], language: str, *, at_start: bool) -> bool:
    """Whether a word is no name, whatever its capital says."""
    word = fold(match[0])
    if word in _capitals(language) or (at_start and word in _starters(language)):
        return True
    low = match[0].lower()
    return (
        language == "de" and not match[0].isupper() and (low in words.GERMAN_NOUNS or low.endswith(words.GERMAN_TAILS))
    )


@cache
def _months(language: str) -> Mapping[str, int]:
    """The names of the months in a language, folded, with their numbers; nothing for a language without its own."""
    if language not in words.STARTERS:
        return {}
    forms = [get_month_names(width, "format", language) for width in ("wide", "abbreviated")]
    return {fold(name).rstrip("."): number for names in forms for number, name in names.items()}


@cache
def _starters(language: str) -> frozenset[str]:
    return frozenset(words.STARTERS.get(language, "").split())


@cache
def _capitals(language: str) -> frozenset[str]:
    return frozenset(words.CAPITALS.get(language, "").split())
