"""Bylines taken apart: people, their e-mail and role, agencies."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from babel import Locale
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etl.normalise._byline_words import ANDS, SHORT_ANDS
from etl.normalise._houses import without_publication
from etl.normalise._places import is_place
from etl.normalise.bylines import split_bylines


def split(byline: str | None) -> tuple[list[dict[str, str | None]], str | None]:
    row = split_bylines(pd.Series([byline], dtype="str")).iloc[0]
    return list(row["people"]), None if pd.isna(row["agency"]) else row["agency"]


def names(byline: str) -> list[str | None]:
    return [person["name"] for person in split(byline)[0]]


@pytest.mark.parametrize(
    ("byline", "people", "agency"),
    [
        ("By Jane Doe Reuters", ["Jane Doe"], "Reuters"),
        ("By Jane Doe Agence France-Presse", ["Jane Doe"], "AFP"),
        ("Jane Doe AP", ["Jane Doe"], "AP"),
        ("Jane van Ap", ["Jane van Ap"], None),
        ("JANE VAN AP", ["Jane van Ap"], None),
        ("Paul Julius Reuter", ["Paul Julius Reuter"], None),
        ("Jane Reuters", ["Jane Reuters"], None),
    ],
)
def test_an_agency_behind_a_full_name(byline: str, people: list[str], agency: str | None) -> None:
    assert (names(byline), split(byline)[1]) == (people, agency)


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("By Jane Doe", ["Jane Doe"]),
        ("by: Jane Doe", ["Jane Doe"]),
        ("Written by Jane Doe", ["Jane Doe"]),
        ("- Dewey Sim", ["Dewey Sim"]),
        ("Abby Jones", ["Abby Jones"]),
        ("Byron Bywater", ["Byron Bywater"]),
        ("By Byron Bywater", ["Byron Bywater"]),
        ("By Abby Jones and Toby Young", ["Abby Jones", "Toby Young"]),
        ("Von Christian Hollmann", ["Christian Hollmann"]),
        ("Von Miller", ["Von Miller"]),  # a given name
        ("Par Jean Dupont et Marie Curie", ["Jean Dupont", "Marie Curie"]),
        ("Por Ana Ruiz y José Pérez Gómez", ["Ana Ruiz", "José Pérez Gómez"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),  # one name
        ("Jane Doe & John Roe; Ann Poe / Tom Low", ["Jane Doe", "John Roe", "Ann Poe", "Tom Low"]),
        ("Jane Doe, John Roe and Ann Poe", ["Jane Doe", "John Roe", "Ann Poe"]),
        ("Paulo Santalucia and Frances d'Emilio", ["Paulo Santalucia", "Frances d'Emilio"]),
        ("Peter and Jane", ["Peter", "Jane"]),
        ("Jane Doe, JANE DOE", ["Jane Doe"]),
        ("张三、李四", ["张三", "李四"]),
        ("张三 李四", ["张三", "李四"]),
        ("记者 王小明", ["王小明"]),
        ("山田太郎", ["山田太郎"]),
        ("محمد علي، أحمد حسن", ["محمد علي", "أحمد حسن"]),
        ("J&uuml;rgen Pander", ["Jürgen Pander"]),
        ('<a href="x">Jane Doe</a>', ["Jane Doe"]),
        ("https://www.facebook.com/jane.doe, Jane Doe", ["Jane Doe"]),
        ("Jane Doe http://x.org/About-Us", ["Jane Doe"]),
        ("Aus Chicago berichtet JANE DOE", ["Jane Doe"]),
        ("Jane Doe berichtet aus New York", ["Jane Doe"]),
        ("Jane Doe Madrid", ["Jane Doe"]),
        ("Jane Doe New York; John Roe Tel Aviv", ["Jane Doe", "John Roe"]),
        ("Jane Rome", ["Jane Rome"]),  # a surname
        ("Ana de Madrid", ["Ana de Madrid"]),
        ("Jane Doe London", ["Jane Doe London"]),  # too many are called so
        ("Jane Doe in Beijing contributed reporting", ["Jane Doe"]),
        ("JANE DOE; John Roe contributed reporting from Washington.", ["Jane Doe", "John Roe"]),
        ("Jane Doe and John Roe, Washington Post Staff Writers", ["Jane Doe", "John Roe"]),
        ("Jane Doe, Political Editor, and John Roe, Home Affairs Editor", ["Jane Doe", "John Roe"]),
        ("Jane Doe, White House Correspondent", ["Jane Doe"]),
        ("Emily Post", ["Emily Post"]),
        ("Jane Doe, Emily Post, and John Roe", ["Jane Doe", "Emily Post", "John Roe"]),
        ("Jane Doe, Hill Courier, and John Roe", ["Jane Doe", "John Roe"]),
        ("Jane Doe, Hill Bee, and John Roe", ["Jane Doe", "Hill Bee", "John Roe"]),  # it may be a person
        ("Jane Doe, Hill Post and John Roe, Dale Times", ["Jane Doe", "John Roe"]),
        ("Jane Doe, Hill Bee and John Roe, Dale Tribune", ["Jane Doe", "John Roe"]),
        ("Hill, Kate, Dale, Jon", ["Kate Hill", "Jon Dale"]),
        ("Hill, Kate, Dale, Jon, von Roe, Ann", ["Kate Hill", "Jon Dale", "Ann von Roe"]),
        ("Hill, Kate, Dale, Jon and Roe, Ann", ["Kate Hill", "Jon Dale", "Ann Roe"]),
        ("Hill, Kate, Dale, Jon, Roe", ["Hill", "Kate", "Dale", "Jon", "Roe"]),  # no pairs
        ("Kate Hill, Jon Dale, Ann Roe, Max Poe", ["Kate Hill", "Jon Dale", "Ann Roe", "Max Poe"]),
        ("Hill, Kate, Editor, Berlin", ["Kate Hill"]),
        ("Dr. Doe, Jane", ["Dr. Jane Doe"]),
        ("Prof. Dr. Doe, Jane; Dr Roe, Max", ["Prof. Dr. Jane Doe", "Dr Max Roe"]),
        ("Dr. med. Doe, Jane", ["Dr. med. Jane Doe"]),
        ("Dr. Jane Doe, Berlin", ["Dr. Jane Doe"]),
        ("Dr. Doe, Berlin", ["Dr. Doe"]),
        ("Un uomo di Roma Antica", []),
        ("Ein Leser aus Furt", []),
        ("A man from Rome", []),
        ("Una vecina de Valle Verde", []),
        ("An Mann", ["An Mann"]),
        ("Ann Lee, Emily Post", ["Ann Lee", "Emily Post"]),
        ("Jane Doe and John Roe For The Daily Mail", ["Jane Doe", "John Roe"]),
        ("Jane Doe is a columnist", ["Jane Doe"]),
        ("By Jane Doe BBC News", ["Jane Doe"]),
        ("Jane Doe, CNN Business", ["Jane Doe"]),
        ("By Jane Doe on May 5, 2020", ["Jane Doe"]),
        ("By Jane Doe Published 5 May 2020", ["Jane Doe"]),
        ("ByJane Doe", ["Jane Doe"]),
        ("Posted by Jane Doe", ["Jane Doe"]),
        ("Author: Jane Doe", ["Jane Doe"]),
        ("Jane Doe + John Roe", ["Jane Doe", "John Roe"]),
        ("Text und Fotos: Jane Doe", ["Jane Doe"]),
        ("De notre envoyé spécial Jean Dupont", ["Jean Dupont"]),
        ("Propos recueillis par Jean Dupont", ["Jean Dupont"]),
        ("DAL NOSTRO INVIATO MARIO ROSSI", ["Mario Rossi"]),
        ("本报记者 张三", ["张三"]),
        ("责任编辑：张三", ["张三"]),
        ("文/张三 图/李四", ["张三", "李四"]),
        ("〔記者王小明／台北報導〕", ["王小明"]),
        ("张三（北京）", ["张三"]),
    ],
)
def test_people(byline: str, expected: list[str]) -> None:
    assert names(byline) == expected


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("BY JOHN O'NEIL-SMITH III", ["John O'Neil-Smith III"]),
        ("JANE VAN DER BERG", ["Jane van der Berg"]),
        ("RONALD MCDONALD", ["Ronald McDonald"]),
        ("A. M. ROSENTHAL and J.R. MÜLLER", ["A. M. Rosenthal", "J.R. Müller"]),
        ("Robert Downey, Jr.", ["Robert Downey Jr."]),
        ("Dr. Jane Doe and John Roe Jr.", ["Dr. Jane Doe", "John Roe Jr."]),
        ("Sir Ian McKellen.", ["Sir Ian McKellen"]),
        ("Mary-Kate O’Brien", ["Mary-Kate O’Brien"]),
        ("Kim Min-jun", ["Kim Min-jun"]),
    ],
)
def test_spelling_of_names(byline: str, expected: list[str]) -> None:
    assert names(byline) == expected


@pytest.mark.parametrize(
    ("byline", "language", "expected"),
    [
        ("AYLA IŞIN", "tr", "Ayla Işın"),
        ("CAN YILDIZ", "az", "Can Yıldız"),
        ("IŞIN, AYLA", "tr", "Ayla Işın"),
        ("ALİ KIRAÇ", "de", "Ali Kıraç"),
        ("Haber: İLKER ÇİÇEK", None, "İlker Çiçek"),
        ("DIANA RIVERS", "en", "Diana Rivers"),
        ("DIANA WEXFIELD", "tr", "Dıana Wexfield"),
        ("ŞTEFAN DIMITRIU", "ro", "Ştefan Dimitriu"),
        ("Can Yildiz", "tr", "Can Yildiz"),
    ],
)
def test_turkish_capitals_have_their_own_small_letters(byline: str, language: str | None, expected: str) -> None:
    languages = pd.Series([language, "en", None], dtype="str")
    people = split_bylines(pd.Series([byline, byline.replace("İ", "I"), None], dtype="str"), languages)["people"]
    assert [person["name"] for person in people[0]] == [expected]
    assert not {"ı"} & set(people[1][0]["name"])


@pytest.mark.parametrize("byline", ["HABER MERKEZİ", "SPOR SERVİSİ", "CUMHURİYET GAZETESİ"])
def test_nobody_is_named_in_turkish_capitals(byline: str) -> None:
    assert split(byline) == ([], None)


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("Mingels, Guido", ["Guido Mingels"]),
        ("Rohr, Mathieu von", ["Mathieu von Rohr"]),
        ("Smith, John A.", ["John A. Smith"]),
        ("Di Stefano, Alfredo", ["Alfredo Di Stefano"]),
        ("Dohmen, Frank; von der Leyen, Ursula; Heyer, Julia Amalia", None),
        ("Jane Doe, John Roe", ["Jane Doe", "John Roe"]),
        ("Jane Doe, Berlin; John Roe, Paris", ["Jane Doe", "John Roe"]),
        ("Smith, Reuters", ["Smith"]),
        ("Smith, Staff Writer", ["Smith"]),
    ],
)
def test_last_name_first(byline: str, expected: list[str] | None) -> None:
    assert names(byline) == (expected or ["Frank Dohmen", "Ursula von der Leyen", "Julia Amalia Heyer"])


@pytest.mark.parametrize(
    ("byline", "roles"),
    [
        ("Jane Doe, Staff Writer", ["Staff Writer"]),
        ("Jane Doe Political Editor", ["Political Editor"]),
        ("Political Editor Jane Doe", ["Political Editor"]),
        ("Jane Doe in Berlin", ["in Berlin"]),
        ("Jane Doe, Berlin", ["Berlin"]),
        ("Jane Doe, New York", ["New York"]),
        ("Jane Doe | South Africa", ["South Africa"]),
        ("Jane Doe, avec AFP, à Dakar", ["à Dakar"]),
        ("Reporting by Jane Doe; editing by John Roe", ["Reporting", "editing"]),
        ("Jane Doe; John Roe contributed research.", [None, "contributed research."]),
        ("Jane Doe, The Bay Journal", ["The Bay Journal"]),
        ("Jane Doe Transport correspondent", ["Transport correspondent"]),
        ("JANE DOE Arts Correspondent", ["Arts Correspondent"]),
        ("Jane Doe, Ph.D.", ["Ph.D."]),
        ("Jane Doe: Columnist", ["Columnist"]),
        ("Teksti: Aino Salo, kuvat: Eero Vuori", ["Teksti", "kuvat"]),
        ("王小明記者", ["記者"]),
        ("Jane Doe Hong Kong", ["Hong Kong"]),
        ("Aus Chicago berichten Jane Doe und John Roe", ["Aus Chicago berichten", None]),
        ("Jane Doe berichtet aus Chicago", ["berichtet aus Chicago"]),
        ("Jane Doe | The Guardian", ["The Guardian"]),
        ("Jane Doe, Michigan State University", ["Michigan State University"]),
        ("Jane Doe / Faktisk.no", ["Faktisk.no"]),
        ("Jane Doe, special to the Star", ["special to the Star"]),
        ("Jane Doe and John Roe, Staff Writers", ["Staff Writers", "Staff Writers"]),
        ("Jane Doe; photographs by John Roe", [None, "photographs"]),
        ("Jane Doe (Text) und Max Roe (Fotos)", ["Text", "Fotos"]),
        ("홍길동 기자", ["기자"]),
    ],
)
def test_roles_stand_apart(byline: str, roles: list[str | None]) -> None:
    assert [person["role"] for person in split(byline)[0]] == roles


@pytest.mark.parametrize(
    "byline",
    """Staff reporter|Our correspondent|Our own correspondent in Berlin|Editorial board|By the Editorial Board|Staff
    Admin|Por Redacción|Guardian staff and agencies|The New York Times|Special to The Washington Post|By|
    http://www.facebook.com/jane.doe|http www x|Agencies|BBC|TNN|本报记者|Von unserer Redaktion|@janedoe|jk
    A|12345|KN|MAR 04|gr/bp""".replace("\n    ", "|").split("|"),
)
def test_nobody_is_named(byline: str) -> None:
    assert split(byline) == ([], None)


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("Dewey Sim dewey.sim@scmp.com", [("Dewey Sim", "dewey.sim@scmp.com")]),
        ("Jane Doe <Jane@X.org>", [("Jane Doe", "jane@x.org")]),
        ("jane@x.org (Jane Doe)", [("Jane Doe", "jane@x.org")]),
        ("Jane Doe, jane@x.org", [("Jane Doe", "jane@x.org")]),
        ("Jane Doe jane@x.org John Roe roe@x.org", [("Jane Doe", "jane@x.org"), ("John Roe", "roe@x.org")]),
        ("Jane Doe and John Roe roe@x.org", [("Jane Doe", None), ("John Roe", "roe@x.org")]),
        ("Jane Doe @janedoe", [("Jane Doe", None)]),
        ("jane@x.org", []),
    ],
)
def test_an_email_is_never_a_name(byline: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(person["name"], person["email"]) for person in split(byline)[0]] == expected


@pytest.mark.parametrize(
    ("byline", "people", "agency"),
    [
        ("Reuters", [], "Reuters"),
        ("Reuters Staff", [], "Reuters"),
        ("AFP and AP", [], "AFP, AP"),
        ("By John Smith, Reuters.", ["John Smith"], "Reuters"),
        ("Von Christian Hollmann, dpa", ["Christian Hollmann"], "dpa"),
        ("Jane Doe (Reuters)", ["Jane Doe"], "Reuters"),
        ("ANTHONY WALLACE/AFP/Getty Images", ["Anthony Wallace"], "AFP, Getty Images"),
        ("By Jane Doe, Associated Press Writer", ["Jane Doe"], "AP"),
        ("Sam Lister, Press Association Political Correspondent", ["Sam Lister"], "PA"),
        ("Jane Doe with files from The Canadian Press", ["Jane Doe"], "Canadian Press"),
        ("新华社记者张三", ["张三"], "Xinhua"),
        ("Associated Press Writer Jane Doe", ["Jane Doe"], "AP"),
        ("By Jane Doe AP Business Writer", ["Jane Doe"], "AP"),
        ("By JANE DOE Associated Press Writer", ["Jane Doe"], "AP"),
        ("Jean Dupont avec AFP", ["Jean Dupont"], "AFP"),
        ("Jean Dupont (avec AFP)", ["Jean Dupont"], "AFP"),
        ("(Reuters) Jane Doe", ["Jane Doe"], "Reuters"),
        ("(서울=연합뉴스) 김철수 기자", ["김철수"], "Yonhap"),
        ("Jane Doe and Pa", ["Jane Doe", "Pa"], None),
        ("Jane Reuters", ["Jane Reuters"], None),
    ],
)
def test_agencies_stand_apart(byline: str, people: list[str], agency: str | None) -> None:
    assert names(byline) == people
    assert split(byline)[1] == agency


def test_columns() -> None:
    frame = split_bylines(pd.Series(["By Jane Doe", None, "By Jane Doe"], index=[4, 2, 9]))
    assert frame.index.tolist() == [4, 2, 9]
    assert [len(people) for people in frame["people"]] == [1, 0, 1]
    assert frame["agency"].isna().all()
    assert str(frame["people"].dtype) == "list<item: struct<name: string, email: string, role: string>>[pyarrow]"


@pytest.mark.parametrize(
    "piece", ["Jane Doe, ", "by ", "Text: ", "von ", "Jane Doe by ", "(", "with ", "记者 ", "기자 "]
)
def test_a_paragraph_in_the_wrong_field_names_nobody(piece: str) -> None:
    assert split(piece * (3_000 // len(piece))) == ([], None)
    assert len(split(piece * (1_999 // len(piece)))[0]) < 2


WORDS = """By by Von JANE Jane Doe O'NEIL van der and AND & , ; / | ( ) - : Reuters AP dpa Staff Writer Editor in Berlin
    a@x.org <b> http://x.y/z @jo III Jr. e y José 张三 记者 、 The . University photographs From Text: Fotos
    contributed New York, with files from as told to ＝ ・ 김민수 기자 المرسل Madrid Post's via""".split()  # noqa: SIM905
