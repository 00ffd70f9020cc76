"""Text in elements that HTML does not have is never in an article, or out of it, without a word."""

from __future__ import annotations

import pytest
from test_several import ARTICLE, page, pieces, text

from etl.formats.web.foreign import foreign_text
from etl.model import Doubt, DumpError

OTHER = "<xhtml><xbody><xh1>Owls in the tower</xh1><xp>{}</xp><xq>Said the owl</xq></xbody></xhtml>"
LONG = " ".join(f"The owl of night {n} sat in the tower and counted the boats" for n in range(8))
JAPANESE = OTHER.format("港湾評議会は月曜日の夜に会合を開き、古い桟橋を再建することで合意した。" * 6)


@pytest.mark.parametrize("other", [OTHER.format(LONG), OTHER.format(f"<b>{LONG}</b>{LONG}"), JAPANESE])
def test_another_page_in_unknown_tags_is_doubtful(other: str) -> None:
    article, doubt = pieces(page(f"{ARTICLE}{text()}") + other)
    assert isinstance(article, dict)
    assert isinstance(doubt, Doubt)
    assert "words stand in elements that HTML does not have (xp" in doubt.warning


def test_a_page_that_does_not_end_before_unknown_tags_is_refused() -> None:
    data = page(f"{ARTICLE}{text()}").removesuffix("</body></html>") + OTHER.format(LONG)
    with pytest.raises(DumpError, match=r"a page without an end, and about .* words .* one_article = true"):
        pieces(data)


@pytest.mark.parametrize(
    "inside",
    [
        f"<my-card><my-text>{LONG}</my-text><my-name>Ann</my-name></my-card>",
        f"<svg><text>{LONG}</text><tspan>a</tspan><desc>b</desc><symbol>c</symbol></svg>",
        f"<lead>{LONG}</lead>",
        "<lead>Owls</lead><note>in</note><who>the tower</who>",
        f"<!-- {OTHER.format(LONG)} -->",
    ],
    ids=["elements of the site's own", "a drawing", "one element", "few words", "a comment"],
)
def test_other_elements_of_a_page_are_no_other_article(inside: str) -> None:
    assert foreign_text(page(f"{ARTICLE}{text()}{inside}")) is None
