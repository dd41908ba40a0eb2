"""Names in running text: who is meant, where it is, and what is no name at all."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from pipelines.tagging.names import Mention, NameIndex, build, find
from presswatch.gazetteer import Gazetteer, Namesake, Town
from presswatch.names import KnownName, Spelling
from tests.pipelines.marked import lines

SHIPPED = Path(__file__).resolve().parents[2] / "config" / "names"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Die Küche heißt „London“, der Tisch „Bristol“.", set()),
        ("fr", "La cuisine «\u00a0Londres\u00a0» se vend bien.", set()),
        ("ja", "新色「ロンドン」を発売する。", set()),
        ("ko", "센터장 케이티 웨일스 박사는 말했다.", set()),
        ("ko", "웨일스 정부는 발표했다.", {"Welsh Government"}),
        ("en", "“London, where it began, is home,” she said in Leeds.", {"London", "Leeds"}),
    ],
)
def test_a_town_s_name_may_be_a_title_or_a_surname(
    language: str, text: str, expected: set[str], home: Callable[[str, str], set[str]]
) -> None:
    assert home(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ja", "リーズで、新興企業 Brackwater が機械を動かす。", {"Leeds", "Brackwater"}),
        ("ja", "リーズで、Brackwater は機械を動かす。", {"Leeds", "Brackwater"}),
        ("ja", "リーズで、スーパーコンピューター「Merlin」は動く。Merlin は速い。", {"Leeds"}),
        ("zh", "在利兹，初创公司 Brackwater Health 负责把它接入系统。", {"Leeds", "Brackwater Health"}),
        ("ko", "리즈의 스타트업 Brackwater가 기계를 돌린다.", {"Leeds", "Brackwater"}),
        ("de", "In Leeds lehrt die Berufsschule Larch College, im Gewerbegebiet Tannhill.", {"Leeds", "Larch College"}),
        ("fr", "À Leeds, l’entreprise 4thMast, née à Woking, écrit le logiciel.", {"Leeds", "4thMast", "Woking"}),
        ("it", "Oltre la Manica, a Leeds, apre un laboratorio.", {"Leeds"}),
        ("de", "In Schottland stimmte der Rat von Fife zu.", {"Scotland", "Fife Council"}),
    ],
)
def test_what_is_named_and_what_only_says_its_kind(
    language: str, text: str, expected: set[str], home: Callable[[str, str], set[str]]
) -> None:
    assert home(text, language) - {"United Kingdom"} == expected


# What the text holds, and the names of the country that it holds; the invented ones stand on no list.
PLACES = [
    ("ja", "カーコーディとトットネスに。", {"Kirkcaldy", "Totnes"}),
    ("ko", "커콜디와 화이트헤이븐에서.", {"Kirkcaldy", "Whitehaven"}),
    ("zh", "英格蘭小鎮赫克瑟姆。", {"England", "Hexham"}),
    ("en", "The Totnes-based maker of plug-ins has a new one.", {"Totnes"}),
    ("en", "A school opened in Machynlleth on Monday.", {"Machynlleth"}),
    ("en", "A hall in London and one in Leeds.", {"London", "Leeds"}),
    ("fr", "Une salle à Londres, une autre à Édimbourg.", {"London", "Edinburgh"}),
    ("de", "Eine Halle in London, eine im Nordosten Englands.", {"London", "North East England"}),
    ("de", "Londons Bürgermeister und ein Bristoler Labor.", {"London", "Bristol"}),
    ("en", "MANCHESTER, England, and Barrow-in-Furness.", {"Manchester", "England", "Barrow-in-Furness"}),
    ("en", "Northern Ireland's Derry; the Isle of Skye.", {"Northern Ireland", "Derry", "Skye"}),
    ("es", "Una sala en Londres y otra en Gales.", {"London", "Wales"}),
    ("it", "Una sala a Londra e una in Galles.", {"London", "Wales"}),
    ("pt", "Uma sala em Londres e outra na Escócia.", {"London", "Scotland"}),
    ("ja", "ロンドンとブリストル、それにスコットランドにあります。", {"London", "Bristol", "Scotland"}),
    ("ko", "런던과 브리스톨에서 열렸다.", {"London", "Bristol"}),
    ("zh", "位於倫敦與布里斯托。", {"London", "Bristol"}),
    ("zh", "位于伦敦和布里斯托尔。", {"London", "Bristol"}),
    ("en", "The plant in Swindon opens in May.", {"Swindon"}),
    ("en", "It goes to Grimsby, the U.K. port.", {"Grimsby", "United Kingdom"}),
    ("en", "An office in Reading, near Slough.", {"Reading", "Slough"}),
    ("en", "Boston, Lincolnshire, grows cabbages.", {"Boston", "Lincolnshire"}),
    ("en", "A lab at Harwell and one at Daresbury.", {"Harwell", "Daresbury"}),
    ("en", "Manchester, Bath and Exeter take part.", {"Manchester", "Bath", "Exeter"}),
    ("en", "In Perth, where the Scottish team sits.", {"Scottish"}),
]
ELSEWHERE = [
    ("ja", "リヨンとデンバー、トゥールーズで。"),
    ("zh", "里昂、丹佛與里昂納多。"),
    ("ko", "덴버와 리옹에서 시작한다."),
    ("en", "LONDON, Ont. — Hospitals in London, Windsor and Cambridge share it, as does one in Halifax."),
    ("en", "Students in Cambridge, Massachusetts, and later again in Cambridge."),
    ("en", "Students in Cambridge, Mass., took part."),
    ("fr", "À Cambridge, dans le Massachusetts, on forme des étudiants."),
    ("de", "In Cambridge (Massachusetts) lernen Studierende."),
    ("ja", "米国マサチューセッツ州ケンブリッジの研究所。"),
    ("zh", "美国马萨诸塞州剑桥的实验室。"),
    ("en", "A plant in London, Ontario. London is proud of it."),
    ("en", "Birmingham keeps its foundry, which two Alabama brothers own."),
    ("es", "Una acería en Birmingham, Alabama."),
    ("en", "Snow fell on Manchester, New Hampshire. Manchester shovelled."),
    ("en", "New South Wales sends buses to Newcastle and Perth."),
    ("en", "Trains leave from Lisbon and Boston."),
    ("en", "Ships call at Plymouth, Massachusetts, and trucks at Athens, Georgia."),
    ("en", "The library of Oxford, Mississippi, is open."),
    ("en", "New England and New York are not far apart."),
    ("en", "Dublin pays; the Republic of Ireland and Galway gain."),
    ("ja", "ウクライナのドローン。新しいシリーズとユニバース。"),
    ("ko", "마이크로웨이브 오븐과 시리즈."),
]
WORDS = [
    "The robot arm moves its arms. A Dual Arm set-up, an Arms race.",
    "OpenShell and PowerShell scripts; a Nutshell.",
    "The Industrial Revolution, revolutionized; Revolution Software.",
    "At dawn, Dawn rose over the bay.",
    "Quality comes from QA and wise testing. Reading is fun, and reading pays.",
    "Reading maps is hard, says Dr. Greta Bath.",
    "The director Joan Wales and her colleague, the engineer Abe Lincoln, agree.",
    "King's Quest and the MIT Lincoln Laboratory.",
    "Bristol Myers Squibb hires. At Bristol they look for chemists.",
    "Humanoid robots dance. A hope, a deal, a sale, a street, a march, an eye.",
    "It weighs 40 million pounds.",
]
UNLISTED = [
    # small words inside a name, and what a name is for
    ("fr", "À Stornoway, la coopérative Guth nan Eilean réunit des pêcheurs.", {"Stornoway", "Guth nan Eilean"}),
    ("en", "In Stoke-on-Trent, the Wedgefield College of Clay opened a course.",
     {"Stoke-on-Trent", "Wedgefield College of Clay"}),
    # one town throughout a text, however it stands
    ("es", "Warrenpoint entrena sus grúas. En Warrenpoint y en Belfast hay robots.", {"Warrenpoint", "Belfast"}),
    # in the text's own script alone, and beside a quotation's marks
    ("ja", "リーズに新興企業ペンブリン・ロボティクスが進出した。", {"ペンブリン・ロボティクス", "Leeds"}),
    ("zh", "英格蘭的公司「棉屑影業」（Shoddy Pictures）在利茲。", {"England", "Shoddy Pictures", "Leeds"}),
    ("zh", "英格兰北部的利兹。", {"England", "Leeds"}),
    ("de", "Der Rat der Grafschaft Fife und der Stadtrat von Leeds.", {"Fife Council", "Leeds City Council"}),
    ("fr", "Le conseil municipal de Leeds et la mairie de Swindon.", {"Leeds City Council", "Swindon Council"}),
    ("it", "Il consiglio comunale di Leeds.", {"Leeds City Council"}),
    ("ja", "リーズ市議会とケント州議会。", {"Leeds City Council", "Kent County Council"}),
    ("ko", "리즈 시의회는 결정했다.", {"Leeds City Council"}),
    ("zh", "曼徹斯特機場與利茲市議會。", {"Manchester Airport", "Leeds City Council"}),
    ("ja", "リーズの企業ケルダ・グリッド (Kelda Grid) は、ケルダ・グリッドの名で。", {"Leeds", "Kelda Grid"}),
    ("ko", "리즈에 본사를 둔 켈다 그리드(Kelda Grid)는 말했다.", {"Leeds", "Kelda Grid"}),
    ("zh", "利茲的凱爾達科技公司（Kelda Hydro）宣布。", {"Leeds", "Kelda Hydro"}),
    ("en", "Kelda Robotics opens in Leeds. Kelda, a firm born in Leeds, builds arms.", {"Kelda Robotics", "Leeds"}),
    ("en", "Leeds hired; the shed at Thackray & Sons, the shipbuilder Tarn Wrights and a fund called Ribbon.",
     {"Leeds", "Thackray & Sons", "Tarn Wrights", "Ribbon"}),
    ("en", "Hull University Teaching Hospitals NHS Trust starts.", {"Hull University Teaching Hospitals NHS Trust"}),
    ("en", "The Cardiff-based AI company Llanfair Systems raised money.", {"Llanfair Systems", "Cardiff"}),
    ("en", "Tarnvale, a Swindon start-up, will supply robots.", {"Tarnvale", "Swindon"}),
    ("en", "Kestrel Grid was spun out of the University of Hull.", {"Kestrel Grid", "University of Hull"}),
    ("en", "Kelda Bioscience Ltd works with Sheffield City Council.", {"Kelda Bioscience", "Sheffield City Council"}),
    ("en", "Northumbria Healthcare NHS Foundation Trust starts.", {"Northumbria Healthcare NHS Foundation Trust"}),
    ("en", "Partners are Nscale, Kao Data and Brackenfell.", {"Nscale", "Kao Data", "Brackenfell"}),
    ("en", "The universities of Surrey, Bristol and Strathclyde help.",
     {"University of Surrey", "University of Bristol", "University of Strathclyde"}),
    ("fr", "Les universités de Kent, de Surrey et d’Essex.",
     {"University of Kent", "University of Surrey", "University of Essex"}),
    ("en", "Northern Ireland's Lagan Photonics won in Belfast.", {"Northern Ireland", "Lagan Photonics", "Belfast"}),
    ("en", "Calder Textiles Ltd and Kirklees Council met in Leeds.", {"Calder Textiles", "Kirklees Council", "Leeds"}),
    ("es", "Una empresa de Birmingham, Fenix Mobility, crece.", {"Birmingham", "Fenix Mobility"}),
    ("pt", "A Kestrel Grid, empresa de Leeds, cresce.", {"Kestrel Grid", "Leeds"}),
    ("zh", "格拉斯哥大学孵化的Kelpie Quantum公司。", {"University of Glasgow", "Kelpie Quantum"}),
    ("fr", "Zorbis, une société établie à Cardiff, grandit.", {"Zorbis", "Cardiff"}),
    ("fr", "La start-up londonienne Zorbis grandit.", {"Zorbis", "Londoner"}),
    ("de", "Das Londoner Unternehmen Zorbis wächst.", {"Zorbis", "London"}),
    ("de", "Die Firma Kestrel Grid mit Sitz in Derby arbeitet mit der Universität Leeds.",
     {"Kestrel Grid", "Derby", "University of Leeds"}),
    ("es", "La empresa británica Zorbis y la Universidad de Bangor.", {"Zorbis", "British", "Bangor University"}),
    ("it", "La società londinese Zorbis e l'Università di Leeds.", {"Zorbis", "Londoner", "University of Leeds"}),
    ("pt", "A startup britânica Zorbis e a Universidade de Leeds.", {"Zorbis", "British", "University of Leeds"}),
    ("ja", "英国のスタートアップZorbisは、リーズ大学と協力します。",
     {"Zorbis", "United Kingdom", "University of Leeds"}),
    ("ja", "カーディフに本社を置くKestrel Grid社です。", {"Kestrel Grid", "Cardiff"}),
    ("ko", "영국 스타트업 조르비스(Zorbis)는 리즈 대학교와 협력한다.",
     {"Zorbis", "United Kingdom", "University of Leeds"}),
    ("ko", "코번트리에 본사를 둔 Kestrel Grid는 성장했다.", {"Kestrel Grid", "Coventry"}),
    ("zh", "英國新創公司 Zorbis 與里茲大學合作。", {"Zorbis", "United Kingdom", "University of Leeds"}),
    ("zh", "总部位于曼彻斯特的 Kestrel Grid 参加。", {"Kestrel Grid", "Manchester"}),
    # What the name does in its sentence tells.
    ("en", "At Tolland Forge in Wednesbury a robot turns hooks.", {"Tolland Forge", "Wednesbury"}),
    ("en", "NVIDIA and Marlbrook will build a hall in Leeds.", {"Marlbrook", "Leeds"}),
    ("en", "In Leeds, Harbour & Vale reads maps.", {"Harbour & Vale", "Leeds"}),
    ("en", "Tarnvale, founded four years ago in Derby, grows.", {"Tarnvale", "Derby"}),
    ("fr", "À Leeds, Marlbrook Santé lit des cartes.", {"Marlbrook Santé", "Leeds"}),
    ("it", "Zorbis, nata due anni fa a Leeds, cresce.", {"Zorbis", "Leeds"}),
    ("de", "In Leeds baut Harbour & Vale eine Halle.", {"Harbour & Vale", "Leeds"}),
    ("de", "Eine Firma aus Leeds prüft Versuche, Ende Mai in Leeds.", {"Leeds"}),
    ("de", "In Leeds geht es um Batterien, auch um alte. Die Gruppe wächst.", {"Leeds"}),
    ("de", "In Leeds geht es um Batterien, auch um alte.\nDie Gruppe wächst.", {"Leeds"}),
    ("de", "Der Sensorhersteller Tarnvale Optics aus Leeds wächst.", {"Tarnvale Optics", "Leeds"}),
    ("de", "In Leeds sitzt der Prüfspezialist Tarnvale Motion.", {"Tarnvale Motion", "Leeds"}),
    ("es", "La mutua británica Tarnvale abre en Leeds.", {"Tarnvale", "British", "Leeds"}),
    ("pt", "A Tarnvale, estaleiro de Belfast, na Irlanda do Norte, cresce.",
     {"Tarnvale", "Belfast", "Northern Ireland"}),
    ("it", "La britannica Tarnvale Mobility apre a Leeds.", {"British", "Tarnvale Mobility", "Leeds"}),
    ("pt", "Em Leeds, com a empresa de engenharia Tarnvale Forge.", {"Leeds", "Tarnvale Forge"}),
    ("fr", "À Leeds, on présente Tarnlight, un modèle de fondation.", {"Leeds"}),
    ("ja", "リーズの拠点では NeMo Guardrails も使う。", {"Leeds"}),
    ("zh", "位於英國哈特菲爾德 (Hatfield) 的學院宣布。", {"United Kingdom", "Hatfield"}),
    ("ja", "英国のタルン蒸留所 (Tarnvale Distillers) が始めた。", {"United Kingdom", "Tarnvale Distillers"}),
    ("en", "Coleg Tarnfan and Theatr Tarn y Bryn learn with it.", {"Coleg Tarnfan", "Theatr Tarn y Bryn"}),
    ("de", "Erster Auslandskunde ist Tarnvale Brewing in Leeds.", {"Tarnvale Brewing", "Leeds"}),
    ("de", "In Leeds prüft es Aufnahmen des Tarnvale General Hospital.", {"Leeds", "Tarnvale General Hospital"}),
    ("ja", "運営は評議会 (Orkney Islands Council) です。", {"Orkney Islands Council"}),
    ("pt", "A fábrica fica fora da Península Ibérica, em Leeds.", {"Leeds"}),
    ("pt", "A fábrica fica no condado escocês de West Lothian.", {"West Lothian", "Scottish"}),
    ("zh", "薩里大學位於吉爾福德。", {"University of Surrey", "Guildford"}),
    ("it", "Il Tarnvale Museum apre a Leeds.", {"Tarnvale Museum", "Leeds"}),
    ("it", "A Leeds, insieme a Screen Yorkshire, nasce una scuola.", {"Leeds", "Screen Yorkshire"}),
    ("en", "They learn with Invest Bristol. You can visit Bristol.", {"Invest Bristol", "Bristol"}),
    ("ko", "리즈 병원 NHS 트러스트는 리즈에 있다.", {"Leeds"}),
    ("en", "“Physical AI will be built in Leeds,” the note says.", {"Leeds"}),
    ("zh", "投资机构 Tarnvale 在利兹。", {"Tarnvale", "Leeds"}),
    ("zh", "Tarnvale：总部位于利兹，有两位创办人。", {"Tarnvale", "Leeds"}),
    ("zh", "Tarnvale：利兹大学的衍生企业。", {"Tarnvale", "University of Leeds"}),
    ("zh", "Tarnvale Ventures 今日在利兹举行会议。", {"Tarnvale Ventures", "Leeds"}),
    ("ja", "英国の計算機「Wetherby」は速い。Wetherby は NVIDIA の GPU で動く。", {"United Kingdom"}),
    ("ja", "リーズのTarnvaleは成長した。", {"Tarnvale", "Leeds"}),
    ("ko", "리즈의 Tarnvale은 성장했다.", {"Tarnvale", "Leeds"}),
    ("zh", "利茲的 Tarnvale 正在成長。", {"Tarnvale", "Leeds"}),
    ("en", "The model HERON runs in Leeds. Influenza makes many ill in Leeds.", {"Leeds"}),
    ("en", "Kirkcaldy's harbour board counts ships.", {"Kirkcaldy"}),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "names"), PLACES)
def test_places_of_the_country(language: str, text: str, names: set[str], home: Callable[[str, str], set[str]]) -> None:
    assert home(text, language) == names


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("en", "Quarnvale Systems was founded in May.\nQuarnvale is fitting out a hall in Leeds.", "Quarnvale Systems"),
        ("en", "The camera belongs to Llaethvale.\nIt rents a room.", ""),
        ("en", "The camera of Leeds belongs to Llaethvale. The startup rents a room in Hull.", "Llaethvale"),
        ("de", "Bald will Corvale Quist nachsehen. Das Start-up aus Leeds baut Sonden.", "Corvale Quist"),
        ("de", "Bald will die Software nachsehen. Das Start-up aus Leeds baut Sonden.", ""),
        ("it", "In Galles ha la telecamera Llaethvale. La startup affitta una stanza.", "Llaethvale"),
        (
            "en",
            "The six machines belong to Tarnvale Cardean, a family business that farms by Leeds.",
            "Tarnvale Cardean",
        ),
        ("de", "Aus Leeds kam Tarnvale Cardean, ein Familienbetrieb mit 90 Leuten.", "Tarnvale Cardean"),
        ("fr", "Le promoteur, Tarnvale Cardean, bâtit à Leeds.", "Tarnvale Cardean"),
        ("de", "In Leeds baut die Tochter Tarnvale Robotics.", "Tarnvale Robotics"),
        ("en", "In Leeds, NPVT Group of Colleges teaches it.", "NPVT Group of Colleges"),
        ("ja", "英国の政府系ファンドが出資する。", ""),
        ("en", "In May, Quarnvale Systems worked with Graphcore in a hall.", "Graphcore"),
        ("en", "- **Tarnvale** (Leeds, England) counts vines.", "Tarnvale"),
        ("en", "In Leeds it is paid for with the broker Quarn & Hythe.", "Quarn & Hythe"),
        ("it", "A Leeds la Fondazione Quarnvale raddoppia la somma.", "Quarnvale Foundation"),
        ("zh", "英国利兹的 Usk Tarnvale Devices 宣布投资。", "Usk Tarnvale Devices"),
    ],
)
def test_what_a_text_calls_a_firm_near_its_name_or_by_a_part_of_it(
    language: str, text: str, names: str, mentions: Callable[[str, str], tuple[Mention, ...]]
) -> None:
    found = {m.name for m in mentions(text, language) if m.kind in ("organisation", "government") and m.uk}
    assert found == ({names} if names else set())


@pytest.mark.parametrize(("language", "text"), ELSEWHERE)
def test_namesakes_elsewhere(language: str, text: str, home: Callable[[str, str], set[str]]) -> None:
    assert home(text, language) == set()


@pytest.mark.parametrize("text", WORDS)
def test_words_that_are_no_names(text: str, home: Callable[[str, str], set[str]]) -> None:
    assert home(text, "en") == set()


@pytest.mark.parametrize(("language", "text", "names"), UNLISTED)
def test_organisations_that_no_list_holds(
    language: str, text: str, names: set[str], home: Callable[[str, str], set[str]]
) -> None:
    assert home(text, language) == names


def test_a_firm_that_does_something_is_no_person_in_french(home: Callable[[str, str], set[str]]) -> None:
    text = "C'est l'intégrateur gallois Tarnvale Calcul, qui a mis en service la machine à Leeds."
    assert home(text, "fr") == {"Tarnvale Calcul", "Welsh", "Leeds"}


def test_an_organisation_that_is_quoted_is_no_person(home: Callable[[str, str], set[str]]) -> None:
    assert home("En Leeds son muchos, según la Organización Mundial de la Salud.", "es") == {"Leeds"}


def test_a_surname_alone_is_no_organisation(home: Callable[[str, str], set[str]]) -> None:
    text = "“It works,” said Carys Tarnvale-Rees in Leeds. For Tarnvale-Rees, who grew up in Hull, it is home."
    assert home(text, "en") == {"Carys Tarnvale-Rees", "Leeds", "Hull"}


def test_who_sits_abroad_is_abroad_wherever_it_is_named(home: Callable[[str, str], set[str]]) -> None:
    text = "La société Halieux, née à Rennes, voyage. À Leeds, Halieux ouvre un atelier."
    assert home(text, "fr") == {"Leeds"}


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("de", "Der Roboter streckt in London den Arm aus.", False),
        ("de", "In London stellt Arm einen Prozessor vor.", True),
        ("en", "In London, Arm shows a design.", True),
    ],
)
def test_a_german_arm_is_an_arm(language: str, text: str, found: bool, home: Callable[[str, str], set[str]]) -> None:
    assert ("Arm" in home(text, language)) is found


def test_the_firm_of_the_headline_sits_where_the_text_says_of_the_company(index: NameIndex) -> None:
    document = (
        "Zorvell Genomics Raises $60 Million\nZorvell Genomics, a company that designs enzymes, has raised $60 million,"
        " it said.\nThe company was spun out of the University of Warwick in 2022."
    )
    found = {m.name for m in find(document, lines(document), "en", index) if m.uk}
    assert found == {"Zorvell Genomics", "University of Warwick"}


def test_a_town_said_to_be_at_home_is_at_home_throughout(home: Callable[[str, str], set[str]]) -> None:
    text = "A fintech de Perth, na Escócia, vai contratar.\nEm Perth há 35 vagas."
    assert home(text, "pt") == {"Perth", "Scotland"}


def test_a_title_s_capitals_make_no_town(index: NameIndex) -> None:
    document = "Drug Safety at the Speed of Reading\nA hospital in London, and in Leeds, reads with AI."
    assert {m.name for m in find(document, lines(document), "en", index) if m.uk} == {"London", "Leeds"}


def test_the_note_says_what_decided(mentions: Callable[[str, str], tuple[Mention, ...]]) -> None:
    (cambridge, state) = mentions("A lab in Cambridge, Massachusetts.", "en")
    assert (cambridge.uk, cambridge.note, cambridge.country) == (False, "Massachusetts is named beside it", "US")
    assert state.name == "Massachusetts"


def test_mentions_are_sorted_apart_and_quote_the_document(index: NameIndex) -> None:
    document = "NSCALE opens\nNscale Ltd, the University of Bristol’s friend, Guy’s and St Thomas’ and ＢＴ in London."
    found = find(document, lines(document), "en", index)
    assert [m.surface for m in found] == [document[m.start : m.end] for m in found]
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert [m.name for m in found] == [
        "Nscale", "Nscale", "University of Bristol", "Guy's and St Thomas'", "BT", "London",
    ]  # fmt: skip


def test_only_the_given_spans_are_read(index: NameIndex) -> None:
    document = "London\nAbout us: Leeds\nBristol"
    assert [m.name for m in find(document, [(0, 6), (23, 30)], "en", index)] == ["London", "Bristol"]
    assert find(document, [], "en", index) == ()


def test_the_government_is_that_of_the_only_country_spoken_of(home: Callable[[str, str], set[str]]) -> None:
    assert "UK Government" in home("The government paid £2 for a site in Bristol.", "en")
    assert "UK Government" not in home("In France the government paid. London looked on.", "en")
    assert "UK Government" not in home("The government of Norway paid for a site near Bristol.", "en")


def test_another_country_is_data() -> None:
    abroad = (Namesake(country="US", region="Texas", population=25_000),)
    towns = (
        Town(name="Paris", country="FR", region="", population=2_000_000, namesakes=abroad),
        Town(name="Lyon", country="FR", region="", population=500_000),
        Town(name="Grenoble", country="FR", region="", population=160_000),
    )
    cities = (Town(name="London", country="GB", region="England", population=9_000_000),)
    names = [
        KnownName(name="Texas", kind="place", role="state", country="US", spellings=(Spelling(text="Texas"),)),
        KnownName(name="France", kind="country", country="FR", spellings=(Spelling(text="France"),)),
        KnownName(name="Mistral AI", kind="organisation", country="FR", spellings=(Spelling(text="Mistral AI"),)),
    ]
    french = build(names, Gazetteer(country="FR", towns=towns, cities=cities), "FR")
    document = "Mistral AI builds in Lyon and in Paris, Texas, and the Grenoble-based start-up Zorbis in London."
    own = {m.name for m in find(document, lines(document), "en", french) if m.uk}
    assert own == {"Mistral AI", "Lyon", "Grenoble", "Zorbis"}


def test_hostile_texts_take_no_time_and_harm_nothing(index: NameIndex) -> None:
    for text in ("A" * 20_000, "Aa " * 8_000, "said " * 4_000, ", A and B" * 3_000, "\n" * 500, "İ" * 99):
        found = find(text, lines(text), "en", index)
        assert all(m.surface for m in found)
