"""A document of ProQuest, made from its labelled fields, for the readers of its HTML and its text.

The labels follow the language of the interface. Only English ones were seen in exports: the others are those of the
site, as programs that read its pages name them, or plain translations. Whatever the language, a label with "ProQuest"
and a number as its value is the number of the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from etl.formats.common.label_keys import label_key
from etl.formats.common.pieces import without_empty_extra
from etl.model import RawRecord

# Field: the labels of the interfaces. Blanks in them are sometimes missing, and do not count.
_LABELS = """
author: Author; Autor; Auteur; Autore; Verfasser; Forfatter; Szerző; Pengarang; Автор; 著者; 저자; 作者
publication_info: Publication info; Información de publicación; Informations de publication; Publikationsinfo
abstract: Abstract; Resumen; Résumé; Zusammenfassung; Resumo; Sommario; Streszczenie; Аннотация; 抄録; 초록; 摘要
links: Links; Enlaces; Liens; Collegamenti; Łącza; Ссылки; リンク; 링크; 链接
body: Full text; Full Text; Texto completo; Texte intégral; Volltext; Testo completo; Texto na íntegra; Pełny tekst
 ; Полный текст; 全文; 전문; Fuld tekst; Fulltekst; Fulltext; Volledige tekst; Plný text; Úplný text; Teljes szöveg
 ; Teks lengkap; Tam metin
subject: Subject; Materia; Sujet; Thema; Soggetto; Assunto; Temat; Тема; 主題; 주제; 主题; Předmět; Tárgy; Emne; Subjek
geographic: Location; Lugar; Lieu; Ort; Località; Local; Lokalizacja; 地名; 위치
person: People; Personas; Personnes; Personen; Persone; Pessoas; Osoby; 人名; 인물
company: Company / organization; Company; Empresa / organización; Société / organisation; Unternehmen / Organisation
classification: Classification; Clasificación; Klassifikation; Classificazione; Classificação
keyword: Identifier / keyword; Identificador / palabra clave; Identificateur / mot-clé; Identifikator/Schlüsselwort
 ; Identificativo/parola chiave; Identificador / palavra-chave; Identyfikator/słowo kluczowe; 식별자/키워드
 ; Идентификатор / ключевое слово; 識別子 / キーワード
title: Title; Título; Titre; Titel; Titolo; Tytuł; Название; Tittel; Cím; Judul; タイトル; 제목; 标题
publication: Publication title; Título de publicación; Titre de la publication; Titel der Publikation
 ; Titolo pubblicazione; Título da publicação; Tytuł publikacji; Название публикации; 出版物のタイトル; 출판물 제목
 ; Název publikace; Publikáció címe; Utgivelsestittel; Judul publikasi; Udgivelsestitel; Publikationens titel
 ; Publikationstitel; Publicatietitel; Yayın başlığı; 出版物名称; 出版物名稱
published: Publication date; Fecha de publicación; Date de publication; Publikationsdatum; Data di pubblicazione
 ; Data de publicação; Data da publicação; Data publikacji; Дата публикации; 出版日; 출판 날짜; Datum vydání
 ; Publikáció dátuma; Utgivelsesdato; Udgivelsesdato; Tanggal publikasi; 出版日期
publication_year: Publication year; Año de publicación; Année de publication; Erscheinungsjahr; Anno di pubblicazione
 ; Ano de publicação; Ano da publicação; Rok publikacji; Год публикации; 出版年; 출판 연도
page: Pages; Páginas; Seiten; Pagine; Strony; Страницы; ページ; 페이지; Strany; Oldalak; Sider; Halaman; 页
first_page: First page; Primera página; Première page; Erste Seite; Prima pagina; Primeira página
section: Section; Sección; Bereich; Sezione; Seção; Secção; Rozdział; Раздел; セクション; 섹션; Sekce; Rész; Bagian
language: Language of publication; Language; Idioma de la publicación; Langue de publication; Publikationssprache
 ; Lingua di pubblicazione; Idioma de publicação; Język publikacji; Язык публикации; 出版物の言語; 출판 언어
dateline: Dateline
edition: Edition
column: Column
publisher: Publisher; Editorial; Éditeur; Herausgeber; Casa editrice; Editora; Wydawca; Издательство; 出版社; 출판사
publication_place: Place of publication; Lugar de publicación; Lieu de publication; Verlagsort; Luogo di pubblicazione
 ; Local de publicação; Miejsce publikacji; Место публикации; 出版地; 출판 지역
country_of_publication: Country of publication; País de publicación; Pays de publication; Publikationsland
 ; Paese di pubblicazione; País de publicação; Kraj publikacji; Страна публикации; 出版国; 출판 국가
