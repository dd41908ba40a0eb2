"""The words beside which names stand that no list holds, in ten languages. Does no input or output.

Each trigger is looked up in the same pass as the names; what stands to its left
and right is then read by `patterns` and `people`. Grammar, not vocabulary of
one year's news: a company, a town or a minister of next year stands in the same
constructions. `LIKE THIS` marks words that must be written with a capital.
"""


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.split("|")))


def words(text: str) -> frozenset[str]:
    """A set of words, written as a line of them."""
    return frozenset(text.split())


# A word or two that ends an organisation's name ("Kelda Bioscience", "Leeds City Council").
ENDINGS = _phrases(
    "Ltd|Limited|plc|PLC|LLP|CIC|Council|NHS Foundation Trust|NHS Trust|University Health Board|Health Board|"
    "University|Institute|Institution|Laboratory|Laboratories|Centre|Center|"
    "Agency|Authority|Hospital|Hospitals|Infirmary|Trust|"
    "College|Academy|Foundation|Society|Association|Federation|Bank|Building Society|Ventures|Capital|Partners|"
    "Therapeutics|Biosciences|Bioscience|Biologics|Biotech|Pharma|Pharmaceuticals|Genomics|Diagnostics|Robotics|"
    "Technologies|Technology|Systems|Labs|Energy|Power|Networks|Telecom|Semiconductor|Semiconductors|Photonics|"
    "Quantum|Analytics|Software|Computing|Aerospace|Airport|Motors|Automotive|Bio|Health|Holdings|Group|Catapult|"
    "Police|Constabulary|Fire and Rescue Service|Ambulance Service|Observatory|Consortium|Studios|"
    "Insurance|Water|Electric|Dynamics|Innovations|Materials|Instruments|Electronics|Industries|Logistics|Pictures|"
    "Optics|Imaging|Compute|Orbital|Satellites|Devices|Sensors|Surgical|Mobility|Metals|Foods|Audio|"
    "Lines|Ferries|Shipping|Airways|Railway|Railways|Nurseries|Homes|Zoo|Farms|Mutual|Athletic|Rovers|Vineyards|"
    "Biotechnology|Museum|Theatre|Hospice|Brewery|Distillery|Shipyard"
)

# Endings by which a name is British on its own.
BRITISH_ENDINGS = frozenset(
    ("NHS Foundation Trust", "NHS Trust", "University Health Board", "Building Society", "Catapult", "Infirmary")
)

# What a body's name begins with in Welsh and Gaelic: it is of the country, whatever the text's language.
CELTIC_HEADS = _phrases(
    "Coleg|Grŵp|Ysgol|Theatr|Prifysgol|Cyngor|Canolfan|Amgueddfa|Llyfrgell|Cwmni|Menter|Cymdeithas|Comhairle|Bòrd"
)

UNIVERSITY = _phrases(
    "university of|University of|universities of|Universities of|université de|université d'|universités de|"
    "universités d'|Universität|Universität von|Universitäten|Universitäten von|universidad de|universidades de|"
    "università di|università de|universidade de|universidades de"
)

# "… -based", "with its seat in …": what stands before is an organisation of the place behind.
SEATED = _phrases(
    "based in|headquartered in|based near|founded in|spun out of|spun out from|spun off from|a spin-out of|"
    "a spinout of|a spinout from|a spin-out from|a spin-off from|born out of|basée à|basé à|basée en|basé en|"
    "fondée à|fondé à|dont le siège est à|implantée à|issue de l'|issue de|essaimée de|mit Sitz in|aus|gegründet in|"
    "ausgegründet aus|Ausgründung der|con sede en|con base en|fundada en|surgida de|con sede a|con sede in|"
    "fondata a|nata dall'|nata da|com sede em|sediada em|sediado em|fundada em|baseada em|nascida na|nascida em"
)

# "X, founded two years ago in Leeds": the place may stand some words behind.
FOUNDED = _phrases(
    "founded|formed|established|headquartered|incorporated|fondée|fondé|créée|créé|née|né|installée|implantée|"
    "gegründet|gegründete|ansässig|beheimatet|fundada|creada|nacida|radicada|afincada|fondata|nata|creata|"
    "sediada|sediado|nascida|criada"
)

