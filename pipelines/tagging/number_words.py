"""The words that numbers are written with in ten languages. Data only; does no input or output."""

CJK = frozenset({"ja", "ko", "zh"})
COMMA_DECIMAL = frozenset({"de", "es", "fr", "it", "pt"})
SPACE = " \u00a0\u202f\u2009"

# Word → power of ten or plain factor. Only what follows a number or an article counts: "millions of" has no value.
SCALES: dict[str, dict[str, str]] = {
    "en": {
        "12": "dozen",
        "100": "hundred",
        "1e3": "thousand k K",
        "1e5": "lakh lakhs",
        "1e6": "million millions mn mln m M",
        "1e7": "crore crores",
        "1e9": "billion billions bn Bn BN bln b B",
        "1e12": "trillion trillions tn trn",
    },
    "fr": {
        "10": "dizaine",
        "12": "douzaine",
        "15": "quinzaine",
        "20": "vingtaine",
        "30": "trentaine",
        "40": "quarantaine",
        "50": "cinquantaine",
        "60": "soixantaine",
        "100": "centaine",
        "1e3": "mille millier milliers k K",
        "1e6": "million millions Mio M",
        "1e9": "milliard milliards Mds Md Mrd",
        "1e12": "billion billions",
    },
    "de": {
        "12": "Dutzend",
        "100": "hundert",
        "1e3": "tausend Tausend Tsd k",
        "1e6": "Million Millionen Mio Mill M",
        "1e9": "Milliarde Milliarden Mrd Mia",
        "1e12": "Billion Billionen Bio",
    },
    "es": {
        "10": "decena",
        "12": "docena",
        "15": "quincena",
        "20": "veintena",
        "30": "treintena",
        "40": "cuarentena",
        "50": "cincuentena",
        "100": "centenar centenares",
        "1e3": "mil millar millares k",
        "1e6": "millón millones millon M MM mln",
        "1e9": "millardo millardos",
        "1e12": "billón billones",
    },
    "it": {
        "10": "decina",
        "12": "dozzina",
        "15": "quindicina",
        "20": "ventina",
        "30": "trentina",
        "40": "quarantina",
        "50": "cinquantina",
        "60": "sessantina",
        "70": "settantina",
        "80": "ottantina",
        "90": "novantina",
        "100": "centinaio",
        "1e3": "mila mille migliaio migliaia k",
        "1e6": "milione milioni mln M",
        "1e9": "miliardo miliardi mld",
        "1e12": "bilione bilioni trilione trilioni",
    },
    "pt": {
        "10": "dezena",
        "12": "dúzia",
        "20": "vintena",
        "100": "centena",
        "1e3": "mil milhar milhares k",
        "1e6": "milhão milhões mi M",
        "1e9": "bilhão bilhões bi",
        "1e12": "trilhão trilhões tri bilião biliões",
    },
}
# Words that text2num reads; a run of them, with the scales above, is handed to it.
SPELLED = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts trente"
    " quarante cinquante soixante septante octante huitante nonante cent cents mille",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete"
    " dieciocho diecinueve veinte veintiuno veintiún veintidós veintitrés veinticuatro veinticinco veintiséis"
    " veintisiete veintiocho veintinueve treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento"
    " doscientos doscientas trescientos trescientas cuatrocientos cuatrocientas quinientos quinientas seiscientos"
    " seiscientas setecientos setecientas ochocientos ochocientas novecientos novecientas mil",
    "pt": "dois duas três quatro cinco seis sete oito nove dez onze doze treze catorze quatorze quinze dezesseis"
    " dezasseis dezessete dezassete dezoito dezenove dezanove vinte trinta quarenta cinquenta sessenta setenta oitenta"
    " noventa cem cento duzentos duzentas trezentos trezentas quatrocentos quatrocentas quinhentos quinhentas"
    " seiscentos seiscentas setecentos setecentas oitocentos oitocentas novecentos novecentas mil",
    "de": "",
    "it": "",
}
# German and Italian glue their numbers together; these are the pieces.
GLUED = {
    "de": "einund zweiund dreiund vierund fünfund sechsund siebenund achtund neunund einhundert eintausend zwei drei"
    " vier fünf sechs sieben acht neun zehn elf zwölf sechzehn siebzehn zwanzig dreißig vierzig fünfzig sechzig"
    " siebzig achtzig neunzig hundert tausend und",
    "it": "due tre tré quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici"
    " diciassette diciotto diciannove venti vent trenta trent quaranta quarant cinquanta cinquant sessanta sessant"
    " settanta settant ottanta ottant novanta novant uno un cento cent mille mila",
}
AND = {"en": "and", "fr": "et", "es": "y", "pt": "e", "de": "und", "it": "e"}
ARTICLES = {
    "en": "a an",
    "fr": "un une",
    "de": "ein eine einem einen einer eines",
    "es": "un una",
    "it": "un una uno",
    "pt": "um uma",
}
HALF_BEFORE = {
    "en": r"half an?[ -]|half-an?-",
    "fr": r"un demi[ -]",
    "de": r"(?:eine[r]? )?halbe[n]? ",
    "es": r"medio ",
    "it": r"mezzo ",
    "pt": r"meio ",
}
HALF_AFTER = {"fr": "et demie?", "es": "y medi[oa]", "it": "e mezzo", "pt": "e mei[oa]"}
UNIT_AHEAD = r"(?=[ \u00a0\u202f-](?:[KkMmGgTt]ilo|[Mm][eé]ga|[Gg]iga|[Tt]era|[Ee]xa|[Pp]eta|[Zz]etta)[wvf])"
CJK_UNITS = {
    "十": 10, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "億": 10**8, "亿": 10**8, "兆": 10**12, "京": 10**16,
    "십": 10, "백": 100, "천": 1000, "만": 10**4, "억": 10**8, "조": 10**12,
}  # fmt: skip
CJK_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "兩": 2}
FULL_WIDTH = str.maketrans("，．", ",.")  # the digits themselves are read by Decimal
# A line without any of these holds no spelled number that could be news: "one" and "two" alone are left out.
STEMS = {
    "en": "illion thousand hundred dozen twenty thirty forty fifty sixty seventy eighty ninety teen twelve eleven"
    " gpu uperchip watt flop crore lakh",
    "fr": "illi mille cent vingt trente quarante cinquante soixante septante nonante taine zaine gpu uperpuce watt "
    "flop",
    "de": "illi hundert tausend zig ßig zwölf dutzend gpu uperchip watt flop",
    "es": "mill mil ntena cient cien treinta cuarenta cincuenta sesenta setenta ochenta noventa veint docena cena gpu "
    "vatio watt flop",
    "it": "mili mila mille centinaio cent venti trenta quaranta cinquanta sessanta settanta ottanta novanta dozzin "
    "ntina decina dicina cento gpu watt flop",
    "pt": "milh bilh tri mil cent cem cen dez vinte trinta quarenta cinquenta sessenta setenta oitenta noventa dúzia "
    "gpu watt flop",
}
TEN = {"en": "ten ", "fr": "dix ", "de": "zehn ", "es": "diez ", "it": "dieci ", "pt": "dez "}
