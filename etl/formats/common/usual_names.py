"""The names under which public news data keep the fields of an article.

They are those of data sets (CC-News, news-please, AG News, Kaggle collections), of news services and systems (Guardian,
New York Times, WordPress, NewsAPI, GNews, newsdata.io, Bing News, Event Registry, webz.io, Diffbot, Feedly, Arc, Dow
Jones, BigKinds, Integrum, ProQuest), of tools (trafilatura, newspaper, goose, Readability, Fundus, JSON Feed, pandas)
and of schema.org, with their German, French, Dutch, Italian, Spanish and Portuguese equivalents; and, for what nearly
every article has, those of more languages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_USUAL = {
    "native_id": "id guid uuid article_id news_id an doc_id docno document_id uri identifier story_id post_id "
    "proquest_document_id 뉴스_식별자",
    "native_version": "version revision",
    "url": "url link canonical_url article_url web_url permalink canonical_link page_url external_url canonical "
    "document_url ссылка",
    "publication": "publication source publisher outlet newspaper source_name publication_name source_title "
    "newspaper_name newspaper_title media_name news_outlet media_outlet news_source site_name meta_site_name "
    "og_site_name source_hostname provider publisher_name source_domain site_full site hostname domain clean_url "
    "veículo veiculo krant noviny publication_title quelle zeitung medientitel "
    "gazeta tidning avisnavn sanomalehti lehti újság издание источник газета 新聞名 掲載紙 报纸 報紙 언론사 신문사 "
    "媒体名称 媒體名稱",
    "country": "country country_code source_country",
    "headline": "headline headlines article_title post_title news_title story_title title titel titre titolo título "
    "titulo web_title name heading überschrift ueberschrift "
    "kop titulek tytuł tytul overskrift tittel otsikko főcím заголовок 見出し 标题 標題 제목 기사제목 "
    "新闻标题 文章标题 新聞標題 文章標題 記事見出し 記事タイトル タイトル 題名 题名",
    "deck": "deck subtitle description summary standfirst vorspann chapeau untertitel trail_text abstract excerpt "
    "short_description post_excerpt custom_excerpt alternative_headline subheadlines meta_description "
    "teaser lead dek snippet intro ingress einleitung inleiding anreisser anreißer entradilla bajada copete "
    "sottotitolo occhiello subtítulo subtitulo sous_titre perex manchet анонс",
    "byline": "author authors byline creator autor autoren auteur autore auteurs autores dc_creator authors_byline "
    "author_name primary_author writer reporter credits created_by_alias bylines contributors автор авторы 기고자 "
    "作者 记者 記者 著者",
    "dateline": "dateline",
    "body": "full_content text body content maintext article full_text article_text article_body volltext texte testo "
    "texto tekst content_text content_html body_text body_html body_xhtml post_content article_content content_encoded "
    "content_elements text_content cleaned_text raw_text plain_text #text текст "
    "正文 正文内容 文章正文 新闻正文 文章内容 新闻内容 全文 内文 內文 文章內容 新聞內容 新聞內文 本文 記事本文 "
    "본문 기사본문 기사내용",
    "published": "date_time_pub date_gmt post_date_gmt web_publication_date published published_at date_published "
    "date_publish pubdate publish_date published_date publication_date published_on publication_datetime "
    "publishing_date publish_time publish_date_time published_time publication_time pub_time first_publish_date "
    "first_publication_date first_published first_published_at article_published_time date_of_publication "
    "date_publication date_de_publication date_de_parution date_parution data_pubblicazione data_di_pubblicazione "
    "fecha_publicacion fecha_publicación fecha_de_publicacion fecha_de_publicación data_publicacao data_publicação "
    "data_de_publicacao data_de_publicação data_publikacji data_wydania datum_vydani datum_vydání datum_objave "
    "data_publicării erscheinungsdatum veröffentlichungsdatum publikationsdatum erschienen_am veröffentlicht_am "
    "publicatiedatum verschijningsdatum publiceringsdatum publicerad udgivelsesdato utgivelsesdato publisert "
    "publiceret julkaisupäivä julkaistu publié_le publie_le publicado_em publicado_en pubblicato_il yayın_tarihi "
    "yayin_tarihi tanggal_terbit ngày_đăng ngày_xuất_bản дата_публикации дата_публікації تاريخ_النشر 发布时间 發布時間 "
    "发布日期 發布日期 出版日期 掲載日 公開日 発行日 게재일 발행일 date post_date article_date news_date story_date "
    "issue_date date_issued date_posted posted_at posted_on print_date publish_up first_created date_time datetime "
    "display_date dc_date datum dátum fecha dato tarih tanggal tarikh päivämäärä dagsetning kuupäev datums ngày дата "
    "ημερομηνία تاريخ التاريخ تاریخ תאריך दिनांक तारीख তারিখ วันที่ 日期 时间 日付 날짜 일자 issued estimated_date "
    "timestamp created_at created_on date_created created data "
    "year pub_year publication_year jahr année annee anno año ano jaar",
    "modified": "modified_gmt post_modified_gmt modified updated date_modify date_modified modified_at updated_at "
    "last_modified modification_datetime modification_date post_modified",
    "section": "section category ressort rubrik rubrique rubriek sezione sección seccion seção secao section_name "
    "рубрика раздел article_section section_title category_name",
    "page": "page page_number seite",
    "edition": "edition",
    "language": "language lang sprache langue lingua idioma taal language_code in_language meta_lang human_language",
    "labels": "tags keywords topics categories subjects meta_keywords 통합_분류1",
    "agency": "agency news_agency",
    "status": "post_status status pubstatus is_published is_draft draft unpublished state",
    "embargo_until": "embargo_until embargo embargoed embargoed_until",
    "is_partial": "is_partial",
}
_ONLY_BESIDE = {"an": "sourcecode", "name": "datepublished", "state": "introtext"}
"""Names that mean this only beside another one: in snapshots of Dow Jones, in what keeps to schema.org, in Joomla."""
_EXCERPTS = ("lead_paragraph", "snippet", "abstract", "excerpt", "post_excerpt", "trail_text", "short_description")
"""What holds only the beginning or a summary of an article: its body where there is no other."""
_OBJECTS = """_source fields node article attributes doc document data payload properties thread post meta metadata
    meta_data og links _embedded"""
OBJECTS = frozenset(_OBJECTS.split())
"""Objects in an article's that hold its fields (Elasticsearch, Guardian, GraphQL, JSON:API, webz.io, newspaper)."""
_INNER = "name main basic original rendered title label value text content plain html by #text _text $t @value"
INNER = tuple(_INNER.split())
"""The keys of an object that is the value of one field, the one to be read first."""
_STEPS = frozenset(
    (*INNER, "$date", "$oid", "$numberlong", "summary", "sections", "paragraphs", "headline", "domain", "site", "uri")
)
LONGEST_USUAL_NAME = 200
"""Characters of a name that is remembered: dumps of one feed have the same ones."""


