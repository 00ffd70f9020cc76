"""How texts and questions are cut into words, and what of a question is refused."""

from __future__ import annotations

import unicodedata
from typing import Any

import duckdb
import pytest

from etl.normalise.text import clean_line


def asked(macros: duckdb.DuckDBPyConnection, sql: str, *parameters: Any) -> Any:
    return macros.execute(f"select {sql}", parameters).fetchall()[0][0]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Straße in ŁÓDŹ, ﬁnanziert: Æsir", ["aesir", "finanziert", "in", "lodz", "strasse"]),
        ("在iPhone 12上", ["12", "iphone", "上", "在"]),
        ("東京都", ["京都", "東京", "都"]),
        ("バパ", ["バパ", "パ"]),
        ("LG전자", ["lg", "전자"]),
        ("किताब", ["किताब"]),
        ("O’Neill’s AT&T", ["at", "neill", "o", "s", "t"]),
        ("مُحَمَّد", ["محمد"]),
        ("Мой ёж за́мок", ["еж", "замок", "мой"]),
        ("ＡＢＣ９ İstanbul", ["abc9", "istanbul"]),
        ("1️⃣Mladenović 2️⃣", ["1mladenovic", "2"]),
        ("葛󠄀城", ["葛城", "城"]),
        ("Waﬄes ﬆop Ĳssel ſenſe", ["ijssel", "sense", "stop", "waffles"]),
        ("مـحـمـد", ["محمد"]),
        (None, []),
    ],
)
def test_words_are_those_of_a_reader(macros: duckdb.DuckDBPyConnection, text: str | None, terms: list[str]) -> None:
    assert asked(macros, "list_sort(mart.search_terms($1::varchar))", text) == sorted(terms)


SCRIPTS = [(0x20, 0x250), (0x370, 0x530), (0x5D0, 0x670), (0x900, 0x980), (0xE00, 0xE80), (0x1E00, 0x2000)]
SCRIPTS += [(0x2010, 0x2060), (0x3000, 0x3100), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xFF00, 0xFF66)]
SCRIPTS += [(0x1F300, 0x1F650)]
KNOWN_OTHERWISE = {chr(code) for code in (0x375, 0x384, 0x385, 0x3F6, 0x482, 0x3036, 0x3037, *range(0x1FBD, 0x1FFF))}


def test_signs_are_what_unicode_has_for_none_of_letters_marks_and_digits(macros: duckdb.DuckDBPyConnection) -> None:
    characters = [chr(code) for first, last in SCRIPTS for code in range(first, last)]
    macros.execute("create or replace temp table character as select unnest($1) as character", [characters])
    signs = {
        row[0]
        for row in macros.execute(
            "select character from character where regexp_matches(character, '(?s)^[' || mart.search_signs() || ']$')"
        ).fetchall()
    }
    wrong = {
        character
        for character in characters
        if unicodedata.category(character) != "Cn"
        and (character in signs) == (unicodedata.category(character)[0] in "LMN")
    }
    assert wrong <= KNOWN_OTHERWISE


def clauses(macros: duckdb.DuckDBPyConnection, question: str) -> Any:
    return asked(macros, "mart.search_clauses($1)", question)["current"][0]


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("a b", [["a", "b"]]),
        ("a OR b c", [["a"], ["b", "c"]]),
        ("a (b OR -c)", [["a", "b"], ["a", "-c"]]),
        ("a NOT (b OR c)", [["a", "-b", "-c"]]),
        ("a -(b c)", [["a", "-b"], ["a", "-c"]]),
        ("a NOT NOT b", [["a", "b"]]),
        ('a “b c” -"d e"', [["a", '"b c"', '-"d e"']]),
        ("Marks & Spencer", [["Marks", "Spencer"]]),
        ("opec –oil (a —b)", [["opec", "-oil", "a", "-b"]]),
        ("or and not", [["or", "and", "not"]]),
        ('"wow!" what? 10:30', [['"wow!"', "what?", "10:30"]]),
        ("near w/o n/s AT&T 5$ headline", [["near", "w/o", "n/s", "AT&T", "5$", "headline"]]),
        ("Marks : Spencer", [["Marks", "Spencer"]]),
        ("headline:a*", [["headline:a*"]]),
    ],
)
def test_questions_mean_what_people_mean(
    macros: duckdb.DuckDBPyConnection, question: str, meant: list[list[str]]
) -> None:
    assert clauses(macros, question) == meant


def test_what_nobody_sees_in_a_question_is_taken_off_as_it_is_of_texts(macros: duckdb.DuckDBPyConnection) -> None:
    between = [*(chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000), "\u200c\u200d\xad"]
    unseen = [
        {"asked": f"trä{characters}ms", "stored": stored}
        for characters in between
        if (stored := clean_line(f"trä{characters}ms")) in ("träms", "trä ms")
    ]
    assert len(unseen) > 80
    cut_otherwise = macros.execute(
        "select each.asked from (select unnest($1) as each) "
        "where mart.search_tokens(each.asked)[2:-2] <> string_split(each.stored, ' ')",
        [unseen],
    ).fetchall()
    assert cut_otherwise == []


