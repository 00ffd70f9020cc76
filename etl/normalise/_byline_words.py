"""The words of bylines that are not names: data for `bylines`. Keys are case-folded."""

from __future__ import annotations

import re
from itertools import chain

from etl.normalise._byline_places import CITIES, MORE_PLACES
from etl.normalise._date_words import WEEKDAYS

# Agency as stored -> its names in print.
_AGENCY_NAMES = {
    "AAP": "aap|australian associated press",
    "Adnkronos": "adnkronos",
    "AFP": "afp|agence france-presse|agence france presse|فرانس برس|وكالة فرانس برس|أ ف ب|أ.ف.ب|ا ف ب|法新社",
    "Agência Brasil": "agência brasil|agencia brasil",
    "ANI": "ani|asian news international",
    "ANP": "anp",
    "ANSA": "ansa|agenzia ansa|redazione ansa",
    "Anadolu": "anadolu|anadolu agency|anadolu ajansi|anadolu ajansı|الأناضول",
    "Antara": "antara|antara news|kantor berita antara|lkbn antara",
    "ANA-MPA": "ana-mpa|απε-μπε|αμνα|απε",
    "AP": "ap|associated press|the associated press|أسوشيتد برس|美联社",
    "APA": "apa|austria presse agentur",
    "Belga": "belga",
    "Bernama": "bernama",
    "Bloomberg": "bloomberg|bloomberg news",
    "Canadian Press": "canadian press|the canadian press",
    "ČTK": "čtk|ctk",
    "CNA": "cna|central news agency|中央社",
    "China News Service": "中新社|中国新闻社|中國新聞社|china news service",
    "Dow Jones": "dow jones|dow jones newswires",
    "dpa": "dpa|deutsche presse-agentur|deutsche presse agentur|deutsche presse-agentur gmbh|د ب أ",
    "DHA": "dha|demirören haber ajansı",
    "EFE": "efe|agencia efe",
    "epa": "epa",
    "Europa Press": "europa press",
    "Estadão Conteúdo": "estadão conteúdo|agência estado",
    "Folhapress": "folhapress",
    "Getty Images": "getty images|getty",
    "IANS": "ians",
    "İHA": "iha|ihlas haber ajansı",
    "Interfax": "interfax|интерфакс",
    "Jiji": "jiji|jiji press|時事|時事通信",
    "KCNA": "kcna",
    "Keystone-SDA": "keystone-sda|sda|ats",
    "Kyodo": "kyodo|kyodo news|共同|共同通信",
    "LaPresse": "lapresse",
    "Lusa": "lusa",
    "MTI": "mti",
    "NTB": "ntb",
    "PA": "pa|press association|the press association|pa media",
    "PAP": "pap",
    "PTI": "pti|press trust of india|पीटीआई",
    "Reuters": "reuters|reuter|thomson reuters|reuters tv|رويترز|рейтер|рейтерс|רויטרס|ロイター",
    "RIA Novosti": "ria novosti|риа новости",
    "Ritzau": "ritzau",
    "SID": "sid",
    "Sputnik": "sputnik",
    "STT": "stt|stt-lehtikuva",
    "TASS": "tass|itar-tass|itar tass|тасс|итар-тасс",
    "TT": "tt",
    "Ukrinform": "ukrinform|укрінформ|укринформ",
    "UPI": "upi|united press international",
    "Xinhua": "xinhua|xinhua news agency|شينخوا|新华社|新華社",
    "Yonhap": "yonhap|yonhap news agency|연합뉴스",
}

AGENCIES = {name: agency for agency, names in _AGENCY_NAMES.items() for name in names.split("|")}
LONGEST_AGENCY = max(len(name.split()) for name in AGENCIES)  # words

# Names of agencies that are also people's surnames.
SURNAMES = frozenset(["antara", "bloomberg", "getty", "lusa", "pa", "pap", "reuter", "sid", "tass", "tt"])

