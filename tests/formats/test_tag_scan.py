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
