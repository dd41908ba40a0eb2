"""Figures: what counts, in ten languages, and what only looks like one.

A row of the tables is a language, a text, and the figures it holds: kind, value,
qualifier ("up to" <=, "more than" >=, "about" ~), in the order of the text.
"""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.tagging.facts import find
from presswatch.models import Fact

LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "ja", "ko", "zh")
_MARKS = {"up to": "<=", "more than": ">=", "about": "~", "": ""}


def figures(text: str, language: str) -> list[str]:
    """The facts of a text as the tables write them."""
    return [_short(fact) for fact in find(text, [(0, len(text))], language)]


def _short(fact: Fact) -> str:
    unit = f" {fact.unit}" if fact.kind == "money" else ""
    return f"{fact.kind} {_MARKS[fact.qualifier]}{fact.value:.15g}{unit}"


FOUND = [
    # a figure that leaves out what it measures
    ("en", "The fund puts in £90 million, and another 30 million is lent by the bank.",
     "money 90000000 GBP; money 30000000 GBP"),
    ("en", "The site costs £3 billion. Half a billion of that comes from Leeds.",
     "money 3000000000 GBP; money 500000000 GBP"),
    ("en", "The council granted it £7.5m and the county two million more.", "money 7500000 GBP; money 2000000 GBP"),
    ("de", "2,2 Milliarden Pfund kostet es. Eine halbe Milliarde davon stellt die Kasse, weitere 90 Millionen der"
     " Versicherer.", "money 2200000000 GBP; money 500000000 GBP; money 90000000 GBP"),
    ("fr", "La ville apporte 28 millions de livres, et la banque 12 millions de plus.",
     "money 28000000 GBP; money 12000000 GBP"),
    ("es", "Invierte 60 millones de libras; otros 20 millones los pone el Gobierno.",
     "money 60000000 GBP; money 20000000 GBP"),
    ("it", "Investe 28 milioni di sterline; altri 12 milioni arrivano dal fondo.",
     "money 28000000 GBP; money 12000000 GBP"),
    ("pt", "Investe 28 milhões de libras; outros 12 milhões virão do fundo.",
     "money 28000000 GBP; money 12000000 GBP"),
    ("en", "It will create 400 permanent jobs, and as many as 900 more while it is built.", "jobs 400; jobs <=900"),
    ("de", "Auf Dauer entstehen 400 Stellen, während der Bauzeit kommen bis zu 900 hinzu.", "jobs 400; jobs <=900"),
    ("fr", "Une quarantaine d’entreprises l'essaieront.", "companies ~40"),
    ("it", "La useranno una sessantina di imprese.", "companies ~60"),
    ("ja", "来年末までに90人を新たに雇用します。", "jobs 90"),
    ("ja", "新たな雇用は約600人を見込みます。", "jobs ~600"),
    ("fr", "Le groupe recrutera de 60 à 80 ingénieurs.", "jobs <=80"),
    ("en", "They aim at £40 million in sales.", "money 40000000 GBP"),
    ("en", "It trains fewer than 50 engineers.", "people <=50"),
    ("ja", "180人の常勤職を設け、さらに1,100人が働く。", "jobs 180; jobs 1100"),
    ("zh", "建成后提供长期岗位 180 个", "jobs 180"),
    ("ja", "96 基の NVIDIA RTX PRO 6000 Blackwell GPU を置く。", "gpus 96"),
    ("de", "Sie schafft 85 Dauerstellen.", "jobs 85"),
    # money
    ("en", "worth £750 million ($1 billion)", "money 750000000 GBP; money 1000000000 USD"),
    ("en", "a £2.4bn plan", "money 2400000000 GBP"),
    ("en", "a £2.5-billion commitment", "money 2500000000 GBP"),
    ("en", "It needs half a billion pounds.", "money 500000000 GBP"),
    ("en", "a 500-million-pound fund", "money 500000000 GBP"),
    ("en", "The state pays A$6 million, CHF 40 million and 2 trillion won.",
     "money 6000000 AUD; money 40000000 CHF; money 2000000000000 KRW"),
    ("en", "£40 million a year", "money 40000000 GBP"),
    ("en", "two billion pounds of investment", "money 2000000000 GBP"),
    ("en", "2 million pounds of public money", "money 2000000 GBP"),
    ("fr", "jusqu’à 11\u202fmilliards de livres sterling", "money <=11000000000 GBP"),
    ("fr", "plus d'un milliard d'euros, soit 20 M€ de plus", "money >=1000000000 EUR; money 20000000 EUR"),
    ("de", "500 Mio. £ und 20 Millionen britische Pfund", "money 500000000 GBP; money 20000000 GBP"),
    ("de", "rund 2,9 Milliarden Euro", "money ~2900000000 EUR"),
    ("es", "2,4 mil millones de libras", "money 2400000000 GBP"),
    ("it", "225 milioni di sterline", "money 225000000 GBP"),
    ("pt", "2,5 mil milhões de libras e R$ 2 bilhões", "money 2500000000 GBP; money 2000000000 BRL"),
    ("ja", "20億ポンド（約4,000億円）", "money 2000000000 GBP; money ~400000000000 JPY"),
    ("ko", "최대 2억 2500만 파운드와 2조 원", "money <=225000000 GBP; money 2000000000000 KRW"),
    ("zh", "8,500 萬英鎊（約新台幣 34 億元）", "money 85000000 GBP; money ~3400000000 TWD"),
    ("zh", "1.2亿英镑，最多拨款5亿元", "money 120000000 GBP; money <=500000000 CNY"),
    # GPUs
    ("en", "as many as 25,000 Rubin GPUs", "gpus <=25000"),
    ("en", "5,448 NVIDIA GH200 Grace Hopper Superchips", "gpus 5448"),
    ("en", "10,000 H100s and 60,000 of NVIDIA's latest Blackwell GPUs", "gpus 10000; gpus 60000"),
    ("en", "a 260,000-GPU network with 8,000 AI chips", "gpus 260000; gpus 8000"),
    ("en", "300,000 GPUs worldwide, 60,000 of them in the UK", "gpus 300000; gpus 60000"),
    ("fr", "120\u202f000 GPU NVIDIA Blackwell, dont 60\u202f000 au Royaume-Uni", "gpus 120000; gpus 60000"),
    ("de", "120.000 Blackwell-GPUs, davon 60.000 in Wales", "gpus 120000; gpus 60000"),
    ("es", "23.000 procesadores gráficos", "gpus 23000"),
    ("it", "5.448 Superchip Grace Hopper", "gpus 5448"),
    ("pt", "até 120 mil GPUs", "gpus <=120000"),
    ("ja", "最大12万個のGPU、うち6万個は英国", "gpus <=120000; gpus 60000"),
    ("ja", "Blackwell GPUを1万4000個導入", "gpus 14000"),
    ("ko", "블랙웰 GPU 1만 4000장", "gpus 14000"),
    ("ko", "최대 5만 개의 GPU", "gpus <=50000"),
    ("zh", "512 顆 NVIDIA Blackwell GPU", "gpus 512"),
    ("zh", "部署2.3万块GPU，其中6000块在英国", "gpus 23000; gpus 6000"),
    # jobs: posts, and people who are hired
    ("en", "3,400 jobs and 1,000 permanent roles", "jobs 3400; jobs 1000"),
    ("en", "They will hire 45 people in York.", "jobs 45"),
    ("en", "As many as 450 people employed; 65 engineers are to work there.", "jobs <=450; jobs 65"),
    ("en", "The mill trained 38 weavers; the school taught 40 servers.", "people 38"),
    ("it", "120 decoratori seguiranno un corso", "people 120"),
    ("fr", "lever 12 millions de livres, dont 2 millions de l’État", "money 12000000 GBP; money 2000000 GBP"),
    ("ja", "190 人の常勤雇用が見込まれます", "jobs 190"),
    ("en", "320 RTX PRO 6000 Blackwell Server Edition GPUs", "gpus 320"),
    ("en", "taking on up to 200 highly skilled engineers", "jobs <=200"),
    ("en", "120 new, well-paid jobs", "jobs 120"),
    ("en", "Its team grows by 200 posts", "jobs 200"),
    ("fr", "recruter une cinquantaine d’ingénieurs", "jobs ~50"),
    ("de", "Das Unternehmen stellt 45 Leute ein.", "jobs 45"),
    ("es", "contratará a más de 120 ingenieros", "jobs >=120"),
    ("it", "assumerà 45 persone per 750 posti di lavoro", "jobs 45; jobs 750"),
    ("pt", "750 postos de trabalho", "jobs 750"),
    ("ja", "120名の技術者を新たに採用し、750人の雇用を創出", "jobs 120; jobs 750"),
    ("ko", "일자리 1,500개, 엔지니어 120명을 새로 채용", "jobs 1500; jobs 120"),
    ("zh", "聘用 120 名工程師，創造 750 個工作機會", "jobs 120; jobs 750"),
    # people
    ("en", "About 900 clinicians and data scientists", "people ~900"),
    ("en", "It employs 300 people.", "people 300"),
    ("en", "More than 10 million workers will be trained", "people >=10000000"),
    ("en", "250 toxicologists and 12 PhD studentships", "people 250; people 12"),
    ("en", "train over 2000 students", "people >=2000"),
    ("fr", "60\u202f000 employés, 75 doctorants", "people 60000; people 75"),
    ("de", "rund 7.500 Entwicklerinnen und Softwareentwickler", "people ~7500"),
    ("es", "2.500 plazas de aprendizaje", "people 2500"),
    ("it", "10.000 studenti", "people 10000"),
    ("pt", "75 bolsas de doutorado", "people 75"),
    ("ja", "約900名の医師", "people ~900"),
    ("ko", "개발자 7,500여 명을 교육", "people >=7500"),
    ("zh", "培訓約 900 名醫師與資料科學家", "people ~900"),
    # companies
    ("en", "NVIDIA Inception counts more than 1,800 British members.", "companies >=1800"),
    ("en", "some 40 small and medium-sized businesses", "companies ~40"),
    ("en", "1,800+ companies and 30 smaller lenders", "companies >=1800; companies 30"),
    ("fr", "plus de 1\u202f800 jeunes entreprises", "companies >=1800"),
    ("fr", "une trentaine d’entreprises et 300 jeunes pousses", "companies ~30; companies 300"),
    ("de", "30 kleine und mittlere Unternehmen", "companies 30"),
    ("es", "unas 250 empresas emergentes", "companies ~250"),
    ("it", "circa 250 aziende", "companies ~250"),
    ("pt", "1.800 startups", "companies 1800"),
    ("ja", "国内の1,800社以上", "companies >=1800"),
    ("ko", "스타트업 1,800여 곳", "companies >=1800"),
    ("zh", "1,800 多家初创企业", "companies >=1800"),
    # power and computing speed
    ("en", "over a gigawatt, 50-megawatt halls and 500 kW", "power >=1000; power 50; power 0.5"),
    ("fr", "une puissance de 1,1 gigawatt", "power 1100"),
    ("de", "über ein Gigawatt", "power >=1000"),
    ("es", "1,1 gigavatios", "power 1100"),
    ("ja", "1ギガワット超、50メガワット", "power >=1000; power 50"),
    ("ko", "50메가와트", "power 50"),
    ("zh", "50兆瓦，1吉瓦，10万千瓦", "power 50; power 1000; power 100"),
    ("en", "21 exaflops, 250 petaflops, 200 PFLOPS", "compute 21; compute 0.25; compute 0.2"),
    ("it", "21 exaflop", "compute 21"),
    ("ja", "21エクサフロップス", "compute 21"),
    ("ko", "21엑사플롭스", "compute 21"),
    ("zh", "每秒21百亿亿次浮点运算", "compute 21"),
    # ranges have their upper end
    ("en", "between 500 and 700 jobs", "jobs <=700"),
    ("en", "a £1–2 billion fund, a £500m-£700m loan", "money <=2000000000 GBP; money <=700000000 GBP"),
    ("en", "between £500 million and £700 million", "money <=700000000 GBP"),
    ("fr", "entre 500 et 700 emplois", "jobs <=700"),
    ("de", "zwischen 500 und 700 Jobs", "jobs <=700"),
    # the number that stands next to the noun counts it
    ("de", "Bis 2031 sollen ihn 1.200 Menschen abschließen.", "people 1200"),
    ("en", "320 RTX PRO 6000 GPUs", "gpus 320"),
    ("es", "aporta 80 millones de libras de esa suma", "money 80000000 GBP"),
    ("ja", "従業員 600 人が研修を受けます", "people 600"),
    ("en", "has taught 40 harbor pilots to doubt", "people 40"),
    ("pt", "Serão abertas 90 vagas, metade delas na cidade.", "jobs 90"),
    ("it", "un corso di laurea magistrale con cinquanta posti", "people 50"),
    ("pt", "Vêm junto dezoito vagas na cidade, com salários altos.", "jobs 18"),
    ("de", "Bis zu 400 Menschen sollen auf dem Gelände Arbeit finden.", "jobs <=400"),
    ("ja", "新たに25人の技術者が加わる予定だ。", "jobs 25"),
    ("ko", "130명이 이곳에서 일하게 된다", "jobs 130"),
    ("ko", "연구원 45명을 현지에서 채용합니다", "jobs 45"),
]  # fmt: skip

