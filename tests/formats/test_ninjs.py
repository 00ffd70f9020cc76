"""ninjs: the versions of the standard, the layouts of a file, and which of several bodies is the text."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from agency_files import article, check_real_files, check_samples, counted, marks, pieces, reasons, records
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_dumps import corpus

from etl import formats
from etl.formats import jsonl
from etl.model import DumpError


def item(**fields: Any) -> bytes:
    base = {"uri": "tag:hpa.example,2026:1", "type": "text", "versioncreated": "2026-03-14T07:00:00Z"}
    return json.dumps({**base, "body_text": "Text.", **fields}).encode()


def test_samples() -> None:
    check_samples("ninjs")


def test_real_files() -> None:
    check_real_files("ninjs")


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ({"body_html": "<p>One.</p><p>Two.</p>"}, "One.\n\nTwo."),
        ({"body_xhtml": "<p>One.</p>"}, "One."),
        ({"body_html": "", "body_text": "One.\n\nTwo."}, "One.\n\nTwo."),
        ({"body_html": "One\n   two."}, "One two."),
        ({"body_html": "<p>One.<br/>Two.</p><figure><figcaption>No</figcaption></figure>"}, "One.\nTwo."),
        ({"bodies": [{"contenttype": "text/html", "value": "<p>One.</p>"}, {"contenttype": "text/plain"}]}, "One."),
        ({"bodies": {"x": {"contentType": "text/plain", "value": "One."}}}, "One."),
        ({"bodies": [{"role": "teaser", "value": "<p>No</p>"}, {"role": "main", "value": "<p>One.</p>"}]}, "One."),
    ],
)
def test_the_best_of_its_bodies_is_the_text(fields: dict[str, Any], body: str) -> None:
    assert article("ninjs", item(**{"body_text": "", **fields}))["body"] == body


@pytest.mark.parametrize(
    ("fields", "field", "value"),
    [
        ({"headlines": [{"role": "sub", "value": "B"}, {"role": "main", "value": "A"}]}, "headline", "A"),
        ({"headline": "A", "headlines": []}, "headline", "A"),
        ({"by": "Von Mara Ek, hpa"}, "byline", "Von Mara Ek, hpa"),
        ({"byline": "A", "authors": [{"name": "B"}]}, "byline", "A"),
        ({"byline": ["Mara Ek", {"name": "Bo Ek"}]}, "byline", "Mara Ek; Bo Ek"),
        ({"description_caption": "No", "description_text": "Deck"}, "deck", "Deck"),
        ({"type": "text", "body_text": "", "pubstatus": "cancelled"}, "status", "cancelled"),
        ({"authors": [{"name": "Mara Ek", "role": "author"}, {"name": "Bo", "role": "editor"}]}, "byline", "Mara Ek"),
        ({"version": 7}, "native_version", "7"),
        ({"firstCreated": "2026-03-13T07:00:00Z"}, "published", "2026-03-13T07:00:00Z"),
        ({"pubStatus": "withheld"}, "status", "withheld"),
        ({"embargoed": "2026-03-15T07:00:00Z"}, "embargo_until", "2026-03-15T07:00:00Z"),
        ({"infosources": [{"name": "HPA"}]}, "agency", "HPA"),
        ({"subject": None, "keywords": ["tea"]}, "labels", [["keyword", "", "tea"]]),
        ({"description_html": "<p>Deck</p>"}, "deck", "Deck"),
        ({"uri": "http://api.ap.example/content/1?qt=abc&et=0a1"}, "native_id", "http://api.ap.example/content/1"),
    ],
)
def test_facts(fields: dict[str, Any], field: str, value: Any) -> None:
    assert article("ninjs", item(**fields))[field] == value


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"type": "picture"}, "picture"),
        ({"type": "Video"}, "video"),
        ({"type": "composite", "body_text": ""}, "package"),
        ({"type": "event"}, "event"),
    ],
)
def test_what_is_no_text_is_skipped_by_its_kind(fields: dict[str, Any], kind: str) -> None:
    data = item(**fields)
    assert counted(pieces("ninjs", data)) == (0, {kind: 1})
    assert marks("ninjs", data) == 0


def test_fields_of_pictures_that_belong_to_an_article_are_not_the_articles() -> None:
    picture = {"type": "picture", "headline": "A gull", "body_html": "<p>A gull.</p>", "byline": "Ann Lens"}
    data = item(associations={"featuremedia": picture}, headline="Title", byline="Mara Ek")
    found = article("ninjs", data)
    assert (found["headline"], found["byline"], found["body"]) == ("Title", "Mara Ek", "Text.")
    assert found["extra"]["associations"] == [picture]
    assert marks("ninjs", data) == 1


def test_what_is_said_more_than_once_is_kept() -> None:
    headlines = [{"role": "main", "value": "A"}, {"role": "kicker", "value": "B"}]
    teaser = {"role": "teaser", "value": "Short."}
    found = article("ninjs", item(headlines=headlines, bodies=[teaser], description_text="D", description_caption="C"))
    kept = {name: found["extra"][name] for name in ("headlines", "bodies", "description_caption")}
    assert kept == {"headlines": headlines, "bodies": [teaser], "description_caption": "C"}


@pytest.mark.parametrize(
    "around",
    [
        lambda one, two: {"total": 2, "entries": [one, two]},
        lambda one, two: {"newsItems": [one, two]},
        lambda one, two: {
            "api_version": "1",
            "data": {"items": [{"meta": {}, "item": one}, {"meta": {}, "item": two}]},
        },
        lambda one, two: {"hits": {"total": 2, "hits": [{"_source": one}, {"_source": two}]}},
        lambda one, two: [{"item": one}, {"item": two}],
    ],
)
def test_items_are_found_in_what_stands_around_them(around: Callable[[Any, Any], Any]) -> None:
    data = json.dumps(around(json.loads(item()), json.loads(item(body_text="Two.")))).encode()
    assert [record["body"] for record in records(pieces("ninjs", data))] == ["Text.", "Two."]
    assert marks("ninjs", data) == 2


def test_texts_that_are_in_a_package_only_are_articles() -> None:
    text, picture = {"type": "text", "body_html": "<p>One.</p>"}, {"type": "picture", "body_text": "No"}
    data = item(type="composite", body_text="", associations={"main": text, "b": picture, "c": {"type": "text"}})
    assert [record["body"] for record in records(pieces("ninjs", data))] == ["One."]
    assert counted(pieces("ninjs", data)) == (1, {"package": 1})
    assert marks("ninjs", data) == 1


@pytest.mark.parametrize(
    "headline", [{"headline": "Two"}, {"headlines": [{"role": "main", "value": "Two"}]}, {"title": "Two"}]
)
def test_a_text_with_a_headline_that_belongs_to_an_article_is_one_itself(headline: dict[str, Any]) -> None:
    main = {"uri": "tag:hpa.example,2026:2", "type": "text", **headline, "body_html": "<p>Two.</p>"}
    around: tuple[Callable[..., Any], ...] = (
        lambda *held: list(held),
        lambda *held: dict(zip("abc", held, strict=True)),
    )
    for associations in around:
        held = associations(
            main, {"type": "picture", "headline": "A gull", "body_text": "No"}, {"type": "text", **headline}
        )
        data = item(headline="One", associations=held)
        one, two = records(pieces("ninjs", data))
        assert (one["headline"], one["body"]) == ("One", "Text.")
        assert (two["headline"], two["body"], two["native_id"]) == ("Two", "Two.", "tag:hpa.example,2026:2")
        assert two["position"] == "item 1, association 1"
        named, picture, reference = one["extra"]["associations"]
        assert (named["uri"], "body_html" in named) == ("tag:hpa.example,2026:2", False)
        assert (picture["body_text"], reference) == ("No", {"type": "text", **headline})
        assert (counted(pieces("ninjs", data)), marks("ninjs", data)) == ((2, {}), 2)


def test_a_text_without_a_headline_that_belongs_to_an_article_is_skipped() -> None:
    data = item(associations={"box": {"type": "text", "body_text": "A box."}})
    assert counted(pieces("ninjs", data)) == (1, {"text without a headline that belongs to an article": 1})
    assert marks("ninjs", data) == 1


TEXT = {"type": "text", "body_html": "<p>Two.</p>"}
TITLED = {"headline": "Two", **TEXT}
UNTYPED = {"uri": "two", "headline": "Two", "body_html": "<p>Two.</p>"}
PACKAGE = {"type": "composite", "body_text": ""}
BESIDE_ARTICLE = "text without a headline that belongs to an article"


def held(*items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An item to which others belong."""
    return {**fields, "associations": {f"held--{number}": each for number, each in enumerate(items)}}


