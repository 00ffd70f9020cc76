"""A guessed encoding is told where another one would give another text and fits nearly as well, and only there."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from etl import formats
from etl.formats.common.encoding import decode, doubts_of_codec
from etl.formats.common.streams import peekable
from etl.model import Doubt, Feed

INVENTED = json.loads(Path(__file__).with_name("encoded_texts.json").read_text("utf-8"))
PAIRS = [(language, codec) for language, told in INVENTED.items() for codec in told["codecs"]]


def doubts(data: bytes, declared: str | None = None) -> list[str]:
    return [doubt.warning for doubt in doubts_of_codec(data, declared)]


@pytest.mark.parametrize(("language", "codec"), PAIRS)
def test_no_other_codec_is_told_beside_that_of_a_long_text(language: str, codec: str) -> None:
    found = doubts((INVENTED[language]["text"] * 4).encode(codec))
    if codec in ("cp1252", "gb18030", "big5", "euc-jp", "cp949"):
        assert found == []
    elif codec != "mac-cyrillic":  # nearly all of its letters are those of cp1251
        assert not any("nearly as well" in told for told in found)


def test_a_guess_that_is_not_the_western_one_is_told_with_its_codec() -> None:
    for language, codec in (("Polish", "cp1250"), ("Russian", "koi8_r"), ("Turkish", "cp1254")):
        (told,) = doubts((INVENTED[language]["text"] * 4).encode(codec))
        assert told.startswith(f"read as {codec}, guessed; set `encoding` of the feed in sources.toml")


def test_a_short_text_in_a_codec_of_today_that_is_read_wrong_is_told() -> None:
    short = [(INVENTED[language]["text"][:end], codec) for language, codec in PAIRS for end in (60, 120, 200)]
    today = [(text, text.encode(codec)) for text, codec in short if codec.startswith(("cp125", "iso"))]
    wrong = [data for text, data in today if decode(data, None) != text]
    assert len(wrong) >= 4
    assert all(map(doubts, wrong))


@pytest.mark.parametrize("text", ["The ferry was late.", "It costs £5.", "The café’s door", "© 1999 Saltby Gazette"])
def test_nothing_is_said_of_ascii_utf_8_and_a_few_signs_of_windows(text: str) -> None:
    text = f"{text} {'The ferry was late again. ' * 10}"
    assert doubts(text.encode("utf-8")) == doubts(text.encode("cp1252")) == doubts(text.encode("utf-16")) == []


@pytest.mark.parametrize("sign", ["©", "§", "®", "°", "»"])
@pytest.mark.parametrize(
    "text", ["It sails. {} Valley Wire", "It sails.\r\n\r\n{} Valley Wire\r\n", "As {} 5 says, it"]
)
def test_signs_between_words_are_those_of_windows(sign: str, text: str) -> None:
    data = (f"The ferry was late. {text.format(sign)}\n" * 9).encode("cp1252")
    assert decode(data, None).count(sign) == 9
    assert doubts(data) == []


TEXT = f"{'The ferry was late. ' * 30}Ond\u0159ej"
DUMPS = {
    "csv": f"headline,body\nTitulek,{TEXT}\n",
    "plain_txt": f"Titulek\n\n{TEXT}\n",
    "pressreader_txt": f"The Star\n\nTitulek\n\n- Ann Hill\n\n{TEXT}\n",
    "tagged_text": f"<doc><docno>1</docno><contenttitle>Titulek</contenttitle><content>{TEXT}</content></doc>\n",
    "nexis_txt": f"{' ' * 30}1 of 1 DOCUMENTS\n\n\nThe Star\n\nMay 1, 2024\n\nTitulek\n\nLENGTH: 90 words\n\n{TEXT}\n",
}


@pytest.mark.parametrize("name", DUMPS)
def test_every_reader_that_guesses_says_so_unless_the_stanza_names_the_encoding(name: str) -> None:
    data = DUMPS[name].encode("cp1250")

    def told(feed: Feed) -> list[str]:
        pieces = formats.named(name).read(peekable(io.BytesIO(data)), feed)
        return [piece.warning for piece in pieces if isinstance(piece, Doubt)]

    (warning,) = told(Feed("f", format=name))
    assert "guessed" in warning
    assert "set `encoding` of the feed" in warning
    assert told(Feed("f", format=name, encoding="cp1250")) == []
