"""Figures that nobody commits to: revenue, jobs lost, the size of a firm, a comparison. Does no input or output."""

import re
from functools import lru_cache

_NEAR = 60  # characters before a figure
_AHEAD = 40  # characters behind it

# By kind of figure: what stands right before it, or right behind it.
_BEFORE = {
    "money": (
        r"(?:revenues?|turnover|sales|profits?|earnings|losse?s|chiffre d['’]affaires|bénéfices?"
        r"|recettes annuelles|Umsatz|Jahresumsatz|Gewinn|Umsätze[n]?|ingresos|facturación|beneficios?|fatturato|ricavi"
        r"|utili?|faturamento|receitas?|lucros?)"
        r"(?:[ \u00a0](?:of|de|d['’]|von|di|da|em|per|por|pour|was|were|rose to|grew to|reached|came to|zuletzt"
        r"|en torno a|pari a|about|around|roughly|some|nearly|over|more than|plus|près|rund|etwa|fast|über|mehr als"
        r"|unos|casi|más|circa|quasi|oltre|cerca|quase|mais|a|than|als|que|di|last|year|the|for|in|fiscal|\d{4}"
        r"|dello|dell['’]anno|scorso|anno|è|stato|stata|del|último|año|pasado|fue|fueron|no|ano|passado|foi|foram"
        r"|l['’]an|dernier|s['’]est|établi|élevé|lag|betrug|im|vergangenen|letzten|Jahr|bei)){0,8}[ \u00a0]?"
        r"|market (?:size )?(?:that )?(?:is|was|will be|to be)? ?"
        r"(?:(?:expected|forecast|set|projected) to (?:be|reach|grow to)|worth|valued at|put at|estimated at)"
        r"(?: (?:about|around|some|over|more than))? ?"
        r"|(?:marché|Markt|mercado|mercato)(?: [^\W\d]+){0,5},? (?:estimé|évalué|pèse|vaut|atteindra|geschätzt|valorado"
        r"|estimado|vale|valdrá|alcanzará|stimato|valutato|varrà|raggiungerà|avaliado|valerá|atingirá)"
        r"(?: (?:à|auf|en|a|em|plus de|rund|etwa|über|mehr als|unos|más de|circa|oltre|cerca de|mais de)){0,2} ?"
        r"|(?:売上高?|売上収益|年商|純利益|営業利益)[はが]?(?:約|およそ)?"
        r"|市場規模[はがを]?、?(?:\d{4} ?年(?:に|までに|には)?、?)?(?:約|およそ)?"
        r"|시장 ?규모[는가를]? ?(?:\d{4}년(?:에는|에|까지) ?)?(?:약 )?"
        r"|(?:市场|市場)[规規]模(?:[预預][计計])?[将將]?[在于於到]? ?(?:\d{4} ?年)?[将將]?"
        r"(?:[达達]到?|超[过過])?[约約]? ?"
        # what somebody is paid
        r"|(?:salar(?:y|ies)|wages?|salaires?|gehalt|gehältern?|löhnen?|salarios?|sueldos?|stipendi[o]?|salários?"
        r"|年収|年俸|연봉|年薪|月薪)"
        r"(?:[ \u00a0](?:of|from|between|around|at|about|up|to|de|à|partir|von|ab|rund|desde|a|da"
        r"|circa|cerca)){0,4}[ \u00a0]?"
        r"|(?:매출|매출액|영업이익|순이익)(?:은|이|액은|액이)? ?(?:약 )?"
        r"|(?:营收|營收|营业额|營業額|销售额|銷售額|净利润|淨利)(?:为|為|达|達|约|約|超过|超過)?"
    ),
    "jobs": (
        # what somebody once gave
        r"\bonce (?:employed|had|gave work to|was home to) (?:[a-z]+ ){0,2}"
        r"|\b(?:einst|jadis|antaño|un tempo|outrora)[ \u00a0]|(?:한때|かつて|曾经|曾經)[ ]?"
        r"|\b(?:dava|davam|daba|daban|donnait|faisait|dava|davano)[ \u00a0]"
        r"(?:emprego a|empleo a|du travail à|vivre|lavoro a)"
        r"(?:[ \u00a0](?:cerca de|mais de|unos|más de|circa|plus de|près de|quelque)){0,2}[ \u00a0]"
        r"|(?:lost|lose|loses|losing|sheds?|cuts?|cutting|axed|perdu|perdre|supprim\w+|verloren|verlor|gestrichen"
        r"|perdido|perdieron|perdió|pers[io]|perdut[io]|perderam|perdeu|cort\w+)"
        r"(?:[ \u00a0](?:close|nearly|almost|about|around|some|more|than|over|as|many|to|près|de|plus|environ|quelque"
        r"|rund|etwa|fast|über|mehr|als|casi|unos|más|cerca|quasi|circa|oltre|quase)){0,4}[ \u00a0]?"
    ),
    "people": (
        r"(?:한때|かつて|曾经|曾經)[ ]?"
        r"|(?:(?:with|of|under|employing) (?:fewer|less) than|(?:de|à|comptant|comptent|compte|emploient) moins de"
        r"|mit weniger als|(?:con|de) menos de|(?:con|sotto i) meno di|(?:com|de) menos de)[ \u00a0]?"
    ),
}
_BEHIND = {
    "jobs": (
        r"[ \u00a0](?:(?:were|have been|had been|are being)[ \u00a0])?(?:lost|cut|axed|supprimée?s|perdus|gestrichen"
        r"|abgebaut|suprimid[oa]s|perdid[oa]s|eliminad[oa]s|soppressi|tagliati|persi|cortad[oa]s|extint[oa]s)\b"
    ),
}
_STAFF_EAST = re.compile(r"(?:社員|従業員|임직원|직원|员工|員工)(?:数|數|수)?[はが은는이]?[ ]?(?:約|약|约)?[ ]?\Z")
# "社員19人の企業": how large a firm is.
_FIRM_EAST = re.compile(
    r"人の[^、。]{0,8}(?:企業|会社|メーカー|スタートアップ|ベンチャー)"
    r"|명(?:의|인|을 둔| 규모의)? ?[가-힣]{0,8}(?:기업|회사|스타트업|업체)|人的[^，。]{0,8}(?:公司|企业|企業)"
)
_STAFF = re.compile(
    r"(?:[\w-]+[ \u00a0]){0,2}?"
    r"(?:staff|employees|people|workers|salariés|employés|personnes|Mitarbeite\w+|Beschäftigte\w*"
    r"|empleados|trabajadores|personas|dipendenti|addetti|persone|funcionários|empregados|pessoas)\b"
)
# How a sentence begins that sets others beside the news, behind what closes the one before it.
_COMPARES = re.compile(
    r"[”»\"'』」）)]?\s*[„“«\"]?"
    r"(?:(?:by (?:way of )?|for |in )comparison|à titre de comparaison|en comparaison|pour comparaison"
    r"|zum vergleich|(?:a modo|a título) de comparación|en comparación|para comparar|per (?:fare un )?confronto"
    r"|a titolo di confronto|em comparação|a título de comparação|参考までに|比較として|ちなみに|참고로|비교하자면"
    r"|相比之下|作为对比|作為對照|相較之下)",
    re.IGNORECASE,
)
# The set at its beginning lets the search run from mark to mark.
_SENTENCE_END = re.compile(r"[.!?。！？](?:(?<=[。！？])|[”»\"']?(?= ))")