_ARROWS, _UNSEEN = (
    "\u2190-\u21ff\u25a0-\u25ff\u2b00-\u2bff\U0001f53c\U0001f53d",
    "\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff",
)
"""By which column a table is sorted (and other shapes); what has no width."""
_NOT_OF_NAMES = re.compile(rf"[\s_\-.:/*{_ARROWS}{_UNSEEN}]")


def fold(name: str) -> str:
    """A column's name without case, spaces, punctuation and arrows: `Published At` is `published_at`. Letters with
    marks are one, however they are written (NFC, NFD). What is longer than any name is a text, and stays as it is."""
    return _folded(name) if len(name) <= LONGEST_USUAL_NAME else name


@lru_cache(maxsize=10_000)
def _folded(name: str) -> str:
    return _NOT_OF_NAMES.sub("", unicodedata.normalize("NFC", name).casefold())


CANDIDATES = {field: tuple(dict.fromkeys(map(fold, names.split()))) for field, names in _USUAL.items()}
"""Field -> the usual names of its column, the first choice first."""
PLACES: dict[str, list[tuple[str, int]]] = {}
"""Usual name -> the fields that it may fill, and its place among the choices for each."""
for _field, _names in CANDIDATES.items():
    for _place, _name in enumerate(_names):
        PLACES.setdefault(_name, []).append((_field, _place))
EXCERPTS = tuple(map(fold, _EXCERPTS))
PARTS_OF_BODY = ("paragraphs", "sections", "contents", "sentences", "elements", "components", "texts")
"""Lists that are the body where there is no other, if they hold texts."""
DOW_JONES = frozenset(("an", "snippet", "body"))
"""A snapshot of Dow Jones has the first paragraphs in `snippet` and what follows them in `body`."""
NEWSCATCHER = frozenset(("summary", "excerpt", "cleanurl"))
"""NewsCatcher (v2) calls the text of an article its summary."""
INTEGRUM = frozenset(("анонс", "оригинал"))
"""So does Integrum in its workbooks."""
_KNOWN = frozenset(name for names in CANDIDATES.values() for name in names)
_ARTICLE = frozenset(CANDIDATES["body"] + CANDIDATES["headline"])


def usual_name(path: str) -> str:
    """The folded name that a column or a path (`a.b`, `a/b`) amounts to: `_source.Title` and `title.rendered` are
    `title`, `source.name` is `source`."""
    if len(path) > LONGEST_USUAL_NAME:
        return path  # no usual name is so long
    return _usual_name(path)


@lru_cache(maxsize=10_000)
def _usual_name(path: str) -> str:
    if "/" in path or path.startswith("@"):  # of XML
        outer, _, last = path.rpartition("/")
        return path if outer and last.startswith(("@", "#")) else fold(last.lstrip("@"))
    first, *inner = [step for step in re.split(r"[.\[\]*]+", path) if step] or [path]
    steps = [first, *(step for step in inner if not step.isdecimal())]  # a first number is an id, not an index
    while len(steps) > 1 and steps[0].casefold() in OBJECTS:
        del steps[0]
    whole = fold(".".join(steps) or path)
    if len(steps) > 1 and whole not in _KNOWN and all(step.casefold() in _STEPS for step in steps[1:]):
        return fold(steps[0])
    return whole


def is_usual(path: str) -> bool:
    """Whether a column or path has a usual name."""
    return usual_name(path) in _KNOWN


def without_odd(names: Iterable[str]) -> set[str]:
    """Folded names, without those that mean nothing where the one that should stand beside them does not."""
    found = set(names)
    return {name for name in found if name not in _ONLY_BESIDE or _ONLY_BESIDE[name] in found}


def known(names: Iterable[str]) -> tuple[int, bool]:
    """How many of `names`, which may be paths, are usual names of columns; and whether a body or headline is among
    them."""
    found = set(map(usual_name, names))
    if found.isdisjoint(_KNOWN):  # most often: every row of a sheet is asked
        return 0, False
    folded = without_odd(found)
    return len(folded & _KNOWN), bool(folded & _ARTICLE)