SEATED_EAST = _phrases(
    "本社を置く|本拠を置く|拠点を置く|拠点とする|を拠点に|発の|生まれの|本社がある|"
    "본사를 둔|본사를 두고|기반의|기반을 둔|소재의|소재|에서 설립된|"
    "總部位於|总部位于|總部設於|总部设在|設於|设在|來自|来自|成立於|成立于|孵化自|孵化的|분사한|창업한|分拆的"
)

# A word for a company: beside it stand its name and, often, where it is from.
COMPANY = _phrases(
    "company|firm|start-up|startup|start-ups|startups|scale-up|spin-out|spinout|spin-off|unicorn|developer|maker|"
    "manufacturer|operator|provider|group|lab|laboratory|charity|chipmaker|designer|investor|bank|insurer|retailer|"
    "fund|pension fund|cooperative|co-operative|partnership|consortium|shipbuilder|shipyard|builder|brewer|brewery|"
    "foundry|studio|publisher|broadcaster|utility|airline|agency|foundation|supplier|contractor|specialist|venture|"
    "newcomer|integrator|consultancy|family business|family firm|family farm|"
    "carmaker|steelmaker|fintech|insurtech|mutual|distillery|winery|"
    "entreprise|société|jeune pousse|pépite|groupe|éditeur|opérateur|fabricant|constructeur|laboratoire|"
    "coopérative|fondation|fonds de pension|assureur|banque|agence|fournisseur|prestataire|spécialiste|brasserie|"
    "concepteur|hébergeur|promoteur|association|bonneterie|exploitant|exploitante|mutuelle|studio|armateur|intégrateur|"
    "Unternehmen|Firma|Konzern|Hersteller|Anbieter|Betreiber|Entwickler|Gruppe|Spezialist|Pensionsfonds|Werft|"
    "Schiffbauer|Genossenschaft|Stiftung|Agentur|Versicherer|Netzbetreiber|Zulieferer|Dienstleister|Jungfirma|"
    "Jungunternehmen|Familienbetrieb|Familienunternehmen|Verlag|Brauerei|Reederei|Rechenzentrumsbetreiber|Gründerfirma|"
    "empresa|compañía|emergente|grupo|fabricante|operador|firma|cooperativa|fundación|astillero|aseguradora|banco|"
    "proveedor|proveedora|desarrolladora|desarrollador|consorcio|operadora|mutua|naviera|bufete|cervecera|estudio|"
    "productora|constructora|farmacéutica|eléctrica|"
    "azienda|società|impresa|gruppo|produttore|operatore|fondazione|cantiere|assicuratore|banca|fornitore|consorzio|"
    "sviluppatore|mutua|cooperativa|compagnia|birrificio|studio|editrice|emittente|armatore|"
    "companhia|fundação|estaleiro|seguradora|fornecedora|desenvolvedora|estúdio|consórcio|mútua|cervejaria|emissora|"
    "construtora|produtora|armadora|vinícola"
)
COMPANY_EAST = _phrases(
    "企業|会社|スタートアップ|新興企業|ベンチャー|メーカー|事業者|ファンド|法律事務所|スタジオ|協同組合|財団|造船所|"
    "기업|스타트업|회사|업체|운영사|제조사|개발사|조선사|투자사|로펌|스튜디오|보험사|협동조합|재단|"
    "公司|企业|新創|新创|初創|初创|廠商|厂商|業者|服务商|服務商|运营商|營運商|开发商|開發商|提供商|投资机构|投資機構|律师事务所|"
    "律師事務所|工作室|造船厂|造船廠|合作社|基金会|基金會|保险商|保險商"
)

# Verbs by which people are quoted: present and past, third person.
SPEECH = _phrases(
    "said|says|explained|explains|added|adds|noted|notes|commented|comments|told|recalled|recalls|laughs|laughed|"
    "concluded|concludes|argued|argues|continued|replied|according to|"
    "déclare|a déclaré|explique|a expliqué|précise|a précisé|souligne|a souligné|ajoute|a ajouté|affirme|a affirmé|"
    "indique|a indiqué|raconte|résume|reconnaît|confie|estime|se réjouit|s'est réjoui|rappelle|a rappelé|sourit|"
    "selon|assure|"
    "sagt|sagte|erklärt|erklärte|betont|betonte|erläutert|erläuterte|meint|meinte|fügt hinzu|erzählt|berichtet|"
    "so|kommentiert|ergänzt|laut|"
    "dice|dijo|explica|explicó|afirma|afirmó|señala|señaló|añade|añadió|cuenta|contó|destaca|destacó|asegura|aseguró|"
    "resume|resumió|recuerda|comenta|según|"
    "spiega|ha spiegato|ha detto|racconta|afferma|ha affermato|sottolinea|ha dichiarato|dichiara|aggiunge|ricorda|"
    "osserva|commenta|secondo|"
    "disse|diz|explicou|afirmou|conta|contou|destacou|ressalta|acrescenta|segundo"
)
SPEECH_EAST = _phrases(
    "氏は|氏が|氏も|さんは|さんが|教授は|博士は|首相は|首相が|大臣は|大臣が|"
    "교수는|박사는|총리는|총리가|장관은|장관이|대표는|씨는|"
    "表示|指出|笑說|笑说|坦言|說道|说道|說明|強調|强调|認為|认为|補充|补充"
)