NOTHING = [
    # what was, and what others have
    ("en", "It reported revenue of £18 million last year."),
    ("en", "Sales of about £18 million were reported."),
    ("de", "Sie erzielte zuletzt einen Umsatz von rund 18 Millionen Pfund."),
    ("ja", "売上高は約20億ポンド。"),
    ("ko", "매출은 20억 파운드였다."),
    ("zh", "去年营收为20亿英镑。"),
    ("pt", "A mina, que dava emprego a 700 homens, fechou."),
    ("fr", "L’usine faisait vivre 900 ouvrières."),
    ("pt", "com salários a partir de 28 mil libras"),
    ("en", "with salaries of about £34,000"),
    ("fr", "C’est peu au regard des 2 000 postes supprimés à l’aciérie."),
    ("it", "Sono pochi rispetto ai 2.000 posti persi."),
    ("en", "The towns have lost close to 2,800 jobs since then."),
    ("en", "It is for firms with fewer than 50 staff."),
    ("fr", "Elle sera réservée aux entreprises de moins de 50 salariés."),
    ("it", "Il fatturato dello scorso anno è stato di 7,8 milioni di euro."),
    ("es", "Los ingresos del año pasado fueron de 7,8 millones de euros."),
    ("fr", "Ce sont 35 firmes qui comptent moins de vingt salariés."),
    ("fr", "Le marché de la sélection, estimé à 20 milliards de dollars, grandit."),
    ("it", "Ha chiuso l'anno con ricavi per 6 milioni di euro."),
    ("ja", "社員 19 人の企業が開発した。"),
    ("ko", "직원 190명의 기업이 만들었다."),
    ("en", "The market is expected to reach £18 billion."),
    ("es", "Un mercado mundial que alcanzará más de 18 millones de libras."),
    ("ja", "市場規模は2030年までに約20億ポンドになる。"),
    ("ko", "세계 시장 규모가 2030년에 80억 달러를 넘는다."),
    ("zh", "市场规模将在2030年达到80亿美元。"),
    ("de", "Bis 2031 kommt er."),
    ("fr", "À titre de comparaison, le campus de Fouju vise 1,4 GW et 8,5 milliards d'euros."),
    ("en", "In comparison, the one in Lyon has 300 GPUs."),
    ("en", "They come on foot; another 40 million is not much."),
    ("en", "more than 2 billion pounds of bottles, cans and cartons"),
    ("en", "engines with 1.7 million pounds of thrust and a 4,000-pound arm"),
    ("en", "Scrap went down by 1.2 million pounds in the first quarter."),
    ("fr", "10 000 livres numérisés"),
    ("es", "dos mil millones de libras de residuos"),
    ("de", "12.000 Pfund Schub"),
    ("ja", "20億ポンドの廃棄物"),
    ("en", "£2.50 an hour, £399 each, $1.41 per GPU"),
    ("en", "200 requests to developers, 170 monitoring stations, 14 NHS trusts"),
    ("en", "RTX 5090 GPUs, a GB200 system, 500 GB300 NVL72 racks, 10,000 GPU hours"),
    ("en", "Fortune 500 companies; in 2026 companies will follow; since 2019 students can"),
    ("en", "45% of companies, 62 percent of firms, one in three firms"),
    ("en", "the two companies and three founders"),
    ("en", "hundreds of jobs and billions of pounds"),
    ("en", "150,000 CPUs, 2,000 Grace CPUs, 30 quantum processors"),
    ("en", "20 GWh, 3 gigawatt-hours, 84 gigaflops per watt, 40 tokens per MW"),
    ("en", "8 GPUs per server"),
    ("zh", "电力以兆瓦（百万瓦）计"),
    ("en", "100 times more, 400 metres, aged 16 to 18, 5 km, 200 cars"),
    ("en", "1,000 attendees came. 500 developers attended."),
    ("en", "2,000 training jobs and 30 blog posts"),
    ("en", "a city of 600,000 people"),
    ("fr", "neuf hôpitaux et 170 stations de mesure"),
    ("es", "llegar al millón de hablantes"),
    ("pt", "O AI Day reuniu 1.500 desenvolvedores."),
    ("ja", "100個の模擬地雷、80以上のシステム、第3名、2026年"),
    ("ko", "수십억 파운드"),
    ("zh", "14 家英國公立醫院，第3名，人工智能"),
    # a noun right before the number is what it counts
    ("ko", "GPU를 단 로봇 12대"),
    ("ja", "GPU で学習したロボット 12 台を導入"),
    ("zh", "由 GPU 控制的相機 12 個"),
]


