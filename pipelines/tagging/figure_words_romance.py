"""What stands around figures in French, Spanish, Italian and Portuguese. Data only; does no input or output."""

from pipelines.tagging.figure_record import Words

FRENCH = Words(
    people=(
        "personnes employés employées salariés salariées travailleurs développeurs développeuses ingénieurs ingénieures"
        " chercheurs chercheuses scientifiques étudiants étudiantes élèves enseignants enseignantes professeurs "
        "cliniciens"
        " médecins infirmiers infirmières apprentis stagiaires diplômés doctorants doctorantes postdoctorants"
        " universitaires professionnels experts expertes apprenants fonctionnaires agents techniciens adultes citoyens"
        " patients bénévoles volontaires fondateurs entrepreneurs consultants analystes programmeurs collaborateurs"
        " collègues bourses femmes hommes filles enfants jeunes agriculteurs avocats créateurs radiologues cadres"
        " collaboratrices doctorats thèses apprentissages -istes -iciens -iciennes -ologues"
    ),
    companies=(
        "entreprises sociétés start-up startups start-ups pme pousses banques assureurs fabricants fournisseurs "
        "industriels"
        " éditeurs constructeurs multinationales prêteurs employeurs jeunes-pousses studios eti licornes"
    ),
    jobs="emplois postes recrutements embauches",
    chips="accélérateurs processeurs puces",
    no_heads="listes pistes dentistes-conseils",
    members="membres adhérents",
    learners="utilisateurs participants places candidats",
    adjectives=(
        "nouveaux nouvelles nouvel jeunes petites petits grandes grands premières premiers futurs futures autres mille"
        " principales meilleurs meilleures anciens anciennes supplémentaires dernières derniers"
    ),
    stops=(
        "de du des en dans à au aux pour par avec sur qui que dont où et ou le la les un une est sont sera seront ont"
    ),
    of=r"(?:(?:de ses|de ces|de leurs|de nos|des|de) |d['’])",
    and_="et",
    more_than=(
        "plus de; plus d'; plus d’; au moins; au-delà de; au delà de; supérieur à; dépasse; dépassant; un minimum de;"
        " minimum"
    ),
    up_to=(
        "jusqu'à; jusqu’à; au maximum; un maximum de; moins de; pas plus de; allant jusqu'à; allant "
        "jusqu’à; au plus; maximum"
    ),
    about=(
        "environ; près de; quelque; autour de; à peu près; presque; une estimation de; aux alentours de; "
        "approximativement; quelques; ~"
    ),
    more_than_after=r"\s?\+|\s(?:ou plus|au moins)\b",
    between=r"\b(?:[Ee]ntre|[Dd]e)\s",
    to="à",
    part_before=r"(?:dont|parmi lesquels|parmi lesquelles)[\s,](?:près de |plus de |environ )?",
    part_after=r" (?:d['’]entre eux|d['’]entre elles)\b",
    hiring_near=(
        r"\b(?:[Ee]mbauch\w+|[Rr]ecrut(?:er|era|eront|e|ent|ant|ement de|ements de)|engager(?:a|ont)?|l['’]embauche "
        r"de|effectifs? de)\s(?:jusqu['’]à |plus de |environ |près de |quelque |d['’]ici \d{4} )?"
    ),
    hiring_after=r" (?:y )?(?:travailleront|seront (?:employé|embauché|recruté)\w+|employées?|employés)\b",
    jobs_for=r"\b(?:emplois?|travail) (?:à|pour) (?:\w+ ){0,3}$",
    training_near=(
        r"\b(?:form(?:er|era|eront|és|ées|ation|ations|e)\b|apprent|cours\b|diplôm|compétenc|enseign|inscri|certifi)"
    ),
    founders_near=r"\bInception\b|\b[Ss]tart-?ups?\b|jeunes pousses|entreprises",
    attending_near=(
        r"\b(?:assist(?:é|aient|ent|er)|participé|réuni(?:s|ssait|t)?|rassembl\w+|spectateurs|visiteurs|étaient "
        r"présents|public)\b"
    ),
    population_before=r"\b(?:ville|commune|population|pays|région) de (?:\w+ ){0,2}$",
    weight_after=(
        r" (?:de |d['’])(?!l['’]|la |financement|fonds|crédits?|capit|dépenses|recettes|subvention|prêts?|"
        r"investissement|soutien|aide|chiffre|revenus?|dette|dotation|contrat|budget|plus)|(?: (?:numéris|imprim|"
        r"anciens|scann|rares|sur papier|électroniques|audio|scolaires))"
    ),
    weight_near=(
        r"\b(?:bibliothèques?|pages|lecteurs?|librairies?|lire|ouvrages|numéris\w+|manuscrits?|poids|pès\w+|peser|"
        r"déchets|poussée|kilos?|tonnes)\b"
    ),
    money_near=(
        r"\b(?:invest\w+|financ\w+|coût\w*|pa(?:ie|yer|yé|iement)|vers\w+|contrats?|fonds|budgets?|montant|valeur|"
        r"levé\w*|lev(?:ée|er)|dépens\w+|prêts?|subvention\w*|doté\w*|dotation|consacr\w+|engag\w+|soit)\b"
    ),
    rate=r"\s?(?:par|/|l['’]|la|le|chacun)",
    years=r"\s?(?:par an|/an|l['’]an)",
)

