"""Whether a place is meant, and which; `namesakes` tells those of one name apart. Does no input or output.

The context decides, in this order: a state or country named beside the place,
what the same text says of the same name elsewhere, the other names of the
paragraph and of the text, and at last which of the namesakes is larger. The
note of every decision says which of these it was.
"""

import re

from pipelines.tagging import namesakes
from pipelines.tagging.scene import WORLDWIDE, Item, Scene, is_place
from pipelines.tagging.triggers import HONORIFICS, words
from presswatch.names import COUNTRY

_LOCATIVE = re.compile(
    r"(?:\b(?:in|at|near|from|to|around|outside|across|between|of|for|off|above|below|"
    r"beyond|into|towards|grafschaft|comté de|condado de|contea di|à|en|de|depuis|près de|vers|sur|entre|bei|"
    r"aus|nach|von|um|nahe|zwischen|a|cerca de|desde|hacia|di|da|presso|verso|em|para|perto de)[ \u00a0]|\bd['’]|"
    r"\b(?:im|aus dem)[ \u00a0][a-zäöüß]{4,}en[ \u00a0]|"
    r"(?:\b(?:town|city|village|port|ville|bourg|ciudad|pueblo|villa|puerto|città|cittadina|borgo|porto|cidade|vila)"
    r"|(?:stadt|städtchen|dorf|hafen)s?)[ \u00a0])$",
    re.IGNORECASE,
)
_AND = re.compile(
    r"^\s*(?:,|、|,?\s*(?:and|&|or|et|und|y|e|ed|o|ou|oder)(?:\s(?:to|in|at|à|de|en|a|em|di|d['’]))?)\s*$"
)
_LAST_WORD = re.compile(r"(?:.*[^\w’'.-])?[\d_’'.-]*([^\W\d_][\w’'.-]*)\Z", re.DOTALL)
_LATIN_BEHIND = re.compile(r"[ \u00a0][A-Z][a-z]")
_AFTER = re.compile(r"^[ \u00a0]([^\W\d_][\w’'-]*)")
_BASED = re.compile(r"^-(?:based|born|born|headquartered|listed|area)\b")
# "Kirkcaldy's harbour board": what a town has, if nobody in the text is called so.
_OWNS = re.compile(r"['’]s [a-z]")
_PLAIN = re.compile(r"(?<!['’]s)(?<!\.)$")
_SMALL = 20_000
_LARGE = 100_000
# A small town that other names of the country stand by says as much as a larger one.
_SUPPORTED = 0.8
# What is left of a place's weight where only its size tells it from its namesakes.
_ALONE = 0.75
# Words with a capital that may stand before a town without making it a part of a longer name.
_FREE = words("in at near from to of the a an and or for with while meanwhile today north south east west central "
                  "greater inner outer upper lower royal à au en de dans pour depuis a em no na di da il la le der die "
                  "das im von bei und")  # fmt: skip


def settle(scene: Scene) -> None:
    """Decide every place of the scene, and every other name that needs company."""
    for item in scene.items:
        _first(item, scene)
    abroad, home = namesakes.beside(scene)
    scene.weigh()
    open_ones = [i for i in scene.items if i.uk is None]
    _decide(scene, open_ones, abroad, home)
    if namesakes.bodies_abroad(scene):  # what they supported is decided anew
        for item in open_ones:
            item.uk, item.dropped, item.weight = None, False, item.target.weight
        scene.weigh()
        _decide(scene, open_ones, abroad, home)
    namesakes.suburbs(scene)
    namesakes.follow(scene)


def _decide(scene: Scene, open_ones: list[Item], abroad: set[str], home: dict[str, str]) -> None:
    """Settle what `namesakes.beside` left open: the well-known places, the others, and what needs company."""
    sure = [i for i in open_ones if is_place(i) and _is_sure(i)]
    for item in sure:
        _sure(item, scene, abroad)
    scene.count(sure)
    unsure = [i for i in open_ones if i.uk is None and is_place(i) and i.target.country == scene.index.country]
    # What is better known elsewhere looks at what the others turned out to be: "Dundee and Perth".
    outshone = [i for i in unsure if i.target.rivalry == "dominated"]
    for some in ([i for i in unsure if i.target.rivalry != "dominated"], outshone):
        for item in some:
            if item.target.name in home and item.target.name not in abroad and not _in_longer_name(item, scene):
                where = home[item.target.name]
                item.uk, item.note = True, f"the same text says that this {item.target.name} is in {where}"
            else:
                _unsure(item, scene, abroad)
        scene.count(some)
    scene.count(_met_again(unsure, scene))
    needy = [i for i in open_ones if i.uk is None]
    for item in needy:
        _needy(item, scene)
    scene.count(needy)


