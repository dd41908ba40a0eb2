"""What stands around figures in English and German. Data only; does no input or output."""

from pipelines.tagging.figure_record import Words

ENGLISH = Words(
    people=(
        "people persons individuals employees workers staff personnel developers engineers researchers students pupils"
        " teachers educators clinicians doctors nurses physicians apprentices apprenticeships trainees interns "
        "internships"
        " graduates undergraduates postgraduates postdocs academics professionals experts learners servants technicians"
        " adults citizens patients volunteers veterans founders entrepreneurs consultants analysts programmers coders"
        " practitioners colleagues studentships fellowships scholarships traineeships doctorates phds women men "
        "girls boys"
        " children schoolchildren teenagers farmers officers lawyers accountants surgeons midwives managers leaders"
        " executives scholars fellows electricians builders welders architects designers creators artists lecturers"
        " professors innovators makers tutors carers paramedics soldiers firefighters faculty mathematicians workforce"
        " -icians -ologists -entists -cialists -ographers -omists -ymists"
    ),
    companies=(
        "companies firms businesses startups start-ups scaleups scale-ups spinouts spin-outs spin-offs spinoffs "
        "enterprises"
        " smes lenders banks insurers manufacturers suppliers employers corporations vendors retailers carmakers "
        "automakers"
        " drugmakers chipmakers toolmakers fintechs biotechs exporters studios ventures multinationals consultancies"
    ),
    jobs="jobs roles posts positions vacancies hires",
    chips="accelerators processors chips",
    no_heads="policymakers makers",
    members="members",
    learners="users participants places candidates delegates recruits cohorts residents parents households",
    stops=(
        "of in at on for to with from by that which who whose where when while as than then the a an is are was "
        "were will"
        " would can could may has have had be been per percent cent times or but if its their our and/or over "
        "under into"
        " across within between through until by before after during since against via it they we he she not so because"
        " more less fewer others made based bought said says"
    ),
    of=r"of (?:the|its|their|these|those|our|his|her|[A-Z]\S*['’]s?)\s",
    and_="and",
    more_than=(
        "more than; over; at least; upwards of; upward of; in excess of; exceeding; above; a minimum of; beyond; no "
        "fewer than; no less than; greater than; well over; topping"
    ),
    up_to=(
        "up to; as many as; as much as; a maximum of; no more than; at most; fewer than; less than; under; up to a "
        "total of; a potential; potentially; below"
    ),
    about=(
        "about; around; roughly; approximately; some; nearly; almost; close to; an estimated; estimated; approaching;"
        " circa; just under; just over; towards; toward; c.; ~; ≈"
    ),
    more_than_after=r"\s?\+|\s(?:or more|plus)\b",
    between=r"\b(?:between|from)\s",
    to="to",
    part_before=(
        r"(?:of which|of whom|of these|of those|of them|including)[\s,](?:up to |more than |about |around |some |at "
        r"least )?"
    ),
    part_after=r" (?:of (?:them|those|these|which|whom)\b)",
    hiring_near=(
        r"\b(?:hir(?:e|es|ed|ing)|recruit(?:s|ed|ing|ment of)?|tak(?:e|es|ing) on|(?:will|to|would) employ"
        r"|(?:team|workforce|headcount|staff|payroll) by|job offers? to|add(?:s|ing)? (?:up to |another |a "
        r"further )?)\s"
    ),
    hiring_after=(
        r"(?: who)? (?:are to (?:work|be (?:hired|employed))|will (?:work (?:at|in|on|there|here)|be (?:hired|employed"
        r"|recruited|taken on))|to be (?:hired|employed|recruited)|employed)\b"
    ),
    jobs_for=r"\b(?:jobs?|work|employment|roles|posts) (?:for|to) (?:\w+ ){0,3}$",
    training_near=(
        r"\b(?:train|teach|taught|upskill|reskill|skill|course|learn|educat|enrol|curricul|bootcamp|workshop|certif|"
        r"appren)"
    ),
    founders_near=r"\bInception\b|\b[Ss]tart-?ups?\b|\b[Cc]ompan(?:y|ies)\b|\b[Ff]irms\b",
    attending_near=(
        r"\b(?:attend(?:ed|ees?|ing)?|gathered|turned out|turned up|in the audience|flocked|watched|spectators|"
        r"packed into|queued|strolled|laced up)\b"
    ),
    population_before=(
        r"\b(?:city|town|population|country|nation|region|home|village|island|community|company|firm|start-?up|team) "
        r"(?:of|to) (?:\w+ ){0,2}$"
    ),
    weight_after=(
        r" (?:of|per (?:square|acre|hour)|heavier|lighter|in weight|each)\b(?! (?:(?:new|fresh|additional|extra|"
        r"further|private|public|foreign|inward|venture|government|state|taxpayers?['’]?|seed|equity|annual|capital|"
        r"U\.?K\.?|British|AI|planned|committed|total|research|lottery|inward) ){0,3}(?:investments?|funding|funds?|"
        r"money|capital|spending|support|revenues?|sales|savings?|grants?|debt|equity|loans?|financing|finance|"
        r"backing|commitments?|contracts?|orders?|turnover|income|profits?|subsid(?:y|ies)|value|credit|tax|assets|"
        r"exports?|cash|aid|infrastructure|economic|trade|work|business|benefits?|deals?|budget|payments?|damages?|"
        r"research|the)\b)"
    ),
    weight_near=(
        r"\b(?:scrap|weigh\w*|weight|waste|rubbish|garbage|landfill|recycl\w+|thrust|payload|cargo|freight|"
        r"ton(?:ne)?s|kilo(?:gram)?s|plastics?|compost|fertili[sz]er|pesticides?|emissions|lift(?:s|ed|ing)?|"
        r"harvest\w*|crops?|fish|poultry|catch)\b"
    ),
    money_near=(
        r"\b(?:invest\w*|fund\w*|costs?|pa(?:y|ys|id|ying)|worth|spen[dt]\w*|rais(?:e|es|ed|ing)|commit\w*|"
        r"contribut\w*|loans?|grants?|financ\w*|revenues?|profits?|valu\w+|budgets?|sav(?:e|ed|es|ings)|earn\w*|"
        r"pledg\w*|deals?|contracts?|sums?|price\w*|Treasury|econom\w+|GDP|salar\w+|back\w*)\b"
    ),
    rate=r"\s?(?:per|/|an?|each|apiece)\b",
    years=r"\s?(?:per|/|an?) (?:year|annum)\b",
)