BYLINES = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=5)), max_size=9).map(" ".join)


@settings(max_examples=300)
@given(BYLINES)
@example("A . and B .")
def test_nothing_is_invented(byline: str) -> None:
    people = split(byline)[0]
    found = [person["name"] or "" for person in people]
    assert all(name.strip() == name != "" and "@" not in name for name in found)
    assert len({name.casefold() for name in found}) == len(found)
    if "&" not in byline:  # an entity may hide a word
        assert words(" ".join(found)) <= words(byline)


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.casefold()))


@pytest.mark.parametrize(
    ("byline", "publication", "domain", "left"),
    [
        ("CBS Detroit", "CBS Detroit", None, None),
        ("Morning Bell", "Morning Bell", None, None),
        ("By MORNING BELL", "The Morning Bell", None, None),
        ("morningbell.com", None, "morningbell.com", None),
        ("Morningbell", None, "www.morningbell.example", None),
        ("Bell", "Morning Bell", None, None),
        ("Jane Doe", "Jane Doe", None, None),  # her weblog, or a paper: unknown
        ("Jane Doe", "Doe Weekly", None, "Jane Doe"),
        ("Jane Doe", None, "janedoe.example", "Jane Doe"),
        ("Jane Doe, Morning Bell", "Morning Bell", None, "Jane Doe"),
        ("Jane Doe and John Roe, The Morning Bell", "Morning Bell", None, "Jane Doe and John Roe"),
        ("Jane Doe, Morning Bell Arts Editor", "Morning Bell", None, "Jane Doe, Arts Editor"),
        ("Jane Doe, Morning Belllight", "Morning Bell", None, "Jane Doe, Morning Belllight"),
        ("Jane Doe and John Roe USA TODAY", "USA TODAY", None, "Jane Doe and John Roe"),
        ("Jane Doe Florida Today", "Florida Today", None, "Jane Doe"),
        ("The Republic Staff", "The Republic", None, "Staff"),
        ("Reuters", "Reuters", None, "Reuters"),  # the agency
        ("Jane Doe", None, None, "Jane Doe"),
        ("Ann BBCson", "BBC", None, "Ann BBCson"),
        (None, "The Republic", None, None),
    ],
)
def test_the_paper_itself_is_nobody(
    byline: str | None, publication: str | None, domain: str | None, left: str | None
) -> None:
    found = without_publication(*(pd.Series([value], dtype="str") for value in (byline, publication, domain)))
    assert [None if pd.isna(value) else value for value in found] == [left]