# A part that ends or begins with one of these is a job, not a name.
_ROLE_WORDS = (
    "writer editor reporter correspondent columnist contributor journalist photographer critic producer"
    " analyst commentator blogger publisher report intern staff desk newsdesk newsroom bureau board team admin"
    " administrator webmaster editorial freelance freelancer stringer letters"
    " reported contributed reporting"
    " lecturer"
    " newswire wires"
    " redakteur redakteurin redakteuren chefredakteur chefredakteurin redaktion"
    " korrespondent korrespondenten korrespondentin reporterin autor autorin"
    " rédaction rédacteur rédactrice correspondant correspondante journaliste envoyé envoyée"
    " redacción redactor redactora corresponsal periodista enviado enviada"
    " redazione inviato inviata inviati corrispondente giornalista"
    " redação repórter jornalista"
    " redactie verslaggever redacteur correspondente"
    " redaktionsmitglied mitarbeiter mitarbeiterin gastautor gastautorin kolumnist kolumnistin"
    " chroniqueur chroniqueuse columnista colunista opinionista felietonista"
    " 编辑 责任编辑 責任編輯 撰文 摄影 特派员 特派員"
    " 本报记者 本報記者 记者 通讯员 作者 編集部 記者 기자 특파원"
    " корреспондент корреспондентка корреспонденты журналист обозреватель редактор редакция кореспондент редакція"
)
ROLE_WORDS = frozenset(word + plural for word in _ROLE_WORDS.split() for plural in ("", "s"))

# Words that may come before a role word: "Senior Political Editor", "Our own correspondent".
_ROLE_ADJECTIVES = (
    "a an our own the from by and of in for web online digital special senior junior chief deputy associate"
    " assistant managing executive contributing guest staff national international foreign world local city"
    " metro state regional political politics diplomatic defence defense security legal crime court economics"
    " economic economy business financial finance money markets industry industrial technology tech science"
    " environment climate energy health medical education religious religion culture cultural arts art music"
    " transport consumer affairs education justice housing court police agriculture property retail banking motoring"
    " literary theatre books royal showbiz entertainment lifestyle aviation maritime labour labor employment"
    " human rights population immigration community history data"
    " gaming esports wildlife infrastructure innovation cybersecurity tourism pentagon congress"
    " film fashion food travel sport sports football soccer cricket rugby racing golf tennis features feature"
    " news lead opinion comment social media data investigative investigations parliamentary washington"
    " london europe asia africa middle east photo picture pictures video former home affairs"
    " unserem onze onzer собственный специальный наш собств спец"
    " leitender stellvertretender unser unsere unserem unseren unserer"
    " freier freie notre nos spécial spéciale especial speciale permanent nuestro nuestra nostro nostra nosso"
    " nossa dal dalla dai dagli nostri van onze la le de il 本报 本報"
)
ROLE_ADJECTIVES = frozenset(_ROLE_ADJECTIVES.split())