SPANISH = Words(
    people=(
        "personas empleados empleadas trabajadores trabajadoras desarrolladores desarrolladoras ingenieros ingenieras"
        " investigadores investigadoras científicos científicas estudiantes alumnos alumnas profesores "
        "profesoras docentes"
        " médicos médicas clínicos enfermeros enfermeras aprendices becarios graduados doctorandos doctorandas "
        "académicos"
        " profesionales expertos expertas funcionarios técnicos técnicas adultos ciudadanos pacientes "
        "voluntarios fundadores"
        " emprendedores consultores analistas programadores compañeros becas mujeres hombres niñas niños jóvenes "
        "agricultores"
        " abogados creadores radiólogos directivos doctorados -istas -ólogos -ólogas -áticos"
    ),
    companies=(
        "empresas compañías startups start-ups pymes bancos aseguradoras fabricantes proveedores entidades "
        "multinacionales"
        " emergentes prestamistas empleadores sociedades estudios fintechs negocios spin-offs"
    ),
    jobs="empleos puestos vacantes contrataciones",
    chips="aceleradores procesadores chips",
    no_heads="listas pistas vistas revistas entrevistas conquistas",
    members="miembros socios",
    learners="usuarios participantes plazas candidatos",
    adjectives=(
        "nuevos nuevas jóvenes pequeñas pequeños grandes primeras primeros futuros futuras otros otras "
        "principales mejores"
        " medianas y más antiguos antiguas"
    ),
    stops="de del en a al para por con sobre que cuyo donde y o el la los las un una es son será serán han ha",
    of=r"(?:de sus|de estos|de estas|de los|de las|de) ",
    and_="y",
    more_than=(
        "más de; al menos; por lo menos; superior a; supera; superan; un mínimo de; por encima de; superiores a; "
        "como mínimo"
    ),
    up_to="hasta; un máximo de; menos de; como máximo; no más de; de hasta",
    about="unos; unas; cerca de; alrededor de; aproximadamente; casi; en torno a; aproximado de; ~",
    more_than_after=r"\s?\+|\s(?:o más)\b",
    between=r"\b(?:[Ee]ntre|[Dd]e)\s",
    to="a",
    part_before=(
        r"(?:de los cuales|de las cuales|de ellos|de ellas|de los que|de las que)[\s,](?:unos |unas |más de |cerca "
        r"de )?"
    ),
    part_after=r" (?:de ellos|de ellas)\b",
    hiring_near=(
        r"\b(?:[Cc]ontrat(?:ar|ará|arán|a|an|ando|ación de)|[Ii]ncorporar(?:á|án)?|[Rr]eclutar(?:á|án)?|plantilla "
        r"en)\s(?:hasta |a |más de |unos |unas |a unos |a unas |otros |otras )*$"
    ),
    hiring_after=r" (?:trabajarán|serán contratad[oa]s|empleadas|empleados)\b",
    jobs_for=r"\b(?:empleo|trabajo) (?:a|para) (?:\w+ ){0,3}$",
    training_near=r"\b(?:form(?:ar|ará|arán|ación|ados|adas)\b|capacit|cursos?\b|aprend|enseñ|certific|matricul|beca)",
    founders_near=r"\bInception\b|\b[Ss]tart-?ups?\b|empresas",
    attending_near=r"\b(?:asisti\w+|asistentes|participaron|reuni(?:ó|eron)|congreg\w+|público|visitantes|acudieron)\b",
    population_before=r"\b(?:ciudad|población|país|región) de (?:\w+ ){0,2}$",
    weight_after=(
        r" de (?!inversi|financiaci|fondos|capital|gasto|ingresos|subvenci|préstamo|apoyo|ayuda|crédito|deuda|"
        r"contrato|presupuesto|ventas|dinero|la |los |las |un |(?:d?es[aeost]|d?est[aeo])\w* )"
    ),
    weight_near=r"\b(?:peso|pesa\w*|residuos|basura|empuje|toneladas|kilos|chatarra|cosecha)\b",
    money_near=(
        r"\b(?:invers\w+|invert\w+|invier\w+|financ\w+|cost\w+|cuest\w+|pag\w+|fondos?|contrato\w*|presupuest\w+|"
        r"dotad\w+|valor\w*|recib\w+|destin\w+|aport\w+|préstamo\w*|ronda|programa)\b"
    ),
    rate=r"\s?(?:por|/|la|al|cada)\b",
    years=r"\s?(?:por|al|/) ?año\b",
)