def test_a_surname_that_is_also_a_word_for_a_house_is_kept() -> None:
    (people,) = split_bylines(pd.Series(["By Nicky Wire"], dtype="str"))["people"]
    assert [person["name"] for person in people] == ["Nicky Wire"]


@pytest.mark.parametrize("byline", ["Staff Reports", "Staff Report"])
def test_reports_of_the_staff_are_nobodys(byline: str) -> None:
    assert names(byline) == []


def test_a_credit_in_russian() -> None:
    assert names("Текст: Лида Петрова") == ["Лида Петрова"]


TRUTH = Path(__file__).parents[1] / "truth"
INVENTED = json.loads((TRUTH / "bylines_invented.json").read_text())
PRINTED = [row for row in json.loads((TRUTH / "bylines.json").read_text()) if "byline" in row]


def judged(row: dict[str, object]) -> object:
    """A row of the truth; one that is known to be missed fails here once it is not missed any more."""
    reason = f"waits for a rule for this: {row.get('known_miss')}"
    marks = [pytest.mark.xfail(strict=True, raises=AssertionError, reason=reason)] if "known_miss" in row else []
    return pytest.param(row, marks=marks, id=str(row["byline"])[:60])


@pytest.mark.parametrize("row", [judged(row) for row in PRINTED + INVENTED])
def test_who_wrote_it_in_many_languages(row: dict[str, object]) -> None:
    columns = (pd.Series([row.get(name)], dtype="str") for name in ("byline", "publication", "url"))
    found = split_bylines(without_publication(*columns)).iloc[0]
    assert [person["name"].casefold() for person in found["people"]] == [name.casefold() for name in row["people"]]
    assert (None if pd.isna(found["agency"]) else found["agency"]) == row.get("agency")