# What somebody is; the name stands right behind ("graduate student Terrell Banks") or before a comma.
ROLE = _phrases(
    "who|founder|co-founder|cofounder|chief|CEO|CTO|COO|CFO|director|head|professor|lecturer|researcher|scientist|"
    "engineer|president|chair|chairman|chairwoman|chairperson|chancellor|provost|dean|manager|minister|secretary|mayor|"
    "secretary of state|spokesperson|spokeswoman|spokesman|lead|leader|captain|student|doctor|surgeon|analyst|partner|"
    "Professor|Dr|Prof|Sir|Dame|Lord|Lady|Baroness|Minister|Secretary|Mayor|Chancellor|Prime Minister|prime minister|"
    "undersecretary|ambassador|commissioner|technician|nurse|midwife|farmer|teacher|curator|archivist|librarian|"
    "geologist|biologist|physicist|chemist|mathematician|linguist|ecologist|hydrologist|archaeologist|historian|"
    "conservator|vet|pharmacist|radiologist|pathologist|surveyor|programmer|cardiologist|oncologist|skipper|foreman|apprentice|architect|"
    "technicien|technicienne|infirmier|infirmière|agriculteur|agricultrice|éleveur|éleveuse|conservateur|conservatrice|"
    "archiviste|patron|patronne|programmeur|programmeuse|géologue|biologiste|physicien|physicienne|chimiste|mathématicien|mathématicienne|linguiste|écologue|"
    "hydrologue|archéologue|historien|historienne|vétérinaire|pharmacienne|radiologue|cardiologue|"
    "sous-secrétaire d'État|vice-ministre|maire|ambassadeur|ambassadrice|chancelier|chancelière|"
    "Minister|Unterstaatssekretär|Bürgermeisterin|Botschafter|Botschafterin|Schatzkanzler|Schatzkanzlerin|"
    "maestro|maestra|patrón|patrona|programador|programadora|enfermero|enfermera|agricultor|agricultora|ganadero|ganadera|conservador|conservadora|geólogo|geóloga|"
    "bióloga|biólogo|ecóloga|ecólogo|arqueólogo|arqueóloga|historiador|"
    "historiadora|veterinario|veterinaria|radióloga|radiólogo|cardióloga|cardiólogo|"
    "subsecretario|subsecretaria|secretaria de Estado|viceministro|viceministra|alcaldesa|embajador|embajadora|"
    "amministratore|amministratrice|programmatore|programmatrice|maestro|maestra|infermiere|infermiera|allevatore|allevatrice|conservatore|conservatrice|geologo|geologa|biologo|"
    "biologa|ecologo|ecologa|archeologo|archeologa|veterinario|"
    "veterinaria|radiologo|radiologa|cardiologo|cardiologa|microbiologa|microbiologo|"
    "sottosegretario|sottosegretaria|viceministro|viceministra|sindaca|ministra|cancelliere|ambasciatore|"
    "ambasciatrice|segretario di Stato|segretaria di Stato|"
    "programador|programadora|administradora|enfermeiro|enfermeira|pecuarista|curador|curadora|biólogo|geóloga|arqueóloga|arqueólogo|"
    "historiadora|veterinário|veterinária|radiologista|cardiologista|"
    "secretário|secretária|secretário de Estado|secretária de Estado|subsecretário|vice-ministro|prefeita|"
    "embaixador|embaixadora|chanceler|"
    "qui|fondateur|fondatrice|cofondateur|cofondatrice|directeur|directrice|chercheur|chercheuse|professeur|"
    "professeure|ministre|secrétaire|secrétaire d'État|Premier ministre|présidente|président|PDG|responsable|"
    "ingénieure|"
    "ingénieur|doctorante|"
    "Gründer|Gründerin|Mitgründer|Mitgründerin|Leiter|Leiterin|Chef|Chefin|Forscher|Forscherin|Professorin|"
    "Ministerin|Premierminister|Technologieminister|Technologieministerin|Staatssekretär|Staatssekretärin|"
    "Geschäftsführer|Geschäftsführerin|Bürgermeister|Ingenieurin|Ingenieur|Sprecher|Sprecherin|Vorstandschef|"
    "fundador|fundadora|cofundador|cofundadora|director|directora|investigador|investigadora|profesor|profesora|"
    "ministro|ministra|primer ministro|secretario de Estado|lingüista|ingeniera|ingeniero|presidenta|alcalde|"
    "instructora|portavoz|jefa|jefe|consejero delegado|consejera delegada|"
    "fondatore|cofondatore|direttore|direttrice|ricercatore|ricercatrice|professore|professoressa|"
    "primo ministro|sindaco|responsabile|ingegnere|amministratore delegato|amministratrice delegata|"
    "diretor|diretora|pesquisador|pesquisadora|professor|professora|primeiro-ministro|engenheira|engenheiro|"
    "presidente|prefeito|líder|cientista"
)

