"""Persons by what they do, whom no list of nouns holds: how such words end. Does no input or output."""

import re
from functools import lru_cache

# Persons by what they do, where they are taught or hired: "38 weavers", "120 decoratori". Elsewhere most words that
# end so are things (servers, routers, motori).
_AGENTS = {
    "en": (
        r"(?:[a-z]{2,}(?:ers|ors|ists|ians|eers|wrights|smiths|men|women|keepers|hands)|pilots|clerks|coaches|guides|chefs|crews)",
        r"(?:[a-z-]+ ){0,2}?",
    ),
    "fr": (r"[a-zà-ÿ]{2,}(?:eurs|euses|iers|ières|istes|iens|iennes|ans)", ""),
    "de": (r"[A-ZÄÖÜ][a-zäöüß]{2,}(?:er|erinnen|isten|istinnen|oren|leute|innen|ende)", r"(?:[a-zäöüß]+e ){0,2}?"),
    "es": (r"[a-zá-ú]{2,}(?:dores|doras|eros|eras|istas|icos|icas|ores|oras|antes)", ""),
    "it": (r"[a-zà-ù]{2,}(?:tori|trici|isti|iste|ieri|iere|anti|ai)", ""),
    "pt": (r"[a-zá-ú]{2,}(?:dores|doras|eiros|eiras|istas|icos|icas|ores|oras|antes)", ""),
}
MACHINES = re.compile(
    r"(?:serv(?:ers?|eurs|idores)|rout(?:ers|eurs|eadores)|process(?:ors|eurs|adores|ori)|comput(?:ers?|adores)|rechner"
    r"|roboter|ordin(?:ateurs|adores)|sensor(?:s|es|i|en)|capteurs|mot(?:ors|eurs|ores|ori|oren)|tract(?:ors|eurs|ores)"
    r"|react(?:ors|ores)|cent(?:ers|res)|containers?|layers|papers|numbers|trackers|quarters|towers|letters|orders|offers"
    r"|parameters?|clusters?|meters?|hours|others|customers|users|answers|chapters|factors|monitors|doors|floors|colou?rs"
    r"|errors|vectors|tensors|accelerat\w+|transistor\w*|zähler|fehler|fenster|zimmer|kilometer|bilder|länder|instan\w+)$",
    re.IGNORECASE,
)
TAUGHT = re.compile(
    r"\b(?:(?:re)?train(?:ed|ing|s)?|taught|teach(?:es|ing)?|upskill\w*|reskill\w*|appren\w+|course|courses|lessons"
    r"|form(?:er|era|eront|és|ées|ation|ar|ará|arán|ación|ados|are|erà|azione|ati|arão|ação)|cours|corso|corsi|cursos?"
    r"|curso|stage|capacit\w+|treinar\w*|treinou|treinamento|schul\w+|geschult|ausgebildet|ausbild\w+|Kurse?|Lehrgang\w*"
    r"|hire[sd]?|hiring|recruit\w*|employ(?:s|ed|ing)?|embauch\w+|recrut\w+|einstell\w+|contrat\w+|assum\w+)\b"
)


@lru_cache(maxsize=8)
def pattern(language: str) -> re.Pattern[str] | None:
    """Such a word behind a number, group 1 the word itself; None in a language that has no list."""
    if language not in _AGENTS:
        return None
    noun, before = _AGENTS[language]
    return re.compile(rf"[ \u00a0]{before}({noun})(?![\w-])")