ITALIAN = Words(
    people=(
        "persone dipendenti lavoratori lavoratrici sviluppatori sviluppatrici ingegneri ricercatori ricercatrici "
        "scienziati"
        " studenti studentesse alunni insegnanti professori docenti medici clinici infermieri apprendisti tirocinanti"
        " stagisti laureati dottorandi dottorande accademici professionisti esperti esperte funzionari tecnici adulti"
        " cittadini pazienti volontari fondatori imprenditori consulenti analisti programmatori colleghi "
        "colleghe addetti"
        " donne uomini ragazze ragazzi bambini giovani agricoltori avvocati creatori radiologi dottorati apprendistati"
        " impiegati -isti -iste -ologi -atici"
    ),
    companies=(
        "aziende imprese società startup start-up pmi banche assicurazioni assicuratori produttori fornitori "
        "multinazionali"
        " datori ditte compagnie istituti-di-credito studi fintech finanziatori"
    ),
    jobs="posti impieghi assunzioni occupati",
    chips="acceleratori processori chip",
    no_heads="liste piste viste riviste interviste conquiste posti-letto registi",
    members="membri aderenti soci",
    learners="utenti partecipanti candidati borse",
    adjectives=(
        "nuovi nuove nuova giovani piccole piccoli grandi prime primi futuri future altri altre principali "
        "migliori medie e"
        " ex ulteriori"
    ),
    stops=(
        "di del della dei delle degli in a al per con su che cui dove e o il lo la i gli le un una è sono sarà hanno ha"
    ),
    of=r"(?:dei|delle|degli|di) ",
    and_="e",
    more_than="più di; oltre; almeno; superiore a; superano; supera; un minimo di; al di sopra di; ben oltre; minimo",
    up_to="fino a; sino a; al massimo; un massimo di; meno di; non più di; fino ad; massimo",
    about="circa; quasi; intorno a; attorno a; approssimativamente; pressappoco; vicino a; ~",
    more_than_after=r"\s?\+|\s(?:o più|e oltre)\b",
    between=r"\b(?:[Tt]ra(?: i| le)?|[Ff]ra(?: i| le)?|[Dd]a(?:i|lle)?)\s",
    to="a ai alle",
    part_before=r"(?:di cui|dei quali|delle quali|tra cui)[\s,](?:circa |oltre |quasi )?",
    part_after=r" (?:di (?:essi|esse|questi|queste|loro))\b",
    hiring_near=(
        r"\b(?:[Aa]ssum(?:ere|erà|eranno|e|ono)|[Aa]ssunzione di|[Rr]eclut(?:are|erà|eranno)|organico di)\s(?:fino a "
        r"|oltre |circa |altre |altri |più di )*$"
    ),
    hiring_after=r" (?:lavoreranno|saranno assunt[ei]|impiegate|impiegati)\b",
    jobs_for=r"\b(?:lavoro|impiego|occupazione) (?:a|per) (?:\w+ ){0,3}$",
    training_near=r"\b(?:form(?:are|erà|eranno|azione|ati|ate)\b|corsi?\b|apprend|insegn|competenz|certific|borse di)",
    founders_near=r"\bInception\b|\b[Ss]tart-?up\b|aziende|imprese",
    attending_near=r"\b(?:assist(?:ito|ono)|partecipato|riuni(?:to|ti)|pubblico|visitatori|spettatori|radunat\w+)\b",
    population_before=r"\b(?:città|popolazione|paese|regione) di (?:\w+ ){0,2}$",
    weight_after=r"(?!)",
    weight_near=r"(?!)",
    money_near=r"(?!)",
    rate=r"\s?(?:al|all['’]|/|per|a|l['’]|ciascun\w)",
    years=r"\s?(?:l['’]anno|all['’]anno|/anno|per anno)",
)