# "led by botanist X": who leads stands behind, with what he or she is.
LED = _phrases(
    "led by|headed by|directed by|run by|overseen by|dirigé par|dirigée par|mené par|menée par|piloté par|pilotée par|"
    "geleitet von|unter Leitung von|unter der Leitung von|dirigido por|dirigida por|"
    "encabezado por|encabezada por|liderado por|liderada por|guidato da|guidata da|guidato dalla|guidata dalla|"
    "diretto da|diretta da|coordinato da|coordinata da|coordenado por|coordenada por|chefiado por|chefiada por|"
    "liderado pela|liderada pela|liderado pelo|liderada pelo"
)

ROLE_EAST = _phrases(
    "創業者|最高経営責任者|責任者|ディレクター|マネージャー|エンジニア|バイスプレジデント|科学者|社長|会長|所長|首相|大臣|長官|教授|博士|研究員|部長|工場長|学長|市長|館長|校長|院長|船長|"
    "創辦人|创始人|執行長|首席执行官|總裁|总裁|部长|主任|負責人|负责人|市长|台長|台长|院长|校长|廠長|厂长|局長|局长|總監|总监|"
    "董事長|董事长|計畫主持人|计划主持人|項目負責人|项目负责人|工程師|工程师|經理|经理|科學家|科学家|合夥人|合伙人|"
    "창업자|최고경영자|대표|총리|장관|차관|교수|박사|연구원|소장|공장장|총장|원장|센터장|책임자|회장|사장|대변인|"
    "디렉터|매니저|과학자|엔지니어|설립자|본부장|지사장|부사장|실장|팀장|전무|상무|부장|국장"
)

# The government of the country that the text is about, where nothing else is said of it.
GOVERNMENT = _phrases(
    "the government|the Government|ministers|le gouvernement|die Regierung|der Regierung|el gobierno|"
    "el Gobierno|del Gobierno|del gobierno|il governo|dal governo|al governo|del governo|o governo|do governo|"
    "pelo governo|au gouvernement|du gouvernement"
)
GOVERNMENT_EAST = ("政府", "정부")
OF_THE_STATE = "系"  # 政府系ファンド: behind the word, a fund of the state and not the government

# What speaks of the firm that was named before, a pattern for the beginning of a sentence in any case.
THE_FIRM = (
    r"the (?:company|firm|group|start-?up|maker|business|spin-?out)|l['’]entreprise|la (?:société|jeune pousse|start-up"
    r"|empresa|compañía|firma|startup)|l[’']azienda|das (?:unternehmen|start-?up)|die (?:firma|gesellschaft)"
    r"|a (?:empresa|companhia|startup)"
)

