"""The words beside figures, by language, and what is too small or too large to be news. Data only.

One `Words` a language written with spaces (`figure_words_germanic`,
`figure_words_romance`); a language is added there and named in `WORDS`.
"""

from pipelines.tagging.figure_words_germanic import ENGLISH, GERMAN
from pipelines.tagging.figure_words_romance import FRENCH, ITALIAN, PORTUGUESE, SPANISH

WORDS = {"en": ENGLISH, "fr": FRENCH, "de": GERMAN, "es": SPANISH, "it": ITALIAN, "pt": PORTUGUESE}

# The smallest count that is news, by kind: "the two companies" and "three founders" are no figures.
SMALLEST = {"gpus": 2, "jobs": 3, "people": 10, "companies": 10, "money": 1000}
# Above these a count is of something else: chips sold over a decade, or a population.
LARGEST = {"gpus": 50_000_000, "jobs": 500_000_000, "people": 3_000_000_000, "companies": 500_000_000}
_NO_CHIPS = (
    "cpu cpus arm quantum intel x86 memory mobile signal payment payments loan food word text photonic "
    "neuromorphic risc-v"
    " startup start-up start-ups business university particle growth seed test quantique quantiques cuántico cuánticos"
    " quantenprozessoren quantistici quânticos"
)
NO_CHIPS = frozenset(_NO_CHIPS.split())

# What follows some nouns decides what they are: a kind, or "" for none of ours. The first that matches counts.
COMPLEMENTS: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {
    "en": {"positions": ((r" (?:on|in the list)", ""),), "posts": ((r" (?:on (?:social|X\b|the blog))", ""),)},
    "fr": {
        "postes": ((r" (?:de travail informatiques?|de travail équipés?|de secours|électriques)", ""),),
        "jeunes": ((r" (?:pousses|entreprises|sociétés)", "companies"),),
        "agents": ((r" (?:IA|d['’]IA|autonomes|intelligents|conversationnels|logiciels|virtuels)", ""),),
        "pousses": ((r"", "companies"),),
        "places": ((r" (?:de stationnement|de parking|assises)", ""),),
    },
    "de": {},
    "es": {
        "puestos": (
            (r" de trabajo", "jobs"),
            (r" (?:de (?:carga|recarga|control|avanzados|comida|venta))", ""),
        ),
        "plazas": ((r" (?:de (?:aparcamiento|garaje|hotel))", ""), (r" (?:de (?:empleo|trabajo|funcionario))", "jobs")),
        "emergentes": ((r"", "companies"),),
        "sociedades": ((r" (?:científicas|médicas)", ""),),
        "estudios": ((r"(?! (?:de videojuegos|de cine|de animación|creativos))", ""),),
    },
    "it": {
        "posti": (
            (r"(?: |-)(?:letto|auto|barca|a sedere|macchina)", ""),
            (r" di lavoro", "jobs"),
            (r" (?:di (?:formazione|apprendistato|dottorato|tirocinio|studio)|nei corsi|per studenti)", "people"),
        ),
        "occupati": ((r" (?:da|dai|dalle)", ""),),
        "studi": ((r"(?! (?:di videogiochi|cinematografici|di animazione|creativi))", ""),),
    },
    "pt": {
        "postos": ((r" de trabalho", "jobs"), (r"", "")),
        "vagas": ((r" (?:de (?:emprego|trabalho)|efetivas)", "jobs"), (r" (?:de estacionamento|de garagem)", "")),
        "estúdios": ((r"(?! (?:de jogos|de cinema|de animação|criativos))", ""),),
    },
}
# Persons who are recruited to something other than a job.
NOT_HIRED = frozenset(
    "students pupils patients volunteers citizens children women men girls boys learners founders entrepreneurs adults"
    " apprentices apprenticeships studentships fellowships scholarships trainees interns doctorates veterans "
    "farmers users"
    " participants members étudiants étudiantes élèves patients bénévoles volontaires apprentis doctorants stagiaires"
    " bourses citoyens Studierende Studenten Schüler Patienten Freiwillige Auszubildende Doktoranden Stipendien"
    " estudiantes alumnos pacientes voluntarios aprendices becarios doctorandos becas ciudadanos studenti pazienti"
    " volontari apprendisti dottorandi tirocinanti borse cittadini alunos pacientes doentes voluntários aprendizes"
    " estagiários bolsistas doutorandos bolsas cidadãos".lower().split()
)
