"""Organisations that no list holds in Chinese, Japanese and Korean texts, where a Latin name stands out by itself.

What it does there tells whether it is an organisation. Does no input or output.
"""

import re
from collections.abc import Sequence

from pipelines.tagging.beside import ACRONYM, CALLED, joined, near, near_organisation
from pipelines.tagging.scene import Item, Scene

_EAST_PLACE = re.compile(
    r"^(?:市|州|郡)?(?:に?(?:ある|拠点の)|の|的|의)?[ ]?(?:地元の|[ァ-ヺー一-鿿가-힣]{0,8})?[ ]?[「『“\"]?$"
)
_EAST_SUBJECT = re.compile(r"^[ ]?[」』”\"]?(?:社)?(?:は|が|も|の(?:チーム|技術者|CEO)|은|는|이[ ]|가[ ]|도[ ]|社)")
_EAST_SUBJECT_ZH = re.compile(
    r"^[ ]?(?:公司|团队|團隊)?[ ]?"
    r"(?:负责|負責|提供|开发|開發|将|將|已|于|於|在|用|正|刚|剛|把|拿|以|从|從|会|會|的工程|宣|表|计|計|投|与|與|和|每)"
)
_OPENING = ' の인「『“"'  # between the word for a company and its name
_EAST_THING_BEFORE = re.compile(
    r"(?:スーパーコンピューター?|スパコン|計算機|システム|モデル|プラットフォーム|슈퍼컴퓨터|시스템|모델|플랫폼"
    r"|超級電腦|超级计算机|超算|系統|系统|模型|平台|计划|計畫)(?:の|인)?[ ]?[「『“\"]?$"
)
_EAST_LOCAL = re.compile(
    r"(?:地元の(?:新興)?(?:企業|会社|スタートアップ)?|현지(?:의)?(?: 기업| 스타트업)? ?|当地的?|當地的?)$"
)
_EAST_THING = re.compile(
    r"^[」』”\"]?[ ]?"
    r"(?:モデル|システム|GPU|チップ|プラットフォーム|모델|시스템|칩|플랫폼|模型|系統|系统|平台|晶片|芯片|顆|颗|超)"
)


def follows(scene: Scene, place: Item, start: int, end: int) -> bool:
    """Whether what is named there stands behind a place as what is in it does, and is no thing."""
    gap, name = scene.document[place.end : start], scene.document[start:end]
    thing = _EAST_THING.match(scene.document, end)
    if not gap or thing or not _EAST_PLACE.match(gap) or ACRONYM.match(name):
        return False
    return not _is_called_a_thing(scene, name)


def _is_called_a_thing(scene: Scene, name: str) -> bool:
    """Whether the text says somewhere that this is a machine, a model or the like."""
    places = re.finditer(re.escape(name), scene.document)
    return any(_EAST_THING_BEFORE.search(scene.document, max(0, m.start() - 14), m.start()) for m in places)


def reads(scene: Scene, start: int, end: int, companies: Sequence[tuple[int, int]]) -> str:
    """A Latin name in a Chinese, Japanese or Korean text that is the sentence's subject, or called local."""
    document = scene.document
    name = document[start:end]
    if joined(scene, start, end):
        return "named together with the publisher"
    before = document[max(0, start - 14) : start]
    if (
        ACRONYM.match(name)
        or _EAST_THING.match(document, end)
        or document[end : end + 1] in ")）"
        or (before[-1:] in ("(", "（"))
    ):
        return ""
    subject = _EAST_SUBJECT_ZH if scene.language == "zh" else _EAST_SUBJECT
    if _EAST_LOCAL.search(before):
        note = "called local in the text"
    elif any(last <= start and not document[last:start].strip(_OPENING) for _, last in near(companies, start, end)):
        note = CALLED
    elif near_organisation(scene, start, end):
        note = "named together with an organisation"
    elif subject.match(document[end : end + 12]):
        note = "one that acts in the text"
    else:
        return ""
    return "" if _is_called_a_thing(scene, name) else note
