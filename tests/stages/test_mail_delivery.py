"""A mailbox that is delivered: its letters are articles, and each that is broken is rejected at its name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from newsroom import Newsroom

SAMPLES = Path(__file__).parents[1] / "samples" / "mail"
LETTERS = (SAMPLES / "letters.mbox").read_text()


def test_a_mailbox_is_loaded_but_for_its_broken_parts(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.post]\npath = "*"\nsettle_seconds = 0')
    report = newsroom.loaded(newsroom.drop("post.mbox", LETTERS))
    (dump,) = report.dumps
    assert (dump["articles_read"], dump["marks_seen"], dump["inserted"], dump["rejected"]) == (5, 5, 3, 2)
    assert sorted(row["position"].partition("!")[0] for row in report.rejected) == [
        "message 2 Ice",
        "message 4 Cut off",
    ]
    found = newsroom.query("select publication, headline, published_date, date_basis from mart.article order by 3")
    assert found == [
        ("Harbour Courier", "Ferry late", date(2026, 3, 9), "native"),
        ("The Courier", "Snow", date(2026, 3, 10), "native"),
        ("Harbour Courier", "Cut off", date(2026, 3, 12), "native"),
    ]


def test_a_message_of_outlook_is_loaded_with_what_it_brings(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.post]\npath = "*"\nsettle_seconds = 0')
    export = (SAMPLES / "export_outlook.msg").read_bytes()
    report = newsroom.loaded(newsroom.drop("export.msg", export))
    (dump,) = report.dumps
    assert (dump["articles_read"], dump["marks_seen"], dump["inserted"], dump["rejected"]) == (4, 4, 3, 1)
    assert [row["position"] for row in report.rejected] == ["Liste für April.xlsx"]
    found = newsroom.query("select publication, headline, published_date from mart.article order by 3")
    assert [row[1:] for row in found] == [
        ("Eis am Pier", date(2026, 3, 2)),
        ("Neue Brücke", date(2026, 3, 4)),
        ("Fähre spät", date(2026, 3, 9)),
    ]
    assert found[-1][0] == "Hafenbote"


def test_a_long_letter_beside_a_dump_is_told(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.post]\npath = "*"\nsettle_seconds = 0')
    text = "Dear colleagues,\n\n" + "The ferry sails again, said the mayor of Saltby. " * 20
    attached = "--b\nContent-Disposition: attachment; filename=wire.csv\n\ntitle,text\nIce,The pier is closed.\n--b--\n"
    head = "From: a@b.example\nMessage-ID: <1@b.example>\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n"
    report = newsroom.loaded(newsroom.drop("post.eml", f"{head}{text}\n{attached}"))
    assert report.dumps[0]["inserted"] == 1
    assert any("long covering letter in it is not read; see whether" in warning for warning in report.warnings)