# "founder of Kestrel Grid", "a partner at Cherry Hill": the words that join a role to an organisation.
ROLE_OF = _phrases(
    "founder of|co-founder of|cofounder of|chief executive of|chief executive officer of|CEO of|CTO of|chair of|"
    "chairman of|president of|director of|head of|professor at|researcher at|scientist at|partner at|engineer at|"
    "fondateur de|fondatrice de|cofondateur de|cofondatrice de|PDG de|directeur de|directrice de|chercheuse à l'|"
    "Gründer von|Gründerin von|Mitgründer von|Mitgründerin von|Chef von|Chefin von|Geschäftsführer von|"
    "Geschäftsführerin von|fundador de|fundadora de|cofundador de|cofundadora de|director de|directora de|"
    "fondatore di|fondatrice di|cofondatore di|cofondatrice di|amministratore delegato di|direttore di|"
    "fundador da|fundadora da|cofundador da|cofundadora da|diretor da|diretora da|presidente da"
)

# Public bodies by the word before their place ("Stadtrat von Leeds"), and by the word behind it ("リーズ市議会").
_COUNCIL_OF = _phrases(
    "Rat der Grafschaft|Rat der Stadt|Rat von|Bezirksrat von|"
    "Grafschaftsrat von|Stadtrat von|Gemeinderat von|Stadtverwaltung von|"
    "Grafschaftsverwaltung von|conseil municipal de|conseil municipal d'|conseil du comté de|conseil du comté d'|"
    "conseil de comté de|mairie de|municipalité de|ayuntamiento de|concejo municipal de|concejo de|"
    "consejo municipal de|consejo del condado de|consiglio comunale di|consiglio di contea di|"
    "consiglio della contea di|comune di|câmara municipal de|conselho municipal de|conselho do condado de|"
    "prefeitura de|autarquia de"
)
_COUNCIL_EAST = _phrases(
    "市議会|郡議会|州議会|議会|市役所|シティ・カウンシル|カウンシル|시의회|주의회|군의회|카운티 의회|의회|시청|"
    "市議會|郡議會|市议会|郡议会|议会|議會|市政府|郡政府"
)
_REGION_OF = _phrases(
    "autorité régionale de|autorité combinée de|autorité métropolitaine de|"
    "autoridad regional de|autoridad combinada de|"
    "autoridad metropolitana de|autorità regionale di|autorità combinata di|autoridade regional de|"
    "autoridade combinada de|Regionalbehörde von|Regionalverbund von|Kombinierte Behörde von"
)
_REGION_EAST = _phrases(
    "合同行政機構|広域行政機構|地域合同機構|連合行政機構|광역행정청|광역연합청|통합행정청|"
    "연합 당국|聯合管理局|联合管理局|聯合管理當局|联合管理当局|聯合政府|联合政府"
)
BODIES_BEFORE = {
    **dict.fromkeys((phrase.casefold() for phrase in _COUNCIL_OF), "council"),
    **dict.fromkeys((phrase.casefold() for phrase in _REGION_OF), "combined authority"),
}
BODIES_AFTER = {
    **dict.fromkeys(_COUNCIL_EAST, "council"),
    **dict.fromkeys(_REGION_EAST, "combined authority"),
    **dict.fromkeys(("カレッジ", "칼리지", "学院", "學院"), "college"),
    **dict.fromkeys(("空港", "공항", "机场", "機場"), "airport"),
}

ALL: dict[str, tuple[str, ...]] = {
    "ending": ENDINGS,
    "celtic": CELTIC_HEADS,
    "university": UNIVERSITY,
    "seated": (*SEATED, *SEATED_EAST, *FOUNDED),
    "company": (*COMPANY, *COMPANY_EAST),
    "speech": (*SPEECH, *SPEECH_EAST),
    "role": (*ROLE, *ROLE_EAST),
    "led": LED,
    "government": (*GOVERNMENT, *GOVERNMENT_EAST),
    "role of": ROLE_OF,
    "body": (*_COUNCIL_OF, *_REGION_OF, *BODIES_AFTER),
}

# What stands before a surname.
HONORIFICS = words(
    "Dr Dre Pr Pre Prof Professor Sir Dame Lord Lady Baroness Mr Mrs Ms Dra Dott Dott.ssa M Mme Frau Herr Sra Sr "
    "Signora"
)
# Words with a capital that stand before a name and are no part of it, above all German nouns.
TITLES = frozenset(word for word in (*ROLE, *COMPANY) if word[0].isupper())
# A role that makes its holder an official.
OFFICIAL = (
    "minist|secretar|secretár|segretari|secrétaire|staatssekret|mayor|maire\\b|bürgermeister|alcalde|sindac|prefeit"
    "|chancel|schatzkanzler|cancellier|首相|大臣|長官|"
    "部長|部长|市長|市长|총리|장관|차관|相[はがもの、]"
)