@pytest.mark.parametrize(
    ("fields", "bodies", "skipped"),
    [
        (held(held({**TITLED, "body_html": "<p>Three.</p>"}, **TITLED)), ["Text.", "Two.", "Three."], {}),
        (held(held(held(TEXT, **PACKAGE), **PACKAGE), **PACKAGE), ["Two."], {"package": 1}),
        (held(held(TITLED, TEXT, **TITLED), **PACKAGE), ["Two.", "Two."], {"package": 1, BESIDE_ARTICLE: 1}),
        (held(held(TITLED, TEXT, **PACKAGE)), ["Text.", "Two."], {BESIDE_ARTICLE: 1}),
        (held(held(TITLED, type="picture", headline="Pier", body_text="A pier.")), ["Text.", "Two."], {}),
        (held({"uri": "two", "title": "Two", "body_text": "Two."}, {"body_text": "A box."}), ["Text.", "Two."], {}),
        (held({**UNTYPED, "renditions": {}}, {**UNTYPED, "mimetype": "image/png"}), ["Text."], {}),
        (held({**UNTYPED, "renditions": {}}, UNTYPED | {"mimetype": "Text/html"}, **PACKAGE), ["Two."], {"package": 1}),
        (held({"name": "Ann", "headline": "Editor", "body_text": "Ann writes."}), ["Text."], {}),
        (held({**TITLED, "type": "liveblog"}), ["Text."], {}),
        (held({**TITLED, "type": "story"}, **PACKAGE), ["Two."], {"package": 1}),
        ({**PACKAGE, "associations": {"main": [TEXT, TITLED]}}, ["Two.", "Two."], {"package": 1}),
    ],
)
def test_articles_are_found_at_any_depth(fields: dict[str, Any], bodies: list[str], skipped: dict[str, int]) -> None:
    data = item(**fields)
    found = pieces("ninjs", data)
    assert [record["body"] for record in records(found)] == bodies
    assert (counted(found), marks("ninjs", data)) == ((len(bodies), skipped), len(bodies))


