"""People in Japanese, Korean and Chinese texts, by their own scripts. Does no input or output.

A foreigner's name is katakana or Han characters joined by a dot, or two words of
Hangul; who holds an office beside it, or speaks, is a person. Names stay as the
text writes them, for it does not say how they are spelled in English.
"""

import re
from collections.abc import Iterator

from pipelines.tagging.latin import PERSON
from pipelines.tagging.scene import Scene
from pipelines.tagging.triggers import ROLE_EAST

Spot = tuple[int, int, str]

_LATIN = re.compile(rf"({PERSON})(?:[（(][^）)]*[）)])?[ ]?$")
_LATIN_AFTER = re.compile(rf"(?:である|の|인|이자)?[\s「『、,]{{0,2}}(?:[ァ-ヺー・가-힣 ]{{1,15}}[（(])?({PERSON})")
_IN_BRACKETS = re.compile(rf"[（(]({PERSON})[）)]")
_KANA = re.compile(r"([ァ-ヺー]+(?:[・＝][ァ-ヺー]+){1,3})(?:[（(]([^）)]*)[）)])?$")
# A dotted name and what is said of its bearer: a title, an office ("工場長", "最高経営責任者"), or nothing else.
_KANA_TITLED = re.compile(
    r"(?<![ァ-ヺー・＝])([ァ-ヺー]+(?:[・＝][ァ-ヺー]+){1,3})"
    r"(?=氏|さん|女史|博士|教授|(?:[一-鿿ァ-ヺーA-Z]{0,10})(?:[長者官臣員授師監裁相]|CEO|CTO|代表)(?:は|が|も|の|を|と|に|、|。|」))"
    r"|(?:[長者官臣員授師監裁相]|CEO|CTO|代表|博士)の([ァ-ヺー]+(?:[・＝][ァ-ヺー]+){1,3})(?=は|が|も|と|、|，|に|（)"
)
_DOTS = "·・‧•"
_DOT = re.compile(f"[{_DOTS}]")
_HAN = re.compile(r"([\u4e00-\u9fff]{1,6}(?:[·・‧•][\u4e00-\u9fff]{1,6}){1,3})(?:[（(]([^）)]*)[）)])?")
_ROLE = re.compile("|".join(ROLE_EAST))
# A title ends before the name: its last character is in no transliterated name.
_TITLE_ZH = re.compile(r"[一-鿿]*(?:[长長官臣师師员員授监監裁席匠的]|博士|女士|先生|[经經总總]理|首相|人)(?=[一-鿿])")
# Where the name's last part ends and the sentence goes on; these are in no transliterated name.
_ON_ZH = re.compile(
    r"[说說称稱讲講笑]|表示|指出|[认認]为|認為|解[释釋]|[补補]充|强调|強調|回[忆憶]|告[诉訴]|介[绍紹]|[则則]|[将將]|[与與和在是的也都已对對]|女士|先生"
    r"|教授|博士|[总總][监監]|主任|部[长長]"
    r"|出席|[参參](?:加|与|與|[观觀])|宣[布佈]|[预預][计計期]|[计計](?:[划劃畫])|希望|相信|[签簽]|[访訪]|主持|[担擔]任|出任|[领領][导導]"
    r"|[带帶][领領]|[发發][布表]|[见見][证證]|到[访訪]|上[周週]|[今昨]天|日前|[亲親]自|正在|接受|[启啟][动動]|[获獲]"
)
# "장관 로완 텔퍼드는": an office, two words, and the particle of one who does something.
_HANGUL_BEHIND = re.compile(
    r"(?:장관|차관|총리|총장|원장|소장|의장|회장|사장|센터장|공장장|팀장|부장|국장|교장|대변인|책임자|대표|이사"
    r"|창업자|설립자|연구원|연구자|교수|박사|의원|기술자|엔지니어|감독|디렉터|매니저|CEO|CTO|COO)(?:인|이자)?,? "
    r"((?:[가-힣]{1,5}[ ·])[가-힣]{2,6}?)(?=(?:은|는|이|가|도|의|와|과|씨|에게)[ ,])"
)
# "로완 텔퍼드 장관은": two words, then the office and its particle, which few lines have and are quickly searched for.
_OFFICES = (
    "장관|총리|총장|원장|소장|의장|회장|사장|센터장|공장장|팀장|교장|대변인|책임자|대표|창업자|교수|박사|연구원|의원"
)
_HANGUL_ACTS = re.compile(rf"(?:{_OFFICES}|CEO|CTO|COO|씨)(?:은|는|이|가|도|의|,) ")
_HANGUL_AHEAD = re.compile(
    r"(?<![가-힣])([가-힣]{1,5}[ ·][가-힣]{2,6}) (?=(?:영국 |[가-힣]{2,8}[부처청시] ){0,2}"
    rf"(?:[가-힣]{{0,6}}(?:{_OFFICES})|CEO|CTO|COO|씨)(?:은|는|이|가|도|의|,) )"
)
# "윤세린(Serin Yoon) 해외사업본부장은": a Latin spelling in brackets, and the office of whom it spells.
_LATIN_TITLED_KO = re.compile(
    rf"[가-힣]{{1,6}}[ ]?\(({PERSON})\) (?:[가-힣A-Z]{{1,10}} ){{0,2}}[가-힣]{{0,8}}"
    r"(?:장|대표|이사|교수|박사|연구원|매니저|디렉터|감독|총괄|전무|상무|CEO|CTO|COO|씨)(?:은|는|이|가|도|의)[ ,]"
)
# Last syllables of bodies, which stand before an office, too ("에너지부 장관은").
_BODY_KO = (*"부처청국원회과실팀측학교", "담당", "총괄", "부문", "분야")