def _met_again(unsure: list[Item], scene: Scene) -> list[Item]:
    """A place that the text told once as such is the same place wherever it stands again ("Warrenpoint trains …")."""
    told = {i.target.name: i for i in unsure if i.uk and not i.dropped}
    again = []
    for item in unsure:
        one = told.get(item.target.name)
        if not one or not item.dropped or item.target.needs:
            continue
        if not _in_longer_name(item, scene) and not _is_surname(item, scene):
            item.dropped, item.uk, item.weight, item.note = False, True, one.weight, one.note
            again.append(item)
    return again


# A town's name before what one says to a person is a surname: 웨일스 박사. "Minister" might be the town's own.
_HONOURED = {"ko": re.compile(r"[ ]?(?:박사|씨)(?![가-힣]*(?:과정|학위))"), "ja": re.compile("(?:氏|博士|さん)")}


def _is_honoured(item: Item, scene: Scene) -> bool:
    """Whether what stands before or behind makes it somebody's surname: "Dr. Bristol's team"."""
    before = scene.document[max(0, item.start - 11) : max(0, item.start - 1)].split()
    if before and not scene.east and before[-1].rstrip(".") in HONORIFICS:
        return True
    honour = _HONOURED.get(scene.language)
    return honour is not None and honour.match(scene.document, item.end) is not None


def _first(item: Item, scene: Scene) -> None:
    """Names that need no context."""
    target, home = item.target, item.target.country == scene.index.country
    item.weight = target.weight
    if item.uk is None and is_place(item) and _is_honoured(item, scene):
        item.uk, item.dropped = False, True
        return
    if item.uk is not None or target.needs or (target.kind == "place" and home):
        return
    if target.kind == "place" and not target.listed and (_in_longer_name(item, scene) or _may_be_a_word(item, scene)):
        item.dropped = True
    item.uk = home
    if target.kind == "country":
        item.note = "the country by its name"
    elif target.kind == "place":
        item.note = f"a place in {_where(scene, target.country, target.region)}"
    else:
        item.note = _on_list(item)


def _may_be_a_word(item: Item, scene: Scene) -> bool:
    """Whether a capital at a sentence's beginning is all that makes it a city elsewhere: "Dali vão sair placas".

    A text that speaks of a city abroad names its country, another place there or the city once more.
    """
    document = scene.document
    dateline = document[item.start : item.end].isupper() or document[item.end : item.end + 2] in (" –", " —")
    if scene.east or dateline or document[item.end : item.end + 1] in (",", "'", "’", "-"):
        return False
    if item.start != scene.sentence(item.start, item.end)[0] or scene.headline(item.start):
        return False
    return not any(other is not item and other.target.country == item.target.country for other in scene.items)


def _on_list(item: Item) -> str:
    said = f" ({item.target.role})" if item.target.role else ""
    return f"a known name{said}"


def _where(scene: Scene, country: str, region: str) -> str:
    name = scene.index.countries.get(country, country)
    return f"{region}, {name}" if region else name


def _is_sure(item: Item) -> bool:
    return item.target.listed and not item.target.needs and not item.target.rivalry


def _sure(item: Item, scene: Scene, abroad: set[str]) -> None:
    """A well-known place: at home unless the text speaks of its namesake and of nothing of the country."""
    name = item.target.name
    if name in abroad:
        item.uk, item.note = False, f"the same text says that this {name} is abroad"
        return
    others = scene.home(item)
    against, words = namesakes.rivals(item, scene)
    if not others and (longer := namesakes.short_for(item, scene)):
        item.uk, item.note, item.dropped = False, f"short for {longer}", True
        return
    if not others and (there := namesakes.dateline_abroad(item, scene)):
        item.uk, item.note = False, f"{there.target.name} in the dateline is abroad"
        return
    if against >= 3 and not others:
        item.uk, item.note = False, f"{words} is named and nothing of {scene.index.country_name}"
        return
    item.uk = True
    item.note = f"in {scene.index.country_name}"
    if _in_longer_name(item, scene):
        item.weight *= 0.5
        item.note += "; here a part of a longer name"


