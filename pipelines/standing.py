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
        elif sentence.found("party") and _is_among(name, sentence):
            name = name._replace(weight=name.weight * weights.listed, standing="listed")
        elif name.kind in GEOGRAPHY and name.kind != "country" and _is_address(name, sentence):
            name = name._replace(weight=name.weight * weights.home, standing="address")
        weighed.append(name)
    sentence.ours = weighed
    sentence.ground = total(weighed, weights.further)


# Between what somebody wrote, or learnt, and who wrote it or where: "report last year by the ", "doctorate from ".
_FROM = re.compile(
    r"^[ \u00a0](?:[a-zà-ÿ]+[ \u00a0]){0,3}?"
    r"(?:(?:by|from|of|at|in|de|du|del|della|der|des|vom|von|di|da|do|par|por|pel[oa]|an|am|en|à|a)[ \u00a0]"
    r"(?:(?:the|la|le|el|den|der|dem|o)[ \u00a0]|l['’])?"
    r"|(?:alla|nella|dalla|presso|na|no|pela|au|del|al)[ \u00a0]|(?:d|dell|all|nell|dall|sull)['’])$",
    re.IGNORECASE,
)
# "Harriet Wells, trained at King's College London before …": what somebody learnt there is no news of the place.
_LEARNT_AT = re.compile(
    (
        r"^,? (?:who |qui |que |che |die |der )?"
        r"(?:(?:had |was )?(?:trained|qualified|lectured) (?:as an? [a-z]+ )?at (?:the )?"
        r"|s['’]est formée? (?:à (?:la |l['’])?|au )|se formó en (?:la |el )?|si è format[oa] (?:al?|alla|all['’]) ?"
        r"|(?:se formou|formou-se) (?:em|na|no) |lernte (?:an der|am|in) )$"
    ).replace(" ", "[ \u00a0]")
)
_BEHIND = 3  # characters between a name and the word that says so in Chinese, Japanese and Korean


def _is_cited(name: Named, sentence: Sentence) -> bool:
    """Whether a body is named as the author of a report that somebody cites, or as where somebody studied.

    "A report by the University of Oxford estimated …": who counted is no news of theirs, and neither is "who has a
    doctorate from Imperial College", "ケンブリッジ大学に留学した".
    """
    written = sentence.found("report") if sentence.found("reported") else ()
    for hit in (*written, *sentence.found("studied")):
        if hit.end <= name.start and _FROM.match(sentence.text[hit.end - sentence.start : name.start - sentence.start]):
            return True
    people = (n for n in (*sentence.ours, *sentence.others) if n.kind in ("person", "official"))
    if any(_LEARNT_AT.match(sentence.text[p.end - sentence.start : name.start - sentence.start]) for p in people):
        return True
    return any(0 <= hit.start - name.end <= _BEHIND for hit in sentence.found("studied"))


def total(names: Iterable[Named], further: float) -> float:
    """The strongest name, and a share of each other one of another name."""
    best: dict[str, float] = {}
    for name in names:
        best[name.name] = max(best.get(name.name, 0.0), name.weight)
    ranked = sorted(best.values(), reverse=True)
    return ranked[0] + further * sum(ranked[1:]) if ranked else 0.0


# "에든버러의 소프트웨어 기업", "リーズの気象ベンチャー": of what sort the company is stands between.
_SORT_OF = re.compile(r"(?:의|の|的)[ ]?[^\s、。，,.のをはがに的을를은는이가]{1,8}[ ]?")
# "published by Lowfield Acoustics, of Forfar, …": the town between commas only tells whose firm it was.
_BY = re.compile(r"\b(?:by|from|par|por|pela|pelo|von|vom|dalla|dal|da)[ \u00a0](?:[^\W\d_A-Z][\w’'-]*[ \u00a0]){0,4}$")
_OF_TOWN = re.compile(r"^,[ \u00a0](?:(?:of|from|in|à|de|aus|in|en|di|da|do|em)[ \u00a0]|d['’])$")
_CLOSED = re.compile(r"[,.;)]")


def _is_address(name: Named, sentence: Sentence) -> bool:
    """ "the Leeds company", "Leeds-based", "mit Sitz in Leeds": the place says only where a company sits."""
    if home := sentence.found("home"):
        last = max(
            (n.end for n in sentence.ours if n.start == name.end + 2), default=name.end
        )  # "Leeds, England-based"
        if any(0 <= hit.start - last <= 2 or 0 <= name.start - hit.end <= 2 for hit in home):
            return True
        text, end = sentence.text, name.end - sentence.start
        if any(hit.start > name.end and _SORT_OF.fullmatch(text, end, hit.start - sentence.start) for hit in home):
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


# "Fra i clienti ci sono la Bibliothèque nationale e la British Library": between the word and the names.
_ARE = re.compile(
    r"^(?:[ \u00a0][^\W\d]+){0,2}?[ \u00a0](?:are|include|includes|sono|figurano|sont|figurent|comptent|sind|zählen"
    r"|gehören|son|figuran|están|incluyen|são|estão|incluem)\b|^(?:には|包括|有)"
)


def _is_among(name: Named, sentence: Sentence) -> bool:
    """Whether a name is one of those that a sentence counts among somebody's customers and the like."""
    begin = sentence.start
    return any(
        hit.end <= name.start and _ARE.match(sentence.text[hit.end - begin : name.start - begin])
        for hit in sentence.found("party")
    )


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
