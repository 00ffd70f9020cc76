"""What the vendors' interfaces call the parts of an article, in all their languages: data for the readers of exports.

The interface's language is not the article's. Labels are compared without accents, in small letters, with hyphens for
blanks, so that `field_of("LÄNGE")` and `field_of("Publication Type")` are found.
"""

from __future__ import annotations

import re
from functools import cache

from babel import Locale

from etl.formats.common.label_keys import label_key

# One line per part; the spellings of English, German, French, Dutch, Italian, Spanish and Portuguese interfaces.
_LABELS = """
headline: headline uberschrift schlagzeile titre kop titel titolo titular titulares titulo manchete encabezado
byline: byline autor autoren autorin auteur auteurs autore autori autora autores author authors door verfasser
 signature
section: section rubrik rubrique rubriek sezione seccion seccao secao sectie katern caderno ressort abschnitt rubrica
length: length lange umfang longueur lengte lunghezza longitud extension comprimento extensao tamanho
 wortanzahl nombre-de-mots aantal-woorden numero-di-parole numero-de-palabras numero-de-palavras
dateline: dateline ortsmarke ort lieu plaats localita lugar local data-line
deck: highlight highlights encart insert zusammenfassung hoogtepunt inzet in-evidenza sommario destacado destaque
 vorspann
body: body haupttext volltext text tekst corps corps-du-texte hoofdtekst inhoud testo corpo cuerpo texto
 corpo-do-texto
language: language sprache langue taal lingua idioma linguagem
load_date: load-date update ladedatum date-de-chargement date-chargement laaddatum laad-datum laatst-bijgewerkt
 data-caricamento data-di-caricamento fecha-de-carga fecha-carga data-de-carregamento data-de-carga data-carga
 last-updated updated invoerdatum aktualisierung mise-a-jour derniere-mise-a-jour fecha-de-actualizacion
 data-di-aggiornamento data-de-atualizacao
publication_type: publication-type pub-type publikationstyp publikationsart zeitungs-typ type-de-publication
 type-publication publicatietype publicatie-type type-publicatie tipo-pubblicazione tipo-di-pubblicazione
 tipo-publicacion tipo-publicacao tipo-de-publicacion tipo-de-publicacao
document_type: document-type dokumenttyp type-de-document type-document documenttype tipo-documento
 tipo-di-documento tipo-de-documento
journal_code: journal-code code-journal zeitschriftencode code-de-la-revue code-revue codice-rivista
graphic: graphic graphics grafik graphique illustration afbeelding grafico
correction: correction korrektur berichtigung correctie correzione correccion correcao
correction_date: correction-date korrekturdatum date-correction
series: series serie reihe
column: column kolumne chronique
notes: notes anmerkungen notas note editor-note editors-note
url: url web-address
classification: classification klassifizierung klassifikation classificatie classificazione clasificacion classificacao
subject: subject subjects thema themen schlagworter schlagwort sujet sujets onderwerp onderwerpen soggetto argomento
 tema temas asunto assunto
organization: organization organisation organisationen organisatie organizzazione organizacion organizacao
company: company companies unternehmen firma firmen societe societes entreprise bedrijf azienda societa empresa
ticker: ticker stock-symbol borsenkurzel borsensymbol symbole-boursier simbolo-bursatil
industry: industry industries activity-sector branche branchen industrie secteur-activite secteur bedrijfstak settore
 sector setor
person: person people personen personne personnes persoon persona personas pessoa
geographic: geographic geo-localization geografie geographisch geo localisation-geo localisation geografisch geografico
 geografia
city: city stadt ville stad citta ciudad cidade
state: state bundesland bundesstaat etat staat stato estado
country: country land pays paese pais
"""

