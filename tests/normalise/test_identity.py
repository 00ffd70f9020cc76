"""Identity: which records are one article."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from etl.normalise.identity import STRING, Key, assign_articles, native_kinds


def assign(*records: list[Key]) -> list[int]:
    return assign_articles(records, {}, {}, 1).article_ids


A, B = ("native_id", "a"), ("native_id", "b")
URL, OTHER_URL = ("url", "https://x.example/1"), ("url", "https://x.example/2")
TEXT, OTHER_TEXT = ("content", "t"), ("content", "u")


def test_the_same_id_is_the_same_article_whatever_its_text() -> None:
    assert assign([A, TEXT], [A, OTHER_TEXT]) == [1, 1]


def test_another_id_is_another_article_even_with_the_same_text() -> None:
    assert assign([A, TEXT], [B, TEXT]) == [1, 2]


def test_an_article_first_without_an_id_is_found_again_with_one() -> None:
    assert assign([TEXT], [A, TEXT], [A, OTHER_TEXT]) == [1, 1, 1]


def test_an_article_is_found_again_when_its_id_is_missing() -> None:
    assert assign([A, URL, TEXT], [URL, OTHER_TEXT], [TEXT]) == [1, 1, 1]


def test_ids_of_two_feeds_may_lead_to_one_article_by_its_address() -> None:
    assert assign([("native_id:one", "7"), URL, TEXT], [("native_id:two", "7"), URL, OTHER_TEXT]) == [1, 1]


def test_an_article_that_moved_keeps_both_addresses() -> None:
    assert assign([A, URL, TEXT], [A, OTHER_URL, TEXT], [OTHER_URL, OTHER_TEXT]) == [1, 1, 1]


keys = st.tuples(st.sampled_from(["native_id", "native_id:feed"]), st.sampled_from("abc")) | st.none()
records = st.lists(st.tuples(keys, st.sampled_from(["u", "v", None]), st.sampled_from("xyz")), max_size=30)


def _keys(record: tuple[Key | None, str | None, str]) -> list[Key]:
    native, url, content = record
    return [*([native] if native else []), *([("url", url)] if url else []), ("content", content)]


@given(records)
def test_an_id_never_leads_to_two_articles_and_two_ids_of_a_kind_never_to_one(drawn: list) -> None:
    lists = [_keys(record) for record in drawn]
    assignment = assign_articles(lists, {}, {}, 1)
    by_native: dict[Key, set[int]] = {}
    by_article: dict[tuple[int, str], set[str]] = {}
    for keys_, article_id in zip(lists, assignment.article_ids, strict=True):
        if keys_[0][0].startswith("native_id"):
            by_native.setdefault(keys_[0], set()).add(article_id)
            by_article.setdefault((article_id, keys_[0][0]), set()).add(keys_[0][1])
    assert all(len(found) == 1 for found in by_native.values())
    assert all(len(found) == 1 for found in by_article.values())


@given(records, st.integers(min_value=0, max_value=30))
def test_what_is_stored_between_two_loads_changes_nothing(drawn: list, cut: int) -> None:
    lists = [_keys(record) for record in drawn]
    at_once = assign_articles(lists, {}, {}, 1)
    owners: dict[Key, int] = {}
    kinds: dict[int, set[str]] = {}
    first = assign_articles(lists[:cut], owners, kinds, 1)
    stored_owners = {(kind, value): article_id for kind, value, article_id, _ in first.new_aliases}
    stored_kinds: dict[int, set[str]] = {}
    for kind, _, article_id, _ in first.new_aliases:
        stored_kinds.setdefault(article_id, set()).add(kind)
    second = assign_articles(lists[cut:], stored_owners, stored_kinds, first.next_article_id)
    assert first.article_ids + second.article_ids == at_once.article_ids
    later = [(kind, value, article_id, cut + place) for kind, value, article_id, place in second.new_aliases]
    assert sorted(first.new_aliases + later) == sorted(at_once.new_aliases)


def kinds_of(ids: list[str | None], is_global: bool = False, named_by_stanza: bool = False) -> list[str | None]:
    raw = pd.DataFrame(
        {
            "native_id": pd.array(ids, dtype=STRING),
            "source": pd.array(["wire"] * len(ids), dtype=STRING),
            "is_global_id": pd.array([is_global] * len(ids), dtype=pd.ArrowDtype(pa.bool_())),
        }
    )
    kinds = native_kinds(raw, pd.Series([named_by_stanza] * len(ids)))
    return [None if pd.isna(kind) else kind for kind in kinds]


def test_urns_and_tags_are_unique_the_world_over_in_any_format() -> None:
    ids = [
        "urn:newsml:a.example:20260314:1",
        "tag:a.example,2026:1",
        "TAG:a.example,2026-03-14:1",
        "tag: 1",
        "17",
        None,
    ]
    assert kinds_of(ids) == ["native_id"] * 3 + [None] * 3


def test_what_stands_in_place_of_an_id_is_no_id() -> None:
    ids = ["#", "0", "000", " - ", "N/A", "null", "NaN", "about:blank", "javascript:void(0)", "mailto:a@b.example", ""]
    assert kinds_of(ids, is_global=True) == [None] * len(ids)
    ids = ["0-1", "100", "na-7", "nullarbor", "about-the-pier", "新闻1"]
    assert kinds_of(ids, is_global=True) == ["native_id"] * len(ids)


def test_the_address_of_a_home_page_is_no_id_whoever_says_so() -> None:
    ids = ["https://lamp.example/", " http://lamp.example/index.html", "https://lamp.example/1", "17", None]
    assert kinds_of(ids, is_global=True) == [None, None, "native_id", "native_id", None]
    assert kinds_of(ids, named_by_stanza=True) == [None, None, "native_id:wire", "native_id:wire", None]
    ids = ["//", "/", "www.lamp.example", "/?p=home", "/default.asp?id=", "/latest", " WWW.lamp.example/en/", "/rss"]
    assert kinds_of(ids, named_by_stanza=True) == [None] * len(ids)
    ids = ["/news/pier", "www.lamp.example/?p=17", "//lamp.example/pier", "/default.asp?id=9", "/17"]
    assert kinds_of(ids, named_by_stanza=True) == ["native_id:wire"] * len(ids)
