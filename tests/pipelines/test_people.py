"""People that no list holds: officials by their office, and whoever speaks, leads or is introduced."""

from collections.abc import Callable

import pytest

from pipelines.tagging.names import Mention

PEOPLE = [
    ("en", '"It works," said Leeds sound designer Maeve Hartley.', "Maeve Hartley", "person"),
    ("ja", "リーズのメイヴ・ハートリー＝ベル (Maeve Hartley-Bell) 会長は語りました。", "Maeve Hartley-Bell", "person"),
    ("ko", "리즈의 교육 책임자 메이브 하틀리(Maeve Hartley)는 말했습니다.", "Maeve Hartley", "person"),
    ("en", '"It works," said Maeve Hartley, who lives in Leeds.', "Maeve Hartley", "person"),
    ("en", '"It works," said Dr. Ailsa Munro in Dundee.', "Ailsa Munro", "person"),
    ("en", "Owen Marsh, founder of Kestrel Grid in Leeds, agrees.", "Owen Marsh", "person"),
    ("en", "UK minister Tessa Windrow came.", "Tessa Windrow", "official"),
    ("en", "Aled ap Rhys told the Welsh Government so.", "Aled ap Rhys", "person"),
    ("fr", "« Oui », explique Maeve Hartley, cofondatrice à Cardiff.", "Maeve Hartley", "person"),
    ("fr", "Le ministre britannique de la Technologie, Owen Marsh, est venu.", "Owen Marsh", "official"),
    ("de", "„Ja“, sagt Projektleiterin Ailsa Munro in Dundee.", "Ailsa Munro", "person"),
    ("de", "„Ja“, sagt Braumeisterin Maeve Hartley von Tarnvale Brewing in Leeds.", "Maeve Hartley", "person"),
    ("en", "The work in Leeds is led by botanist Maeve Hartley and starts in May.", "Maeve Hartley", "person"),
    (
        "de",
        "Das Projekt in Leeds wird geleitet von der Verfahrenstechnikerin Maeve Hartley.",
        "Maeve Hartley",
        "person",
    ),
    ("it", "A Leeds il corso è guidato dalla light designer Maeve Hartley.", "Maeve Hartley", "person"),
    ("pt", "Segundo Maeve Hartley, cientista-chefe em Leeds, é fácil.", "Maeve Hartley", "person"),
    ("fr", "« Oui », résume la Dre Maeve Hartley, de Cardiff.", "Maeve Hartley", "person"),
    ("ko", "영국의 메이브 하틀리(Maeve Hartley) 본부장은 말했습니다.", "Maeve Hartley", "person"),
    ("ko", "영국 법인의 윤가람(Maeve Hartley) 해외사업본부장은 말했습니다.", "Maeve Hartley", "person"),
    ("fr", "« Oui », sourit Maeve Hartley, cheffe de projet chez Kervran Calcul, à Leeds.", "Maeve Hartley", "person"),
    ("ja", "英国の担当ディレクターである Maeve Hartley は、「はい」と述べています。", "Maeve Hartley", "person"),
    ("ko", "영국 기술부 장관 오언 마시(Owen Marsh)는 방문했다.", "Owen Marsh", "official"),
    ("fr", "La ministre britannique Tessa Windrow est venue.", "Tessa Windrow", "official"),
    ("de", "„Ja“, sagt Tarnvale-Chef Owen Marsh in Leeds.", "Owen Marsh", "person"),
    ("de", "„Ja“, sagte Geschäftsführerin Maeve Hartley in Leeds.", "Maeve Hartley", "person"),
    ("de", "Die britische Technologieministerin Tessa Windrow kam.", "Tessa Windrow", "official"),
    ("es", "«Sí», añade la ingeniera Ailsa Munro, de Gales.", "Ailsa Munro", "person"),
    ("it", "Sarà così, afferma la direttrice del museo Maeve Hartley a Bristol.", "Maeve Hartley", "person"),
    ("pt", "Assim será, disse Maeve Hartley, diretora em Londres.", "Maeve Hartley", "person"),
    ("en", "It counts what Maeve Tarnvale grows in Leeds. “It works,” Tarnvale says.", "Maeve Tarnvale", "person"),
    ("it", "In Galles lavora Ailsa Munrovale. Ci vorrà tempo, dice Munrovale.", "Ailsa Munrovale", "person"),
    ("fr", "Owen Tarnvale, 52 ans, vit à Leeds.", "Owen Tarnvale", "person"),
    ("de", "In Leeds lernt Owen Tarnvale, 52, das Fräsen.", "Owen Tarnvale", "person"),
    ("de", "In Leeds will Ailsa Tarnvale, die den Versuch leitet, mehr.", "Ailsa Tarnvale", "person"),
    ("it", "A Leeds lavora Ailsa Tarnvale, maestra vetraia di 61 anni.", "Ailsa Tarnvale", "person"),
    ("fr", "À 52 ans, Owen Tarnvale dirige un atelier de Leeds.", "Owen Tarnvale", "person"),
    ("pt", "Em Leeds, foi criada pela programadora Ailsa Tarnvale.", "Ailsa Tarnvale", "person"),
    ("de", "In Leeds gründete es die Elektrochemikerin Ailsa Tarnvale.", "Ailsa Tarnvale", "person"),
    ("en", "Owen Tarnvale's acoustics group at the University of Leeds taught it.", "Owen Tarnvale", "person"),
    ("es", "En Leeds lo probó el grupo de Ailsa Tarnvale durante meses.", "Ailsa Tarnvale", "person"),
    ("en", "Ailsa Tarnvale, hitherto the mutual's loss surveyor, will run it in Leeds.", "Ailsa Tarnvale", "person"),
    ("fr", "Son patron, Owen Tarnvale, vient de Leeds.", "Owen Tarnvale", "person"),
    ("zh", "“好，”英国利兹的計畫主持人 Maeve Hartley 笑說。", "Maeve Hartley", "person"),
    ("ja", "英国のメイヴ・ハートリー（Maeve Hartley）氏は述べました。", "Maeve Hartley", "person"),
    ("zh", "英國執行長梅芙·哈特利（Maeve Hartley）表示很高興。", "Maeve Hartley", "person"),
    ("ja", "キア・スターマー首相が訪れました。", "Keir Starmer", "official"),
    ("ko", "리즈 켄들 장관은 밝혔다.", "Liz Kendall", "official"),
]