# "Documents (50)", in the same languages.
DOCUMENTS = "documents?|dokumente?n?|documenten|documenti|documento|documentos|文档|文件|ドキュメント|문서"  # noqa: RUF100
_NUMBER = r"\d{1,3}(?:[.,\u202f\xa0]\d{3})+|\d{1,7}"
_OF = rf"({_NUMBER})(?:\s{{1,3}}(?:of|von|de|sur|van|di|du|da|af|av|z|ze|из)\s{{1,3}}|\s?/\s?)({_NUMBER})"
_NUMBERED = re.compile(rf"(?:\w{{1,20}}\s?-\s?)?(?:{_OF}\s(?:{DOCUMENTS})|(?:{DOCUMENTS})\s{_OF})", re.IGNORECASE)
"""`1 of 50 DOCUMENTS`, `FOCUS - 1 of 50 DOCUMENTS`, `Dokument 1 von 50`."""
_LONGEST_NUMBERED = 160
_WEEKDAYS = """
monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonnabend
sonntag lundi mardi mercredi jeudi vendredi samedi dimanche maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
lunedi martedi mercoledi giovedi venerdi sabato domenica lunes martes miercoles jueves viernes sabado domingo
segunda-feira terca-feira quarta-feira quinta-feira sexta-feira
"""
WEEKDAYS = frozenset(_WEEKDAYS.split())
# "355 words", in the languages of the interfaces.
_WORDS = """
word words worter wortern mot mots palabra palabras parola parole woord woorden palavra palavras слово слова слов 字
字数 字數 語 単語 文字 단어 자
"""
# How a caption among the last paragraphs begins ("Photos: ...", "Map of Egypt, indicating Cairo."), or the whole of it.
CAPTIONS = (
    "photos?|photographs?|drawings?|maps?|charts?|graphs?|graphics?|diagrams?|illustrations?|cartoons?|fotos?|bilder"
    "|karten?|grafik(?:en)?|zeichnung(?:en)?|photographies?|dessins?|cartes?|foto's|kaarten?|disegn[oi]|mapas?|dibujos?"
    "|gráficos?|desenhos?"
)
# The languages of the vendors' interfaces.
_INTERFACES = ("en", "de", "fr", "nl", "it", "es", "pt", "ru", "zh", "zh_Hant", "ja", "ko")
END_OF_DOCUMENT = (
    "end of document",
    "ende des dokuments",
    "fin du document",
    "einde van document",
    "einde van het document",
    "fine del documento",
    "fine documento",
    "fin del documento",
    "fim do documento",
)


def field_of(label: str) -> str | None:
    """The part of an article that a label (without its colon) names; None where no vendor uses it."""
    return _fields().get(label_key(label))


def document_number(text: str) -> tuple[int, int] | None:
    """Which document of how many a line announces, in any of the interfaces' languages; None where it is another."""
    match = _NUMBERED.fullmatch(text.strip()) if len(text) < _LONGEST_NUMBERED else None
    if match is None:
        return None
    number, total = (int(re.sub(r"\D", "", digits)) for digits in match.groups() if digits)
    return number, total


def is_word_unit(text: str) -> bool:
    """Whether a text is the unit of a word count: "words", "Wörter", "字"."""
    return label_key(text) in _word_units()


def is_month(text: str) -> bool:
    """Whether a text names a month in one of the interfaces' languages: "January", "Jan."."""
    return label_key(text.rstrip(".")) in _months()


def is_language(text: str) -> bool:
    """Whether a text names a language in one of the interfaces' languages, also with "(Traditional)" or the like."""
    return label_key(text) in _languages() or label_key(text.partition("(")[0].partition(" - ")[0]) in _languages()


@cache
def _word_units() -> frozenset[str]:
    return frozenset(map(label_key, _WORDS.split()))


@cache
def _months() -> frozenset[str]:
    locales = map(Locale.parse, _INTERFACES)
    found = (
        names for locale in locales for form in locale.months.values() for names in (form["wide"], form["abbreviated"])
    )
    return frozenset(label_key(name.rstrip(".")) for names in found for name in names.values())


@cache
def _languages() -> frozenset[str]:
    return frozenset(label_key(name) for code in _INTERFACES for name in Locale.parse(code).languages.values())


@cache
def _fields() -> dict[str, str]:
    lines = _LABELS.replace("\n ", " ").strip().splitlines()
    return {label: field for field, _, labels in (line.partition(": ") for line in lines) for label in labels.split()}
