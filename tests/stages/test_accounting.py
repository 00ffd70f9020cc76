"""Words of a dump that ended nowhere are told, whatever its layout."""

from __future__ import annotations

import io
import json

from etl.model import Piece, Reject, Skip
from etl.stages.accounting import Account, Balance, balance

TEXTS = {
    name: " ".join(f"{name} says in sentence {number} that the harbour is to be enlarged." for number in range(20))
    for name in ("Anna", "Bert", "Cara", "Dora")
}


def judged(data: str, pieces: list[Piece], least_share: float = 0.9) -> Balance:
    account = Account(data.encode()[:64], least_share)
    for piece in pieces:
        account.add(piece)
    found = balance(io.BytesIO(data.encode()), account)
    assert found is not None
    return found


def export(names: tuple[str, ...] = tuple(TEXTS)) -> str:
    return "<html>\n" + "\n<hr>\n".join(f"<p>{TEXTS[name]}</p>" for name in names) + "\n</html>"


def records(*names: str) -> list[Piece]:
    return [{"position": f"article {number}", "body": TEXTS[name]} for number, name in enumerate(names, 1)]


def test_nothing_is_said_where_every_word_ended_in_an_article() -> None:
    found = judged(export(), records(*TEXTS))
    assert (found.seen, found.accounted, found.warning) == (960, 960, None)


def test_an_article_that_nobody_took_is_told_with_its_place() -> None:
    found = judged(export(), records("Anna", "Bert", "Dora"))
    assert found.accounted == 720
    assert found.warning is not None
    assert "720 of its 960 words" in found.warning
    assert found.warning.endswith("begins at line 6")


def test_it_does_not_quote_what_it_found_for_it_may_be_taken_down() -> None:
    warning = judged(export(), records("Anna", "Bert", "Dora")).warning
    assert warning is not None
    assert "Cara" not in warning


def test_what_was_rejected_or_skipped_is_accounted_for() -> None:
    rejected = Reject("article 3", "has no date", TEXTS["Cara"].encode())
    skipped = Skip("article 4", "advert", TEXTS["Dora"])
    assert judged(export(), [*records("Anna", "Bert"), rejected, skipped]).warning is None


def test_articles_in_another_order_are_found_all_the_same() -> None:
    found = judged(export(), records("Dora", "Cara", "Anna"))
    assert found.warning is not None
    assert "begins at line 4" in found.warning


def test_articles_hidden_in_what_no_column_holds_are_not_accounted_for() -> None:
    feed = {"title": "The Lamp", "items": [{"title": name, "content": text} for name, text in TEXTS.items()]}
    record = {"position": "item 1", "headline": "The Lamp", "extra": {"items": feed["items"]}}
    found = judged(json.dumps(feed), [record], least_share=0.3)
    assert found.warning is not None
    assert judged(json.dumps(feed), records(*TEXTS), least_share=0.3).warning is None


def test_short_notes_beside_an_article_are_accounted_for() -> None:
    notes = {f"note {number}": f"Printed on page {number} of the first edition" for number in range(40)}
    row = {"body": TEXTS["Anna"], **notes}
    assert judged(json.dumps(row), [{"position": "line 1", "body": TEXTS["Anna"], "extra": notes}], 0.3).warning is None


def test_nothing_is_said_of_a_few_words() -> None:
    assert judged("<p>Confidential: for subscribers of the wire only</p>", []).warning is None


def japanese(number: int) -> str:
    """An article in a script without spaces, with a word that a search marked."""
    signs = "".join(chr(0x4E00 + (977 * number + 31 * at) % 20_000) for at in range(600))
    return "拡張".join(signs[at : at + 40] for at in range(0, 600, 40))


def test_marks_within_a_script_without_spaces_hide_no_text_and_part_none() -> None:
    found = [japanese(number) for number in range(4)]
    marked = "\n".join(f"<p>{text}</p>" for text in found).replace("拡張", "拡<span>張</span>")
    taken: list[Piece] = [{"position": str(at), "body": text} for at, text in enumerate(found)]
    head = "<html>" + "\n<p>検索の結果を印刷する</p>" * 3
    assert judged(f"{head}{marked}</html>", taken, 0.8).warning is None
    warning = judged(f"{head}{marked}</html>", taken[:2], 0.8).warning
    assert warning is not None
    assert warning.endswith("begins at line 6")
