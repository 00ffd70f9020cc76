"""Whether words are missing, in what real readers make of dumps whose labels outweigh their short texts."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import pytest

from etl import formats
from etl.model import Feed, Piece
from etl.stages.accounting import Account, balance

FEED = Feed("wire")
SYLLABLES = ("fa", "lo", "mi", "run", "ste", "ka", "bel", "dor", "vin", "est")
SIGNS = "港船氷島町春秋海朝夕風雨雪橋駅道山川森石火水木金土日月星空雲波岸灯台塔門市村里谷峰岩砂浜潮"


def invented(chance: random.Random, words: int) -> str:
    return " ".join("".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(words))


def nexis(number: int, chance: random.Random) -> str:
    first, second = invented(chance, 22), invented(chance, 22)
    fields = f"Section: NEWS\nLength: {number} words\nByline: {invented(chance, 2)}\nDateline: FURT\n"
    head = (
        f"{' ' * 20}{invented(chance, 4)}\n{' ' * 20}Furt Gazette\n{' ' * 20}January {number % 28 + 1}, 2018 Friday\n"
    )
    return f"{head}Copyright 2018 Furt Gazette\n{fields}Body\n{first}\n{second}\nClassification\nEnd of Document\n"


def kikuzo(number: int, chance: random.Random) -> str:
    first, second = ("".join(chance.choices(SIGNS, k=60)) for _ in range(2))
    labels = "".join(f"<th>{name}</th>" for name in ("No.", "発行日", "朝夕刊", "面名", "ページ", "文字数"))
    values = f"<td>{number:05}</td><td>2026年03月01日</td><td>朝刊</td><td>１総</td><td>001</td><td>00098文字</td>"
    head = f'<table class="topic-list"><tr>{labels}</tr><tr>{values}</tr></table>'
    text = f'<span class="font002">{first[:9]}</span><div class="detail001">{first}<br>{second}</div>'
    return f'{head}<table class="topic-detail"><tr><td>{text}</td></tr></table>\n'


def yomidas(number: int, chance: random.Random) -> str:
    first, second = ("".join(chance.choices(SIGNS, k=70)) for _ in range(2))
    cells = ("2026.03.02", first[:9], "東京朝刊", "一面", "01頁", "120字")
    row = "".join(f"<th>{cell}</th>" for cell in (number, *cells))
    search = "<table><tr><th>選択部分をキーワードとして：</th><td>を検索</td></tr></table>"
    head = f'<div id="heiseiDetailArea"><table class="contentsTable"><tr>{row}</tr></table>{search}</div>'
    return f'{head}<div id="heiseiDetailContents"><p>　{first}<br/>　{second}<br/></p></div>\n'


LAYOUTS: dict[str, tuple[str, Callable[[int, random.Random], str]]] = {
    "nexis_uni": ("Documents (30)\n", nexis),
    "kikuzo_html": ('<html lang="ja"><body>', kikuzo),
    "yomidas_html": ("<html><body>", yomidas),
}


def dump(name: str) -> bytes:
    """Thirty complete short articles."""
    chance = random.Random(name)
    start, article = LAYOUTS[name]
    return (start + "".join(article(number, chance) for number in range(1, 31))).encode()


def warning(name: str, broken: Callable[[dict[str, object]], object] = dict) -> str | None:
    """What is told of a dump, if its reader yields what `broken` makes of its records."""
    data = dump(name)
    assert formats.recognise(data, "") == name
    reader = formats.named(name)
    account = Account(data, formats.least_accounted(reader))
    pieces: list[Piece] = list(reader.read(io.BytesIO(data), FEED))
    records = [piece for piece in pieces if isinstance(piece, dict)]
    assert len(records) == 30
    for piece in pieces:
        account.add(broken(piece) if isinstance(piece, dict) else piece)  # type: ignore[arg-type]
    found = balance(io.BytesIO(data), account)
    assert found is not None
    return found.warning


def without_last_paragraph(record: dict[str, object]) -> dict[str, object]:
    return record | {"body": str(record["body"]).rpartition("\n\n")[0]}


def without_text(record: dict[str, object]) -> dict[str, object]:
    return record | {"body": ""}


@pytest.mark.parametrize("name", LAYOUTS)
def test_labels_beside_every_article_are_not_missed(name: str) -> None:
    assert warning(name) is None


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("broken", [without_last_paragraph, without_text])
def test_what_a_broken_reader_drops_is_told(name: str, broken: Callable[[dict[str, object]], object]) -> None:
    told = warning(name, broken)
    assert told is not None
    assert "are in articles, rejects or skips; see if one is missing" in told


def test_common_words_of_articles_that_are_lost_are_no_labels() -> None:
    chance = random.Random(7)
    common = " ".join(("the", "of", "and", "to", "in"))
    texts = [f"{common} {invented(chance, 60)} {common} {invented(chance, 60)}" for _ in range(300)]
    data = "\n".join(texts).encode()
    account = Account(data, 0.3)
    for text in texts[:60]:
        account.add({"headline": "", "body": text})
    found = balance(io.BytesIO(data), account)
    assert found is not None
    assert found.warning is not None


def test_a_page_of_few_characters_is_not_judged() -> None:
    data = ('<html lang="ja"><body>' + kikuzo(1, random.Random(0)) * 2).encode()
    found = balance(io.BytesIO(data), Account(data, 0.9))
    assert found is not None
    assert (found.seen > 200, found.warning) == (True, None)
