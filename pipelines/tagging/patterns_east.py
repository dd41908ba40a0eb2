"""Organisations that no list holds in Chinese, Japanese and Korean, by the grammar around their names.

`patterns` asks these where a text is in one of those languages. Does no input or output.
"""

import re
from collections.abc import Iterator

from pipelines.tagging import roles
from pipelines.tagging.capitals import NAME
from pipelines.tagging.organisation_names import good
from pipelines.tagging.readings import read_as
from pipelines.tagging.scene import Item, Scene, is_place

_NATIVE = "[ァ-ヺー]{1,15}|[가-힣]{1,10}|[一-鿿]{1,6}"
BEHIND = re.compile(rf"(?:の|的|「|『|[\s、“\"(（]){{0,4}}(?:(?:{_NATIVE})[（(])?({NAME})")
AHEAD = re.compile(rf"({NAME})(?:[」』”\"]|[（(][^）)]*[）)])?(?:は、?|，|、|：|:|是|为|為|는|은)?[^。\n]{{0,20}}$")
_HEAD = re.compile(rf"({NAME})[ ]?[：:，,、はも은는이가]{{0,2}}[ ]?\Z")


def seated(scene: Scene, start: int, end: int) -> Iterator[Item]:
    """`カーディフに本社を置くX社`, `總部位於曼徹斯特的 X`, `코번트리에 본사를 둔 X`."""
    near = [i for i in scene.between(start - 4, start) if i.telling and i.target.kind in ("place", "organisation")]
    near += [i for i in scene.since(end, end + 3) if i.telling and is_place(i)]
    if not near:
        return
    seat = near[-1]
    match = BEHIND.match(scene.document, max(end, seat.end))
    if match is None:  # "Clausewise：总部位于利兹"
        match = _HEAD.search(scene.document, scene.spans[seat.span][0], min(start, seat.start))
    if match and good(scene, match.start(1), match[1]):
        note = f"tied to {seat.target.name}"
        yield read_as(scene, match.start(1), match.end(1), match[1], bool(seat.uk), note, 1.0)


_BORN = 8  # characters, of them at most, between a university and the word for what came out of it


def bears(item: Item, start: int) -> bool:
    """Whether it is an organisation right before the word for a company: "曼彻斯特大学的衍生企业"."""
    return item.target.kind == "organisation" and 0 <= start - item.end <= _BORN


# "新興企業ペンブリン・ロボティクス", "로봇 기업 금오로보틱스가": a name in the text's own script right behind the word.
_NATIVE_BEHIND = {
    "ja": re.compile(
        r"[、「『]?([ァ-ヺー]{2,12}(?:・[ァ-ヺー]{2,12}){1,3}|(?<=[、「『])[ァ-ヺー]{4,14})(?=[はがもとをにで」』]|社|です|の)"
    ),
    "ko": re.compile(r" [‘“'\"]?([가-힣]{3,12}?)[’”'\"]?(?=(?:이|가|은|는|와|과|의)[ ,])"),
    "zh": re.compile(r"[「“『]([\u4e00-\u9fff]{2,10})[」”』]"),
}


def native(scene: Scene, end: int, last: int) -> Item | None:
    """An organisation of the country whose name stands only in the text's script, behind the word for what it is."""
    pattern = _NATIVE_BEHIND.get(scene.language)
    match = pattern.match(scene.document, end, last) if pattern else None
    if match is None or not scene.free(match.start(1), match.end(1)):
        return None
    seat = roles.tie(scene, match.start(1), match.end(1))
    if seat is None:
        return None
    return read_as(scene, match.start(1), match.end(1), match[1], True, f"a company tied to {seat.target.name}", 0.8)