def _unsure(item: Item, scene: Scene, abroad: set[str]) -> None:
    """A place with a rival of its name, a small one, or one whose name is also a word."""
    target = item.target
    if target.name in abroad:
        item.uk, item.note = False, f"the same text says that this {target.name} is abroad"
        return
    if _in_longer_name(item, scene) and not (target.listed and target.population >= _LARGE and not target.needs):
        item.dropped, item.uk = True, False
        return
    near, anywhere = scene.home(item, item.span), scene.home(item)
    if _has_needed_word(item, scene):
        item.uk, item.note = True, f"in {scene.index.country_name}, with words that belong to it"
        return
    locative = _locative(item, scene)
    if target.needs and (not locative or _is_title(item, scene)):
        item.dropped, item.uk = True, False
        return
    if target.rivalry:
        _against_rival(item, scene, near, anywhere)
        return
    small = target.population < _SMALL and not target.listed
    supported = bool(near or anywhere) or (small and not target.namesakes and _is_told(item, scene))
    waits = (target.needs and target.population < _LARGE) or small
    kept = locative and supported if waits else locative or bool(near) or not target.name.isalpha()
    item.uk, item.dropped = kept, not kept
    if kept and small and (near or len(anywhere) > 1):
        item.weight = max(item.weight, _SUPPORTED)
    company = (near or anywhere)[:1]
    item.note = f"in {scene.index.country_name}" + (f"; {company[0].target.name} is named too" if company else "")


def _against_rival(item: Item, scene: Scene, near: list[Item], anywhere: list[Item]) -> None:
    """Weigh the country's own place against its largest namesake."""
    target = item.target
    against, words = namesakes.rivals(item, scene)
    largest = target.namesakes[0]
    there = _where(scene, largest.country, largest.region)
    if target.rivalry == "dominated":
        kin = {f"County {target.name}", f"{target.name}shire"}
        region = [i for i in near if i.target.name == target.region != "England"]
        region += [i for i in anywhere if i.target.name in kin]
        if target.region != "England":  # "Dundee and Perth": towns of one small part of the country
            region += [i for i in near if is_place(i) and i.target.region == target.region]
        if largest.population < _LARGE and not against and _locative(item, scene):  # nobody's first thought either
            region += [i for i in near if is_place(i)]
        paid = bool(scene.index.sign) and scene.index.sign in scene.span_text(item.span)
        item.uk = (bool(region) or paid) and against < 4
        company = f"{region[0].target.name} is named too" if region else f"sums beside it are in {scene.index.sign}"
        item.note = company if item.uk else f"the better known is in {there}"
        # A village that shares a great city's name is no find; nor is a namesake nobody knows.
        item.dropped = not item.uk and largest.population < _LARGE
        return
    support = (2 if near else 0) + (1 if anywhere else 0)
    if not target.listed and not _locative(item, scene):
        item.dropped, item.uk = True, False
    elif against > support:
        item.uk, item.note = False, f"{words} is named too"
    elif support:
        item.uk, item.note = True, f"{(near or anywhere)[0].target.name} is named too"
    else:
        item.uk = target.listed and target.population >= largest.population
        item.weight *= _ALONE
        item.note = "the larger of its name" if item.uk else f"the larger of its name is in {there}"
        item.dropped = not item.uk and not target.listed


def _locative(item: Item, scene: Scene) -> bool:
    """Whether the name is used as a place: after "in", before "-based", or beside another place."""
    document = scene.document
    if _OWNS.match(document, item.end) and item.target.population >= _SMALL and not _is_surname(item, scene):
        return True
    # In an English headline "to Settle" is what somebody does.
    small = scene.language == "en" and item.target.population < _SMALL
    verb = small and document.endswith(" to ", 0, item.start) and scene.headline(item.start)
    if scene.east or (not verb and _LOCATIVE.search(document, max(0, item.start - 24), item.start)):
        return True
    if _BASED.match(document[item.end : item.end + 14]):
        return True
    before, after = scene.preceding(item), scene.following(item)
    if before and is_place(before) and _AND.match(document[before.end : item.start]):
        return True
    return bool(after and is_place(after) and _AND.match(document[item.end : after.start]))


