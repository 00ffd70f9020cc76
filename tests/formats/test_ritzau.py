"""Ritzau's news service: what of an item is an article, and in what state."""

from __future__ import annotations

import pytest
from agency_files import article, check_real_files, check_samples, marks, pieces, reasons, records

from etl.model import DumpError

NAME = "ritzau"


def item(inside: str) -> bytes:
    return f"<RBNews xmlns:i='urn:i'><NewsID>1</NewsID>{inside}</RBNews>".encode()


def test_samples() -> None:
    check_samples(NAME)


def test_real_files() -> None:
    check_real_files(NAME)


@pytest.mark.parametrize("content", ["Kajen er ny.", "&lt;p&gt;Kajen er ny.&lt;/p&gt;", "<p>Kajen er ny.</p>"])
def test_a_text_may_be_markup_of_any_kind(content: str) -> None:
    assert article(NAME, item(f"<content>{content}</content>"))["body"] == "Kajen er ny."


def test_an_item_without_a_text_is_rejected_unless_it_was_withdrawn() -> None:
    data = b"<ListOfRBNews>" + item("<content i:nil='true'>x</content>") + item("<Annuleret>true</Annuleret>")
    found = pieces(NAME, data + b"</ListOfRBNews>")
    assert reasons(found) == ["has no text in its content; ask its sender for the text"]
    assert [record["status"] for record in records(found)] == ["canceled"]
    assert marks(NAME, data) == 2


def test_what_the_service_says_in_place_of_news_is_told() -> None:
    with pytest.raises(DumpError, match=r"holds no <RBNews> element, and says 'Wrong key'"):
        pieces(NAME, b"<XMLNewsQueuedResponse><errormsg>Wrong key</errormsg></XMLNewsQueuedResponse>")
