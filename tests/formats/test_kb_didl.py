"""The Dutch national library's newspapers: an edition is what its DIDL lists, with a text each; the rest is told."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mangling import mangled
from newsroom import Newsroom
from sample_dumps import SAMPLES, expected, samples
from timing import MOST_TIMES_AS_LONG, times_as_long

from etl import formats
from etl.formats import kb_didl
from etl.formats.newspaper import didl
from etl.intake import bundles
from etl.model import Declared, DumpError, Feed, Reject, Skip

FEED = Feed("delpher")
HERE = SAMPLES / "kb_didl"
OAI = HERE / "oai_990000002.xml"
EDITION = HERE / "DDD_ddd_990000001_mpeg21_didl.xml"
TEXT = "DDD_990000001_0001_articletext.xml"
OTHERS = [path for folder in SAMPLES.iterdir() if folder.name != "kb_didl" for path in samples(folder.name)]
FIRST = "ddd:990000001:mpeg21:a0001"
ALTO = b"<alto><Layout><Page><PrintSpace/></Page></Layout></alto>"


def part_of(changed: dict[str, bytes | None] | None = None) -> formats.Part:
    """Opens the samples, of which some are changed or missing (None)."""

    def opened(name: str) -> BinaryIO | None:
        path = HERE / name
        data = (changed or {}).get(name, path.read_bytes() if path.exists() else None)
        return None if data is None else io.BytesIO(data)

    return opened


BESIDE = part_of()


def pieces(index: bytes | Path, part: formats.Part = BESIDE) -> list[Any]:
    data = index if isinstance(index, bytes) else index.read_bytes()
    return list(kb_didl.read_with(io.BytesIO(data), FEED, part))


def marks(index: bytes | Path) -> int:
    data = index if isinstance(index, bytes) else index.read_bytes()
    return kb_didl.count_marks(io.BytesIO(data), FEED)


def articles(found: list[Any]) -> list[dict[str, Any]]:
    return [piece for piece in found if isinstance(piece, dict)]


@pytest.mark.parametrize("sample", [EDITION, OAI], ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    found = pieces(sample)
    assert articles(found) == expected(sample)
    assert not [piece for piece in found if isinstance(piece, Reject)]
    assert marks(sample) == len(expected(sample))
    assert [piece for piece in found if isinstance(piece, Declared)] == [Declared(len(expected(sample)))]


@pytest.mark.parametrize("sample", samples("kb_didl"), ids=lambda path: path.name)
def test_index_and_texts_are_known_by_their_content(sample: Path) -> None:
    assert formats.recognise(sample.read_bytes(), "") == "kb_didl"
    assert (kb_didl.parts(sample.open("rb")) is None) == (sample not in (EDITION, OAI))


@pytest.mark.parametrize("sample", OTHERS, ids=lambda path: path.name)
def test_no_other_format_is_taken_for_it(sample: Path) -> None:
    assert kb_didl.recognise(sample.read_bytes()[: formats.HEAD_BYTES], sample.name) == 0


@pytest.mark.parametrize(
    "other",
    [
        b"<didl:DIDL xmlns:didl='urn:mpeg:mpeg21:2002:02-DIDL-NS'><didl:Item/></didl:DIDL>",  # of a repository
        b"<text>A text without paragraphs.</text>",
        b"<html><body><text><title>T</title><p>x</p></text></body></html>",
        ALTO,
    ],
)
def test_neither_other_didl_nor_other_xml_is_taken_for_it(other: bytes) -> None:
    assert kb_didl.recognise(other, EDITION.name) == 0


def test_every_sample_is_named_by_its_index() -> None:
    named = {name for index in (EDITION, OAI) for name in kb_didl.parts(index.open("rb")) or []}
    assert {path.name for path in samples("kb_didl")} - {EDITION.name, OAI.name} <= named


def test_what_is_no_article_is_skipped_by_its_kind_with_its_words() -> None:
    assert [piece for piece in pieces(EDITION) if isinstance(piece, Skip)] == [
        Skip(
            "ddd:990000001:mpeg21:a0003",
            "advertentie",
            "Advertentie\n\nTe koop: een best roeibootje. Te bevragen op de kade.",
        ),
        Skip(
            "ddd:990000001:mpeg21:a0004",
            "familiebericht",
            "Familiebericht\n\nHeden verblijdde mijn vrouw mij met een zoon. A. Duinstra.",
        ),
        Skip(
            "ddd:990000001:mpeg21:a0005",
            "illustratie met onderschrift",
            "De nieuwe pier.\n\nDe nieuwe pier, van het strand gezien.",
        ),
    ]


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("<dc:subject>Feuilleton</dc:subject>", "feuilleton"),
        ("<dc:subject/>", "item of no kind"),
        ("", "item of no kind"),
    ],
)
def test_an_item_of_an_unknown_kind_is_told(subject: str, kind: str) -> None:
    index = EDITION.read_text().replace("<dc:subject>artikel</dc:subject>", subject, 1).encode()
    found = pieces(index)
    assert Skip(FIRST, kind) in found
    assert len(articles(found)) == marks(index) == 2


def test_an_article_without_its_text_is_rejected_and_the_others_are_read() -> None:
    found = pieces(EDITION, part_of({TEXT: None}))
    assert [piece for piece in found if isinstance(piece, Reject)] == [
        Reject(FIRST, f"its text, {TEXT}, is missing; ask for the edition again with all of its texts")
    ]
    assert len(articles(found)) == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"<text><title>De stoomboot.</title><p>De", "is not well-formed XML"),
        (b"<html><p>404</p></html>", "is none: expected <text>, found <html>"),
        (b"", "is not well-formed XML"),
    ],
)
def test_a_text_that_cannot_be_read_costs_its_article_and_is_kept(text: bytes, reason: str) -> None:
    found = pieces(EDITION, part_of({TEXT: text}))
    (reject,) = [piece for piece in found if isinstance(piece, Reject)]
    assert (reject.position, reject.piece) == (FIRST, text)
    assert reject.reason.startswith(f"its text, {TEXT}, {reason}")
    assert len(articles(found)) == 2


def test_an_article_of_which_nothing_is_stated_is_rejected() -> None:
    index = EDITION.read_bytes().replace(b"<dc:title>De stoomboot.</dc:title>", b"")
    found = pieces(index, part_of({TEXT: b"<text><title/><p> </p></text>"}))
    assert [piece.position for piece in found if isinstance(piece, Reject)] == [FIRST]


def test_everything_in_a_text_is_kept() -> None:
    text = b"<text>voor<title>De  boot</title>na<p>een<b>twee</b></p><noot>drie</noot><p>vier</p>vijf</text>"
    first = articles(pieces(EDITION, part_of({TEXT: text})))[0]
    assert (first["headline"], first["extra"]["title"]) == ("De boot", "De stoomboot.")
    assert first["body"] == "voor\n\nna\n\neentwee\n\ndrie\n\nvier\n\nvijf"


def test_a_text_is_of_one_article_only() -> None:
    index = OAI.read_bytes().replace(b"a00003_ocr.xml", b"a00001_ocr.xml")
    found = pieces(index)
    assert [piece.reason for piece in found if isinstance(piece, Reject)] == [
        "its text, MMZH01_990000002_a00001_ocr.xml, is that of another item, too; "
        "ask for the edition again with all of its texts"
    ]


def test_an_index_alone_says_that_it_holds_no_texts() -> None:
    for read in (kb_didl.read(EDITION.open("rb"), FEED), kb_didl.read_with(OAI.open("rb"), FEED, lambda name: None)):
        with pytest.raises(
            DumpError, match=r"lists \d articles, but holds no texts, and none of them is beside it; put"
        ):
            list(read)


def test_a_text_alone_says_what_it_lacks() -> None:
    with pytest.raises(DumpError, match="put the DIDL beside it, which states newspaper and day"):
        list(kb_didl.read((HERE / TEXT).open("rb"), FEED))
    assert marks(HERE / TEXT) == 0


def test_an_edition_of_advertisements_has_no_articles() -> None:
    index = EDITION.read_bytes().replace(b">artikel<", b">advertentie<")
    found = pieces(index)
    assert (found[0], len(found), marks(index)) == (Declared(0), 7, 0)


@pytest.mark.parametrize(
    "items", ["", "<Item><Component/></Item>", "<Component><dcx><title>Bode</title></dcx></Component>"]
)
def test_an_index_that_names_nothing_says_so(items: str) -> None:
    with pytest.raises(DumpError, match="names nothing that is printed in its edition"):
        pieces(wide(items))


def test_a_page_is_what_is_printed_on_it_or_its_place() -> None:
    index = EDITION.read_text().replace("<ddd:nativePageNumber>2<", "<ddd:nativePageNumber>2a<")
    index = index.replace("<ddd:nativePageNumber>1</ddd:nativePageNumber>", "")
    assert articles(pieces(index.encode()))[0]["page"] == "1, 2a"


def test_what_is_described_on_each_of_its_pages_is_one_article_on_all_of_them() -> None:
    again = "<didl:Component><didl:Resource><dcx:article-part pageid='MMZH01:990000002:mpeg21:p00003'/></didl:Resource>"
    repeated = '<didl:Item dc:identifier="MMZH01:990000002:mpeg21:a00001">'
    before, _, after = OAI.read_text().rpartition(repeated)
    first, _ = articles(pieces(f"{before}{repeated}{again}</didl:Component>{after}".encode()))
    assert first["page"] == "5, 3, 2"


def test_a_page_may_only_refer_to_what_is_printed_on_it() -> None:
    reference = '<didl:Item ddd:article_id="ddd:990000001:mpeg21:a0006"/></didl:Item>\n    <didl:Item'
    index = EDITION.read_text().replace("</didl:Item>\n    <didl:Item", reference, 1)
    assert articles(pieces(index.encode()))[2]["page"] == "1"


def test_what_the_library_states_of_an_edition_or_an_article_twice_is_kept() -> None:
    index = EDITION.read_text().replace("<dc:date>", "<dc:title>Ook: Bode</dc:title><dc:date>")
    index = index.replace(
        "<dc:title>De stoomboot.</dc:title>", "<dc:title>De stoomboot.</dc:title><dc:creator>A</dc:creator>"
    )
    first = articles(pieces(index.encode()))[0]
    assert first["publication"] == "Havenbode : nieuws- en advertentieblad"
    assert first["extra"]["issue"]["title"] == "Ook: Bode"
    assert first["extra"]["creator"] == "A"


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:\\scans\\passwd"])
def test_a_text_lies_beside_its_index(name: str) -> None:
    index = OAI.read_text().replace("MMZH01_990000002_a00001_ocr.xml", name).encode()
    found = kb_didl.parts(io.BytesIO(index)) or []
    assert "passwd" in found
    assert not [path for path in found if "/" in path or "\\" in path]


def zipped(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def edition(folder: str) -> dict[str, bytes]:
    """An edition as the archives have it, with its pages."""
    files = {path.name: path.read_bytes() for path in samples("kb_didl") if path.name.startswith("DDD")}
    files |= {f"DDD_990000001_00{page}_alto.xml": ALTO for page in (1, 2)}
    return {f"{folder}{name}": data for name, data in files.items()}


def test_an_archive_of_editions_tells_all_of_its_files(tmp_path: Path) -> None:
    first, second = edition("1871/03/14/a/"), edition("1871/03/15/b/")
    del second[f"1871/03/15/b/{TEXT}"]
    stray = {"1871/03/15/b/DDD_990000001_0077_articletext.xml": (HERE / TEXT).read_bytes()}
    archive = tmp_path / "kranten.zip"
    archive.write_bytes(zipped(second | stray | first | {"leesmij.txt": b"Delpher"}))
    told: dict[str, Any] = {}
    for member, reader in bundles.readable(archive, lambda member: bundles.identified(member, "", "auto"), ()):
        is_read = not isinstance(reader, Reject | Skip)
        told[member.name] = list(reader.read(member.open(), FEED)) if is_read else reader
    assert {name.rpartition("/")[2] for name in told} == {
        EDITION.name,
        "DDD_990000001_0077_articletext.xml",
        "leesmij.txt",
    }
    assert told[f"1871/03/14/a/{EDITION.name}"] == pieces(EDITION)
    assert [piece.position for piece in told[f"1871/03/15/b/{EDITION.name}"] if isinstance(piece, Reject)] == [FIRST]
    (refused,) = [told[name] for name in stray]
    assert refused.reason == "its index, which lists its articles, is not beside it or does not name it"


def test_a_loose_edition_is_one_delivery_and_its_articles_are_the_same_when_they_come_again(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.delpher]\npath = "**/*"\nsettle_seconds = 0')
    for name, data in edition("1871/03/14/DDD_ddd_990000001_mpeg21/").items():
        newsroom.drop(name, data)
    (dump,) = newsroom.loaded().dumps
    assert (dump["format"], dump["inserted"], dump["articles_declared"], dump["marks_seen"]) == ("kb_didl", 3, 3, 3)
    newsroom.drop("again.zip", zipped(edition("a/")))
    (again,) = newsroom.loaded().dumps
    assert (again["inserted"], again["unchanged"]) == (0, 3)


def test_texts_without_an_index_are_read_where_the_stanza_says_so(newsroom: Newsroom) -> None:
    with pytest.raises(DumpError) as refused:
        list(kb_didl.read((HERE / TEXT).open("rb"), FEED))
    asked = re.findall(r"\w+ = (?:\"\w+\"|\{.*?\})", str(refused.value))
    newsroom.stanza("\n".join(["[feed.texts]", 'path = "*"', "settle_seconds = 0", *asked]))
    newsroom.drop("texts.zip", zipped({TEXT: (HERE / TEXT).read_bytes()}))
    (dump,) = newsroom.loaded().dumps
    assert (dump["format"], dump["inserted"]) == ("xml", 1)
    ((headline,),) = newsroom.query("select headline from news.article_text")
    assert headline == "De stoomboot."


TOKENS = re.findall(r"<[^<>]*>|[^<>]+", OAI.read_text())


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_index_never_loses_an_article_in_silence(data: st.DataObject) -> None:
    index = "".join(mangled(data, TOKENS, ("lose", "double", "move"))).encode()
    try:
        found = pieces(index)
    except DumpError:
        return
    # Where it is less, the dump is refused.
    assert sum(isinstance(piece, dict | Reject) for piece in found) <= marks(index)


def wide(inside: str, levels: int = 1) -> bytes:
    items = f"<Item>{'<Item>' * levels}{inside}{'</Item>' * levels}</Item>"
    space = "xmlns='urn:mpeg:mpeg21:2002:02-DIDL-NS' xmlns:d='info:srw/schema/1/dc-v1.1'"
    return f"<DIDL {space}>{items}</DIDL>".encode()


@pytest.mark.parametrize(
    "inside",
    [
        "<Item><Component><dcx><subject>artikel</subject></dcx></Component></Item>",
        "<Component><article-part pageid='a:1:mpeg21:p1'/></Component>",
        "<Component><dcx><recordIdentifier>a:1:mpeg21:a1</recordIdentifier></dcx></Component>",
    ],
)
def test_time_grows_with_the_index_and_no_faster(inside: str) -> None:
    def work(size: int) -> None:
        kb_didl.parts(io.BytesIO(wide(inside * size, size // 10)))

    assert times_as_long(work, 200) < MOST_TIMES_AS_LONG


def test_metadata_longer_than_any_is_refused() -> None:
    facts = f"<Component><dcx><note>{'x' * (didl.MOST_CHARACTERS + 1)}</note></dcx></Component>"
    with pytest.raises(DumpError, match="has metadata of more than 20,000 characters"):
        pieces(wide(facts))


def test_entities_are_never_expanded() -> None:
    with pytest.raises(DumpError, match="declares XML entities"):
        pieces(EDITION.read_bytes().replace(b"?>\n", b'?>\n<!DOCTYPE x [<!ENTITY a "boom">]>\n', 1))
    bomb = b'<!DOCTYPE text [<!ENTITY a "boom">]><text><title>a</title><p>&a;</p></text>'
    found = pieces(EDITION, part_of({TEXT: bomb}))
    assert ["declares XML entities" in piece.reason for piece in found if isinstance(piece, Reject)] == [True]