PORTUGUESE = Words(
    people=(
        "pessoas funcionários funcionárias empregados trabalhadores trabalhadoras desenvolvedores desenvolvedoras"
        " programadores engenheiros engenheiras pesquisadores pesquisadoras investigadores cientistas estudantes alunos"
        " alunas professores professoras médicos médicas clínicos enfermeiros enfermeiras aprendizes estagiários "
        "bolsistas"
        " bolseiros graduados doutorandos académicos acadêmicos profissionais especialistas peritos servidores técnicos"
        " adultos cidadãos pacientes doentes voluntários fundadores empreendedores consultores analistas colegas bolsas"
        " mulheres homens meninas crianças jovens agricultores advogados criadores colaboradores doutorados formandos"
        " -istas -ólogos -ólogas"
    ),
    companies=(
        "empresas companhias startups start-ups pme pmes bancos seguradoras fabricantes fornecedores multinacionais"
        " credores empregadores sociedades estúdios fintechs negócios spin-offs"
    ),
    jobs="empregos cargos contratações postos",
    chips="aceleradores processadores chips",
    no_heads="listas pistas vistas revistas entrevistas conquistas",
    members="membros associados",
    learners="usuários utilizadores participantes vagas candidatos lugares",
    adjectives=(
        "novos novas jovens pequenas pequenos grandes primeiras primeiros futuros futuras outros outras "
        "principais melhores"
        " médias e mais antigos antigas"
    ),
    stops=(
        "de do da dos das em no na nos nas a ao para por com sobre que cujo onde e ou o os as um uma é são será "
        "serão têm tem"
    ),
    of=r"(?:de suas|de seus|das suas|dos seus|das|dos|de) ",
    and_="e",
    more_than="mais de; pelo menos; ao menos; acima de; superior a; ultrapassa; um mínimo de; no mínimo; mais do que",
    up_to="até; no máximo; um máximo de; menos de; não mais de; de até",
    about="cerca de; aproximadamente; quase; perto de; por volta de; em torno de; uns; umas; ~",
    more_than_after=r"\s?\+|\s(?:ou mais)\b",
    between=r"\b(?:[Ee]ntre|[Dd]e)\s",
    to="a",
    part_before=r"(?:dos quais|das quais|deles|delas)[\s,](?:cerca de |mais de )?",
    part_after=r" (?:deles|delas|desses|dessas)\b",
    hiring_near=(
        r"\b(?:[Cc]ontrat(?:ar|ará|arão|a|am|ando|ação de)|[Rr]ecrut(?:ar|ará|arão)|[Ee]mpregar(?:á|ão)?|quadro "
        r"em)\s(?:até |mais de |cerca de |outras |outros )*$"
    ),
    hiring_after=r" (?:trabalharão|serão contratad[oa]s|empregadas|empregados)\b",
    jobs_for=r"\b(?:empregos?|trabalho) (?:a|para) (?:\w+ ){0,3}$",
    training_near=(
        r"\b(?:form(?:ar|ará|arão|ação|ados|adas)\b|capacit|cursos?\b|aprend|ensin|certific|matrícul|bolsa|treina)"
    ),
    founders_near=r"\bInception\b|\b[Ss]tart-?ups?\b|empresas",
    attending_near=r"\b(?:assisti\w+|participaram|reuni(?:u|ram)|público|visitantes|compareceram|presentes)\b",
    population_before=r"\b(?:cidade|população|país|região) (?:de|com) (?:\w+ ){0,2}$",
    weight_after=(
        r" de (?!investiment|financiament|fundos|capital|gasto|receita|subven|empréstimo|apoio|ajuda|crédito|dívida|"
        r"contrato|orçamento|vendas|dinheiro|a |o |os |as |um |(?:d?es[aeost]|d?est[aeo])\w* )"
    ),
    weight_near=r"\b(?:peso|pesa\w*|resíduos|lixo|empuxo|toneladas|quilos|sucata|colheita)\b",
    money_near=(
        r"\b(?:invest\w+|financ\w+|cust\w+|pag\w+|fundos?|contrato\w*|orçament\w+|valor\w*|recebe\w*|destin\w+|"
        r"empréstimo\w*|rodada|programa|apoi\w+)\b"
    ),
    rate=r"\s?(?:por|/|a|ao|cada)\b",
    years=r"\s?(?:por|ao|/) ?ano\b",
)