# Words for another person's contribution, before "by": "Photographs by Jane Doe".
CREDITS = (
    "additional reporting|reporting|reported|written|story|text|words|photos?|photographs?|photography|research"
    "|writing|editing|pictures?|video|graphics?|illustrations?|interviewe?d?|analysis|compiled|edited|translated"
    "|contributed|propos recueillis|recueilli|texte|texto|testo|tekst|teksti|fotos?|bilder|gastbeitrag|kommentar"
    "|analyse|essay|reportage|reportaje|entretien|entrevista|intervista|protokoll|записала?"
    "|kolumne|glosse|leitartikel|übersetzung|mitarbeit|recherche|chronique|traduction|collaboration|opini[óo]n"
    "|columna|an[áa]lisis|artículo|artigo|perfil|traducción|colaboración|crónica|crônica|tradução|colaboração|traduzione|collaborazione"
    "|ha collaborato|hanno collaborato|vertaling|medewerking|kr[öo]nika?|oversettelse|översättning|współpraca"
    "|tłumaczenie|felieton|a cura|oprac\\.?|текст|автор|фото|글|사진"
    "|servizio(?=\\sdi\\b)|reportagem(?=\\sd[eao]\\b)"
    "|fragen\\sstellten?|(?:(?:das|dieses)\\s)?(?:gespräch|interview)\\sführten?"
    "|rozmawia(?:ł[ay]?|li)|rozmow[ęy]\\sprzeprowadzi(?:ł[ay]?|li)|(?:przygotowa|opracowa|notowa|spisa|wysłucha)ł[ay]?"
    "|rozhovor\\svedl[ai]?|ptal[ai]?\\sse|připravil[ai]?|pripravil[ai]?|zhováral[ai]?\\ssa|razgovara(?:o|la)|készítette"
    "|(?:интервью\\s)?(?:беседовал|взял|брал|подготовил|записал)[аи]?"
    "|(?:розмовля|готува|підготува|записа)(?:в|ла|ли)|спілкува(?:вся|лася|лися)"
)

# "By" in other languages, before a name. Some are also parts of a name: "Von Miller".
BY_WORDS = (
    "by|as told to|from|von|par|por|di|door|av|af|od|oleh|przez|ni"
    "|írta|napsala?|του|της|των|γράφει [οη]|كتب|بقلم|מאת|โดย"
)

# A part with one of these is an organisation, not a person: "Michigan State University".
_HOUSES = (
    "university college institute institution foundation centre center association society council ministry"
    " department agency service services news newspaper newspapers daily mail online times herald tribune"
    " gazette journal magazine media network networks radio television tv broadcasting group company"
    " commission committee parliament government office release newswire bureau authority union party"
    " police embassy hospital school bank trust chamber nations academy museum"
    " library team club federation league alliance coalition"
    " city international hochschule ministries politics sport sports editors"
    " globe chronicle guardian telegraph observer independent monitor mirror examiner inquirer dispatch republic today"
    " bulletin sentinel advertiser"
    " zeitung allgemeine tageblatt tagblatt anzeiger rundschau nachrichten kurier figaro monde parisien courrier"
    " corriere gazzetta repubblica giornale messaggero gazeta dziennik rzeczpospolita nyheter dagbladet dagblad"
    " aftonbladet tidning tidningen tidende sanomat volkskrant telegraaf handelsblad globo folha jornal"
    " diario diário periódico hürriyet milliyet cumhuriyet gazetesi ajansı noviny hírlap népszava ziarul"
    " известия ведомости газета новости صحيفة جريدة"
    " corporation inc inc. ltd ltd. llc llp gmbh ag universität universidad université università"
)
HOUSES = frozenset(_HOUSES.split())

# The same, by how the word begins in many languages.
HOUSE_STEMS = re.compile(
    r"universi|instit[uo]|minist[eèé]r[eio]|red[aá]k[ct]|r[eé]da[ckz]|corresponsal[ií]|kommission|commission|comisi|coordena"
    r"|coll?e[ck]t[ií][vf]|federa[tcz]|asocia|associa[tcz]|organi[sz]a|regierung|verwaltung|behörde|verband|gesellschaft"
    r"|poli[zc][eií]|комисс|редакц|министер|универс|служб|συντ[αά][κξ]"
)

# A part that begins with one of these is not a name: "Special to the Star".
_ROLE_OPENERS = "the special with as from mit avec deputy senior chief associate assistant"
ROLE_OPENERS = frozenset(_ROLE_OPENERS.split())

# "Aus Chicago berichtet Jane Doe": verbs between where and who.
_REPORTING = "berichtet berichten berichtete berichteten meldet melden reports reporting informa"
REPORTING = frozenset(_REPORTING.split())
WHERE = frozenset(["aus", "in", "from", "at"])

