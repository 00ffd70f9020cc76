"""Forwarded newsletters are those of who sent them first; replies are no articles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from etl.intake import bundles, forwards
from etl.model import Feed, Skip

HEAD = (
    "From: Joe Staff <joe@desk.example>\nTo: list@x.example\nSubject: {}\nDate: Mon, 8 Jan 2018 09:00:00 +0100\n"
    "Message-ID: <1@x.example>\nMIME-Version: 1.0\nContent-Type: text/{}; charset=utf-8\n\n"
)
TEXT = "The council of Furt agreed on Tuesday to repair the old bridge over the river.\n\nNobody asked why."


def letter(tmp_path: Path, subject: str, content: str, kind: str = "plain", before: str = "") -> list[Any]:
    """What is read of a message: records, and the kinds of what is skipped."""
    path = tmp_path / "letter.eml"
    path.write_text(before + HEAD.format(subject, kind) + content, encoding="utf-8")
    found: list[Any] = []
    for member, reader in bundles.readable(path, lambda one: bundles.identified(one, path.name, "auto"), ()):
        if isinstance(reader, Skip):
            found.append(reader.kind)
        else:
            with member.open() as stream:
                found += [piece for piece in reader.read(stream, Feed("post")) if isinstance(piece, dict)]  # type: ignore[union-attr]
    return found


FORWARDS = {
    "Gmail": (
        "Fwd: Bridge repaired",
        "FYI\n\n---------- Forwarded message ---------\nFrom: Furt Gazette <news@furt.example>\n"
        "Date: Fri, Jan 5, 2018 at 10:00 AM\nSubject: Bridge repaired\nTo: <joe@desk.example>\n\n\n",
        "Fri, Jan 5, 2018 at 10:00 AM",
    ),
    "Gmail, French": (
        "Fwd: Bridge repaired",
        "---------- Message transféré ---------\nDe : *Furt Gazette* <news@furt.example>\n"
        "Date: ven. 5 janv. 2018 à 10:00\n"
        "Objet : Bridge repaired\nÀ : Joe <joe@desk.example>\n\n",
        "ven. 5 janv. 2018 à 10:00",
    ),
    "Outlook, German": (
        "WG: Bridge repaired",
        "-----Ursprüngliche Nachricht-----\nVon: Furt Gazette <news@furt.example>\n"
        "Gesendet: Freitag, 5. Januar 2018 10:00\nAn: Joe Staff\nBetreff: Bridge repaired\n\n",
        "Freitag, 5. Januar 2018 10:00",
    ),
    "Outlook, without a line": (
        "FW: Bridge repaired",
        "Please read.\n\nFrom: Furt Gazette <news@furt.example>\nSent: Friday, January 5, 2018 10:00 AM\n"
        "To: Joe Staff\nCc: Ann\nSubject: Bridge repaired\nImportance: High\n\n",
        "Friday, January 5, 2018 10:00 AM",
    ),
    "Thunderbird": (
        "Fwd: Bridge repaired",
        "\n\n-------- Forwarded Message --------\nSubject: \tBridge repaired\nDate: \tFri, 5 Jan 2018 10:00:00 +0100\n"
        "From: \tFurt Gazette <news@furt.example>\nReply-To: \tnews@furt.example\nTo: \tjoe@desk.example\n\n\n",
        "Fri, 5 Jan 2018 10:00:00 +0100",
    ),
    "Apple Mail, Dutch": (
        "Fwd: Bridge repaired",
        "Begin doorgestuurd bericht:\n\n> Van: Furt Gazette <news@furt.example>\n> Onderwerp: Bridge repaired\n"
        "> Datum: 5 januari 2018 om 10:00:00 CET\n> Aan: joe@desk.example\n\n",
        "5 januari 2018 om 10:00:00 CET",
    ),
    "twice": (
        "Fwd: Fwd: Bridge repaired",
        "---------- Forwarded message ---------\nFrom: Ann <ann@desk.example>\nDate: Sun, Jan 7, 2018\n"
        "Subject: Fwd: Bridge repaired\nTo: Joe\n\n\n---------- Forwarded message ---------\n"
        "From: Furt Gazette <news@furt.example>\nDate: Fri, Jan 5, 2018\nSubject: Bridge repaired\nTo: Ann\n\n\n",
        "Fri, Jan 5, 2018",
    ),
}


@pytest.mark.parametrize("program", FORWARDS)
@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_forwarded_newsletter_is_that_of_its_sender(tmp_path: Path, program: str, kind: str) -> None:
    subject, head, day = FORWARDS[program]
    content = head + TEXT
    if kind == "html":
        escaped = content.replace("<", "&lt;").replace(">", "&gt;").replace("&gt; ", "")
        content = "".join(f"<div>{line}</div>" if line else "<br>" for line in escaped.split("\n"))
        content = f"<html><body><div class='gmail_quote'>{content}</div></body></html>"
    (found,) = letter(tmp_path, subject, content, kind)
    assert (found["publication"], found["headline"], found["published"]) == (
        "Furt Gazette",
        "Bridge repaired",
        day,
    )
    assert found["body"].split("\n\n") == TEXT.split("\n\n")
    assert found["extra"]["mail_from"] == "news@furt.example"
    assert found["extra"]["forwarded_by"]["name"] == "Joe Staff"


def test_a_forward_without_a_head_is_of_no_known_paper_and_day(tmp_path: Path) -> None:
    (found,) = letter(tmp_path, "Fwd: Bridge repaired", TEXT)
    assert found["headline"] == "Bridge repaired"
    assert not found.get("publication") and not found.get("published")
    assert found["extra"]["forwarded_by"]["date"] == "Mon, 8 Jan 2018 09:00:00 +0100"


@pytest.mark.parametrize(
    ("subject", "content", "kind"),
    [
        ("Re: your article", f"Thank you.\n\n> {TEXT}", "plain"),
        ("AW: Brücke", f"Danke.\n\n<blockquote type='cite'>{TEXT}</blockquote>", "html"),
        ("SV: [list] Bro", f"Tak.\n\n> {TEXT}", "plain"),
    ],
)
def test_a_reply_is_no_article(tmp_path: Path, subject: str, content: str, kind: str) -> None:
    assert letter(tmp_path, subject, content, kind) == ["reply to a message"]


def test_a_column_that_quotes_is_no_reply(tmp_path: Path) -> None:
    page = f"<html><h1>Re: the bridge</h1><blockquote>{TEXT}</blockquote>"
    (found,) = letter(tmp_path, "Re: the bridge", page, "html")
    assert found["publication"] == "Joe Staff"


def test_a_line_of_signs_takes_no_long_time() -> None:
    text = "-" * 100_000 + "x\nFrom: a\nDate: b\nSubject: c\n\nText."
    assert forwards.original(text, "c") is None


@pytest.mark.parametrize(
    "subject", ["Re: union with Furt", "Reform of the port", "VS: a year in review", "I: a memoir"]
)
def test_a_subject_alone_makes_no_reply_and_no_forward(tmp_path: Path, subject: str) -> None:
    (found,) = letter(tmp_path, subject, TEXT)
    assert (found["headline"], found["publication"]) == (subject, "Joe Staff")


def test_a_message_that_an_article_quotes_is_a_part_of_it(tmp_path: Path) -> None:
    quoted = "He wrote:\n\nFrom: The Mayor\nDate: 5 January\nSubject: The bridge\n\nSay nothing."
    (found,) = letter(tmp_path, "What the mayor wrote", f"{TEXT}\n\n{quoted}")
    assert (found["publication"], found["headline"]) == ("Joe Staff", "What the mayor wrote")
    assert "Subject: The bridge" in found["body"]


def test_a_mark_of_utf8_before_the_headers_is_no_text(tmp_path: Path) -> None:
    (found,) = letter(tmp_path, "Bridge repaired", TEXT, before="\ufeff")
    assert (found["publication"], found["headline"]) == ("Joe Staff", "Bridge repaired")
    assert found["body"] == TEXT


def test_a_long_text_of_labels_takes_no_long_time() -> None:
    assert forwards.original("From: a\nTo: b\n" * 50_000 + "x", "Fwd: x") is None