# "and" that is also another word of bylines (Slovenian "in", Swahili "na"), or no word of its own.
OTHER_JOINS = {"sl", "fil", "sw", "ar", "he", "ur", "hi", "bn", "th", "ja", "ko", "zh"}
LANGUAGES = (
    "en de fr es it pt nl sv da nb fi is pl cs sk hu ro hr sr bg ru uk be el tr et lv lt ca gl eu id ms vi af fa"
)


@pytest.mark.parametrize("language", sorted(set(LANGUAGES.split()) - OTHER_JOINS))
def test_names_are_joined_as_the_language_joins_a_list(language: str) -> None:
    joined = Locale(language).list_patterns["standard"]["2"].format("Ann Poe", "Max Roe")
    assert names(" ".join(joined.split())) == ["Ann Poe", "Max Roe"]
    assert set(ANDS).isdisjoint(SHORT_ANDS)


@pytest.mark.parametrize(
    "place", ["New York", "Buenos Aires", "South Africa", "Brüssel", "Nueva York", "Каир", "القاهرة", "도쿄", "上海"]
)
def test_places_in_many_languages(place: str) -> None:
    assert is_place(place)


def test_a_name_is_not_a_place() -> None:
    assert not is_place("Jane Doe")


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("Die Fragen stellte Jana Dohm", ["Jana Dohm"]),
        ("Die Fragen stellten Jana Dohm und Max Roth", ["Jana Dohm", "Max Roth"]),
        ("Das Gespräch führte Jana Dohm", ["Jana Dohm"]),
        ("Rozmawiała Anna Dąb", ["Anna Dąb"]),
        ("Rozmawiali Anna Dąb i Jan Lis", ["Anna Dąb", "Jan Lis"]),
        ("Беседовала Анна Дубова", ["Анна Дубова"]),
        ("Подготовил Иван Дубов", ["Иван Дубов"]),
        ("Розмовляла Олена Дуб", ["Олена Дуб"]),
        ("Připravil Jan Dub", ["Jan Dub"]),
        ("Reportagem de Rui Dória", ["Rui Dória"]),
        ("Servizio di Luca Doria", ["Luca Doria"]),
    ],
)
def test_credits_of_interviews_and_reports_are_no_part_of_a_name(byline: str, expected: list[str]) -> None:
    assert names(byline) == expected


