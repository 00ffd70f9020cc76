"""Text is decoded by mark, declaration, UTF-8 or a sound guess; never with letters that were not there."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.formats.common.encoding import decode, sniff, unify_newlines
from etl.formats.common.utf8_stream import utf8
from etl.model import DumpError
from etl.text_codecs import text_codec

TEXTS = {
    "en": "The club paid £5m for the striker. “We won,” said the manager, and that’s all he would say about it.",
    "de": "Die Gewerkschaft sieht Handlungsbedarf bei Verträgen. Für mehr Übersicht sorgt ein größeres Werkzeug.",
    "fr": "Le président a déclaré que l’été serait chaud et que les élèves étaient prêts à célébrer la fête.",
    "es": "El presidente del Gobierno anunció mañana una reunión con los líderes de la oposición en España.",
    "pt": "O presidente disse que a situação não é tão ruim e que as ações começarão amanhã em São Paulo.",
    "cs": "Prezident řekl, že příští středu se uskuteční schůzka s ministry v Praze a že žádné změny nečeká.",
    "ru": "Президент заявил, что встреча состоится в среду. Министр добавил, что переговоры пройдут в Москве.",
    "zh": "中国国家主席周三在北京会见了来访的外国领导人，双方就经贸合作交换了意见。",
}


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_comes_before_what_is_declared(codec: str) -> None:
    assert decode("Größe".encode(codec), "cp1252") == "Größe"


@pytest.mark.parametrize(
    ("language", "codec"),
    [(one, "cp1252") for one in ("en", "de", "fr", "es", "pt")]
    + [("cs", "cp1250"), ("ru", "cp1251"), ("ru", "koi8-r"), ("zh", "gb18030")],
)
def test_undeclared_text_is_guessed_right(language: str, codec: str) -> None:
    text = "\n".join([TEXTS[language]] * 5)
    assert decode(text.encode(codec), None) == text
    assert text.encode(codec).decode(sniff(text.encode(codec), None)) == text


def test_a_lone_pound_sign_is_no_japanese() -> None:
    text = "Chelsea agreed a £15.8m fee. " + "The player flew home on Monday and said nothing more. " * 40
    assert decode(text.encode("cp1252"), None) == text


def test_one_letter_with_an_accent_is_no_macintosh() -> None:
    text = "<meta charset='utf-8'>" + "Die Fähre fährt heute nicht über den Fluss, sagte der Kapitän. " * 20
    assert decode(text.encode("cp1252"), None) == text


def test_what_is_declared_must_fit() -> None:
    with pytest.raises(DumpError, match=r"is not utf-8: found e9 at byte 3 .*`encoding` of the feed in sources.toml"):
        decode(b"caf\xe9", "utf-8")


def test_an_unknown_codec_is_named() -> None:
    with pytest.raises(DumpError, match="there is no text encoding 'utf-9'"):
        decode(b"text", "utf-9")


def test_nul_bytes_are_no_text() -> None:
    with pytest.raises(DumpError, match="NUL bytes at character 1"):
        decode("text".encode("utf-16-le"), None)


@pytest.mark.parametrize("end", range(1, 5))
def test_a_head_may_end_within_a_character(end: int) -> None:
    assert sniff(("é" * 100 + "😀").encode()[:-end], None) == "utf-8"


def test_a_head_of_another_codec_may_end_within_a_character() -> None:
    head = "\n".join([TEXTS["zh"]] * 50).encode("gb18030")
    assert "".join(head[:-1].decode(sniff(head[:-1], None), "ignore")).startswith(TEXTS["zh"])


@given(st.text(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"]))
def test_a_stream_is_recoded_as_a_whole_would_be(text: str, codec: str) -> None:
    text = text.lstrip("\ufeff\0")  # at the start U+FEFF is a mark, and NUL in UTF-16 makes UTF-32's of it
    stream = utf8(io.BytesIO(text.encode(codec)), codec)
    assert stream.read().decode() == unify_newlines(text)


def test_line_ends_are_one_also_where_a_chunk_ends_between_them() -> None:
    class OneByte(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(1)

    assert utf8(OneByte(b"a\r\nb\rc\n\r\r\nd\r"), None).read() == b"a\nb\nc\n\n\nd\n"


def test_bytes_that_are_not_utf8_are_left_to_the_reader() -> None:
    assert utf8(io.BytesIO(b"caf\xe9\n"), "utf-8").read() == b"caf\xe9\n"


@pytest.mark.parametrize("before", [10, (1 << 20) - 1, (1 << 20) + 10])
def test_a_stream_names_the_byte_that_does_not_fit(before: int) -> None:
    data = b"a" * before + b"\x81\x20" + b"a" * 10
    with pytest.raises(DumpError, match=f"is not gbk: found 81 20.* at byte {before:,}"):
        utf8(io.BytesIO(data), "gbk").read()


ODD = [
    "undefined",
    "idna",
    "punycode",
    "unicode_escape",
    "rot13",
    "base64",
    "hex",
    "zip",
    "utf-7",
    "a\0b",
    "é",
    "no-such",
]


@pytest.mark.parametrize("label", ODD)
def test_only_codecs_of_characters_are_believed(label: str) -> None:
    assert text_codec(label) is None
    with pytest.raises(DumpError, match="there is no text encoding"):
        sniff(b"", label)


@pytest.mark.parametrize("label", ["UTF8", "latin-1", "Shift_JIS", "hz", "iso-2022-jp", "koi8-r", "mac_roman", "cp037"])
def test_real_codecs_are(label: str) -> None:
    assert text_codec(label)


INVENTED = json.loads(Path(__file__).with_name("encoded_texts.json").read_text("utf-8"))
PAIRS = [(language, codec) for language, told in INVENTED.items() for codec in told["codecs"]]


@pytest.mark.parametrize(("language", "codec"), PAIRS)
def test_the_encoding_of_a_text_is_detected(language: str, codec: str) -> None:
    text = INVENTED[language]["text"] * 4
    assert decode(text.encode(codec), None) == text


def test_the_encoding_of_a_short_text_is_nearly_always_detected() -> None:
    texts = [(INVENTED[language]["text"][:200], codec) for language, codec in PAIRS]
    wrong = [text for text, codec in texts if decode(text.encode(codec), None) != text]
    assert len(wrong) <= 0.03 * len(texts), wrong


@pytest.mark.parametrize(
    "text", ["It costs £5.", "The café’s door", "Zürich", "© 1999 Saltby Gazette", "Señor Núñez – 3 °C"]
)
def test_a_few_letters_beyond_ascii_are_of_the_usual_encoding(text: str) -> None:
    text = f"{text} {'The ferry was late again. ' * 10}"
    assert decode(text.encode("cp1252"), None) == text


GREEK = (
    "Η Άννα Ξένου είπε ότι το νέο λιμάνι θα ανοίξει. Ο Άρης δεν ήρθε, αλλά η Άλκη μίλησε για τη γέφυρα απ\u2019αυτό."
)


SHORT_GREEK = "Η Άννα Ξένου είπε ότι το νέο λιμάνι θα ανοίξει. Ο Άρης δεν ήρθε."


@pytest.mark.parametrize("codec", ["iso8859-7", "cp1253"])
def test_both_codecs_of_greek_are_told_apart_by_their_capital_alpha(codec: str) -> None:
    assert decode(GREEK.encode(codec), None) == GREEK
    assert decode((GREEK * 5).encode(codec), None) == GREEK * 5
    for text in (SHORT_GREEK, f"headline,body\n{SHORT_GREEK},{SHORT_GREEK}\n"):
        assert decode(text.encode(codec), None) == text


JAPANESE, KOREAN = (
    "市長は水曜日、新しい橋が年末までに完成すると発表した。",
    "시장은 수요일 새 다리가 완공된다고 밝혔다.",
)


@pytest.mark.parametrize(
    ("text", "codec"), [(JAPANESE, "iso2022_jp"), (JAPANESE, "iso2022_jp_2"), (KOREAN, "iso2022_kr")]
)
def test_text_in_escape_sequences_is_not_taken_for_ascii(text: str, codec: str) -> None:
    data = f"headline,body\n{text},{text}\n".encode(codec)
    assert decode(data, None) == f"headline,body\n{text},{text}\n"
    assert utf8(io.BytesIO(data), None).read().decode() == f"headline,body\n{text},{text}\n"


def test_an_escape_sequence_of_a_terminal_is_not_one_of_an_encoding() -> None:
    text = "The price was \x1b[1m$5\x1b[0m, or \x1b$ without a number."
    assert decode(text.encode(), None) == text
