"""Names that East Asian texts spell twice: リンネ・コンピュート (Linnhe Compute). Does no input or output.

The Latin spelling in brackets is the name; the native one before it is met again
wherever it stands alone. What stands around the two tells a person from an
organisation, and both from a product or a place.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipelines.tagging.capitals import NAME
from pipelines.tagging.latin import PERSON
from pipelines.tagging.scene import Scene, is_place
from pipelines.tagging.triggers import COMPANY_EAST, ENDINGS, ROLE_EAST, SPEECH_EAST

_BRACKETS = re.compile(rf"[(（]((?:[a-z]+ )?{NAME}|{PERSON})[)）]")
_CLOSED = re.compile(r"[」』”’]?[ ]?\Z")  # what may stand between a name and its bracket
# What a body's native name may end with behind its katakana: "キルブラナン蒸留所".
_BODY_JA = "蒸留所|工房|劇場|歌劇団|管理局|評議会|協会|公社|図書館|博物館|美術館|農園|財団|研究所|大学|病院"
_KATAKANA = re.compile(rf"[ァ-ヺー・＝=&＆ ]{{2,40}}(?:{_BODY_JA})?$")
_HANGUL = re.compile(r"[가-힣&·\-]+$")
_HAN = re.compile(r"[一-鿿·・]{2,14}$")
# A Chinese name begins behind one of these.
_HAN_BEFORE = re.compile(
    r"^.*(?:的|是|由|与|與|和|及|在|向|对|對|从|從|为|為|将|將|让|讓|请|請|之一|旗下|企业|企業|初创|新創|新创|公司|"
    r"创始人|創辦人|首席执行官|"
    r"執行長|执行长|主任|教授|博士|经理|經理|负责人|負責人|总监|總監|主席|董事长|董事長|校长|校長|院长|院長|工程师|工程師|研究员|研究員|部长|部長|"
    r"大臣|市长|市長|创办人|聯合創辦人|联合创始人|所长|所長|组长|組長|队长|隊長)(?=[一-鿿]{2})"
)
_TITLE_AFTER = re.compile(
    r"[ ]?(?:氏|さん|会長|社長|教授|博士|議員|所長|部長|大臣|首相|市長|代表|CEO|CTO|COO|"
    r"先生|女士|씨|교수|박사|대표|장관|총리|시장|소장|의원|"
    r"最高|責任者|学長|院長|校長|准教授|研究員|회장|사장|이사|팀장|원장|총장|연구원|책임자|监|總監)"
)
_ROLE_BEFORE = re.compile(
    rf"(?:{'|'.join(ROLE_EAST)}|責任者|会長|社長|主任|担当者?|リーダー|ディレクター|マネージャー|エンジニア|책임자|회장|사장|이사|팀장|원장|총장|엔지니어|"
    r"디렉터|매니저|시장|의원|经理|經理|总监|總監|主席|董事长|董事長|校长|校長|院长|院長|工程师|工程師|市长|市長|女士|先生|总裁|總裁|創業者|創設者|"
    r"CEO|CTO|COO|である|の)(?:인|이자|であり)?[、,，\s]?$"
)
_STRONG_ROLE = re.compile(_ROLE_BEFORE.pattern.replace("|である|の)", "|である)"))
_SPEAKS = re.compile(
    rf"^[^。\n]{{0,24}}?(?:{'|'.join(SPEECH_EAST)}|語り|語る|話し|話す|述べ|説明|コメント|말했|말한|설명|전했|밝혔|덧붙|강조|说|說|坦言|回忆|"
    r"回憶|解释|解釋|介绍|介紹)"
)
_QUOTES_NEXT = re.compile(r"[ ]?(?:は|が|는|은|이|가|說|说|表示|：|:)?[、,，：: ]{0,2}[\"“「『]")
_COMPANY_BY = re.compile(
    rf"(?:{'|'.join(COMPANY_EAST)}|事業者|企業|財団|基金|組合|団体|社|{_BODY_JA}|운영사|재단|기금|협동조합|조선사|연구소|대학|병원|사|"
    r"运营商|營運商|基金会|基金會|合作社|研究所|大学|大學|医院|醫院|集团|集團|工厂|工廠|银行|銀行|制造商|製造商|供应商|供應商)"
)
_THING_BY = re.compile(
    r"(?:モデル|システム|プラットフォーム|ツール|アプリ|ソフト|プロジェクト|計画|コンピュータ|スパコン|모델|시스템|플랫폼|도구|앱|프로젝트|프로그램|컴퓨터|"
    r"模型|系统|系統|平台|工具|应用|應用|项目|計畫|计划|電腦|计算机|超算|と呼ばれる|と名付け|という|이라는|라는|名为|名為|叫做|称为|稱為|代号|代號)"
)
_SUBJECT = re.compile(r"[ ]?(?:は|が|と|の|も|、|에|은|는|이|가|와|과|의|도|将|將|与|與|和|的|在|已|，|,|宣|计|計)")
_ACRONYM = re.compile(r"^[A-Z0-9&-]{1,8}$")
_ENDINGS = frozenset(word for ending in ENDINGS for word in ending.split())


class Bracketed(NamedTuple):
    """A native spelling with its Latin one; `kind` is "person", "organisation" or "" where it is neither."""

    start: int  # of the native spelling
    end: int  # of the bracket
    native: str
    latin: str
    kind: str


def find(scene: Scene) -> tuple[Bracketed, ...]:
    """Every name of the text that is spelled twice."""
    return tuple(_find(scene)) if scene.east else ()


def _find(scene: Scene) -> Iterator[Bracketed]:
    document = scene.document
    for match in _BRACKETS.finditer(document):
        first, last = scene.spans[scene.span_of(match.start())]
        closed = _CLOSED.search(document, max(0, match.start() - 2), match.start())
        end = closed.start() if closed else match.start()
        if not first < end < last:
            continue
        latin = match[1]
        begin = _native_start(scene, first, end, latin)
        native = document[begin:end].strip()
        known = any(
            i.target.listed and i.start <= match.start(1) and match.end(1) <= i.end
            for i in scene.between(match.start(1), match.end(1))
        )
        town = scene.between(match.start(1), match.end(1))
        if len(town) == 1 and is_place(town[0]) and document[town[0].start : town[0].end] == latin:
            continue  # "位於英國哈特菲爾德 (Hatfield) 的…"
        if len(native) < 2 or known or latin.startswith("NVIDIA") or _ACRONYM.match(latin):
            continue
        kind = _kind(document[max(first, begin - 16) : begin], native, latin, document[match.end() : last])
        if kind:
            yield Bracketed(begin, match.end(), native, latin, kind)


def _native_start(scene: Scene, first: int, end: int, latin: str) -> int:
    """Where the native spelling begins: a run of katakana, as many Korean words as Latin ones, a Chinese run."""
    before = scene.document[max(first, end - 44) : end]
    offset = end - len(before)
    if scene.language == "ko":
        words = before.split(" ")
        kept = [w for w in words[-max(1, len(latin.replace("&", " ").split())) :] if _HANGUL.fullmatch(w)]
        return end - len(" ".join(kept))
    pattern = _KATAKANA if scene.language == "ja" else _HAN
    match = pattern.search(before)
    if match is None:
        return end
    start = match.start()
    if scene.language == "zh" and (cut := _HAN_BEFORE.match(match[0])):
        start += cut.end()
    starts = [i.end for i in scene.between(offset + start, end) if i.end < end and i.start >= offset + start]
    begin = max([offset + start, *(s for s in starts if scene.document[s : s + 1] not in "・·＝ ")])
    return begin + len(scene.document[begin:end]) - len(scene.document[begin:end].lstrip("・·＝ "))


def _kind(before: str, native: str, latin: str, after: str) -> str:
    """Person, organisation or neither, by the words beside the name."""
    words = latin.split()
    if _THING_BY.search(before[-8:]) or _THING_BY.match(after.lstrip()):
        return ""
    company = _ENDINGS & set(words) or _COMPANY_BY.search(before[-8:]) or _COMPANY_BY.match(after.lstrip(" のって、"))
    person = len(words) > 1 and re.fullmatch(PERSON, latin) is not None and not (_ENDINGS & set(words) or "&" in latin)
    if person and (_TITLE_AFTER.match(after) or _STRONG_ROLE.search(before)):
        return "person"
    if company or _COMPANY_BY.search(native[-3:]):
        return "organisation"
    if person and (_SPEAKS.match(after) or _QUOTES_NEXT.match(after)):
        return "person"
    return "organisation" if _SUBJECT.match(after) and (person or len(latin) > 3) else ""