@pytest.mark.parametrize(("language", "text", "expected"), FOUND)
def test_figures_are_read_as_the_language_writes_them(language: str, text: str, expected: str) -> None:
    assert figures(text, language) == expected.split("; ")


@pytest.mark.parametrize(("language", "text"), NOTHING)
def test_what_only_looks_like_a_figure_is_none(language: str, text: str) -> None:
    assert figures(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "quote"),
    [
        ("en", "It counts more than 1,800 British members of NVIDIA Inception.", "more than 1,800 British members"),
        ("en", "It has 5,448 NVIDIA GH200 Grace Hopper Superchips now", "5,448 NVIDIA GH200 Grace Hopper Superchips"),
        ("en", "between 500 and 700 jobs", "between 500 and 700 jobs"),
        ("fr", "avec 120 000 GPU Blackwell Ultra doivent", "120 000 GPU Blackwell Ultra"),
        ("ja", "国内の1,800社以上がすでに", "1,800社以上"),
        ("zh", "還將培訓約 900 名醫師與資料科學家，讓他們", "約 900 名醫師與資料科學家"),
    ],
)
def test_the_quote_holds_the_qualifier_the_number_and_what_it_counts(language: str, text: str, quote: str) -> None:
    [fact] = find(text, [(0, len(text))], language)
    assert fact.quote == quote
    assert text[fact.start : fact.end] == quote