# "and" before another name, as Unicode CLDR joins the items of a list in these languages. The short words are also
# initials, prepositions or parts of a name (José Ortega y Gasset): they join only what has a first and a last name.
_ANDS = "and und et och og ja ve dan és și şi eta và и та й і και و"
_SHORT_ANDS = "y e i a en un ir"
ANDS, SHORT_ANDS = _ANDS.split(), _SHORT_ANDS.split()

# The first of two surnames in Spanish and Portuguese: "García Márquez, Gabriel". None of them is a first name.
_HISPANIC_SURNAMES = (
    "garcía garcia rodríguez rodriguez gonzález gonzalez fernández fernandez lópez lopez martínez martinez"
    " sánchez sanchez pérez perez gómez gomez jiménez jimenez ruiz hernández hernandez díaz diaz álvarez alvarez"
    " muñoz munoz romero"
    " gutiérrez gutierrez navarro torres domínguez dominguez vázquez vazquez ramos ramírez ramirez suárez suarez"
    " ortega castro ortiz rubio núñez nunez méndez mendez vargas herrera medina morales guerrero rojas aguilar delgado"
    " silva santos ferreira pereira oliveira costa rodrigues martins souza sousa fernandes gonçalves gomes lopes"
    " marques alves almeida ribeiro pinto carvalho teixeira moreira correia mendes nunes soares vieira monteiro cardoso"
    " rocha peña vega reyes flores fuentes ríos molina salazar mendoza velázquez cárdenas"
)
HISPANIC_SURNAMES = frozenset(_HISPANIC_SURNAMES.split())

# Parts that belong to the name before them.
_SUFFIXES = "jr jr. sr sr. ii iii iv"
SUFFIXES = frozenset(_SUFFIXES.split())

_PARTICLES = "van von vom der den de del della di da das do dos du la le ten ter zu zum zur bin bint ibn al el y"
PARTICLES = frozenset(_PARTICLES.split())

# Also inside a name in small letters, where a word in small letters ends it.
_LINKS = "dela dello los las lo te ben abu ap af av e i"
NAME_LINKS = PARTICLES | frozenset(_LINKS.split())

# After a comma and before a role, a part that ends with one of these is where the person before it works.
_PAPERS = (
    "globe chronicle guardian telegraph observer independent monitor mirror examiner inquirer dispatch today republic"
    " star express standard press register bee courier echo argus post sun posten presse wyborcza mundo expressen"
)
NEWSPAPERS = frozenset(_PAPERS.split())
SURNAME_PAPERS = frozenset(["post", "sun"])
RARE_SURNAME_PAPERS = frozenset(["bee", "press", "star"])
"""In a list of people, rather one of them."""
_PAPER_ADJECTIVES = "national financial evening morning sunday saturday daily weekly huffington"
PAPER_ADJECTIVES = frozenset(_PAPER_ADJECTIVES.split())
PAPERS = NEWSPAPERS | frozenset(["house", "court", "capitol", "county"])

# After a person, what begins with one of these is a place (San Diego, Fort Worth) or a paper (El País, Die Zeit).
_OPENERS_AFTER = "st st. saint san santa santo são fort port new mount north south east west los las"
_OPENERS_AFTER += " la el il o os der die das het"
OPENERS_AFTER = frozenset(_OPENERS_AFTER.split())

# Between a person and the agency whose text she used: "Jean Dupont avec AFP".
WITH = frozenset(["with", "avec", "mit", "met", "con", "com", "med"])

