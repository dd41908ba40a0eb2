"""Which paragraphs of a text may hold news of the watch's country, or somebody whom such news names."""

import pytest

from pipelines.tagging.names import find
from pipelines.tagging.scene import Item, Scene
from tests.pipelines.marked import lines
from tests.quality.corpora import knowledge

HEADLINE = "Five Ways to Train a Robot"
PLAIN = "The model runs wherever its data are made."
HOME = "In Leeds, a port tests 90 robots."
SIX = (PLAIN,) * 6


def _telling(*paragraphs: str) -> list[int]:
    """The numbers of the paragraphs that may tell; the headline is 0."""
    document = "\n".join(paragraphs)
    spans = [(start + 3 * (document[start:end].startswith("## ")), end) for start, end in lines(document)]
    scene = Scene(document, spans, "en", knowledge().names)
    leeds = next(hit for hit in knowledge().names.matcher.find("Leeds", "en", [(0, 5)])).forms[0].target
    at = document.find("Leeds")
    while at >= 0:
        scene.add([Item(at, at + 5, leeds, scene.span_of(at))])
        at = document.find("Leeds", at + 1)
    return [number for number in range(len(spans)) if scene.may_tell(number)]


@pytest.mark.parametrize(
    ("paragraphs", "telling"),
    [
        ((HEADLINE, *SIX), []),
        ((f"{HEADLINE} in Leeds", *SIX), [*range(7)]),
        ((HEADLINE, PLAIN, HOME, *SIX), [*range(9)]),
        ((HEADLINE, *SIX, HOME, PLAIN, PLAIN), [6, 7, 8]),
        ((HEADLINE, *SIX, HOME), [6, 7]),
        ((HEADLINE, PLAIN, PLAIN, PLAIN, HOME, PLAIN, HOME, PLAIN, HOME), [*range(9)]),
        ((HEADLINE, *SIX, "## In Leeds", PLAIN, PLAIN, PLAIN, "## In Lima", PLAIN), [6, 7, 8, 9, 10]),
        ((HEADLINE, *SIX, "Those in Leeds are:", "- Tarn", "- Foss", "- Wolds"), [6, 7, 8, 9, 10]),
    ],
)
def test_which_paragraphs_may_tell(paragraphs: tuple[str, ...], telling: list[int]) -> None:
    assert _telling(*paragraphs) == telling


@pytest.mark.parametrize(
    ("near", "named"),
    [
        ("“It works,” said Maeve Quillan, director of Zentria Robotics.", set()),
        (
            f"{HOME} “It works,” said Maeve Quillan, director of Zentria Robotics.",
            {"Maeve Quillan", "Zentria Robotics"},
        ),
        ("Arm is there. “It works,” said Maeve Quillan, director of Zentria Robotics.", set()),
        ("Royal Brackwater Hospitals NHS Trust has three robots.", {"Royal Brackwater Hospitals NHS Trust"}),
    ],
)
def test_whom_no_list_holds_is_looked_for_where_the_country_is_spoken_of(near: str, named: set[str]) -> None:
    document = "\n".join((HEADLINE, *SIX, *SIX, near))
    assert {m.name for m in find(document, lines(document), "en", knowledge().names) if not m.listed} == named
