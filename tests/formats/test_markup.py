"""Markup from strangers: nothing expanded, nothing fetched, nothing left out without a word."""

from __future__ import annotations

import io

import pytest
from timing import MOST_TIMES_AS_LONG, times_as_long

from etl.formats.common.markup import (
    decode_page,
    inline,
    leaves,
    local_name,
    paragraphs,
    parse_html,
    parse_xml,
    read_whole,
    stream_xml,
)
from etl.model import DumpError


def html(page: str) -> str:
    return paragraphs(parse_html(page.encode(), "utf-8"))


def test_blocks_are_paragraphs_and_the_layout_of_the_source_is_none() -> None:
    page = "<html><head><title>T</title></head><body><h1>A\n  head</h1>Loose <b>bold</b>, <p>One<br>two</p><p> </p>"
    rest = "go<script>no</script>on<ul><li>x<li>y</ul>"
    assert html(page + rest) == "A head\n\nLoose bold,\n\nOne\ntwo\n\ngoon\n\nx\n\ny"


def test_cells_of_a_row_stand_apart_and_lines_of_pre_stay() -> None:
    assert html("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table><pre>a\n b</pre>") == "1 2\n\n3\n\na\nb"


def test_comments_and_instructions_take_no_text_with_them() -> None:
    root = parse_xml(b"<a>one <!-- no -->two<?x no?> <b>three</b> four</a>")
    assert inline(root) == "one two three four"


def test_entities_of_a_dtd_that_is_not_read_are_letters() -> None:
    root = parse_xml(b'<!DOCTYPE a SYSTEM "a.dtd"><a>caf&eacute; <b>x</b>&mdash;&hellip; end</a>')
    assert inline(root) == "café x—… end"


def test_many_entities_are_spelt_in_linear_time() -> None:
    def work(times: int) -> None:
        paragraph = b"caf&eacute; <b/>" + b"caf&eacute; " * times
        assert inline(parse_xml(b'<!DOCTYPE a SYSTEM "a.dtd"><a>' + paragraph + b"</a>")) == "café " * times + "café"

    assert times_as_long(work, 25_000) < MOST_TIMES_AS_LONG


@pytest.mark.parametrize(
    "dtd",
    [
        '<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">',
        '<!ENTITY lol2 SYSTEM "file:///etc/hostname">',
        '<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"><!ENTITY lol2 "x">',
    ],
)
def test_entities_that_a_document_declares_are_refused(dtd: str) -> None:
    with pytest.raises(DumpError, match="declares XML entities of its own"):
        parse_xml(f"<!DOCTYPE a [{dtd}]><a>&lol2;</a>".encode())


def test_a_dtd_may_declare_entities_for_itself() -> None:
    dtd = '<!DOCTYPE a PUBLIC "x" "a.dtd" [<!ENTITY % nitf SYSTEM "nitf.dtd"> %nitf; ]>'
    assert inline(parse_xml(f"{dtd}<a>text</a>".encode())) == "text"
    hidden = "<!DOCTYPE a [<!ENTITY % p \"&#60;!ENTITY b 'c'>\"> %p; ]><a>&b;</a>"
    with pytest.raises(DumpError, match="declares XML entities of its own"):
        parse_xml(hidden.encode())


def test_what_is_nested_too_deep_is_an_error_and_no_short_text() -> None:
    deep = b"<div>" * 100_000 + b"deep" + b"</div>" * 100_000 + b"<p>after</p>"
    with pytest.raises(DumpError, match="nested more than 2,048 deep"):
        parse_html(deep, "utf-8")
    with pytest.raises(DumpError, match="is not well-formed XML"):
        parse_xml(b"<a>" * 1000 + b"</a>" * 1000)
    shallow = b"<div>" * 1500 + b"deep" + b"</div>" * 1500 + b"<p>after</p>"
    assert paragraphs(parse_html(shallow, "utf-8")) == "deep\n\nafter"


def test_a_document_that_is_cut_is_an_error_that_tells_where() -> None:
    with pytest.raises(DumpError, match="line 2"):
        parse_xml(b"<a>\n<b>one</b")