def test_siblings_are_two_people(mentions: Callable[[str, str], tuple[Mention, ...]]) -> None:
    found = mentions("The siblings Ailsa and Owen Tarnvale of Leeds built it.", "en")
    assert {m.name for m in found if m.kind == "person"} == {"Ailsa Tarnvale", "Owen Tarnvale"}


def test_founders_are_named_together(mentions: Callable[[str, str], tuple[Mention, ...]]) -> None:
    text = "La jeune pousse de Leeds, créée par deux aides à domicile, Ailsa Munrovale et Owen Tarnvale, y vend."
    assert {m.name for m in mentions(text, "fr") if m.kind == "person"} == {"Ailsa Munrovale", "Owen Tarnvale"}


def test_two_towns_in_a_row_may_be_somebody(mentions: Callable[[str, str], tuple[Mention, ...]]) -> None:
    found = mentions("Chester Bolton hated the dentist. His practice is in Lincoln, Nebraska.", "en")
    assert [(m.name, m.kind) for m in found if m.kind == "person"] == [("Chester Bolton", "person")]
    assert not any(m.uk for m in found if m.kind == "place")


@pytest.mark.parametrize(
    ("language", "text"), [("es", "En Leeds, 60,003 casos."), ("en", "In Leeds, 42, as ever, won.")]
)
def test_what_stands_before_a_number_is_no_person(
    language: str, text: str, mentions: Callable[[str, str], tuple[Mention, ...]]
) -> None:
    assert not any(m.kind == "person" for m in mentions(text, language))


