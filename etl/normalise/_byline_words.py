"""The words of bylines that are not names: data for `bylines`. Keys are case-folded."""

from __future__ import annotations

# Agency as stored -> its names in print.
_AGENCY_NAMES = {
    "AAP": "aap|australian associated press",
    "Adnkronos": "adnkronos",
    "AFP": "afp|agence france-presse|agence france presse",
    "ANI": "ani|asian news international",
    "ANP": "anp",
    "ANSA": "ansa|agenzia ansa",
    "Anadolu": "anadolu|anadolu agency|anadolu ajansi",
    "AP": "ap|associated press|the associated press",
    "APA": "apa|austria presse agentur",
    "Belga": "belga",
    "Bernama": "bernama",
    "Bloomberg": "bloomberg|bloomberg news",
    "Canadian Press": "canadian press|the canadian press",
    "CNA": "cna|central news agency|中央社",
    "China News Service": "中新社|中国新闻社|中國新聞社|china news service",
    "Dow Jones": "dow jones|dow jones newswires",
    "dpa": "dpa|deutsche presse-agentur|deutsche presse agentur|deutsche presse-agentur gmbh",
    "EFE": "efe|agencia efe",
    "epa": "epa",
    "Europa Press": "europa press",
    "Getty Images": "getty images|getty",
    "IANS": "ians",
    "Interfax": "interfax",
    "Jiji": "jiji|jiji press",
    "KCNA": "kcna",
    "Keystone-SDA": "keystone-sda|sda|ats",
    "Kyodo": "kyodo|kyodo news",
    "LaPresse": "lapresse",
    "Lusa": "lusa",
    "NTB": "ntb",
    "PA": "pa|press association|the press association|pa media",
    "PAP": "pap",
    "PTI": "pti|press trust of india",
    "Reuters": "reuters|reuter|thomson reuters|reuters tv",
    "RIA Novosti": "ria novosti",
    "Ritzau": "ritzau",
    "SID": "sid",
    "Sputnik": "sputnik",
    "STT": "stt|stt-lehtikuva",
    "TASS": "tass|itar-tass|itar tass",
    "TT": "tt",
    "UPI": "upi|united press international",
    "Xinhua": "xinhua|xinhua news agency|新华社|新華社",
    "Yonhap": "yonhap|yonhap news agency|연합뉴스",
}

AGENCIES = {name: agency for agency, names in _AGENCY_NAMES.items() for name in names.split("|")}
LONGEST_AGENCY = max(len(name.split()) for name in AGENCIES)  # words

# Names of agencies that are also people's surnames.
SURNAMES = frozenset(["bloomberg", "getty", "lusa", "pa", "pap", "reuter", "sid", "tass", "tt"])

# A part that ends or begins with one of these is a job, not a name.
_ROLE_WORDS = (
    "writer editor reporter correspondent columnist contributor journalist photographer critic producer"
    " analyst commentator blogger publisher report intern staff desk newsdesk newsroom bureau board team admin"
    " administrator webmaster editorial freelance freelancer stringer letters"
    " reported contributed reporting"
    " redakteur redakteurin redaktion korrespondent korrespondentin reporterin autor autorin"
    " rédaction rédacteur rédactrice correspondant correspondante journaliste envoyé envoyée"
    " redacción redactor redactora corresponsal periodista enviado enviada"
    " redazione inviato inviata corrispondente giornalista"
    " redação repórter jornalista"
    " redactie verslaggever redacteur correspondente"
    " redaktionsmitglied mitarbeiter mitarbeiterin"
    " 编辑 责任编辑 責任編輯 撰文 摄影 特派员 特派員"
    " 本报记者 本報記者 记者 通讯员 作者 編集部 記者 기자 특파원"
)
ROLE_WORDS = frozenset(word + plural for word in _ROLE_WORDS.split() for plural in ("", "s"))

