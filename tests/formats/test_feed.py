"""Feeds: whole texts and summaries told apart, dates as they stand, and a broken item that costs itself only."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_dumps import PROJECT, SAMPLES, corpus, expected, samples
from timing import MOST_TIMES_AS_LONG, times_as_long

from etl import formats
from etl.formats import feed
from etl.formats.web.feed_text import text_of_markup, text_of_post
from etl.model import DumpError, Feed, Piece, Reject, Skip

FEED = Feed("feeds")


def pieces(data: bytes | str, stanza: Feed = FEED) -> list[Piece]:
    return list(feed.read(io.BytesIO(data.encode() if isinstance(data, str) else data), stanza))


def marks(data: bytes | str, stanza: Feed = FEED) -> int:
    return feed.count_marks(io.BytesIO(data.encode() if isinstance(data, str) else data), stanza)


def articles(found: list[Piece]) -> list[Piece]:
    return [piece for piece in found if isinstance(piece, dict | Reject)]


def rss(*items: str, head: str = "<title>Gazette</title>", names: str = "") -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0" {names}><channel>{head}{inside}</channel></rss>'


def record(item: str, **more: Any) -> dict[str, Any]:
    (found,) = pieces(rss(item, **more))
    assert isinstance(found, dict), found
    return found


@pytest.mark.parametrize("sample", samples("feed"), ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    found = pieces(sample.read_bytes())
    assert [piece for piece in found if isinstance(piece, dict)] == expected(sample)
    assert marks(sample.read_bytes()) == len(articles(found))
    assert formats.recognise(sample.read_bytes()[: formats.HEAD_BYTES], "") == "feed"


def test_pages_menus_and_attachments_of_wordpress_are_no_articles() -> None:
    found = pieces((SAMPLES / "feed" / "blog.wxr").read_bytes())
    kinds = ["page", "picture", "attachment", "nav_menu_item"]
    assert [piece.kind for piece in found if isinstance(piece, Skip)] == kinds
    assert all(piece.text for piece in found if isinstance(piece, Skip) and piece.kind == "page")


@pytest.mark.parametrize(
    "head",
    [
        "<rss>",
        '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "x.dtd"><rss version="0.91">',
        '<?xml-stylesheet href="x"?>\n<!-- a -->\n<feed xmlns="http://www.w3.org/2005/Atom">',
        '<rdf:RDF xmlns:rdf="x" xmlns="http://my.netscape.com/rdf/simple/0.9/">',
    ],
)
def test_feeds_are_known_by_their_first_element(head: str) -> None:
    assert feed.recognise(head.encode(), "") == feed.recognise(head.encode("utf-16"), "") == 1.0


@pytest.mark.parametrize("head", ["<feed>", "<rdf:RDF xmlns:rdf='x'>", "<rssx>", "<html>", "An <rss> in a text", ""])
def test_other_documents_are_none(head: str) -> None:
    assert feed.recognise(head.encode(), "") == 0


def test_a_summary_is_not_the_text() -> None:
    found = record("<title>T</title><description>Summary.</description>")
    assert (found["body"], found["is_partial"]) == ("Summary.", True)
    whole = "<content:encoded>&lt;p&gt;Text.&lt;/p&gt;</content:encoded>"
    found = record(f"<title>T</title><description>Summary.</description>{whole}")
    assert (found["body"], found["deck"], found.get("is_partial")) == ("Text.", "Summary.", None)


def test_a_summary_that_is_the_beginning_of_the_text_is_no_deck() -> None:
    found = record(
        "<title>T</title><description>The text […]</description><content:encoded>The text is long.</content:encoded>"
    )
    assert "deck" not in found


def test_a_date_stays_as_it_stands() -> None:
    assert record("<title>T</title><pubDate>2016/6/29</pubDate>")["published"] == "2016/6/29"


@pytest.mark.parametrize(
    ("guid", "native_id"),
    [
        ("https://gazette.example/?p=7", "https://gazette.example/?p=7"),
        ("tag:gazette.example,2026:7", "tag:gazette.example,2026:7"),
        ("0a1b2c3d-0000-4000-8000-000000000001", "0a1b2c3d-0000-4000-8000-000000000001"),
        ("4711", None),
        ("ferry late", None),
    ],
)
def test_only_ids_that_are_unique_the_world_over_are_keys(guid: str, native_id: str | None) -> None:
    found = record(f"<title>T</title><guid isPermaLink='false'>{guid}</guid>")
    assert found.get("native_id") == native_id
    assert guid in json.dumps(found)
    assert formats.is_id_global(feed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("item", "headline"),
    [
        ("<title>Fish & chips</title>", "Fish & chips"),
        ("<title>Fish &nbsp;&amp; chips&hellip;</title>", "Fish & chips…"),
        ("<title>AT&T; &lt;b&gt;up&lt;/b&gt;</title>", "AT&T; up"),
        ("<title>A\x0bB&#x1f;C</title>", "ABC"),
        ("<title>T</title><unknown:thing unknown:a='1'>x</unknown:thing>", "T"),
        ("<title>T</title><media:content url='x'/>", "T"),
        ("<title>T</title><media:content xmlns:media='http://search.yahoo.com/mrss/' url='x'/><new:thing/>", "T"),
    ],
)
def test_feeds_that_are_no_xml_are_read_all_the_same(item: str, headline: str) -> None:
    found = record(item)
    assert " ".join(found["headline"].split()) == headline


def test_a_broken_item_costs_itself_only() -> None:
    found = pieces(rss("<title>One</title>", "<title>Two</b></title>", "<title>Three</title>"))
    assert [piece["headline"] if isinstance(piece, dict) else type(piece) for piece in found] == [
        "One",
        Reject,
        "Three",
    ]


def test_a_broken_picture_of_wordpress_is_still_no_article() -> None:
    names = 'xmlns:wp="http://wordpress.org/export/1.2/"'
    data = rss("<title>One</b></title><wp:post_type>attachment</wp:post_type>", names=names)
    assert pieces(data) == [Skip("item 1", "attachment")]
    assert marks(data) == 0


def test_a_feed_that_breaks_off_says_so() -> None:
    data = rss("<title>One</title>", "<title>Two</title><description>It goes on</description>")
    *_, last = pieces(data[: data.index("goes")])
    assert isinstance(last, Reject)
    assert "the feed breaks off" in last.reason


def test_items_in_comments_and_in_texts_are_none() -> None:
    data = rss(
        "<title>One</title><description><![CDATA[<item>not one</item>]]></description>", head="<!-- <item>x</item> -->"
    )
    assert len(pieces(data)) == marks(data) == 1


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "windows-1251", "euc-jp"])
def test_encodings(codec: str) -> None:
    word = {"windows-1251": "Паром", "euc-jp": "フェリー"}.get(codec, "Fähre „spät“")
    declared = f'<?xml version="1.0" encoding="{codec.removesuffix("-sig")}"?>'
    data = (declared + rss(f"<title>{word}</title>")).encode(codec)
    (found,) = pieces(data)
    assert isinstance(found, dict)
    assert found["headline"] == word
    assert marks(data) == 1


def test_the_encoding_of_the_stanza_goes_first() -> None:
    data = '<?xml version="1.0" encoding="utf-8"?>' + rss("<title>Fähre</title>")
    (found,) = pieces(data.encode("cp1252"), Feed("feeds", encoding="cp1252"))
    assert isinstance(found, dict)
    assert found["headline"] == "Fähre"


def test_a_letter_that_is_broken_costs_its_item_and_is_never_guessed() -> None:
    data = rss("<title>Fähre spät</title>", "<title>Möwe</title>").encode().replace("ä".encode(), b"\xff", 1)
    bad, good = pieces(data)
    assert isinstance(bad, Reject)
    assert "is not utf-8: found ff 68 72 65" in bad.reason
    assert isinstance(good, dict)
    assert good["headline"] == "Möwe"


FRENCH = "Le café où les pêcheurs déjeunaient a fermé à l’été ; les étés y étaient célèbres."


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("", "cp1252"),
        ('<?xml version="1.0"?>', "cp1252"),
        ('<?xml version="1.0" encoding="utf-8"?>', "cp1252"),
        ('<?xml version="1.0" encoding="utf-8"?>', "cp1251"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "utf-8"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "cp1252"),
        ('<?xml version="1.0" encoding="no-such-thing"?>', "utf-8"),
        ('<?xml version="1.0" encoding="gb2312"?>', "utf-8"),
    ],
)
def test_a_declared_encoding_counts_unless_the_bytes_refute_it(declared: str, codec: str) -> None:
    text = FRENCH if codec != "cp1251" else "Ёжик вышел из тумана и увидел, что пристань закрыта до самой весны. " * 3
    (found,) = pieces((declared + rss(f"<title>T</title><description>{text}</description>")).encode(codec))
    assert isinstance(found, dict)
    assert found["body"] == text.strip()


def test_an_item_in_another_encoding_than_the_feed_is_detected() -> None:
    items = [
        f"<item><description>{FRENCH}</description></item>".encode(codec) for codec in ("utf-8", "utf-8", "cp1252")
    ]
    windows = b"<item><description>The ferry\x92s caf\xc3\xa9 \x96 closed</description></item>"
    found = pieces(b"<rss><channel><title>G</title>" + b"".join([*items, windows]) + b"</channel></rss>")
    assert [piece["body"] for piece in found if isinstance(piece, dict)] == [*[FRENCH] * 3, "The ferry’s café – closed"]


XHTML = 'type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'


def test_xhtml_in_an_atom_feed_and_its_items_is_read() -> None:
    (found,) = pieces(
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title {XHTML}The <b>Pier</b></div></title>'
        f"<subtitle {XHTML}News</div></subtitle><entry><title {XHTML}Ferry <i>late</i></div></title>"
        f"<content {XHTML}<p>One.</p><p>Two.</p></div></content></entry></feed>"
    )
    assert isinstance(found, dict), found
    assert (found["publication"], found["headline"], found["body"]) == ("The Pier", "Ferry late", "One.\n\nTwo.")


@pytest.mark.parametrize("name", ["body", "h:body", "h:div"])
def test_xhtml_in_an_item_of_rss_is_its_text(name: str) -> None:
    at = name.partition(":")[0] if ":" in name else ""
    space = f'xmlns{":" + at if at else ""}="http://www.w3.org/1999/xhtml"'
    found = record(f"<title>T</title><description>Short.</description><{name} {space}>Long text.</{name}>")
    assert (found["body"], found["deck"], found.get("is_partial")) == ("Long text.", "Short.", None)


@pytest.mark.parametrize(
    "end", ["", "</channel>", "<!-- </rss> -->", "<it"], ids=["nothing", "channel", "comment", "half a tag"]
)
def test_a_feed_without_its_end_says_that_it_breaks_off(end: str) -> None:
    data = "<rss><channel><title>G</title><item><title>T</title></item>" + end
    first, last = pieces(data)
    assert isinstance(first, dict)
    assert isinstance(last, Reject)
    assert "breaks off before its end" in last.reason
    assert marks(data) == 2


def test_feeds_one_after_another_keep_their_own_titles() -> None:
    data = rss("<title>One</title>", head="<title>A</title>") + rss("<title>Two</title>", head="<title>B</title>")
    assert [piece["publication"] for piece in pieces(data) if isinstance(piece, dict)] == ["A", "B"]
    assert marks(data) == 2


STORY = "<title>Ferry late</title><link>https://a.example/1</link><description>" + "It was late again. " * 10


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("names", [("item",), ("item", "title"), ("item", "description"), ("item", "title", "link")])
def test_an_item_in_unknown_markup_is_marked(place: int, names: tuple[str, ...]) -> None:
    items = [f"<item>{STORY}</description></item>"] * 3
    assert marks(f"<rss><channel><title>G</title>{''.join(items)}</channel></rss>") == 3
    for name in names:
        items[place] = items[place].replace(f"{name}>", f"x{name}>")
    data = f"<rss><channel><title>G</title>{''.join(items)}</channel></rss>"
    assert len(articles(pieces(data))) == 2
    assert marks(data) == 3


def test_what_a_feed_says_of_itself_is_no_article() -> None:
    image = "<image><title>Logo</title><url>x</url></image><textInput><title>Search</title></textInput>"
    about = f"<description>{'All the news of the pier. ' * 20}</description><copyright>{'Ours. ' * 50}</copyright>"
    assert marks(rss("<title>T</title>", head=f"<title>G</title>{about}{image}")) == 1


@pytest.mark.parametrize(
    ("post", "text"),
    [
        ("One.\n\nTwo\nlines.", "One.\n\nTwo\nlines."),
        ("<p>One.</p>\n<p>Two\nlines.</p>", "One.\n\nTwo\nlines."),
        ("<!-- wp:paragraph --><p>One.</p><!-- /wp:paragraph -->", "One."),
        ("[gallery ids='1,2']One [sic] and [the rest].", "One [sic] and [the rest]."),
        ('[caption id="x"]<img> Who[/caption]One.', "One."),
        ("[dropcap]O[/dropcap]ne.[contact_form]", "One."),
        ("a < b & c", "a < b & c"),
    ],
)
def test_posts_of_wordpress(post: str, text: str) -> None:
    assert text_of_post(post) == text


def test_text_that_only_looks_like_markup_stays() -> None:
    assert text_of_markup("1 < 2 & 3 > 2; R&D") == "1 < 2 & 3 > 2; R&D"


@pytest.mark.parametrize(
    ("local", "greenwich", "published"),
    [
        ("2026-03-01 20:10:00", "2026-03-02 01:10:00", "2026-03-01 20:10:00-05:00"),
        ("2026-03-01 20:10:00", "2026-03-01 14:40:00", "2026-03-01 20:10:00+05:30"),
        ("2026-03-01 20:10:00", "0000-00-00 00:00:00", "2026-03-01 20:10:00"),  # a draft
    ],
)
def test_wordpress_tells_the_local_time_and_its_zone(local: str, greenwich: str, published: str) -> None:
    pub_date = "<pubDate>Wed, 30 Nov -0001 00:00:00 +0000</pubDate>"
    dates = f"{pub_date}<wp:post_date>{local}</wp:post_date><wp:post_date_gmt>{greenwich}</wp:post_date_gmt>"
    found = record(
        f"<title>T</title><description>x</description>{dates}", names='xmlns:wp="http://wordpress.org/export/1.2/"'
    )
    assert found["published"] == published


def test_a_text_that_stands_elsewhere_gives_its_address() -> None:
    entry = "<title>T</title><summary>S</summary><content type='text/html' src='http://a.example/full'/>"
    title = "<title type='html'>&lt;b&gt;A&lt;/b&gt; B</title>"
    (found,) = pieces(f"<feed xmlns='http://www.w3.org/2005/Atom'>{title}<entry>{entry}</entry></feed>")
    assert isinstance(found, dict)
    assert (found["url"], found["publication"]) == ("http://a.example/full", "A B")


def test_nothing_of_an_item_is_thrown_away() -> None:
    item = "<title>T</title><description>S</description><a><b x='1'>one</b><b>two</b></a><source url='u'>Other</source>"
    assert record(item)["extra"] == {
        "a": {"b": [{"x": "1", "text": "one"}, "two"]},
        "source": {"url": "u", "text": "Other"},
    }


def test_a_comment_without_an_end_is_an_error() -> None:
    with pytest.raises(DumpError, match="without an end"):
        pieces(rss("<title>One</title>") + "<!--" + "x" * (40 << 20))


DAMAGES = st.sampled_from([b"", b"<", b"<item>", b"</item>", b"<entry", b"&", b"<!--"])


@pytest.mark.parametrize("name", [path.name for path in samples("feed")])
@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 4_000), junk=DAMAGES, is_cut=st.booleans())
def test_a_damaged_feed_is_counted_as_it_is_read(name: str, at: int, junk: bytes, is_cut: bool) -> None:
    data = (SAMPLES / "feed" / name).read_bytes()
    damaged = data[:at] + junk + (b"" if is_cut else data[at:])
    with suppress(DumpError):  # of its declaration
        found = len(articles(pieces(damaged)))
        is_torn_tag = damaged.rfind(b"<") > damaged.rfind(b">")  # then the counts may differ: the dump is refused
        assert found == marks(damaged) or not found or junk or is_torn_tag


@settings(max_examples=60, deadline=None)
@given(start=st.integers(0, 4_000), length=st.integers(0, 400))
def test_a_feed_with_a_hole_is_no_crash(start: int, length: int) -> None:
    for sample in samples("feed"):
        data = sample.read_bytes()
        with suppress(DumpError):
            pieces(data[:start] + data[start + length :])


def test_real_feeds() -> None:
    folder = corpus("agency").parent
    for truth in json.loads((PROJECT / "tests" / "truth" / "agency_files.json").read_text()):
        if truth["format"] == "feed":
            data = (folder / truth["file"]).read_bytes()
            found = pieces(data)
            assert len(articles(found)) == truth["articles"] == marks(data), truth["file"]
            assert sum(isinstance(piece, Skip) for piece in found) == sum(truth["skipped"].values())


def test_a_type_that_breaks_off_takes_no_article_out_of_the_count() -> None:
    whole = (SAMPLES / "feed" / "blog.wxr").read_bytes()
    cut = whole[: whole.rindex(b"<wp:post_type><![CDATA[") + len(b"<wp:post_type><![CDATA[")] + b"</item>"
    assert len(articles(pieces(cut))) == marks(cut)


def test_what_holds_no_item_for_long_is_refused() -> None:
    with pytest.raises(DumpError, match="no item in its first 16 MB"):
        pieces("<p>" * (6 << 20))
    with pytest.raises(DumpError, match="no item in 16 MB after item 1"):
        pieces(rss("<title>One</title>") + " " * (17 << 20))


def test_bytes_without_an_element_are_no_crash() -> None:
    assert pieces(bytes(2 << 20)) == [] == pieces("<")


def test_brackets_that_look_like_a_code_without_an_end_are_text() -> None:
    text = "[a" + "_a" * 200  # an expression that backtracks would never come back from it
    assert text_of_post(text) == text


@pytest.mark.parametrize("label", ["undefined", "rot13", "no-such-codec"])
def test_a_feed_that_states_no_codec_of_characters_is_read_as_if_it_stated_none(label: str) -> None:
    data = f"<?xml version='1.0' encoding='{label}'?>{rss('<title>Fähre</title><description>Über.</description>')}"
    assert [piece["headline"] for piece in pieces(data)] == ["Fähre"]


def test_a_comment_full_of_cdata_is_mended_in_linear_time() -> None:
    def work(times: int) -> None:
        found = record(f"<title>Fish & chips</title><!--{'<![CDATA[' * times}--><description>A & B</description>")
        assert (found["headline"], found["body"]) == ("Fish & chips", "A & B")

    assert times_as_long(work, 5_000) < MOST_TIMES_AS_LONG


STORY_TEXT = "The ferry was late again, and nobody on the pier could say why. " * 8


@pytest.mark.parametrize("name", ["story", "turbo:content", "v:article_text", "content"])
def test_a_long_text_in_an_element_of_a_vendors_own_is_the_text(name: str) -> None:
    found = record(f"<title>T</title><description>Short.</description><{name}>{STORY_TEXT}</{name}>")
    assert (found["body"], found["deck"], found.get("is_partial")) == (STORY_TEXT.strip(), "Short.", None)


@pytest.mark.parametrize("name", ["itunes:summary", "media:credit", "copyright", "story"])
def test_what_is_no_text_or_short_is_kept_beside_the_summary(name: str) -> None:
    text = "Late." if name == "story" else STORY_TEXT
    found = record(f"<title>T</title><description>Short.</description><{name}>{text}</{name}>")
    assert (found["body"], found["is_partial"]) == ("Short.", True)
    assert text.strip() in json.dumps(found["extra"])