# "Totnes-based", "based in Totnes", "a start-up from Cupar": only a place stands so.
_SEAT_BEFORE = re.compile(
    r"\b(?:based (?:in|near)|headquartered in"
    r"|(?:company|firm|start-?up|developer|maker|studio|town|village) (?:in|from|of)"
    r"|basée? à|installée? à|établie? à|mit sitz in|unternehmen aus|start-up aus|firma aus|con sede en|empresa de"
    r"|con sede a|azienda di|com sede em|startup de|sediada em|the town of|the village of|in the town of)[ \u00a0]$",
    re.IGNORECASE,
)
_INSIDE = re.compile(r"\b(?:in|at|near|à|bei|en|em|presso)[ \u00a0]$")


def _is_told(item: Item, scene: Scene) -> bool:
    """Whether a small town that nothing else supports is a place by its words alone, and nothing near is abroad."""
    if scene.east or len(item.target.name) < 5:
        return False
    before = scene.document[max(0, item.start - 32) : item.start]
    if _BASED.match(scene.document[item.end : item.end + 14]) or _SEAT_BEFORE.search(before):
        return True
    elsewhere = [i for i in scene.abroad(item.span) if is_place(i)]
    return not elsewhere and _INSIDE.search(before) is not None


def _is_title(item: Item, scene: Scene) -> bool:
    """Whether every word there has a capital, which so says nothing of one that is a word, too."""
    return scene.language == "en" and scene.headline(item.start)


def _is_surname(item: Item, scene: Scene) -> bool:
    people = (other for other in scene.items if other.target.kind in ("person", "official"))
    return any(person.target.name.endswith(f" {item.target.name}") for person in people)


def _in_longer_name(item: Item, scene: Scene) -> bool:
    """Whether a word with a capital stands right before or behind, as in "Greta Bath" and "Lincoln Laboratory"."""
    if scene.language == "de" or (scene.headline(item.start) and not scene.east):
        return False
    document = scene.document
    if scene.east:  # Latin letters there are names all along: "Usk Compound Devices" is one
        small = item.target.population < _SMALL and document[item.start].isascii()
        return small and _LATIN_BEHIND.match(document, item.end) is not None
    if word := _word_before(document, item.start):
        start = item.start - len(word) - 1
        taken = any(i.end == start + len(word) for i in scene.between(start, item.start))
        named = word[0].isupper() and not word.isupper() and not taken
        if named and word.casefold() not in _FREE and _PLAIN.search(word):
            return True
    if match := _AFTER.match(document[item.end : item.end + 30]):
        word = match[1]
        taken = any(i.start == item.end + 1 for i in scene.since(item.end, item.end + 2))
        return word[0].isupper() and not word.isupper() and not taken
    return False


def _word_before(document: str, at: int) -> str:
    """The word that stands before the space before `at`, "" where none does."""
    if document[at - 1 : at] not in (" ", "\u00a0"):
        return ""
    match = _LAST_WORD.match(document[max(0, at - 30, document.rfind(" ", 0, at - 1)) : at - 1])
    return match[1] if match else ""


def _has_needed_word(item: Item, scene: Scene) -> bool:
    if not item.target.needs:
        return False
    text = scene.span_text(item.span).casefold()
    return any(word != COUNTRY and word.casefold() in text for word in item.target.needs)


def _needy(item: Item, scene: Scene) -> None:
    """A name that is also a word: it counts with one of its words, or with the country, in the same paragraph."""
    home = item.target.country == scene.index.country
    if _has_needed_word(item, scene):
        item.uk, item.note = home, _on_list(item) + ", with words that belong to it"
    elif COUNTRY in item.target.needs and (company := [i for i in scene.home(item, item.span) if i.weight > WORLDWIDE]):
        item.uk, item.note = home, _on_list(item) + f", beside {company[0].target.name}"
    else:
        item.uk, item.dropped = False, True