publication_subject: Publication subject; Journal subject
issn: ISSN
source_type: Source type; Tipo de fuente; Type de source; Quellentyp; Tipo di fonte; Tipo de fonte; Typ źródła
document_type: Document type; Tipo de documento; Type de document; Dokumententyp; Tipo di documento; Rodzaj dokumentu
url: Document URL; URL; URL del documento; URL du document; Dokument-URL; URL do documento
copyright: Copyright; Derechos de autor; Prawa autorskie; 著作権
last_updated: Last updated; Última actualización; Dernière mise à jour; Zuletzt aktualisiert
database: Database; Base de datos; Base de données; Datenbank; Base de dados; Baza danych; データベース; 데이터베이스
"""
RAW = ("byline", "body", "dateline", "edition", "language", "native_id", "published", "section", "url")
TOPICS = ("subject", "geographic", "person", "company", "classification", "keyword")
_NONE = frozenset(("noneavailable.", "notavailable.", "noneavailable", "notavailable", "nodisponible."))
_ANONYMOUS = "anonymous"
_EDITION = re.compile(r"(?P<name>[^;]+?), (?P<edition>[^,;]*\bedition\b[^;]*)", re.IGNORECASE)
_DATE = re.compile(r"\]\.?\s*(\d{1,2} [^\W\d_]{3,12} \d{4})\b")
_SPLIT_YEAR = re.compile(r"(?<=, )(?=[\d ]{5}\Z)\d+ \d+\Z")
"""Exports have blanks within words and numbers now and then: "Jan 11, 2 009"."""
_COMPANY = re.compile(r"Name: (?P<name>.*?)(?:; NAICS: (?P<code>[\d ]+))?(?=;? Name: |;?\Z)")
_CODED = re.compile(r"(?P<code>\d{3,6}): (?P<name>.+)")
LONGEST_LABEL = 50


@cache
def _fields() -> dict[str, str]:
    lines = _LABELS.replace("\n ;", ";").strip().splitlines()
    return {
        _squeezed(label): name
        for name, _, labels in (one.partition(": ") for one in lines)
        for label in labels.split(";")
    }


@cache
def _squeezed(label: str) -> str:
    return label_key(label).replace("-", "")


def field_of(label: str, value: str = "") -> str | None:
    """The field that a label (without its colon) names; None where ProQuest has no such label."""
    if "proquest" in label.casefold() and (not value or _whole(value).isdecimal()):
        return "native_id"
    return _fields().get(_squeezed(label)) if len(label) <= LONGEST_LABEL else None


def is_document(names: Iterable[str | None]) -> bool:
    """Whether fields are those of a document, and not of a cover page."""
    return bool({"body", "publication", "native_id", "abstract"} & set(names))


def record(position: str, headline: str, fields: Iterable[tuple[str, str]], extra: dict[str, Any]) -> RawRecord:
    """The raw record of a document with these labels and values, in their order.

    An abstract stands for a text that is missing, and the record says that it is partial. What has no field is in
    `extra`, a label that is not known under its own name.
    """
    values: dict[str, str] = {}
    for label, value in fields:
        name = field_of(label, value) or label
        if value and not _is_none(value):
            values[name] = f"{values[name]}\n{value}" if name in values else value
    values.pop("links", None)
    found: RawRecord = {"position": position, "headline": headline or values.pop("title", "")}
    if values.get("title") == headline:
        values.pop("title")
    author = values.pop("author", "")
    found["byline"], anonymous = ("", author) if author.casefold() == _ANONYMOUS else (author, "")
    found |= _publication(values)
    if "body" not in values and "abstract" in values:
        found |= {"body": values.pop("abstract"), "is_partial": True}
    found["published"] = _SPLIT_YEAR.sub(lambda match: _whole(match[0]), values.pop("published", "")) or _date(
        values.get("publication_info", "")
    )
    found["page"] = values.pop("page", "") or values.pop("first_page", "")
    found |= {name: values.pop(name) for name in RAW if name in values}
    found["native_id"] = _whole(found.get("native_id", ""))
    labels, others = _labels(values)
    return without_empty_extra({**found, "labels": labels, "extra": {**values, **others, "author": anonymous, **extra}})


def _is_none(value: str) -> bool:
    return len(value) <= LONGEST_LABEL and _squeezed(value) in _NONE


def _whole(number: str) -> str:
    return "".join(number.split())


def _publication(values: dict[str, str]) -> dict[str, str]:
    """`New York Times, Late Edition (East Coast); New York, N.Y.`: its name, edition and place."""
    title, _, place = (part.strip() for part in values.pop("publication", "").partition(";"))
    if place:
        values["publication_place"] = place
    if match := _EDITION.fullmatch(title):
        return {"publication": match["name"], "edition": match["edition"]}
    return {"publication": title}


def _date(info: str) -> str:
    match = _DATE.search(info)
    return match[1] if match else ""


def _labels(values: dict[str, str]) -> tuple[list[list[str]], dict[str, str]]:
    """The labels; and people whose names nothing separates, as they stand."""
    found: list[list[str]] = []
    others: dict[str, str] = {}
    for scheme in TOPICS:
        value = " ".join(values.pop(scheme, "").split("\n"))
        if scheme == "person" and any(name.count(",") > 1 for name in value.split(";")):
            others["people"] = value
        elif scheme == "company" and value.startswith("Name: "):
            found += [[scheme, match["code"] or "", match["name"]] for match in _COMPANY.finditer(value)]
        else:
            found += [_label(scheme, part) for part in map(str.strip, value.split(";")) if part]
    return found, others


def _label(scheme: str, text: str) -> list[str]:
    match = _CODED.fullmatch(text) if scheme == "classification" else None
    return [scheme, match["code"], match["name"]] if match else [scheme, "", text]
