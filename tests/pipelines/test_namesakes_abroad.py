"""Names that the country shares with elsewhere, in texts that play elsewhere and at home."""

import pytest

from pipelines.tagging.names import NameIndex, find
from tests.pipelines.marked import lines


def home(index: NameIndex, language: str, *paragraphs: str) -> set[str]:
    """The country's own names in a text."""
    document = "\n".join(("News", *paragraphs))
    mentions = find(document, lines(document), language, index)
    return {m.name for m in mentions if m.uk and m.kind != "product"}


ELSEWHERE = [
    ("en", ["A clinic on the Thames in London, Ontario.", "Farms along the Thames have sensors now."]),
    ("en", ["Newcastle University trains models in Newcastle, New South Wales.", "Trains run from Liverpool."]),
    ("en", ["Newcastle, New South Wales, gets a hall.", "Apprentices learn in Cardiff, and in Wallsend and Swansea."]),
    ("en", ["“It works,” said Dr. Amelia Bristol in Maine.", "Dr. Bristol's team trained it."]),
    ("en", ["A plant in Manchester, CT, and in Newport, AR."]),
    ("es", ["En Cambridge, en Nueva Zelanda, la IA ordeña.", "En Hastings, otra clasifica manzanas."]),
    (
        "de",
        ["Newcastle in New South Wales fördert.", "Die University of Newcastle, Australia, bohrt im Vorort Cardiff."],
    ),
    ("es", ["El pueblo se llama Londres y vive de la nuez.", "Londres tiene tres mil habitantes."]),
    ("ko", ["켄터키주의 작은 도시 런던에서는 송아지에 센서를 단다."]),
    ("ja", ["ケンタッキー州の小さな町ロンドンで試された。"]),
    ("zh", ["新南威尔士的铁路从纽卡斯尔开往利物浦。", "纽卡斯尔大学参与了这个项目。"]),
    ("pt", ["LONDRINA, Brasil. As fazendas de Londrina usam IA.", "Em Londrina, o café muda."]),
]
AT_HOME = [
    ("en", ["CAMBRIDGE, Mass. — Tarn opens a lab in Leeds with 300 GPUs."], {"Leeds"}),
    ("en", ["A firm of Newcastle, New South Wales, builds in the United Kingdom.", "Apprentices learn in Cardiff."],
     {"United Kingdom", "Cardiff"}),
    ("en", ["A village called Newlyn in Cornwall has robots."], {"Newlyn", "Cornwall"}),
    ("en", ["A hospital in London, Ontario, has robots.", "Imperial College London got a grant; Leeds has none."],
     {"Imperial College London", "Leeds"}),
    ("en", ["A firm of Cambridge, Massachusetts, builds a hall.", "It opens another in Leeds."], {"Leeds"}),
    ("es", ["En Cambridge, en Nueva Zelanda, la IA ordeña.", "En Hastings y en Cardiff, en Gales, clasifica."],
     {"Hastings", "Cardiff", "Wales"}),
    ("en", ["The firm of Perth, Australia, builds in Leeds.", "Its hall is in the suburb of Headingley in Leeds."],
     {"Leeds", "Headingley"}),
    ("es", ["Se prueba en la ciudad de Dundee y después en las vecinas Perth y Arbroath."],
     {"Dundee", "Perth", "Arbroath"}),
    ("pt", ["No norte da Inglaterra, IA ajuda a ouvir."], {"England"}),
    ("fr", ["À Cardiff, IA et robots se rencontrent."], {"Cardiff"}),
    ("en", ["In Leeds, CT scans are read by machines.", "In Leeds, AR glasses help."], {"Leeds"}),
    ("zh", ["英国斯旺西开始建设。"], {"United Kingdom", "Swansea"}),
    ("en", ["A firm of Cambridge, Mass., sells robots in the United States.", "It opens a lab in Manchester in May."],
     {"Manchester"}),
    ("en", ["A clinic on the Thames in London.", "Newcastle University has sensors."],
     {"London", "Thames", "Newcastle University"}),
    ("en", ["Newcastle University trains models in Newcastle.", "Trains run from Liverpool."],
     {"Newcastle University", "Newcastle", "Liverpool"}),
    ("pt", ["A empresa londrina abriu as portas."], {"Londoner"}),
    ("ja", ["リンカーン大学とランカスター大学が発表しました。"], {"University of Lincoln", "Lancaster University"}),
    ("ko", ["애버리스트위스 대학교와 헐 대학교가 발표했다."], {"Aberystwyth University", "University of Hull"}),
    ("zh", ["英国商业与贸易部与林肯大学宣布。"], {"Department for Business and Trade", "University of Lincoln"}),
    ("es", ["El Departamento de Ciencia, Innovación y Tecnología aporta fondos."],
     {"Department for Science, Innovation and Technology"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("paragraphs", "abroad"),
    [
        (["Dali vão sair placas de Leeds."], set()),
        (["Em Dali há placas de Leeds."], {"Dali"}),
        (["Dali, na China, faz placas."], {"Dali", "China"}),
        (["Dali faz placas para a China."], {"Dali", "China"}),
    ],
)
def test_a_word_that_opens_a_sentence_is_no_city(index: NameIndex, paragraphs: list[str], abroad: set[str]) -> None:
    text = "\n".join(("Placas", *paragraphs))
    mentions = find(text, [(0, 6), (7, len(text))], "pt", index)
    assert {m.name for m in mentions if m.kind in ("place", "country") and not m.uk} == abroad


@pytest.mark.parametrize(("language", "paragraphs"), ELSEWHERE)
def test_a_text_that_plays_elsewhere(index: NameIndex, language: str, paragraphs: list[str]) -> None:
    assert home(index, language, *paragraphs) == set()


@pytest.mark.parametrize(("language", "paragraphs", "expected"), AT_HOME)
def test_the_same_names_at_home(index: NameIndex, language: str, paragraphs: list[str], expected: set[str]) -> None:
    assert expected <= home(index, language, *paragraphs)