# Parts that name no one: unnamed agencies and people, and what stands where a byline should be.
_UNNAMED = """
view all posts|view all articles|view all|see all posts|all posts|more posts|view profile|load more|show more
haber merkezi|haber servisi|dış haberler|dış haberler servisi|spor servisi
le matin|le soir|le temps|le point|le devoir|le progrès|la croix|la presse|la stampa|la nación|la vanguardia|die zeit
die welt|die presse|de standaard|de tijd|de morgen|el país|el mundo|o estado
ouest france|ouest-france|le nouvel obs|le nouvel observateur|la voix du nord|la repubblica|il sole 24 ore|la razón
ידיעות אחרונות|הארץ|מעריב|ישראל היום|גלובס|דה מרקר|الشرق الأوسط|الأهرام|القدس العربي|العربي الجديد|朝日新聞|読売新聞
agencies|agenturen|agencias|agences|agenzie|agências|wires|wire services|news services|services
business wire|pr newswire
anonymous|anonym|anonyme|anónimo|anonimo|unknown|none|null|nan|n/a|guest|guest author|guest writer|test|user|author|name
advertisement|advertorial|anzeige|sponsored|sponsored content|promoted|partner content|publicité|publicidad
obituary|obituaries|editorial|opinion|leader|comment|letters to the editor|press release|staff reports
read more|share|follow|subscribe|login|comments|0 comments|more|home|updated|published|photo|photos|写真|写真も|聞き手
last|submitted|contact|contact us|live|top stories|breaking news|twitter|facebook|instagram|wikipedia
leserbrief|leserbriefe|e-mail|email|tel|phone|وكالات
"""
UNNAMED = frozenset(name for line in _UNNAMED.split("\n") for name in line.split("|") if name) | WEEKDAYS.keys()

# "A man of Rome", "Ein Leser aus Furt": somebody who is not named.
ANYBODY = re.compile(
    r"(?:an?\s(?:(?:young|old|local|concerned)\s)?(?:man|woman|boy|girl|reader|resident|citizen|friend|student|soldier)"
    r"|eine?\s(?:mann|frau|leser(?:in)?|bürger(?:in)?|freund(?:in)?)"
    r"|une?\s(?:homme|femme|lecteur|lectrice|citoyen(?:ne)?|amie?|habitante?)"
    r"|un[oa]?\s(?:uomo|donna|ragazz[oa]|lettore|lettrice|cittadin[oa]|amic[oa]"
    r"|hombre|mujer|lectora?|ciudadan[oa]|amig[oa]|vecin[oa])"
    r"|uma?\s(?:homem|mulher|leitora?|cidadão|cidadã|amig[oa])"
    r"|een\s(?:man|vrouw|lezer(?:es)?|burger)|e[nt]t?\s(?:man|kvinn[ae]|kvinde|läsare|læser|leser))(?!\w)"
)

OUR = frozenset(["our", "unser", "unsere", "notre", "nuestro", "nuestra", "nostro", "nostra", "nosso", "nossa", "onze"])

# Between a name and where its correspondent is: "Jane Doe South Asia correspondent".
_COMPASS = (
    "south north east west southeast northeast southwest northwest central latin eastern western northern southern"
)
COMPASS = frozenset(_COMPASS.split())

# Jobs that say of what, where they stand behind a name without a comma.
BEAT_JOBS = frozenset(["correspondent", "editor", "critic"])

# Words that begin a sentence, never a name.
_SENTENCE_OPENERS = (
    "this these that all click here read updated published posted copyright © sponsored paid subscribe sign log"
)
SENTENCE_OPENERS = frozenset(_SENTENCE_OPENERS.split())

# Words for several people who are not named: what stands before them is a paper, not a person.
_COLLECTIVES = "staff desk newsdesk newsroom bureau board team report reports services"
COLLECTIVES = frozenset(_COLLECTIVES.split())

# No word of a plain name is one of these.
LEXICON = frozenset(
    chain(
        *(
            ROLE_WORDS,
            ROLE_ADJECTIVES,
            HOUSES,
            ROLE_OPENERS,
            REPORTING,
            NAME_LINKS,
            OPENERS_AFTER,
            SUFFIXES,
            PAPERS,
            WITH,
        ),
        SENTENCE_OPENERS,
        (word for names in (AGENCIES, CITIES, MORE_PLACES, UNNAMED) for name in names for word in name.split()),
        re.findall(r"\w+", f"{BY_WORDS} {CREDITS} valley"),
    )
)