def test_a_text_that_is_read_alone_stands_in_none_of_those_around_it() -> None:
    inner = {**TITLED, "uri": "tag:hpa.example,2026:3", "body_html": "<p>Three.</p>"}
    one, two, three = records(pieces("ninjs", item(**held(held(inner, **TITLED)))))
    assert three["position"] == "item 1, association 1, association 1"
    assert ("Three." in str(one), "Three." in str(two), inner["uri"] in str(one)) == (False, False, True)


def test_an_item_is_recognised_in_a_package_of_packages() -> None:
    inner = {**json.loads(item()), "pubstatus": "usable"}
    for data in (held(held(inner, type="composite"), type="composite"), {"type": "package", "associations": [[inner]]}):
        assert formats.recognise(json.dumps(data).encode(), "") == "ninjs"


def test_json_that_holds_no_item_says_what_it_holds() -> None:
    (reason,) = reasons(pieces("ninjs", b'{"stories": [], "took": 5}'))
    assert reason.startswith("is not an item of ninjs: expected fields such as uri")
    assert reason.endswith("found stories, took")


def test_a_list_of_items() -> None:
    data = b"[" + item() + b"," + item(type="audio") + b"," + item(body_text="") + b"]"
    assert counted(pieces("ninjs", data)) == (2, {"audio": 1})
    assert marks("ninjs", data) == 2


