"""Words that say nothing of who or how much, in the languages that a second reader may write. Data only.

A sentence's first word has a capital whatever it is, and German gives one to
every noun; these are the words that are no name for all that. A word that is
missing here costs a sentence, one too many could let a name through: leave out
what is also a name.
"""

# May stand at a sentence's beginning. Folded: lower case, no accents.
STARTERS = {
    "en": "a an the this that these those it its they their he she his her we in on at by for from with as and but "
    "to of after before when while under over through together both each all some more most about according "
    "also among both three four five six seven eight nine ten two one here there new during since until once "
    "researchers companies engineers students developers businesses universities scientists hospitals banks",
    "fr": "le la les l un une des du de d ce cet cette ces il elle ils elles on en a au aux dans par pour avec sur "
    "sous selon apres avant depuis ainsi deux trois quatre cinq six sept huit neuf dix son sa ses leur leurs "
    "plusieurs",
    "de": "der die das des dem den ein eine einer einem einen dieser diese dieses er sie es im in am an auf aus bei "
    "mit nach von vom zu zum zur fur uber unter durch gemeinsam laut auch damit dazu dort hier zwei drei vier "
    "funf sechs sieben acht neun zehn bis seit wahrend als mehrere neue ihre seine",
    "es": "el la los las un una unos unas este esta estos estas en con por para de del al segun tras desde hasta "
    "entre su sus tambien ademas dos tres cuatro cinco seis siete ocho nueve diez lo se varias varios es son sera",
    "it": "il lo la i gli le l un uno una questo questa questi queste in con per di del della dei delle a al alla da "
    "dal dalla su secondo dopo tra fra anche due tre quattro cinque sei sette otto nove dieci si alcune "
    "diverse e sono sara",
    "pt": "o a os as um uma uns umas este esta estes estas esse essa em no na nos nas com por para de do da dos das "
    "ao segundo apos desde ate entre seu sua seus suas tambem dois duas tres quatro cinco seis sete oito nove "
    "dez varias e sao sera",
}
# Have a capital anywhere, and are no name: the subject itself, titles, what is always spelled so.
CAPITALS = {
    "en": "i ai gpu gpus ceo mr mrs ms dr prof sir prime minister secretary professor president chief executive",
    "fr": "ia gpu pdg m mme dr",
    "de": "ki gpu gpus ceo",
    "es": "ia gpu ceo",
    "it": "ia ai gpu ceo",
    "pt": "ia gpu ceo",
}
# German nouns, and what longer ones end in. Nothing that names of companies, people or places are or end in: no "bank",
# "land", "stadt", "berg"; no bare "-ung" for Samsung's sake, no "-sion" for Activision's.
GERMAN_NOUNS = frozenset(
    str.split("""
    unternehmen firma firmen land länder jahr jahre jahren monat monate monaten woche wochen tag tage tagen stadt städte
    städten pfund euro prozent stelle stellen leute labor labore laboren chip chips netz netze netzen bau ausbau aufbau
    ziel ziele zielen teil teile teilen ende anfang mitte hilfe chef chefin kunde kunden geld mittel mitteln strom höhe
    plan pläne plänen rahmen beginn zugang norden süden osten westen million millionen milliarde milliarden forschung
    arbeit betrieb einsatz artikel start-ups startups
""")
)
GERMAN_TAILS = tuple(
    str.split("""
    lung rung dung gung bung nung zung lösung leistung leitung lungen rungen dungen gungen bungen nungen zungen lösungen
    igkeit barkeit samkeit lichkeit keiten heiten freiheit sicherheit gesundheit einheit mehrheit wirtschaft
    gesellschaft wissenschaft partnerschaft partnerschaften universität universitäten kapazität kapazitäten
    investition investitionen produktion kooperation innovation innovationen generation organisationen
    unternehmens zentrum zentren rechner rechnern computer computern modell modelle modellen daten projekt projekte
    projekten programm programme programmen arbeitsplatz arbeitsplätze arbeitsplätzen standort standorte standorten
    partner partnern forscher forschern forscherinnen entwickler entwicklern mitarbeiter mitarbeitern mitarbeitende
    mitarbeitenden menschen hochschule hochschulen institute instituten krankenhäuser krankenhäusern intelligenz
    infrastruktur technologien systeme systemen plattform plattformen dienste diensten prozessor prozessoren servern
    fabrik fabriken anlage anlagen zusammenarbeit industrie minister ministerin staatssekretär geschäftsführer
    geschäftsführerin gründer gründerin präsident präsidentin sprecher sprecherin regionen investor investoren bereich
    bereiche bereichen
""")
)
# What a sum is called when it is not said; each must stand in the article as it does in the sentence.
VAGUE = {
    "en": "dozens hundreds thousands millions billions trillions double doubles doubled doubling triple triples "
    "tripled half third quarter quadruple tenfold",
    "fr": "dizaines centaines milliers millions milliards double doubler doublera triple moitie tiers quart",
    "de": "dutzende hunderte tausende millionen milliarden doppelt verdoppelt verdoppeln verdreifacht halfte drittel "
    "viertel",
    "es": "docenas decenas cientos centenares miles millones doble duplica duplicara triple mitad tercio cuarto",
    "it": "decine centinaia migliaia milioni miliardi doppio raddoppia raddoppiera triplo meta terzo quarto",
    "pt": "dezenas centenas milhares milhoes bilhoes dobro duplica duplicara triplo metade terco quarto",
}
# Chinese characters and Korean endings that carry grammar, not names.
CHINESE_GRAMMAR = frozenset(
    "的了是在和与與将將于於对對为為从從到中上下等及其该該由被把也都而并並向以后後前这這那个個还還又或很已"
)
KOREAN_ENDINGS = frozenset(
    str.split(
        "은 는 이 가 을 를 의 에 에서 에게 와 과 로 으로 도 만 부터 까지 이다 했다 한다 하고 하며 할 한 하는 됐다 된다 "
        "되는 이며 이고 입니다 했습니다 합니다 됩니다 이라고 라고 들 들이 들은 들을 들의 들과 인 적 적인 께 이나 나"
    )
)
KOREAN_WORDS = frozenset(
    str.split("및 등 또 더 총 약 한 두 세 네 그 이 수 것 위해 통해 대한 함께 대해 따르면 있다 한다 했다")
)
# "%" in words, right after a number.
PERCENT = (
    r"[ \u00a0\u202f]?(?:%|％|per ?cent\b|pour cent\b|Prozent|por ?ciento\b|por cento\b|per cento\b"
    r"|パーセント|퍼센트|프로\b)"
)
