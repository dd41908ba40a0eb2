"""How a text qualifies a figure: "up to", "more than", "about". Does no input or output.

"At least" is told as "more than", "fewer than" as "up to", "nearly" as "about".
"""

import re
from functools import lru_cache

from pipelines.tagging.figure_words import WORDS

# "une centaine d'emplois" is about a hundred.
_ROUND = re.compile(
    r"(?i:une? (?:\w+aine|millier)|un[ao]? (?:\w+ena|\w+ina|centinaio|migliaio|centenar|millar)|uma? (?:\w+ena|"
    r"milhar))\b"
)
_ZH_VERB = re.compile(r"(?:(最多|至多)|(至少|不少于|不少於))[一-龥]{1,3}\Z")  # 最多拨款5亿
_CJK = frozenset({"ja", "ko", "zh"})
# What stands after a number, or after its measure word.
_CJK_AFTER = {
    "ja": (
        (r"以上|超(?!え)|余り|強|を超え|を上回|あまり", "more than"),
        (r"以下|未満|以内", "up to"),
        (r"近く|程度|ほど|前後|弱|規模", "about"),
    ),
    "ko": (
        (r"\s?이상|여(?=\s|명|개)|[이가을를]? ?넘는|[을를이가]? ?초과", "more than"),
        (r"\s?이하|\s?미만|\s?이내", "up to"),
        (r"\s?가까이|\s?정도|\s?안팎|\s?가량", "about"),
    ),
    "zh": (
        (r"\s?以上|[多余餘]", "more than"),
        (r"\s?以下|\s?以内|\s?以內", "up to"),
        (r"\s?左右|\s?上下", "about"),
    ),
}
# The words right before a number; the first that fits counts.
_CJK_BEFORE = {
    "ja": (("more than", "少なくとも"), ("up to", "最大で 最大 最高"), ("about", "約 およそ ほぼ")),
    "ko": (("more than", "최소 적어도"), ("up to", "최대"), ("about", "약 대략 거의")),
    "zh": (
        ("up to", "不超过 不超過 多达 多達 高达 高達 最多 至多"),
        ("more than", "超过 超過 逾 至少 不少于 不少於 高于 高於 超"),
        ("about", "将近 將近 接近 大约 大約 约 約 近"),
    ),
}


@lru_cache(maxsize=256)
def matcher(pattern: str) -> re.Pattern[str]:
    """A pattern of the word tables, compiled on first use."""
    return re.compile(pattern)


@lru_cache(maxsize=16)
def _phrases(language: str) -> tuple[tuple[str, str], ...]:
    """What qualifies a number when it ends right before it, longest first."""
    words = WORDS.get(language, WORDS["en"])
    found: list[tuple[str, str]] = []
    for qualifier, listed in (("more than", words.more_than), ("up to", words.up_to), ("about", words.about)):
        for phrase in listed.split("; "):
            found.append((phrase, qualifier))
            if language == "fr" and phrase.endswith(" de"):
                found += [(phrase[:-1] + "'", qualifier), (phrase[:-1] + "’", qualifier)]
    return tuple(sorted(found, key=lambda p: -len(p[0])))


@lru_cache(maxsize=16)
def _endings(language: str) -> tuple[str, ...]:
    return tuple(phrase for phrase, _ in _phrases(language))


def read(text: str, start: int, end: int, span: tuple[int, int], language: str) -> tuple[str, int, int]:
    """The qualifier of a figure, and the figure's start and end with the words that qualify it."""
    if language in _CJK:
        return _read_cjk(text, start, end, span, language)
    qualifier = ""
    for _ in range(2):  # "up to about"
        before = text[max(span[0], start - 28) : start].replace("\u00a0", " ").replace("\u202f", " ")
        low = before.lower().rstrip(" ")
        if not low.endswith(_endings(language)):
            break
        for phrase, meant in _phrases(language):
            if low.endswith(phrase) and (len(low) == len(phrase) or not low[-len(phrase) - 1].isalnum()):
                start -= len(before) - len(low) + len(phrase)
                qualifier = "up to" if "up to" in (meant, qualifier) else qualifier or meant
                break
        else:
            break
    if not qualifier and _ROUND.match(text, start, end):
        qualifier = "about"
    words = WORDS.get(language, WORDS["en"])
    if (plus := matcher(words.more_than_after).match(text, end, span[1])) is not None:
        return qualifier or "more than", start, plus.end()
    if not qualifier and matcher(words.more_than_after).search(text, start, end):
        qualifier = "more than"
    return qualifier, start, end


def _read_cjk(text: str, start: int, end: int, span: tuple[int, int], language: str) -> tuple[str, int, int]:
    window = text[max(span[0], start - 8) : start]
    low = window.rstrip()
    trimmed = start - (len(window) - len(low))
    for qualifier, phrases in _before_cjk(language):
        if low.endswith(phrases):
            phrase = next(p for p in phrases if low.endswith(p))
            return qualifier, trimmed - len(phrase), end
    if language == "zh" and (verb := _ZH_VERB.search(low)) is not None:
        return ("up to" if verb[1] else "more than"), start, end
    for after, inside, qualifier in _after_cjk(language):
        found = after.match(text, end, span[1])
        if found is not None:
            return qualifier, start, found.end()
        if inside.search(text, start, end):
            return qualifier, start, end
    return "", start, end


@lru_cache(maxsize=4)
def _before_cjk(language: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((qualifier, tuple(listed.split())) for qualifier, listed in _CJK_BEFORE[language])


@lru_cache(maxsize=4)
def _after_cjk(language: str) -> tuple[tuple[re.Pattern[str], re.Pattern[str], str], ...]:
    """For each qualifier: what stands behind a figure, and the same inside it, behind its number or measure word."""
    inside = r"[0-9万萬億亿兆千百십백천만억조]\s?(?:{0})|[人名社個件개명곳家](?:{0})"
    return tuple(
        (re.compile(pattern), re.compile(inside.replace("{0}", pattern)), qualifier)
        for pattern, qualifier in _CJK_AFTER[language]
    )