def test_json_of_others_is_not_taken_for_it() -> None:
    other = json.dumps(
        {"url": "https://a.example/1", "headline": "Title", "text": "Text.", "date": "2026-03-14"}
    ).encode()
    assert formats.recognise(other, "") == "jsonl"
    assert jsonl.recognise(item(), "") == 0.0


def test_a_broken_line_costs_itself_only() -> None:
    found = pieces("ninjs", item() + b"\n" + item()[:-9] + b"\n" + item())
    assert [record["position"] for record in records(found)] == ["item 1", "item 3"]
    assert "is not JSON" in reasons(found)[0]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{torn", "is not JSON"),
        (b"", "is not JSON"),
        (b"[" * 5000, "nested more than 100 levels"),
        (b"[" + b"1," * 2_100_000 + b"1]", "more than 800,000 values"),
        (item(body_html="<div>" * 5000), None),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, message: str | None) -> None:
    if message is None:
        assert "nested more than" in reasons(pieces("ninjs", data))[0]
    else:
        with pytest.raises(DumpError, match=message):
            pieces("ninjs", data)


BODIES = st.fixed_dictionaries({"value": st.sampled_from(["", "Text."]), "type": st.just("picture")})
FIELDS = st.fixed_dictionaries(
    {"uri": st.just("tag:x,2026:1"), "pubstatus": st.sampled_from(["usable", "canceled"])},
    optional={
        "type": st.sampled_from(["text", "picture", "composite", "package", "story", "", None, 7]),
        "body_text": st.sampled_from(["", "Text.", " ", 'a "quoted" {text}', None]),
        "body_html": st.sampled_from(["", "<p>Text.</p>", "<p></p>"]),
        "bodies": st.lists(
            st.fixed_dictionaries({"value": st.sampled_from(["", "Text."]), "type": st.just("picture")})
        ),
        "associations": st.lists(
            st.sampled_from(
                [
                    {"type": "picture", "bodies": [{"value": "No"}], "item": [{}]},
                    {"type": "text", "bodies": [{"value": "Text."}]},
                    {"type": "text", "headline": "One", "body_text": "Text."},
                    {"type": "Text", "headlines": [{"value": "One"}], "bodies": [{"value": "Text."}]},
                    {"type": "picture", "headline": "One", "body_text": "Text."},
                    {"type": "text", "headline": " ", "body_html": "<p>Text.</p>", "byline": {"title": "No"}},
                    {"body_html": "<p>Text.</p>", "associations": [{"body_text": "No"}]},
                    {"type": "composite", "associations": {"a": [{"body_text": "One"}, [{}]], "associations": {}}},
                    {"title": "One", "body_text": "Text.", "associations": [{"headline": "Two", "body_text": "Text."}]},
                    [{"type": "text", "body_text": "Text."}, "One", [{"associations": [{"body_text": "Text."}]}]],
                    {"uri": "x", "headline": "One", "body_text": "Text.", "mimetype": "image/png"},
                    {"uri": "x", "headline": "One", "body_text": "Text.", "type": 7, "renditions": {}},
                    {"type": "text"},
                ]
            )
        ),
        "item": st.just([{"type": "text"}]),
    },
)


@settings(max_examples=200)
@given(
    st.lists(st.one_of(FIELDS, st.just(7), st.just([])), max_size=4),
    st.sampled_from(["list", "page", "one", "lines", "wrapped"]),
)
def test_whatever_the_items_are_what_is_read_is_what_is_marked(items: list[Any], layout: str) -> None:
    if layout == "one" and items:
        data = json.dumps(items[0], indent=1)
    elif layout == "lines" and len(items) > 1 and all(isinstance(each, dict) for each in items):
        data = "\n".join(map(json.dumps, items))
    elif layout == "wrapped":
        data = json.dumps({"data": {"Items": [{"meta": {}, "item": each} for each in items]}})
    else:
        data = json.dumps({"total": 3, "items": items} if layout == "page" else items)
    assert counted(pieces("ninjs", data.encode()))[0] == marks("ninjs", data.encode())