# Words that may come before a role word: "Senior Political Editor", "Our own correspondent".
_ROLE_ADJECTIVES = (
    "a an our own the from by and of in for web online digital special senior junior chief deputy associate"
    " assistant managing executive contributing guest staff national international foreign world local city"
    " metro state regional political politics diplomatic defence defense security legal crime court economics"
    " economic economy business financial finance money markets industry industrial technology tech science"
    " environment climate energy health medical education religious religion culture cultural arts art music"
    " film fashion food travel sport sports football soccer cricket rugby racing golf tennis features feature"
    " news lead opinion comment social media data investigative investigations parliamentary washington"
    " london europe asia africa middle east photo picture pictures video former home affairs"
    " leitender stellvertretender unser unsere unserem unseren unserer"
    " freier freie notre nos spécial spéciale especial speciale permanent nuestro nuestra nostro nostra nosso"
    " nossa dal dalla nostri van onze la le de il 本报 本報"
)
ROLE_ADJECTIVES = frozenset(_ROLE_ADJECTIVES.split())

# Words for another person's contribution, before "by": "Photographs by Jane Doe".
CREDITS = (
    "additional reporting|reporting|reported|written|story|text|words|photos?|photographs?|photography"
    "|pictures?|video|graphics?|illustrations?|interview|analysis|compiled|edited|translated|propos recueillis|texte"
    "|fotos?|текст|автор"
)

# A part with one of these is an organisation, not a person: "Michigan State University".
_HOUSES = (
    "university college institute institution foundation centre center association society council ministry"
    " department agency service services news newspaper newspapers daily mail online times herald tribune"
    " gazette journal magazine media network networks radio television tv broadcasting group company"
    " corporation inc inc. ltd ltd. llc llp gmbh ag universität zeitung universidad université università"
)
HOUSES = frozenset(_HOUSES.split())

# A part that begins with one of these is not a name: "Special to the Star".
_ROLE_OPENERS = "the special with as from"
ROLE_OPENERS = frozenset(_ROLE_OPENERS.split())

# "Aus Chicago berichtet Jane Doe": verbs between where and who.
_REPORTING = "berichtet berichten berichtete berichteten meldet melden reports reporting informa"
REPORTING = frozenset(_REPORTING.split())
WHERE = frozenset(["aus", "in", "from", "at"])

# Where correspondents are based. Such a place after a name without a comma ("Jane Doe Madrid") is not part of the name.
# Cities that are also surnames (London, Paris, Washington, Berlin) are left out.
_CITIES = """
abuja|addis ababa|algiers|amman|amsterdam|ankara|athens|baghdad|bangkok|barcelona|beijing|beirut|belgrade|bogotá|bogota
brasília|brussels|bucharest|budapest|buenos aires|cairo|canberra|cape town|caracas|copenhagen|damascus|doha|dubai
edinburgh|frankfurt|geneva|hanoi|helsinki|hong kong|islamabad|istanbul|jakarta|jerusalem|johannesburg|kabul|kathmandu
kiev|kyiv|kuala lumpur|lagos|lisbon|los angeles|madrid|manila|mexico city|moscow|mumbai|nairobi|new delhi|new york
oslo|phnom penh|prague|pyongyang|riyadh|rome|san francisco|sarajevo|seoul|shanghai|singapore|stockholm|strasbourg
taipei|tallinn|tbilisi|tehran|tel aviv|tokyo|tripoli|tunis|ulan bator|vienna|vilnius|warsaw|yangon|zagreb|zurich
athen|brüssel|bukarest|genf|istanbul|jerusalem|kairo|kopenhagen|lissabon|moskau|peking|prag|rom|straßburg|teheran
tokio|warschau|wien|zürich|athènes|bruxelles|genève|lisbonne|moscou|pékin|varsovie|vienne|bruselas|moscú|pekín
"""
CITIES = frozenset(city for line in _CITIES.split("\n") for city in line.split("|") if city)

# Parts that belong to the name before them.
_SUFFIXES = "jr jr. sr sr. ii iii iv"
SUFFIXES = frozenset(_SUFFIXES.split())

_PARTICLES = "van von der den de del della di da das do dos du la le ten ter zu zum zur bin ibn al el y"
PARTICLES = frozenset(_PARTICLES.split())

# After a comma and before a role, a part that ends with one of these is where the person before it works.
_PAPERS = (
    "post globe sun star chronicle guardian telegraph observer independent monitor mirror express standard press"
    " examiner inquirer register dispatch bee today republic house court capitol hill county"
)
PAPERS = frozenset(_PAPERS.split())

# Between a person and the agency whose text she used: "Jean Dupont avec AFP".
WITH = frozenset(["with", "avec", "mit", "met", "con", "com"])

# Agencies that are not named.
UNNAMED = frozenset(["agencies", "agenturen", "agencias", "agences", "agenzie", "agências"])