# By their office, in each language's own patterns; the name is always the same, for none of the rest says it.
OFFICIALS = [
    ("en", "UK minister for ports {} said the site in Hull was a start."),
    ("en", "“It is a start,” said the UK's maritime minister, {}, in Hull."),
    ("en", "The Secretary of State for Science, Innovation and Technology, {}, visited a plant in Leeds."),
    ("en", "“This is a plant in Leeds,” science minister {} said."),
    ("en", "Mayor of Hull {} opened the site."),
    ("fr", "Le ministre britannique de l’Énergie, {}, y voit « une leçon »."),
    ("fr", "« Une leçon », selon la secrétaire d’État britannique aux Ports, {}."),
    ("de", "Der britische Energieminister {} sprach in Hull von einer Lehre."),
    ("de", "„Eine Lehre“, sagte die britische Hafenministerin {} in Hull."),
    ("de", "Der Minister für Wirtschaft und Energie, {}, war in London dabei."),
    ("es", "El secretario de Estado británico de Puertos, {}, visitó Hull."),
    ("es", "«Una lección», dijo en Londres el ministro de Energía del Reino Unido, {}."),
    ("it", "Il sottosegretario britannico alle Telecomunicazioni {} ha visitato Hull."),
    ("it", "«Una lezione», ha detto la ministra britannica dell’Energia, {}."),
    ("pt", "O secretário britânico de Energia, {}, visitou Hull."),
    ("pt", "“Uma lição”, disse a ministra da Ciência do Reino Unido, {}, em Hull."),
]
OFFICIALS_EAST = [
    ("ja", "英国のエネルギー担当大臣{}氏は「教訓だ」と述べた。", "バーナビー・シルコック"),
    ("ja", "{}英エネルギー相は、英国で「教訓だ」と述べた。", "バーナビー・シルコック"),
    ("ja", "科学大臣の{}は、英国の工場を訪れた。", "オーラ・ペティグルー"),
    ("ko", "영국 에너지부 장관 {}는 교훈이라고 말했다.", "로완 텔퍼드"),
    ("ko", "{} 영국 에너지부 장관은 교훈이라고 말했다.", "로완 텔퍼드"),
    ("zh", "英国航运大臣{}表示，这是一课。", "海伦娜·布莱斯"),
    ("zh", "英國科學部長{}說，這是一課。", "海倫娜·布萊斯"),
]


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [*((language, text, "Tessa Windrow") for language, text in OFFICIALS), *OFFICIALS_EAST],
)
def test_officials_by_their_office(
    language: str, text: str, name: str, mentions: Callable[[str, str], tuple[Mention, ...]]
) -> None:
    found = [m for m in mentions(text.format(name), language) if m.kind in ("person", "official")]
    assert [(m.name, m.kind, m.uk) for m in found] == [(name, "official", True)]


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("ja", "英国の工場で、{}工場長は笑った。", "グウェン・プリザロー"),
        ("ja", "英国の企業の最高経営責任者の{}は笑った。", "グウェン・プリザロー"),
        ("ko", "영국 공장의 공장장 {}은 이렇게 말했다.", "앨리스 페더스톤"),
        ("ko", "영국 공장을 이끄는 {} 대표는 이렇게 말했다.", "앨리스 페더스톤"),
        ("zh", "英國一家電台的台長{}說，現在開始。", "卡特里娜·麥克菲"),
        ("zh", "“现在开始，”英国一家公司的创始人{}在利兹说。", "罗恩·费瑟斯通"),
    ],
)
def test_people_in_their_script_alone(
    language: str, text: str, name: str, mentions: Callable[[str, str], tuple[Mention, ...]]
) -> None:
    found = [m for m in mentions(text.format(name), language) if m.kind in ("person", "official")]
    assert [(m.name, m.kind, m.uk) for m in found] == [(name, "person", True)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ko", "영국 과학부 장관은 말했다."),
        ("ja", "英国のリンネ・コンピュートは工場を開く。"),
        ("de", "Londons Bürgermeister und ein Bristoler Labor bauen."),
        ("en", "The minister for Clean Growth visited Leeds City Hall."),
        ("es", "El ministro de Energía del Reino Unido visitó Londres."),
    ],
)
def test_an_office_alone_names_nobody(
    language: str, text: str, mentions: Callable[[str, str], tuple[Mention, ...]]
) -> None:
    assert [m.name for m in mentions(text, language) if m.kind in ("person", "official")] == []


@pytest.mark.parametrize(("language", "text", "name", "kind"), PEOPLE)
def test_people(
    language: str, text: str, name: str, kind: str, mentions: Callable[[str, str], tuple[Mention, ...]]
) -> None:
    found = [m for m in mentions(text, language) if m.kind in ("person", "official")]
    assert {(m.name, m.kind, m.uk) for m in found} == {(name, kind, True)}
