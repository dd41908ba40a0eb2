"""Where a sentence ends, in ten languages. Does no input or output.

A full stop ends a sentence only where a new one can begin after it: not after
an abbreviation ("Mass.", "Oct.", "Dr.", "Mio."), an initial ("U.K.", "N.J.") or
inside a number. Chinese and Japanese end theirs with marks of their own.
"""

import re

# Words that a full stop follows without ending anything. Lower-case, without the stop.
_ABBREVIATIONS = frozenset(
    str.split("""
    mr mrs ms dr prof st sen rep gov gen col sgt jr sr vs etc inc ltd co corp plc bros no nos vol fig approx est
    jan feb mar apr jun jul aug sep sept oct nov dec
    ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev okla ore pa
    penn tenn tex va vt wash wis wyo ont que alta
    m mm mme mmes mlle env janv févr juil
    bzw ca evtl ggf hr fr inkl mio mrd nr tsd usw zzgl bspw z.b d.h u.a z d u
    sr sra srta dra ee uu pág aprox núm
    sig dott ing avv ecc pag
    exmo exma av dep
    """)
)
# Of these, the ones a sentence may also end with, if the next word is no number ("… and partners etc. The …").
_MAY_END = frozenset(str.split("inc ltd co corp plc etc usw ecc bros jr sr"))
_CLOSERS = "\"'”’»)]」』）】"
_OPENERS = "\"'“‘«([¿¡「『（【„‚"
# The first mark stands alone so that the search can run from mark to mark.
_WIDE_END = re.compile(rf"[。！？｡!?][。！？｡!?]*[{re.escape(_CLOSERS)}]*")
_STOP = re.compile(rf"[.!?…][.!?…]*[{re.escape(_CLOSERS)}]*(?:[ \u00a0\u202f][»”])?(?=\s)")
_FOLLOWING = re.compile(rf"\s*[{re.escape(_OPENERS)}\u00a0\u202f ]*(.?)", re.DOTALL)
_LONGEST_ABBREVIATION = max(map(len, _ABBREVIATIONS))
_WORD_BEFORE = re.compile(r"[\w.]+$")
_CJK = frozenset(("ja", "zh"))
_LETTERED = re.compile(r"^(?:[^\W\d_]\.)*[^\W\d_]$")  # "U.K" of "U.K.", "N" of "N."


def _ends(text: str, start: int, stop: re.Match[str], language: str) -> bool:
    """Whether the mark at `stop` really ends the sentence that began at `start`."""
    at, end = stop.span()
    rest = _FOLLOWING.match(text, end)
    assert rest is not None
    following = rest[1]
    if following.islower():
        return False
    if not following or text[at] != "." or text.startswith(".", at + 1):
        return True
    word = text[text.rfind(" ", start, at) + 1 : at].lower()
    if len(word) > _LONGEST_ABBREVIATION and word.isalpha():
        return True
    before = _WORD_BEFORE.search(text, max(start, at - 24), at)
    if before is None:
        return True
    word = before[0].lower()
    if word in _MAY_END:
        return not following.isdigit()
    if word in _ABBREVIATIONS:
        return False
    if _LETTERED.match(word):  # an initial; "in the U.K. The …" ends, "the U.K. Department" does not
        return "." in word and _starts_afresh(text[end:].lstrip())
    # "14. Oktober": a German ordinal; elsewhere a number may end a sentence.
    return not (word.isdigit() and (following.isdigit() or (language == "de" and len(word) <= 2)))


_FRESH = frozenset(
    str.split(
        "the a an this that these those it its they their he she we our in on at by for from with as but and to after "
        "when while last next since under most some both each more about among early one two three"
    )
)


def _starts_afresh(rest: str) -> bool:
    """Whether `rest` begins with a word that opens sentences rather than names."""
    first = re.match(r"[^\W\d_]+", rest.lstrip(_OPENERS))
    return first is not None and first[0][:1].isupper() and first[0].lower() in _FRESH


def _cuts(text: str, language: str) -> list[int]:
    ends = []
    start = 0
    marks = _WIDE_END if language in _CJK else _STOP
    wide = language in _CJK
    for stop in marks.finditer(text):
        end = stop.end()
        if wide:
            # A full stop inside a quotation does not end the sentence that quotes.
            if text[end : end + 1] in ("と", "，", "、"):
                continue
        elif not _ends(text, start, stop, language):
            continue
        ends.append(end)
        start = end
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    return ends


def split(text: str, language: str) -> tuple[tuple[int, int], ...]:
    """The spans of the sentences of one block of text, in order, without the white space between them."""
    spans = []
    start = 0
    for end in _cuts(text, language):
        left, right = start, end
        while left < end and text[left].isspace():
            left += 1
        while right > left and text[right - 1].isspace():
            right -= 1
        if right > left:
            spans.append((left, right))
        start = end
    return tuple(spans)


_DATELINE = re.compile(r"^[^\n.!?]{0,4}?[A-ZÀ-Þ][^\n—–]{1,60}?\s*[—–]\s*")
_DATE_PART = re.compile(r"^(?:[^\n—–]{0,30}\b\d{4}|[A-Z][A-Za-z0-9 ]{1,24})\s*[—–]\s*")


def dateline(text: str) -> int:
    """How many characters of `text` are a press release's dateline ("LONDON — Sept. 18, 2025 — "); 0 where none."""
    first = _DATELINE.match(text) if "—" in text or "–" in text else None
    if not first:
        return 0
    city = re.match(r"[^\W\d_]+", first[0])
    # Agencies write the city in capitals; without them a dash is just a dash, unless a date follows.
    second = _DATE_PART.match(text[first.end() :])
    dated = re.search(r"\b\d{4}\b", first[0] + (second[0] if second else ""))
    if not (city and city[0].isupper() and len(city[0]) > 2) and not dated:
        return 0
    end = first.end()
    while second:
        end += second.end()
        second = _DATE_PART.match(text[end:])
    return end
