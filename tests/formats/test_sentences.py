"""What ends a sentence ends it everywhere: in a byline, beside a date, in the first paragraph, in the scan."""

from __future__ import annotations

import pytest
from lxml import etree

from etl.formats.web import printed
from etl.formats.web.blocks import Block
from etl.formats.web.date_lines import DATE_SIGN, is_date_line
from etl.formats.web.near_lines import first_paragraph
from etl.formats.web.page_lines import Line
from etl.formats.web.sentences import SENTENCE_ENDS
from etl.formats.web.several_signs import is_date


@pytest.mark.parametrize("end", SENTENCE_ENDS)
def test_a_sentence_ends_alike_everywhere(end: str) -> None:
    assert printed.byline(["By Ann Lee"], []) == "By Ann Lee"
    assert printed.byline([f"By noon it was over{end}"], []) is None

    assert is_date_line(f"{DATE_SIGN} Lark Bay", has_time=False)
    assert not is_date_line(f"{DATE_SIGN} Lark Bay{end}", has_time=False)

    rubric, sentence = (Block(etree.Element("p"), "p", text, 0, ()) for text in ("Lark Bay", f"It rained{end}"))
    assert first_paragraph([rubric, sentence]) is sentence

    long = "The council met on 5 May 2019 and agreed to rebuild the old pier of Lark Bay before the storms arrive"
    assert is_date(Line(0, "", "", long, 0, 0, frozenset(), is_aside=False))
    assert not is_date(Line(0, "", "", long + end, 0, 0, frozenset(), is_aside=False))