def test_a_comparison_takes_only_its_own_sentence() -> None:
    assert figures("It has 300 GPUs. In comparison, the one in Lyon has 500 GPUs. Leeds adds 900 GPUs.", "en") == [
        "gpus 300",
        "gpus 900",
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It has 300 GPUs. “For comparison, the one in Lyon has 500 GPUs.” Leeds adds 900 GPUs."),
        ("en", "“It has 300 GPUs.” By way of comparison, the one in Lyon has 500 GPUs! Leeds adds 900 GPUs."),
        ("en", "They asked: it has 300 GPUs? IN COMPARISON, the one in Lyon has 500 GPUs. Leeds adds 900 GPUs."),
        ("de", "Er hat 300 GPUs. Zum Vergleich: Der in Lyon hat 500 GPUs. Leeds erhält 900 GPUs."),
        ("ja", "300個のGPUがある。参考までに、リヨンには500個のGPUがある。リーズには900個のGPUがある。"),
        ("zh", "它有 300 個 GPU。」相較之下，里昂有 500 個 GPU。里茲有 900 個 GPU。"),
    ],
)
def test_a_comparison_is_known_by_how_its_sentence_begins(language: str, text: str) -> None:
    assert figures(text, language) == ["gpus 300", "gpus 900"]


def test_a_comparison_within_a_sentence_says_nothing_of_its_figures() -> None:
    assert figures("The one in Lyon, in comparison, has 500 GPUs.", "en") == ["gpus 500"]


