"""Figures that leave out what they measure: "£220 million, and another 40 million". Does no input or output."""

import re
from functools import lru_cache

from pipelines.tagging.numerals import Numeral

_SOME, _NEAR = 10, 120  # of a count: the least that is told, and characters from the count before it
_FAR = 200  # characters between the sum that names the currency and the one that does not
_SENTENCE_END = re.compile(r"[.!?](?= )")

# By language: what stands before such a number, what stands behind it in its place, and what may follow where neither
# a mark nor the line's end does: words that are no noun which the number could count.
_SAID = {
    "en": (
        r"(?:an)?other|(?:a )?further|(?:an )?additional|(?:the )?(?:remaining|other)|plus",
        r"more|of (?:that|it|this|which)",
        r"is|are|was|were|will|comes?|came|to|from|for|by|on|over|goes|went|has|have|being|through|towards?|via",
    ),
    "fr": (
        r"encore|les autres|autres",
        r"de plus|supplémentaires|autres|additionnels|de cette somme",
        r"est|sont|sera|seront|vien(?:t|nent)|provien(?:t|nent)|par|pour|sur|venant|au|aux|du|iront|va|vont",
    ),
    "de": (
        r"weitere[rn]?|zusätzliche[rn]?|noch einmal|nochmals?|(?:die )?(?:übrigen|restlichen)",
        r"davon|hiervon|zusätzlich|mehr",
        r"der|des|vom|komm(?:t|en)|stell(?:t|en)|gib(?:t)|geben|steuer(?:t|n)|aus|für|sind|ist|werden|wird|fließ(?:t|en)"
        r"|tr(?:ägt|agen)|leg(?:t|en)|zahl(?:t|en)|übern(?:immt|ehmen)|bring(?:t|en)|investier(?:t|en)",
    ),
    "es": (
        r"(?:los )?otros|unos",
        r"más|adicionales|de es[ea] suma",
        r"los|las|el|la|proced\w+|vien\w+|ser[áa]n?|son|por|para|a|al|del|aport\w+|pon\w+|irán|llegar[áa]n",
    ),
    "it": (
        r"(?:gli )?altri|ulteriori",
        r"in più|aggiuntivi|ulteriori",
        r"sono|saranno|arriv\w+|veng\w+|da|dal|dalla|dai|per|li|provengono|provenienti|andranno",
    ),
    "pt": (
        r"(?:os )?outros|mais",
        r"a mais|adicionais|desse (?:total|valor)",
        r"são|serão|vêm|virão|pel[oa]s?|para|por|da|do|dos|das|provenientes|irão",
    ),
}  # fmt: skip


@lru_cache(maxsize=8)
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]] | None:
    if language not in _SAID:
        return None
    before, after, follows = _SAID[language]
    ends = rf"[.,;:)]|\Z|\n| [–—-]| (?:{follows})\b| (?:de|di|von|de la) (?=[A-ZÀ-Ý])"
    return (
        re.compile(rf"(?<![^\W_])(?i:{before}) ?\Z"),
        re.compile(rf"[ \u00a0](?:{after})\b"),
        re.compile(ends),
    )


def sum_end(text: str, number: Numeral, said: int, end: int, language: str) -> int | None:
    """Where the number's phrase ends if it is more of the money whose sum ended at `said`, else None.

    Taken so are numbers of millions and more that something introduces ("another",
    "davon") and that count nothing themselves, in the same sentence or the next.
    """
    patterns = _patterns(language)
    if patterns is None or not number.scaled or number.value < 100_000 or not 0 <= number.start - said <= _FAR:
        return None
    if len(_SENTENCE_END.findall(text[said : number.start])) > 1:
        return None
    before, after, follows = patterns
    told = after.match(text, number.end, end)
    stop = told.end() if told else number.end
    introduced = told or before.search(text, max(said, number.start - 24), number.start)
    return stop if introduced and follows.match(text, stop, end) else None


# "380 jobs, and as many as 1,100 more while the halls are built"; not "1,100 more than before", "1,100 more GPUs".
_MORE = {
    "en": re.compile(
        r" more(?=[.,;:)]|$| (?:while|when|as|if|once|by|in|at|over|during|to|from|later|after|before|will|are)\b)"
    ),
    "fr": re.compile(
        r" (?:de plus|supplémentaires|autres)(?=[.,;:)]|$| (?:à|au|aux|en|dans|pendant|d['’]ici|pour|sur|seront)\b)"
    ),
    "de": re.compile(r" (?:hinzu|dazu|mehr)(?=[.,;:)]|$)"),
    "es": re.compile(r" (?:más|adicionales)(?=[.,;:)]|$| (?:en|durante|para|hasta|a|cuando|serán)\b)"),
    "it": re.compile(r" (?:in più|aggiuntiv[ie])(?=[.,;:)]|$| (?:a|in|nel|durante|entro|per|saranno)\b)"),
    "pt": re.compile(r" (?:a mais|adicionais)(?=[.,;:)]|$| (?:em|durante|para|até|no|na|serão)\b)"),
}


def count_end(text: str, number: Numeral, said: int, end: int, language: str) -> int | None:
    """Where the number's phrase ends if it is so many more of what was counted up to `said`, else None.

    Both stand in one sentence; "two more" may be anything.
    """
    pattern, between = _MORE.get(language), text[said : number.start]
    whole = number.value >= _SOME and number.value == number.value.to_integral_value()
    if pattern is None or not whole or len(between) > _NEAR or _SENTENCE_END.search(between):
        return None
    match = pattern.match(text, number.end, end)
    return match.end() if match else None