# An office right before or behind a name.
_OFFICE_BEFORE = re.compile(r"(?:首相|大臣|長官|部[長长]|市[長长]|총리|장관|차관)(?:の|である|인|이자)?[ 、]?$")
_OFFICE_BEHIND = re.compile(
    r"[^、。，「」]{0,10}?(?:首相|大臣|長官|市長|相[はがもの、])|,? ?(?:[가-힣]+ ){0,2}[가-힣]{0,6}(?:총리|장관|차관)"
)


def holds_office(scene: Scene, start: int, end: int) -> bool:
    """Whether the person at these characters is called a minister, mayor and the like."""
    before = scene.document[max(0, start - 8) : start]
    return _OFFICE_BEFORE.search(before) is not None or _OFFICE_BEHIND.match(scene.document, end) is not None


def beside(scene: Scene, start: int, end: int) -> Iterator[Spot]:
    """Latin or katakana names before `氏`, `教授`, `表示`; a Latin spelling in brackets is the name."""
    first, last = scene.spans[scene.span_of(start)]
    first, last = max(first, start - 130), min(last, end + 110)
    before = scene.document[first:start]
    for pattern in (_LATIN, _KANA):
        if match := pattern.search(before):
            brackets = _IN_BRACKETS.search(match[0])
            yield first + match.start(1), first + match.end(1), brackets[1] if brackets else match[1]
            return
    if match := _IN_BRACKETS.search(before[-40:]):
        offset = start - len(before[-40:])
        yield offset + match.start(1), offset + match.end(1), match[1]
    elif match := _LATIN_AFTER.match(scene.document, end, last):
        yield match.start(1), match.end(1), match[1]


def native(scene: Scene) -> Iterator[Spot]:
    """The names that stand in the text's own script alone."""
    read = _READERS.get(scene.language)
    if read:
        for start, end in scene.spans:
            yield from read(scene, start, end)


def _chinese(scene: Scene, start: int, end: int) -> Iterator[Spot]:
    """Foreign names in Chinese, whose parts are joined by a dot; what stands before and behind is cut off."""
    document = scene.document
    if not _DOT.search(document, start, end):
        return
    for match in _HAN.finditer(document, start, end):
        first, last = match.span(1)
        dots = [at for at in range(first, last) if document[at] in _DOTS]
        cuts = [i.end for i in scene.between(first, dots[0]) if i.end < dots[0]]
        cuts += [m.end() for m in _ROLE.finditer(document, first, dots[0])]
        if title := _TITLE_ZH.match(document, first, dots[0]):
            cuts.append(title.end())
        first = max([first, *cuts])
        if goes_on := _ON_ZH.search(document, dots[-1] + 2, last):
            last = goes_on.start()
        brackets = _IN_BRACKETS.search(match[0])
        yield first, last, brackets[1] if brackets else document[first:last]


def _japanese(scene: Scene, start: int, end: int) -> Iterator[Spot]:
    for match in _KANA_TITLED.finditer(scene.document, start, end):
        group = 1 if match[1] else 2
        yield match.start(group), match.end(group), match[group]


def _korean(scene: Scene, start: int, end: int) -> Iterator[Spot]:
    if scene.document.find("(", start, end) >= 0:
        for match in _LATIN_TITLED_KO.finditer(scene.document, start, end):
            yield match.start(1), match.end(1), match[1]
    acts = _HANGUL_ACTS.search(scene.document, start, end)
    for pattern in (_HANGUL_BEHIND, _HANGUL_AHEAD) if acts else (_HANGUL_BEHIND,):
        for match in pattern.finditer(scene.document, start, end):
            first, last = match.span(1)
            known = any(i.start <= first or i.target.kind != "place" for i in scene.between(first, last))
            if not known and not any(word.endswith(_BODY_KO) for word in match[1].split(" ")):
                yield first, last, match[1]


_READERS = {"zh": _chinese, "ja": _japanese, "ko": _korean}
