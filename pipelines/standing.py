"""What a name of the country is worth where it stands in its sentence. Does no input or output.

It counts fully where something is said about it alone; little where it is one of
several names that share a predicate, where it tells only where a company sits, or
where it stands in a dateline.
"""

import re
from collections.abc import Iterable, Sequence

from pipelines import enumerations, sentences
from pipelines.knowledge import Knowledge
from pipelines.passages import HEADING, HEADLINE, ITEM, Passage
from pipelines.statement import GEOGRAPHY, Named, Sentence


def weigh(document: str, sentence: Sentence, language: str, passage: Passage, knowledge: Knowledge) -> None:
    """Decide for each of the country's names in a sentence what it is worth there, and sum them up."""
    if not (sentence.ours or sentence.others):
        return
    text = sentence.text
    weights = knowledge.watch.weights
    dateline = 0
    if sentence.start == passage.start:
        dateline = sentence.start + sentences.dateline(text)
    if not sentence.ours:
        sentence.others = [n._replace(standing="dateline") if n.end <= dateline else n for n in sentence.others]
        return
    lists = enumerations.find(text, language) if sentence.others or len(sentence.ours) > 2 else ()
    sentence.others = [
        n._replace(standing="dateline")
        if n.end <= dateline
        # "led by the Boston-based fund …": where a partner sits is not where the news is.
        else n._replace(standing="address")
        if n.kind in GEOGRAPHY and _is_address(n, sentence)
        else n
        for n in sentence.others
    ]
    weighed = []
    for name in sentence.ours:
        if name.end <= dateline:
            name = name._replace(weight=0.0, standing="dateline")
        elif enumerations.mixed(name, sentence.ours, sentence.others, lists, sentence.start, document):
            name = name._replace(weight=name.weight * weights.listed, standing="listed")
        elif name.kind in ("institution", "organisation") and _is_cited(name, sentence):
            name = name._replace(weight=name.weight * weights.listed, standing="cited")
        elif name.kind in GEOGRAPHY and name.kind != "country" and _is_address(name, sentence):
            name = name._replace(weight=name.weight * weights.home, standing="address")
        weighed.append(name)
    sentence.ours = weighed
    sentence.ground = total(weighed, weights.further)


# "A report by the University of Oxford estimated last year …": who counted is no news of theirs.
_REPORT = re.compile(
    r"\b(?:report|survey|informe|encuesta|rapport|enquête|bericht|umfrage|rapporto|indagine|relatório|pesquisa)"
    r"[ \u00a0]"
    r"(?:[a-zà-ÿ]+[ \u00a0]){0,3}?"
    r"(?:(?:by|from|of|de|du|del|della|der|des|vom|von|di|da|do|par|por)[ \u00a0](?:the|la|le|el|den|l['’])?"
    r"|d['’]|dell['’])[ \u00a0]?$",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:estimat|calculat|count|found|finds|says|said|show|suggest|warn|calcul|estim|constat|montr|muestr|señal|schätz"
    r"|zähl|zeig|stima|calcol|conta|mostr|apont|according|según|selon|laut|secondo|segundo)",
    re.IGNORECASE,
)


# "who has a doctorate from Imperial College", "ケンブリッジ大学に留学した": where somebody studied is no news either.
_STUDIED = re.compile(
    r"\b(?:ph\.?d\.?|doctorate|doctoral degree|degree|graduate|graduated|alumn\w+|studied|educated|docteure?|diplômée?"
    r"|étudié|doctora?|licenciad[oa]|egresad[oa]|estudió|laureat[oa]|dottorat[oa]|studiato|formad[oa]|doutor(?:a|ou)?"
    r"|estudou|promovierte?|studierte?|absolvent\w*)[ \u00a0]"
    r"(?:[a-zà-ÿ]+[ \u00a0]){0,3}?(?:from|of|at|in|de|du|do|da|por|pel[oa]|par|di|del|della|dell['’]|an|am|en|à|a)"
    r"[ \u00a0]?(?:the|la|le|l['’]|el|der|dem|o)?[ \u00a0]?$",
    re.IGNORECASE,
)
_STUDIED_AT = re.compile(
    r"(?:[にでへ]?(?:留学|博士|学ん|修士)|を?(?:卒業|修了)|出身|(?:에서|을|를)? ?(?:박사|석사|유학|졸업|공부)|출신"
    r"|(?:获|獲|取得)?(?:博士|硕士|碩士)|毕业|畢業|留学|留學)"
)