GERMAN = Words(
    people=(
        "Menschen Personen Leute Frauen Männer Kinder Mädchen Jugendliche Erwachsene Bürger Ärzte Ärztinnen Azubis"
        " Promovierende Köpfe Doktoranden Studenten Freiwillige Gründer Fachleute Pflegende Auszubildende "
        "Lernende Fachkräfte"
        " Angestellte Praktikanten Stipendien Promotionsstellen Landwirte Anwälte Juristen Patienten Kollegen Beamte"
        " -menschen -personen -kräfte -kräften -beschäftigte -beschäftigten -mitarbeiter -mitarbeitern -mitarbeitende"
        " -mitarbeitenden -innen -entwickler -entwicklern -ingenieure -ingenieuren -forscher -forschern -forschende"
        " -forschenden -studierende -studierenden -studenten -studentinnen -schüler -schülern -lehrer -lehrern -ärzte"
        " -ärzten -ärztinnen -wissenschaftler -wissenschaftlern -auszubildende -auszubildenden -doktoranden -patienten"
        " -experten -spezialisten -techniker -technikern -gründer -gründern -leute -leuten -ausbildungsplätze"
        " -ausbildungsplätzen -studienplätze -studienplätzen -ausbildungsstellen -promotionsstellen -absolventen "
        "-lernende"
        " -lernenden -informatiker -informatikern -fachleute -analysten -beamte -beamten -arbeiter -arbeitern -pfleger"
        " -programmierer -programmierern -berater -beratern -akademiker -teilnehmerplätze -iker -ikern -ologen "
        "-stipendien"
    ),
    companies=(
        "Firmen Banken Betriebe -unternehmen -firmen -startups -start-ups -betriebe -betrieben -banken -hersteller"
        " -herstellern -mittelständler -mittelständlern -versicherer -versicherern -zulieferer -zulieferern -konzerne"
        " -konzernen -ausgründungen -neugründungen -kreditgeber -kreditgebern -arbeitgeber -arbeitgebern -kmu "
        "-scale-ups"
        " -gesellschaften -händler -händlern"
    ),
    jobs=(
        "Stellen Jobs Positionen Posten -arbeitsplätze -arbeitsplätzen -arbeitsstellen -vollzeitstellen -planstellen"
        " -jobs -vollzeitäquivalente -neueinstellungen -dauerstellen -teilzeitstellen -ingenieurstellen"
        " -forscherstellen -entwicklerstellen -lehrstellen -dauerarbeitsplätze"
    ),
    gpus="gpu gpus superchip superchips -gpus -gpu -superchips -grafikprozessoren",
    chips="-beschleuniger -beschleunigern -prozessoren -chips",
    no_heads="Innen Voreinstellungen Grundeinstellungen Systemeinstellungen",
    members="-mitglieder -mitgliedern",
    learners="Teilnehmer Teilnehmende Teilnehmenden Teilnehmern Nutzer Plätze Plätzen Bewerber",
    stops=(
        "in im an am auf für zu zum zur mit von vom bei der die das des den dem dass als bis ist sind wird werden "
        "hat haben nach aus über unter je pro oder durch um"
    ),
    of=r"(?:der|dieser|seiner|ihrer|von den|von) ",
    and_="und",
    more_than="mehr als; über; mindestens; wenigstens; gut; knapp über; von über; von mehr als",
    up_to="bis zu; bis; maximal; höchstens; weniger als; unter; nicht mehr als; von bis zu",
    about="rund; etwa; ungefähr; circa; ca.; knapp; fast; nahezu; annähernd; gegen; an die; schätzungsweise; ~",
    more_than_after=r"\s?\+|\s(?:oder mehr|und mehr)\b",
    between=r"\b(?:[Zz]wischen|[Vv]on)\s",
    to="bis",
    part_before=r"(?:davon|darunter)[\s,](?:rund |etwa |mehr als |bis zu )?",
    part_after=r" (?:davon|von ihnen)\b",
    hiring_near=(
        r"\b(?:[Ee]instellung von|[Rr]ekrutier\w+|[Aa]nstellung von|(?:wächst|wachsen|vergrößert|erweitert|"
        r"aufgestockt) um)\s"
    ),
    hiring_after=(
        r"[^.!?\n]{0,80}?\b(?:einstell\w*|einzustellen|eingestellt|anzustellen|angestellt|arbeiten (?:sollen|werden)"
        r"|beschäftigt (?:sein|werden)|Arbeit (?:finden|bekommen))\b"
    ),
    hiring_around=r"\b[Ss]tell(?:t|en)\b[^.!?\n]*\bein(?=[.,;]|\s*$|\s+und\b)",
    jobs_for=r"\b(?:Arbeit|Jobs|Arbeitsplätze|Stellen) für (?:\w+ ){0,3}$",
    training_near=r"(?i:schul|ausbild|weiterbild|fortbild|lern|kurs|trainier|lehrgang|qualifizier|zertifi)",
    founders_near=r"\bInception\b|(?i:start-?ups?\b|unternehmen|firmen)",
    attending_near=r"\b(?:besuch\w+|teilgenommen|nahmen|kamen|Zuschauer\w*|Publikum|versammel\w+|Besucher\w*)\b",
    population_before=r"\b(?:Stadt|Bevölkerung|Land|Region|Heimat) (?:von|mit) (?:\w+ ){0,2}$",
    weight_after=(
        r" (?:schwer|Gewicht|Abf[aä]ll\w*|Müll|Schub|Material|Futter|Plastik|Kunststoff|Schrott|Stahl|CO2|Fleisch|"
        r"Obst|Gemüse|Kaffee|Reis|Fisch|Nutzlast|Last|Getreide|Papier|Glas|Wäsche)\b"
    ),
    weight_near=r"\b(?:wieg\w+|Gewicht|Schub|Müll|Schrott|Nutzlast)\b",
    money_near=(
        r"\b(?:invest\w*|Invest\w*|\w*kosten|kostet|Kosten|zahl\w+|Wert|[Ff]inanz\w*|\w*förder\w*|Förder\w*|"
        r"Kredit\w*|Budget|Fonds|stellt|Umsatz|Vertrag|Auftrag)\b"
    ),
    rate=r"\s?(?:pro|/|je|im|die)\b",
    years=r"\s?(?:pro|/|im|je) Jahr\b",
)
