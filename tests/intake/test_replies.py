"""Letters that answer others: what is skipped as a reply, and what is an article nevertheless."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import outlook_messages as made
import pytest
from read_mail import read_of

from etl.intake import bundles
from etl.model import Skip

HEAD = (
    "From: Ann Lee <ann@furt.example>\nSubject: {}\nDate: Mon, 8 Jan 2018 09:00:00 +0100\nMessage-ID: <2@furt.example>"
    "\nMIME-Version: 1.0\n{}Content-Type: text/{}; charset=utf-8\n\n{}"
)
TEXT = "The council of Furt agreed on Tuesday to repair the old bridge over the river. Nobody asked why."
ARTICLE = "\n\n".join([TEXT] * 10)
ANSWERS, REFERS = "In-Reply-To: <1@desk.example>\n", "References: <0@desk.example> <1@desk.example>\n"
OUTLOOK = (
    "{}: Joe Staff <joe@desk.example>\nSent: Friday, January 5, 2018 10:00 AM\nTo: Ann Lee\nSubject: Order\n\n"
    "Please send what the mayor said, and all that was said against it in the council, by Monday.\n"
)
QUOTED = "\n\n> " + TEXT.replace(". ", ".\n> ")


def outcome(tmp_path: Path, subject: str, text: str, headers: str = "", kind: str = "plain") -> list[Any]:
    """What is read of a letter: records, and the kinds of what is skipped."""
    path = tmp_path / "letter.eml"
    path.write_text(HEAD.format(subject, headers, kind, text), encoding="utf-8")
    return read_of(path)


@pytest.mark.parametrize(
    ("subject", "text", "headers", "kind"),
    [
        ("Re: Order", "Thank you!", ANSWERS, "plain"),
        ("Re: Order", "Thank you!", REFERS, "plain"),
        ("Antw.: Order", f"Bedankt!{QUOTED}", ANSWERS, "plain"),
        ("Re : Order", "Merci !", ANSWERS, "plain"),
        ("Order", f"Agreed.{QUOTED}", ANSWERS, "plain"),
        ("AW: Auftrag", f"Danke.\n\n{OUTLOOK.format('Von')}", "", "plain"),
        ("RE: Order", f"<p>Thank you.</p><p>{OUTLOOK.format('From')}".replace("\n", "<br>"), "", "html"),
        ("Re: Order", f"{TEXT}\n\nOn Fri, Jan 5, 2018 Joe Staff\n<joe@desk.example> wrote:\n\n> Well?", "", "plain"),
        ("Re: Order", f"<p>{TEXT}</p><div class='gmail_quote'>Well?</div>", "", "html"),
    ],
)  # fmt: skip
def test_a_reply_is_no_article(tmp_path: Path, subject: str, text: str, headers: str, kind: str) -> None:
    assert outcome(tmp_path, subject, text, headers, kind) == ["reply to a message"]


@pytest.mark.parametrize(
    ("subject", "text", "headers", "kind"),
    [
        ("Re: the bridge", f"> Read the story\n> More on furt.example\n\n{TEXT}", "", "plain"),
        ("Re: the bridge", f"<p>{TEXT}</p><blockquote cite='https://furt.example'>Yes.</blockquote>", "", "html"),
        ("The bridge", TEXT, REFERS, "plain"),
        ("The bridge", f"> Read the story\n\n{TEXT}", REFERS, "plain"),
    ],
)
def test_an_article_with_a_quotation_is_no_reply(
    tmp_path: Path, subject: str, text: str, headers: str, kind: str
) -> None:
    (found,) = outcome(tmp_path, subject, text, headers, kind)
    assert (found["publication"], found["headline"]) == ("Ann Lee", subject)


@pytest.mark.parametrize("kind", ["plain", "html"])
@pytest.mark.parametrize("quoted", ["", QUOTED])
def test_an_answer_that_is_long_is_an_article_and_told_as_an_answer(tmp_path: Path, kind: str, quoted: str) -> None:
    text = ARTICLE + quoted
    page = "<p>" + text.replace("\n\n", "</p><p>") + "</p>"
    (found,) = outcome(tmp_path, "Re: Order", page if kind == "html" else text, ANSWERS, kind)
    assert found["body"].startswith(ARTICLE)
    assert found["extra"]["in_reply_to"] == "<1@desk.example>"


def test_an_answer_below_what_it_quotes_is_long_by_itself(tmp_path: Path) -> None:
    quoted = "> " + OUTLOOK.format("From").replace("\n", "\n> ")
    (found,) = outcome(tmp_path, "Re: Order", f"{quoted}\n\n{ARTICLE}", ANSWERS)
    assert found["body"].endswith(ARTICLE)


@pytest.mark.parametrize("announced", ["-----Original Message-----\n", "_" * 32 + "\n", ""])
def test_what_a_long_answer_quotes_below_is_not_its_text(tmp_path: Path, announced: str) -> None:
    text = f"{ARTICLE}\n\n{announced}{OUTLOOK.format('From')}"
    found, skipped = outcome(tmp_path, "RE: Order", text, ANSWERS)
    assert found["body"] == ARTICLE
    assert skipped == "message that an answer quotes"


def test_what_was_forwarded_under_another_subject_is_no_reply(tmp_path: Path) -> None:
    head = "---------- Forwarded message ---------\nFrom: Furt Gazette <news@furt.example>\nDate: 5 January 2018\n"
    (found,) = outcome(tmp_path, "For Monday", f"{head}Subject: Bridge\nTo: Ann\n\n{TEXT}", REFERS)
    assert (found["publication"], found["headline"]) == ("Furt Gazette", "Bridge")


def test_a_reply_is_known_among_messages_of_outlook(tmp_path: Path) -> None:
    letter = {made.CLASS: "IPM.Note", made.SENDER: "Ann Lee", made.SUBJECT: "Re: Order", made.TEXT: "Thank you!"}
    path = tmp_path / "letter.msg"
    found = []
    for properties in (letter, {**letter, made.ANSWERED: "<1@desk.example>"}):
        path.write_bytes(made.msg(properties))
        ((_, what),) = bundles.readable(path, lambda one: bundles.identified(one, path.name, "auto"), ())
        found.append(what.kind if isinstance(what, Skip) else "article")
    assert found == ["article", "reply to a message"]


@pytest.mark.parametrize(
    ("headers", "is_article"),
    [
        ("Auto-Submitted: auto-replied\n", False),
        ("Auto-Submitted: auto-replied; owner-email=ann@furt.example\n", False),
        (f"Auto-Submitted: auto-generated\n{ANSWERS}", False),
        ("Auto-Submitted: auto-generated\n", True),
        (f"Auto-Submitted: auto-generated\n{REFERS}", False),
        (f"Auto-Submitted: auto-generated\n{REFERS.replace('desk', 'furt')}", True),
        ("Auto-Submitted: no\n", True),
        ("Auto-Submitted: auto-replied\nList-Id: <news.furt.example>\n", True),
        ("Auto-Submitted: auto-replied\nList-Unsubscribe: <mailto:leave@furt.example>\n", True),
    ],
)
def test_a_program_that_answers_writes_no_article(tmp_path: Path, headers: str, is_article: bool) -> None:
    (found,) = outcome(tmp_path, "Automatic reply: Order", TEXT, headers)
    assert found != "automatic reply" if is_article else found == "automatic reply"