def test_a_string_without_an_end_is_looked_at_once() -> None:
    data = b'{"type": "text", "headline": "x", "body_html": "' + b'\\"' * 1_000_000
    assert marks("ninjs", data) == 1
    with pytest.raises(DumpError, match="is not JSON"):
        pieces("ninjs", data)


WIRE = {
    "type": "composite",
    "urn": "urn:newsml:hpa.example:20260314:7",
    "version_created": "2026-03-14T08:00:00+01:00",
    "pubstatus": "usable",
    "headline": "Title",
    "copyrightnotice": "(c) hpa",
    "associations": [{"type": "image", "uri": "u", "headline": "Pier"}],
}


def test_an_item_of_digital_wires_is_an_article_where_it_has_a_text() -> None:
    data = json.dumps({**WIRE, "article_html": "<p>One.</p>"}).encode()
    assert formats.recognise(data, "") == "ninjs"
    found = article("ninjs", data)
    assert (found["headline"], found["body"], found["native_id"]) == ("Title", "One.", WIRE["urn"])
    assert marks("ninjs", data) == 1


@pytest.mark.parametrize(("kind", "skipped"), [("image", "picture"), ("audio", "audio"), ("video", "video")])
def test_an_item_of_digital_wires_without_a_text_is_what_it_holds(kind: str, skipped: str) -> None:
    data = json.dumps({**WIRE, "article_html": None, "associations": [{"type": kind}]}).encode()
    assert counted(pieces("ninjs", data)) == (0, {skipped: 1})
    assert marks("ninjs", data) == 0


def test_real_items_of_digital_wires() -> None:
    found = {path.stem: path.read_bytes() for path in (corpus("databases") / "dpa-json").glob("*.json")}
    articles = {name: counted(pieces("ninjs", data)) for name, data in found.items()}
    assert articles == {
        **dict.fromkeys(("dw-1", "eil", "with_dateline", "nsb_n1"), (1, {})),
        "image": (0, {"picture": 1}),
        "audio": (0, {"audio": 1}),
    }
    assert sum(marks("ninjs", data) for data in found.values()) == 4
    assert {formats.recognise(data[: formats.HEAD_BYTES], "") for data in found.values()} == {"ninjs"}


def test_an_item_within_an_article_of_other_json_does_not_make_it_one() -> None:
    within = json.loads(item(type="picture"))
    other = {"title": "Title", "text": "Text.", "date": "2026-03-14", "associations": {"main": within}}
    for data in (
        json.dumps(other),
        json.dumps([other]),
        json.dumps({"pubstatus": "usable", "copyrightnotice": "c", **other}),
    ):
        assert formats.recognise(data.encode(), "") == "jsonl"


def test_an_item_of_aps_feed_says_where_its_text_is() -> None:
    item = {"uri": "https://ap.example/5e?qt=H&et=0", "type": "text", "versioncreated": "2026-07-03T04:05:12Z"}
    item |= {"pubstatus": "usable", "headline": "Ferry", "renditions": {"nitf": {"href": "https://ap.example/5e/nitf"}}}
    picture = item | {"type": "picture"}
    page = {"api_version": "1.1", "data": {"items": [{"meta": {}, "item": each} for each in (item, picture)]}}
    data = json.dumps(page).encode()
    found = pieces("ninjs", data)
    assert reasons(found) == ["has only a link to its text (nitf); load that file too, or in place of this one"]
    assert counted(found) == (1, {"picture": 1})
    assert marks("ninjs", data) == 1
    assert formats.recognise(data, "") == "ninjs"
