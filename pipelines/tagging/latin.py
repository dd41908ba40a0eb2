"""How names are spelled in Latin letters. Does no input or output."""

UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪĮĶĹĻĽŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŲŴŶŹŻŽȘȚ"
WORD = "0-9A-Za-zÀ-ÖØ-öø-ɏ’'"
PERSON_TOKEN = rf"(?:(?:St|Ste|Jr|Dr|Wm)\.(?=[ \u00a0][{UPPER}])|[{UPPER}][{WORD}-]*[A-Za-zÀ-ÖØ-öø-ɏ]|[{UPPER}]\.)"
PARTICLE = r"(?:(?:de|da|di|del|della|dos|du|van|von|der|den|la|le|al|bin|ap|ab|ferch|y|e|zu|ter)[ \u00a0]){0,2}"
PERSON = rf"{PERSON_TOKEN}(?:[ \u00a0]{PARTICLE}{PERSON_TOKEN}){{1,3}}"
# A word of an organisation's name: a capital, "iRobot", "3Spark"; a domain's ending belongs to it.
TOKEN = rf"(?:[{UPPER}][{WORD}+-]*(?:\.[a-z]{{2,3}}\b)?|[a-z][A-Z][{WORD}]+|\d[0-9a-z]*[A-Z][{WORD}]*)"
