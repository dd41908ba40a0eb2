"""The shape of one language's words around figures. Does no input or output.

Nouns stand in the form that follows a number; a word that starts with "-" is an
ending, so that nouns no list holds ("toxicologists", "Softwareentwickler") count
as well.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language's words around figures.

    Lists are words between blanks, or phrases between "; " (those that stand before
    a number). What ends in `_near`, and `of`, `rate` and their like, are regular
    expressions; `_near` is searched in the figure's sentence.
    """

    people: str
    companies: str
    jobs: str
    gpus: str = "gpu gpus superchip superchips"
    chips: str  # GPUs only where no word of `no_chips` stands with them
    no_heads: str = ""  # words that look like one of ours by their ending, and are not
    members: str  # companies where `founders_near` stands in the sentence, else nothing
    learners: str  # people where `training_near` stands in the sentence, else nothing
    adjectives: str = ""  # may stand between number and noun, where nouns come first
    stops: str  # end the counted noun's phrase
    of: str = r"(?!)"  # "5,000 of the country's …": what may lead from the number into a noun phrase
    and_: str
    more_than: str  # "; " between phrases that end right before a number
    up_to: str
    about: str
    more_than_after: str
    between: str
    to: str  # a range's connector, besides dashes and `and_`
    part_before: str = ""  # "of which 60,000"
    part_after: str = r"(?!)"  # "60,000 of them"
    hiring_near: str  # right before "45 people": they are hired
    hiring_after: str = r"(?!)"
    hiring_around: str = r"(?!)"  # a verb in two parts around the count: "stellt 45 Leute ein"
    jobs_for: str = r"(?!)"  # "jobs for 1,500 people"
    training_near: str
    founders_near: str = r"\bInception\b|[Ss]tart-?ups?\b"
    attending_near: str
    population_before: str
    weight_after: str  # after "2 billion pounds": it is a weight (or books)
    weight_near: str
    money_near: str
    rate: str  # "£2.50 an hour", "4 GPUs per node"
    years: str  # rates that news does state: a year
