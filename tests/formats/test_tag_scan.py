"""Markup as tags and words: whatever it states of its encoding, its tags are found."""

from __future__ import annotations

import io

import pytest

from etl.formats.common.tag_scan import tokens


@pytest.mark.parametrize("label", ["undefined", "idna", "rot13", "base64", "no-such-codec", "utf-7", "latin-1"])
def test_an_encoding_that_is_not_of_characters_costs_no_tag(label: str) -> None:
    data = f"<?xml version='1.0' encoding='{label}'?><a><b>The ferry sails.</b></a>".encode()
    found = list(tokens(io.BytesIO(data)))
    assert [token.name for token in found if token.name] == ["a", "b", "b", "a"]
    assert [token.text for token in found if token.text] == ["The ferry sails."]


@pytest.mark.parametrize("attributes", ['n="x > y" m="1"', "n = '> \"y\"' m='1'", 'n="x>y" m="1" o="', "n=x m='1' o='"])
@pytest.mark.parametrize("before", [0, (1 << 20) - 9])
def test_a_value_may_hold_the_mark_that_ends_a_tag(attributes: str, before: int) -> None:
    data = f"<a>{' ' * before}<b {attributes}>The ferry sails.</b></a>".encode()
    found = list(tokens(io.BytesIO(data)))
    assert [(token.name, token.value("m")) for token in found if token.opens] == [("a", ""), ("b", "1")]
    assert [token.text for token in found if token.text] == ["The ferry sails."]