def test_people_behind_a_sum_are_no_money() -> None:
    assert figures("They spent £3 billion. Another 40 million people use it.", "en") == [
        "money 3000000000 GBP",
        "people 40000000",
    ]
    assert figures("It cost £7.5m and two million more people came.", "en") == ["money 7500000 GBP"]


def test_only_the_given_spans_are_read() -> None:
    text = "It costs £2 million.\nAbout us: we earned £9 million."
    assert [f.value for f in find(text, [(0, 20)], "en")] == [2_000_000]


def test_a_figure_told_twice_counts_once_in_its_more_careful_wording() -> None:
    text = "£11 Billion for Essex\nPartners will invest up to £11 billion. It is £11 billion in all."
    [fact] = find(text, [(0, len(text))], "en")
    assert (fact.qualifier, fact.quote) == ("up to", "up to £11 billion")


def test_no_figure_reaches_over_the_end_of_a_line() -> None:
    assert figures("The number is 500\nGPUs are fast", "en") == []


def test_a_language_without_tables_is_read_as_english() -> None:
    assert figures("£5 million for 300 GPUs", "und") == ["money 5000000 GBP", "gpus 300"]


@given(st.integers(min_value=1000, max_value=10**12), st.sampled_from(LANGUAGES))
def test_a_sum_is_read_back_from_every_language(value: int, language: str) -> None:
    mark = {"fr": "\u202f", "de": ".", "es": ".", "it": ".", "pt": "."}.get(language, ",")
    name = {"en": " pounds", "fr": " livres sterling", "de": " Pfund", "es": " libras esterlinas", "it": " sterline",
            "pt": " libras", "ja": "ポンド", "ko": "파운드", "zh": "英镑"}[language]  # fmt: skip
    text = f"{value:,}".replace(",", mark) + name
    [fact] = find(text, [(0, len(text))], language)
    assert (fact.kind, fact.value, fact.unit, fact.quote) == ("money", value, "GBP", text)


@given(st.text(max_size=400), st.sampled_from(LANGUAGES))
def test_any_text_is_read_and_every_quote_stands_in_it(text: str, language: str) -> None:
    for fact in find(text, [(0, len(text))], language):
        assert text[fact.start : fact.end] == fact.quote
        assert fact.value > 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "piece",
    [
        "123 ",
        "500-",
        "1万",
        "two hundred and ",
        "2 million pounds ",
        "200 people ",
        "zweihundert",
        "60,000 of them ",
        "5 GPU ",
    ],
)
def test_a_hostile_text_costs_no_more_than_its_length(piece: str, language: str) -> None:
    text = piece * (20_000 // len(piece))
    begin = time.process_time()
    find(text, [(0, len(text))], language)
    assert time.process_time() - begin < 2