def _is_cited(name: Named, sentence: Sentence) -> bool:
    """Whether a body is named as the author of a report that somebody cites, or as where somebody studied."""
    before, at = sentence.text[: name.start - sentence.start][-60:], name.end - sentence.start
    if _REPORT.search(before) is not None and _SAID.search(sentence.text) is not None:
        return True
    return _STUDIED.search(before) is not None or _STUDIED_AT.match(sentence.text, at) is not None


def total(names: Iterable[Named], further: float) -> float:
    """The strongest name, and a share of each other one of another name."""
    best: dict[str, float] = {}
    for name in names:
        best[name.name] = max(best.get(name.name, 0.0), name.weight)
    ranked = sorted(best.values(), reverse=True)
    return ranked[0] + further * sum(ranked[1:]) if ranked else 0.0


# "published by Lowfield Acoustics, of Forfar, …": the town between commas only tells whose firm it was.
_BY = re.compile(r"\b(?:by|from|par|por|pela|pelo|von|vom|dalla|dal|da)[ \u00a0](?:[^\W\d_A-Z][\w’'-]*[ \u00a0]){0,4}$")
_OF_TOWN = re.compile(r"^,[ \u00a0](?:(?:of|from|in|à|de|aus|in|en|di|da|do|em)[ \u00a0]|d['’])$")
_CLOSED = re.compile(r"[,.;)]")


def _is_address(name: Named, sentence: Sentence) -> bool:
    """ "the Leeds company", "Leeds-based", "mit Sitz in Leeds": the place says only where a company sits."""
    if any(0 <= hit.start - name.end <= 2 or 0 <= name.start - hit.end <= 2 for hit in sentence.found("home")):
        return True
    if sentence.found("party") and _is_partys(name, sentence):
        return True
    begin = sentence.start
    return any(
        firm.kind == "organisation"
        and 0 < name.start - firm.end <= 8
        and _OF_TOWN.match(sentence.text[firm.end - begin : name.start - begin])
        and _CLOSED.match(sentence.text, name.end - begin)
        and _BY.search(sentence.text[: firm.start - begin])
        for firm in sentence.ours
    )


# "a supplier in Leeds", "un client de Leeds", "リーズの顧客": what joins one who is dealt with to the town it sits in.
_SITS = re.compile(
    r"^[ \u00a0](?:(?:in|of|from|near|at|à|au|de|en|aus|bei|di|da|do|em|a)[ \u00a0]|d['’])(?:the[ \u00a0])?$"
)
_SITS_AHEAD = re.compile(r"^(?:[ \u00a0]|の|的|의[ ]?|-based[ \u00a0])(?:[^\W\d_A-Z][\w’'-]*[ \u00a0])?$")
_ACTS_BY = 20  # characters from the sentence's beginning: who stands there is the one that acts


def _is_partys(name: Named, sentence: Sentence) -> bool:
    """Whether a place tells only where somebody sits whom the one that acts deals with."""
    begin, text = sentence.start, sentence.text
    reach = _ACTS_BY if text.isascii() or " " in text[:_ACTS_BY] else _ACTS_BY // 2
    for hit in sentence.found("party"):
        if min(hit.start, name.start) - begin <= reach:
            continue
        if hit.end <= name.start and _SITS.match(text[hit.end - begin : name.start - begin]):
            return True
        if name.end <= hit.start and _SITS_AHEAD.match(text[name.end - begin : hit.start - begin]):
            return True
    return False


def lend(found: Sequence[Sentence], passages: Sequence[Passage], knowledge: Knowledge) -> None:
    """A heading, or a line that ends with a colon, that names the country lends it to what stands below."""
    enough = knowledge.watch.thresholds.ground
    lenders: dict[int, int] = {}  # section → passage of its heading
    before_list = -1
    for sentence in found:
        passage = passages[sentence.passage]
        if passage.kind == HEADING:
            if sentence.ground >= enough and not sentence.foreign:
                lenders[passage.section] = sentence.passage
            before_list = -1
        elif passage.kind == ITEM:
            lender = before_list if before_list >= 0 else lenders.get(passage.section, -1)
            sentence.grounded_by = lender
        elif passage.kind != HEADLINE:
            sentence.grounded_by = lenders.get(passage.section, -1)
            colon = passage.text.endswith((":", "：")) and sentence.end == passage.end
            before_list = sentence.passage if colon and sentence.ground >= enough and not sentence.foreign else -1