def test_joiners_stay_in_a_question_where_they_are_spelling(macros: duckdb.DuckDBPyConnection) -> None:
    spelled = "می\u200cخواهم श्री\u200dलंका"
    assert asked(macros, "mart.search_straightened($1)", spelled) == clean_line(spelled) == spelled


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("a OR", "OR must be followed"),
        ("OR a", "OR must stand between"),
        ("a AND OR b", "AND must be followed"),
        ("a NOT", "NOT must be followed"),
        ("(a", r"a \( without a \)"),
        ("a) b", r"a \) without a \("),
        ("()", "nothing between"),
        ('a "b c', "quotation mark before b c"),
        ('"the „north“ pier"', "a phrase ends before north; quotation marks inside"),
        ('headline:""', 'headline:"" has no letter or digit'),
        ("title:a", "no field title, only headline"),
        ("headline: a", "headline: must be followed, without a space"),
        ("a*b", r"a\*b, \* is not at the end"),
        ("*", r"\* is not at the end"),
        ('"rail ferr"*', r'in "rail ferr"\*, \* is in a phrase'),
        ('"rail ferr*"', r'in "rail ferr\*", \* is in a phrase'),
        ('"', "quotation mark at the end of the question"),
        ('"a b" " ', "quotation mark at the end of the question"),
        ("a || b", r"in \|\| there is a sign"),
        ("a~2", "in a~2 there is a sign"),
        ("+a", r"in \+a there is a sign"),
        ("a - b", "- stands alone"),
        ("a NEAR/3 b", "NEAR/3 is not understood"),
        ("trams w/5 mayor", "w/5 is not understood; two words"),
        ("trams W/P mayor", "W/P is not understood"),
        ("trams pre/3 mayor", "pre/3 is not understood"),
        ("trams near5 mayor", "near5 is not understood"),
        ("[trams TO mayor]", r"in \[trams there is a sign"),
        ("tram!", r"in tram!, the last .* as in tram\*"),
        ("headline:tram!", r"as in headline:tram\*"),
        ("tram$ x", r"in tram\$, the last .* as in tram\*"),
        ("headline :kana", "in headline : .* as in headline:word"),
        ('x headline : "a b"', "in headline : .* as in headline:word"),
        ("-:kana", "in -:kana .* as in headline:word"),
        ("headline:kana:x", "in headline:kana:x there are two fields"),
        ('headline:headline:"a b"', "in headline:headline: there are two fields"),
        ("headline:-a", "in headline:-a there is a sign"),
        ("--a", "in --a there is a sign"),
        ("§", "§ has no letter or digit"),
        ("-a", "at least one word that is wanted"),
        ("a OR -b", "at least one word that is wanted"),
        ("a NOT (" + " OR ".join(f"(b{n} c{n})" for n in range(9)) + ")", "more than 64 combinations"),
    ],
)
def test_what_is_not_understood_is_an_error_that_names_it(
    macros: duckdb.DuckDBPyConnection, question: str, said: str
) -> None:
    with pytest.raises(duckdb.InvalidInputException, match=said):
        asked(macros, "mart.search_parts($1)", question)


@pytest.mark.parametrize(
    ("question", "text", "finds"),
    [
        ("AT&T", "sold AT&T’s shares", True),
        ("AT&T", "at & t", False),
        ("3.5", "13.5 or 3.55", False),
        ("3.5", "by 3.5%.", True),
        ("1,000", "1,000,000 and 21,000", False),
        ("1,000", "of 1,000.", True),
        ("oil/opec", "oil, OPEC", True),
        ("iPhone手机", "iPhone 手机", True),
        ('"interest rate"', "the interest–rate, again", True),
        ('"interest rate"', "interest rates", False),
        ('"interest rate"', "interest in the rate", False),
        ('"AT&T shares"', "sold AT&T-shares", True),
        ('"AT&T shares"', "sold AT-T shares of AT&T", False),
        ('"AT&T strike"', "at t strike here. AT&T улица strike.", False),
        ('"AT&T strike"', "at t strike here. AT&T ꟷ strike.", False),
        ('"AT&T strike"', "at t strike here. AT&T: «strike».", True),
        ('"правда-москва мир"', "Правда-Москва сегодня ꟷ правда москва мир. Правда-Москва школа и мир.", False),
        ('"правда-москва мир"', "«Правда-Москва»: мир", True),
        ("5€", "pay 5", False),
        ("5€", "1,5€ or 15€", False),
        ("5€", "nur 5€.", True),
        ("5€", "nur 5 €.", True),
        ("5₽", "5 руб., 5€", False),
        ("50%", "50 % mehr", True),
        ("€5", "€ 5, say", True),
        ("¥500", "￥500", True),
        ("№5", "Chanel 5", False),
        ("№5", "Chanel №5", True),
        ("20°", "20 trams", False),
        ('"5 € more"', "5 more", False),
        ('"5 € more"', "5€ more", True),
        ('"€ 5"', "5 more", False),
        (".5", "5 or 0.5", False),
        (".5", "hit .5 of", True),
        ('"-5"', "5 or 2-5", False),
        ('"-5"', "at −5 degrees", True),
        ('"+7 degrees"', "7 degrees, or 3+7 degrees", False),
        ('"+7 degrees"', "+7 degrees", True),
        ('"±5"', "by 5", False),
        ('"tram$"', "tram", False),
        ('"(5), …"', "5", True),
        ('"in 東京"', "in東京で", True),
        ("東京都", "在東京都庁", True),
        ("iphone年", "在iPhone年末", True),
        ("LG전자", "LG전자가", False),
        ("C++", "in C++.", True),
        ("interest-rate*", "interest-rates", True),
    ],
)
def test_phrases_and_signs_have_the_bounds_of_words(
    macros: duckdb.DuckDBPyConnection, question: str, text: str, finds: bool
) -> None:
    folded = "mart.search_folded($2)"
    given = f"{{'folded': {folded}, 'plain': mart.search_plain({folded})}}"
    sql = f"mart.search_finds({given}, mart.search_parts($1)[1][1])"
    assert asked(macros, sql, question, text) is finds