@pytest.mark.parametrize(
    ("byline", "people", "agency"),
    [
        ("Agência Brasil", [], "Agência Brasil"),
        ("Da Agência Brasil", [], "Agência Brasil"),
        ("Rui Dória, Folhapress", ["Rui Dória"], "Folhapress"),
        ("Antara", [], "Antara"),
        ("Sari Dewi Antara", ["Sari Dewi Antara"], None),
        ("רויטרס", [], "Reuters"),
        ("Jan Dub, ČTK", ["Jan Dub"], "ČTK"),
        ("İHA", [], "İHA"),
        ("Ana Doria y EFE", ["Ana Doria"], "EFE"),
        ("Ana Doria e ANSA", ["Ana Doria"], "ANSA"),
        ("Rui da Silva", ["Rui da Silva"], None),
    ],
)
def test_agencies_of_more_countries(byline: str, people: list[str], agency: str | None) -> None:
    assert (names(byline), split(byline)[1]) == (people, agency)


@pytest.mark.parametrize(
    ("byline", "role"),
    [
        ("Jane Doe - Washington", "Washington"),
        ("Jane Doe – Avonport", "Avonport"),
        ("Jane Doe - El Faro", "El Faro"),
        ("By Jane Doe Special to The Star", "Special to The Star"),
        ("JANE DOE SPECIAL FOR THE STAR", "SPECIAL FOR THE STAR"),
    ],
)
def test_what_is_set_off_from_a_name_is_no_part_of_it(byline: str, role: str) -> None:
    ((person,), _) = split(byline)
    assert (person["name"], person["role"]) == ("Jane Doe", role)


def test_a_dash_also_stands_between_people() -> None:
    assert names("Jane Doe - John Roe") == ["Jane Doe", "John Roe"]