def test_what_is_larger_than_a_document_is_not_read() -> None:
    assert read_whole(io.BytesIO(b"x" * 10), 10) == b"x" * 10
    with pytest.raises(DumpError, match="split it"):
        read_whole(io.BytesIO(b"x" * 11), 10)


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (b"<p>" + b"<br>" * 600_000, "more than 500,000 tags and attributes"),
        (b"<p " + b" ".join(b"a%d" % number for number in range(20_000)) + b">", "a tag with 20,000 attributes"),
        (
            b"<p x='>' " + b" ".join(b"a%d=''" % number for number in range(20_000)) + b">",
            "a tag with 20,001 attributes",
        ),
        (b"<p a b c d e f g h i j>" * 60_000, "more than 500,000 tags and attributes"),
    ],
)
def test_swarms_of_tags_are_refused_before_they_are_parsed(page: bytes, message: str) -> None:
    with pytest.raises(DumpError, match=message):
        parse_html(page, "utf-8")


def test_what_a_script_writes_is_no_swarm() -> None:
    script = b"<script>write(a<b" + b" && c" * 20_000 + b")</script>"
    assert paragraphs(parse_html(b"<p>Text.</p>" + script, "utf-8")) == "Text."


def test_a_long_attribute_is_no_swarm() -> None:
    root = parse_html(b'<p title="' + b"word " * 300_000 + b"\" d='1 2 3'>text</p>", "utf-8")
    assert inline(root) == "text"


def test_leaves_stand_in_order_with_the_texts_between_them() -> None:
    page = "<div>a<div><p>b <b>c</b></p>d<ul><li>e</ul></div><span>f<i class='x'>g</i></span> <script>no</script></div>"
    container = parse_html(page.encode(), "utf-8").find("body/div")
    found = leaves(container, lambda node: node.get("class") == "x")
    told = [piece if isinstance(piece, str) else (local_name(piece), inline(piece)) for piece in found]
    assert told == ["a", ("p", "b c"), "d", ("li", "e"), "f", ("i", "g")]


@pytest.mark.parametrize(
    ("codec", "stated"),
    [("utf-8", "ISO-8859-1"), ("utf-16", "UTF-8"), ("cp1252", "ISO-8859-1"), ("cp1252", "windows-1252")],
)
def test_a_page_is_decoded_by_what_fits_and_then_by_what_it_states(codec: str, stated: str) -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={stated}">Größe – naïve'
    assert decode_page(page.encode(codec), None)[0] == page


@pytest.mark.parametrize("stated", ["no-codec", "rot13", "utf-8", "ascii"])
def test_a_wrong_or_unknown_statement_is_no_error(stated: str) -> None:
    page = f"<meta charset='{stated}'>" + "Die Fähre fährt heute nicht über den Fluss, sagte der Kapitän. " * 20
    assert decode_page(page.encode("cp1252"), None)[0] == page


def test_chinese_that_states_an_older_codec_is_read_by_the_wider_one() -> None:
    page = "<meta charset=gb2312>渡轮停航，原因不明。朱镕基"
    assert decode_page(page.encode("gb18030"), None)[0] == page


@pytest.mark.parametrize("label", ["undefined", "idna", "rot13", "base64", "no-such-codec"])
def test_xml_that_states_no_codec_of_characters_is_utf_8(label: str) -> None:
    data = f"<?xml version='1.0' encoding='{label}'?><a>Fähre</a>".encode()
    assert inline(parse_xml(data)) == "Fähre"
    assert [element.text for event, element in stream_xml(io.BytesIO(data)) if event == "end"] == ["Fähre"]
    assert decode_page(f"<meta charset='{label}'>Fähre".encode(), None)[0].endswith("Fähre")


def test_xml_in_the_codec_that_it_states_is_read_in_it() -> None:
    data = "<?xml version='1.0' encoding='windows-1250'?><a>Dvořák</a>".encode("cp1250")
    assert inline(parse_xml(data)) == "Dvořák"
    assert [element.text for event, element in stream_xml(io.BytesIO(data)) if event == "end"] == ["Dvořák"]
