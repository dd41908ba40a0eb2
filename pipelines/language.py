"""Which language a text is in. Does no input or output but py3langid's reading of its own model, once.

Scripts decide where they can: kana is Japanese, hangul Korean, Chinese
characters alone Chinese (both scripts are "zh"). The rest is py3langid's work,
kept to languages that newsrooms write, so that a list of product names is not
taken for Latin or Volapük.
"""

import re
from functools import cache
from typing import Any

UNKNOWN = "und"
# Every living language with a press of its own that py3langid knows, without its rarer neighbours
# (Galician, Luxembourgish, Afrikaans and the like), which short texts full of names fall into.
_PLAUSIBLE = (
    "ar bg bn cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nb nl no pl pt ro ru sk sl sr sv ta te th "
    "tr uk ur vi zh"
).split()
_ALIASES = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "cmn": "zh", "yue": "zh"}
# Characters; 300, 500 and 1,500 gave the same answers on 75 articles in nine languages.
_SAMPLE = 800
_TINY = 25  # letters; a name or two, in no language of its own
_SHORT = 60  # letters; below, a hint that the text does not speak against is better than a guess
_SURE = 0.8  # of py3langid's own probability; below, the hint decides between the two likeliest
# Where so many characters from the middle say what the page says of itself, and leave no doubt, no more are looked at.
_GLANCE, _CERTAIN = 300, 0.99
_KANA = re.compile("[\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
_HANGUL = re.compile("[\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f]")
_EAST = re.compile("[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]")
_CHINESE = re.compile("[的了是们們这這你您他她它吗嗎么麼哪谁誰]")  # particles and pronouns that Japanese never writes
_LETTER = re.compile(r"[^\W\d_]")
# A syllable or ideograph says as much as this many letters of an alphabet.
_DENSITY = 2.5


@cache
def _identifier() -> Any:
    from py3langid import langid  # 0.1 s and 20 MB, for those who process only

    identifier = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    identifier.set_languages([code for code in _PLAUSIBLE if code in identifier.nb_classes])
    return identifier


def normal(tag: str | None) -> str | None:
    """ISO 639-1 of a language tag such as "pt-BR", "zh-Hant" or "ES_419"; None where it is none."""
    code = re.split(r"[-_]", (tag or "").strip().lower())[0]
    code = _ALIASES.get(code, code)
    return code if re.fullmatch(r"[a-z]{2}", code) else None


def _by_script(text: str) -> str | None:
    """The language that the text's script gives away; None where an alphabet carries the text."""
    kana, hangul, han = (len(p.findall(text)) for p in (_KANA, _HANGUL, _HAN))
    east = kana + hangul + han
    others = len(_LETTER.findall(text)) - east
    if east * _DENSITY <= others or not east:
        return None
    if hangul >= max(kana, han):
        return "ko"
    # Japanese prose is a third to a half kana; headlines of nouns have less, Chinese none but in a quoted name.
    return "ja" if kana >= 0.08 * (kana + han) else "zh"


def _sample(text: str) -> str:
    """Prose from the text: blocks without headings and short lines, where names crowd; all of it if there is none."""
    lines = [line for line in text.split("\n") if _is_long(line) and not line.startswith("## ")]
    return ("\n".join(lines) or text)[:_SAMPLE]


def _is_long(line: str) -> bool:
    # A notice in English under short paragraphs of Chinese would else be all that is looked at.
    return len(line) > 60 or (len(line) > 60 / _DENSITY and _EAST.match(line, len(line) // 2) is not None)


def detect(text: str, hint: str | None = None) -> str:
    """ISO 639-1 of a text's language, "und" where neither the text nor `hint` tells.

    `hint` is what the page or source says (a language tag). It decides only
    where the text is short or its language in doubt.
    """
    sample, hinted = _sample(text), normal(hint)
    if script := _by_script(sample):
        # A short line of Chinese characters may be a Japanese headline.
        nouns = script == "zh" and len(sample) < _SHORT and not _CHINESE.search(sample)
        return "ja" if nouns and hinted == "ja" else script
    letters = len(_LETTER.findall(sample))
    if letters < 3:
        return hinted or UNKNOWN
    sample = re.sub(r"https?://\S{1,200}", " ", sample)
    if hinted and len(sample) > 2 * _GLANCE:
        best, probability = _identifier().classify(sample[len(sample) // 2 :][:_GLANCE])
        if best == hinted and probability >= _CERTAIN:
            return _ALIASES.get(str(best), str(best))
    ranking = _identifier().rank(sample)
    best, probability = ranking[0]
    if hinted and hinted != best:
        likely = [code for code, _ in ranking[: 2 if letters >= _SHORT else 4]]
        if letters < _TINY or ((letters < _SHORT or probability < _SURE) and hinted in likely):
            best = hinted
    elif letters < 12 and not hinted:
        return UNKNOWN
    return _ALIASES.get(str(best), str(best))