@lru_cache(maxsize=8)
def _patterns(kind: str) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    before, behind = _BEFORE.get(kind), _BEHIND.get(kind)
    return re.compile(rf"(?i:{before})\Z") if before else None, re.compile(behind) if behind else None


def is_none(text: str, kind: str, start: int, end: int, span: tuple[int, int]) -> bool:
    """Whether the figure from `start` to `end` is said of what was or of others, and promised by nobody."""
    first = max(span[0], start - _NEAR)
    if (
        kind == "people"
        and _STAFF_EAST.search(text, first, start)
        and _FIRM_EAST.search(text, start, min(span[1], end + 12))
    ):
        return True
    before, behind = _patterns(kind)
    if (
        before is not None
        and before.search(text, first, start)
        and (kind != "people" or _STAFF.search(text, start, end))
    ):
        return True
    return behind is not None and behind.match(text, end, min(span[1], end + _AHEAD)) is not None


def compared(text: str, span: tuple[int, int]) -> list[tuple[int, int]]:
    """The sentences of a line that begin by saying that they compare."""
    ends = [match.start() for match in _SENTENCE_END.finditer(text, *span)]
    sentences = zip((span[0], *(end + 1 for end in ends)), (*ends, span[1]), strict=True)
    return [(begin, end) for begin, end in sentences if _COMPARES.match(text, begin, span[1])]
