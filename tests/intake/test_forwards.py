"""Forwarded newsletters are those of who sent them first; replies are no articles."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from read_mail import read_of

from etl.intake import forwards, mail_heads

HEAD = (
    "From: Joe Staff <joe@desk.example>\nTo: list@x.example\nSubject: {}\nDate: Mon, 8 Jan 2018 09:00:00 +0100\n"
    "Message-ID: <1@x.example>\nMIME-Version: 1.0\nContent-Type: text/{}; charset=utf-8\n\n"
)
TEXT = "The council of Furt agreed on Tuesday to repair the old bridge over the river.\n\nNobody asked why."


def letter(tmp_path: Path, subject: str, content: str, kind: str = "plain", before: str = "") -> list[Any]:
    """What is read of a message: records, and the kinds of what is skipped."""
    path = tmp_path / "letter.eml"
    path.write_text(before + HEAD.format(subject, kind) + content, encoding="utf-8")
    return read_of(path)


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
    "Thunderbird, French": (
        "Fwd: Bridge repaired",
        "-------- Message transféré --------\nSujet : \tBridge repaired\nDate : \tFri, 5 Jan 2018 10:00:00 +0100\n"
        "De : \tFurt Gazette <news@furt.example>\nPour : \tjoe@desk.example\nCopie à : \tann@desk.example\n\n\n",
        "Fri, 5 Jan 2018 10:00:00 +0100",
    ),
    "Thunderbird, Dutch": (
        "Fwd: Bridge repaired",
        "-------- Doorgestuurd bericht --------\nOnderwerp: \tBridge repaired\nDatum: \tFri, 5 Jan 2018 10:00:00 "
        "+0100\nVan: \tFurt Gazette <news@furt.example>\nAntwoord-aan: \tnews@furt.example\n"
        "Aan: \tjoe@desk.example\n\n\n",
        "Fri, 5 Jan 2018 10:00:00 +0100",
    ),
    "Mail.ru": (
        "Fwd: Bridge repaired",
        "-------- Пересылаемое сообщение --------\nОт кого: Furt Gazette <news@furt.example>\nКому: joe@desk.example\n"
        "Дата: Пятница, 5 января 2018, 10:00 +03:00\nТема: Bridge repaired\n\n",
        "Пятница, 5 января 2018, 10:00 +03:00",
    ),
    "Apple Mail, Dutch": (
        "Fwd: Bridge repaired",
        "Begin doorgestuurd bericht:\n\n> Van: Furt Gazette <news@furt.example>\n> Onderwerp: Bridge repaired\n"
        "> Datum: 5 januari 2018 om 10:00:00 CET\n> Aan: joe@desk.example\n\n",
        "5 januari 2018 om 10:00:00 CET",
    ),
    "Outlook, Brazil": (
        "ENC: Bridge repaired",
        "De: Furt Gazette [mailto:news@furt.example] \nEnviada em: sexta-feira, 5 de janeiro de 2018 10:00\n"
        "Para: Joe Staff\nAssunto: Bridge repaired\n\n",
        "sexta-feira, 5 de janeiro de 2018 10:00",
    ),
    "Outlook, Romanian, with what is attached": (
        "FW: Bridge repaired",
        "De la: Furt Gazette <news@furt.example>\nTrimis: vineri, 5 ianuarie 2018 10:00\nCătre: Joe Staff\n"
        "Subiect: Bridge repaired\nAttachments: bridge.jpg\nSensitivity: Confidential\n\n",
        "vineri, 5 ianuarie 2018 10:00",
    ),
    "Zoho": (
        "Fwd: Bridge repaired",
        "============ Forwarded message ============\nFrom: Furt Gazette <news@furt.example>\n"
        'To: "Joe"<joe@desk.example>\nDate: Fri, 05 Jan 2018 10:00:00 +0100\nSubject: Bridge repaired\n'
        "============ Forwarded message ============\n\n",
        "Fri, 05 Jan 2018 10:00:00 +0100",
    ),
    "Outlook, Greek": (
        "ΠΡΘ: Bridge repaired",
        "Από: Furt Gazette <news@furt.example>\nΣτάλθηκε: Παρασκευή, 5 Ιανουαρίου 2018 10:00 πμ\nΠρος: Joe Staff\n"
        "Κοιν.: Ann\nΘέμα: Bridge repaired\n\n",
        "Παρασκευή, 5 Ιανουαρίου 2018 10:00 πμ",
    ),
    "Outlook, addressees over two lines": (
        "TR: Bridge repaired",
        "De : Furt Gazette <news@furt.example>\nEnvoyé : vendredi 5 janvier 2018 10:00\n"
        "À : Joe Staff <joe@desk.example>; Ann Lee;\nBob Roy <bob@desk.example>; Carl\nHill\n"
        "Objet : Bridge\nrepaired\n\n",
        "vendredi 5 janvier 2018 10:00",
    ),
    "Gmail, addressees over two lines": (
        "Fwd: Bridge repaired",
        "---------- Forwarded message ---------\nFrom: Furt Gazette <news@furt.example>\n"
        "Date: Fri, Jan 5, 2018 at 10:00 AM\nSubject: Bridge\n repaired\nTo: Joe <joe@desk.example>, Bob Roy\n"
        " <bob@desk.example>, Carl <c@desk.example>\n\n\n",
        "Fri, Jan 5, 2018 at 10:00 AM",
    ),
    "Outlook, below a signature": (
        "FW: Bridge repaired",
        "Joe Staff\nDesk: News\nFrom: the newsroom\n\nFrom: Furt Gazette <news@furt.example>\nSent: 5 January 2018\n"
        "To: Joe Staff\nSubject: Bridge repaired\n\n",
        "5 January 2018",
    ),
    "a remark within": (
        "FW: RE: Bridge repaired",
        "-----Original Message-----\nFrom: Ann Lee <ann@desk.example>\nSent: 6 January 2018\nTo: Joe Staff\n"
        "Subject: RE: Bridge repaired\n\nGood one, run it.\n\nFrom: Furt Gazette <news@furt.example>\n"
        "Sent: 5 January 2018\nTo: Ann\nSubject: Bridge repaired\n\n",
        "5 January 2018",
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
        lines = content.replace("\n> ", "\n")
        content = f"<html><body><div class='gmail_quote'>{html_of(lines)}</div></body></html>"
    (found,) = letter(tmp_path, subject, content, kind)
    assert (found["publication"], found["headline"], found["published"]) == (
        "Furt Gazette",
        "Bridge repaired",
        day,
    )
    assert found["body"].split("\n\n") == TEXT.split("\n\n")
    assert found["extra"]["mail_from"] == "news@furt.example"
    assert found["extra"]["forwarded_by"]["name"] == "Joe Staff"


def test_each_label_is_known_as_it_is_printed() -> None:
    labels = [word for word in mail_heads._LABELS.split() if not word.endswith(":")]
    assert [word for word in labels if not mail_heads._labelled(f"{word.capitalize()}: Ann")[0]] == []


GMAIL = (
    "---------- Forwarded message ---------\nFrom: {} <news@furt.example>\nDate: {} January 2018\nSubject: {}\n"
    "To: <joe@desk.example>\n\n\n{}\n\n"
)
PORT = "The port froze over in the night, and the fishermen of Furt stayed at home on Saturday."


def html_of(content: str) -> str:
    escaped = content.replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"<div>{line}</div>" if line else "<br>" for line in escaped.split("\n"))


@pytest.mark.parametrize("kind", ["plain", "html"])
@pytest.mark.parametrize("repeated", [1, 20], ids=["short", "long"])
def test_of_two_newsletters_in_one_mail_each_is_read(tmp_path: Path, kind: str, repeated: int) -> None:
    content = "Both are good.\n\n" + GMAIL.format("Furt Gazette", 5, "Bridge repaired", "\n\n".join([TEXT] * repeated))
    content += GMAIL.format("Pier Post", 6, "Port frozen", PORT)
    found = letter(tmp_path, "Fwd: two letters", html_of(content) if kind == "html" else content, kind)
    assert [(one["publication"], one["headline"], one["published"]) for one in found] == [
        ("Furt Gazette", "Bridge repaired", "5 January 2018"),
        ("Pier Post", "Port frozen", "6 January 2018"),
    ]
    assert found[0]["body"].split("\n\n") == TEXT.split("\n\n") * repeated
    assert found[1]["body"] == PORT
    assert [one["extra"].get("forwarder_s_note") for one in found] == ["Both are good.", None]


def test_what_a_forwarded_newsletter_prints_stays_in_its_text(tmp_path: Path) -> None:
    print_out = "From: Mary of Furt\nTo: the editor\nSubject: {}\n\nI shall miss it dearly.\n\n"
    text = f"{TEXT}\n\n{print_out.format('the bridge')}{print_out.format('the ferry')}".strip()
    (found,) = letter(tmp_path, "Fwd: Letters", GMAIL.format("Furt Gazette", 5, "Letters", text))
    assert (found["publication"], found["headline"], found["published"]) == (
        "Furt Gazette",
        "Letters",
        "5 January 2018",
    )
    assert found["body"] == text


def test_what_was_said_within_is_kept_as_a_note(tmp_path: Path) -> None:
    subject, head, _ = FORWARDS["a remark within"]
    (found,) = letter(tmp_path, subject, f"FYI\n\n{head}{TEXT}")
    note = found["extra"]["forwarder_s_note"]
    assert note.startswith("FYI ") and note.endswith("Good one, run it.") and "Ann Lee <ann@desk.example>" in note


def test_a_signature_of_one_who_forwarded_it_before_is_no_text(tmp_path: Path) -> None:
    subject, head, _ = FORWARDS["a remark within"]
    signed = f"For you.\n\nAnn Lee\nDesk\n\n{'This e-mail is confidential. ' * 20}"
    (found,) = letter(tmp_path, subject, head.replace("RE:", "FW:").replace("Good one, run it.", signed) + TEXT)
    assert (found["publication"], found["headline"], found["body"]) == ("Furt Gazette", "Bridge repaired", TEXT)


def test_a_message_that_forwards_one_without_a_head_is_of_no_known_paper_and_day(tmp_path: Path) -> None:
    (found,) = letter(tmp_path, "Fwd: Bridge repaired", GMAIL.format("Ann Lee", 5, "FW: Bridge repaired", TEXT))
    assert (found["headline"], found.get("publication"), found.get("published")) == ("Bridge repaired", None, None)
    assert (found["extra"]["mail_from"], found["extra"]["mail_date"]) == ("news@furt.example", "5 January 2018")


@pytest.mark.parametrize("sender", ["Pier Post <news@pier.example>", "The Mayor"])
def test_heads_of_messages_within_a_text_are_told(sender: str) -> None:
    text = GMAIL.format("Furt Gazette", 5, "Bridge", TEXT) + f"From: {sender}\nTo: Joe\nSubject: Port\n\n{PORT}"
    (found,) = forwards.originals(text, "Fwd: Bridge")
    assert found.has_others == ("@" in sender) and found.text_of(text).endswith(PORT)


def test_a_long_answer_above_what_it_answers_is_kept_with_it() -> None:
    subject, head, _ = FORWARDS["a remark within"]
    text = head.replace("Good one, run it.", " ".join([TEXT] * 5)) + PORT
    (found,) = forwards.originals(text, subject)
    assert found.head.sender == "Ann Lee <ann@desk.example>"
    assert found.text_of(text) == text[text.index(TEXT) :]


def test_a_digest_of_a_list_stays_whole(tmp_path: Path) -> None:
    item = "From:    {0} <{0}@furt.example>\nDate:    5 January 2018\nSubject: {1}\n\n{2}\n\n" + "-" * 30 + "\n\n"
    content = (
        f"Topics of the day:\n\n{'-' * 70}\n\n{item.format('Ann', 'Bridge', TEXT)}{item.format('Bob', 'Port', PORT)}"
    )
    (found,) = letter(tmp_path, "FURT-NEWS Digest (#2018-5)", content)
    assert (found["publication"], found["headline"]) == ("Joe Staff", "FURT-NEWS Digest (#2018-5)")
    assert TEXT.split("\n\n")[0] in found["body"] and PORT in found["body"]


@pytest.mark.parametrize(
    ("line", "name", "address"),
    [
        ("Furt Gazette [mailto:news@furt.example] ", "Furt Gazette", "news@furt.example"),
        ("Furt Gazette <mailto:news@furt.example>", "Furt Gazette", "news@furt.example"),
        ("Furt Gazette <news@furt.example<mailto:news@furt.example>>", "Furt Gazette", "news@furt.example"),
        ("Furt Gazette, Morning Edition <news@furt.example>", "Furt Gazette, Morning Edition", "news@furt.example"),
        ("Furt Gazette: Morning <news@furt.example>", "Furt Gazette: Morning", "news@furt.example"),
        ("Furt Gazette [Newsletter] <news@furt.example>", "Furt Gazette [Newsletter]", "news@furt.example"),
        ("Ann Lee @ Furt Gazette <news@furt.example>", "Ann Lee @ Furt Gazette", "news@furt.example"),
        ('"Lee, Ann" <ann@furt.example>', "Lee, Ann", "ann@furt.example"),
        ("*Furt Gazette* <news@furt.example>", "Furt Gazette", "news@furt.example"),
        ("Lee, Ann", "Lee, Ann", ""),
        ("Furt Gazette", "Furt Gazette", ""),
        ("Ann @ Furt", "Ann @ Furt", ""),
        ("news@furt.example", "", "news@furt.example"),
        ("news@furt.example <news@furt.example>", "", "news@furt.example"),
        ("news@furt.example (Furt Gazette)", "Furt Gazette", "news@furt.example"),
        ("news@furt.example <news@furt.example> On Behalf Of Furt Gazette", "Furt Gazette", "news@furt.example"),
        ("Furt <news@furt.example>; on behalf of; Ann Lee <ann@furt.example>", "Ann Lee", "ann@furt.example"),
        ("Citizens on behalf of Furt <news@furt.example>", "Citizens on behalf of Furt", "news@furt.example"),
    ],
)
def test_a_sender_s_name_is_whole(line: str, name: str, address: str) -> None:
    assert mail_heads.sender_of(line) == (name, address)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("VS: a year in review", f"From: January\nTo: December\nDate: 2017\nSubject: everything\n\n{TEXT}"),
        ("FYI: the memo", f"{'-' * 20}\nFrom: the mayor\nDate: 5 January 1998\nSubject: the bridge\n\n{TEXT}"),
        ("The week", f"Timetable\n{'_' * 28}\nFrom: Furt\nTo: Pier\nDate: 5 March\nSubject: to change\n\n{TEXT}"),
    ],
)
def test_a_box_of_a_newsletter_is_no_head(tmp_path: Path, subject: str, text: str) -> None:
    (found,) = letter(tmp_path, subject, text)
    assert (found["publication"], found["headline"]) == ("Joe Staff", subject)
    assert found["published"] == "Mon, 8 Jan 2018 09:00:00 +0100"
    assert found["body"] == text


@pytest.mark.parametrize("gap", ["\n\n", "\n", ""], ids=len)
def test_text_below_a_head_is_no_part_of_it(tmp_path: Path, gap: str) -> None:
    text = f"Write to news@furt.example\nor call us.\n\nTo: all who waited.\n\nCc: nobody.\n\n{TEXT}"
    head = GMAIL.format("Furt Gazette", 5, "Bridge repaired", "").rstrip() + "\n"
    (found,) = letter(tmp_path, "Fwd: Bridge repaired", head + gap + text)
    assert found["body"] == text


def test_a_text_may_begin_with_a_label(tmp_path: Path) -> None:
    text = f"To: all who waited for the bridge\n\n{TEXT}"
    (found,) = letter(tmp_path, "Fwd: Bridge repaired", GMAIL.format("Furt Gazette", 5, "Bridge repaired", text))
    assert found["body"] == text


@pytest.mark.parametrize("program", ["Apple Mail, Dutch", "Gmail"])
def test_the_signs_of_a_quotation_are_no_text_where_all_of_it_is_one(tmp_path: Path, program: str) -> None:
    subject, head, _ = FORWARDS[program]
    (found,) = letter(tmp_path, subject, head + "> " + TEXT.replace("\n", "\n> "))
    assert found["body"] == TEXT


@pytest.mark.parametrize(("printed", "stated"), [("1/5/2018 9:31", "2018-01-05 9:31"), ("1/5/2017 9:31", None)])
def test_a_day_in_numbers_is_stated_where_it_is_known(tmp_path: Path, printed: str, stated: str | None) -> None:
    head = f"From: Furt Gazette <news@furt.example>\nSent: {printed}\nTo: Joe\nSubject: Bridge repaired\n\n"
    (found,) = letter(tmp_path, "FW: Bridge repaired", head + TEXT)
    assert (found.get("published"), found["extra"]["mail_date"]) == (stated, printed)


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
    assert forwards.originals(text, "c") == []
    text = ("-" * 159 + "\n") * 5_000
    began = time.process_time()
    assert forwards.originals(text, "c") == []
    assert time.process_time() - began < 0.5, "twenty times what it takes"


def test_a_sender_that_goes_on_and_on_ends() -> None:
    assert mail_heads.sender_of("a@x.example on behalf of " * 5_000)[1] == "a@x.example"


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


LEAKED = (
    "The mayor resigned on Tuesday.\n\n-----Original Message-----\nFrom: Ann Lee <ann@x.example>\n"
    "Sent: 5 January 2010\nTo: Bob\nSubject: the bridge\n\nSay nothing."
)


@pytest.mark.parametrize("kind", ["plain", "html"])
@pytest.mark.parametrize("header", ["List-Id: <news.x.example>\n", "List-Unsubscribe: <https://x.example/u>\n"])
def test_a_message_that_a_newsletter_quotes_is_a_part_of_it(tmp_path: Path, kind: str, header: str) -> None:
    (found,) = letter(tmp_path, "The fall", html_of(LEAKED) if kind == "html" else LEAKED, kind, header)
    assert (found["publication"], found["published"]) == ("Joe Staff", "Mon, 8 Jan 2018 09:00:00 +0100")
    assert "resigned" in found["body"] and "Say nothing." in found["body"]


@pytest.mark.parametrize(
    ("subject", "line"),
    [
        *((subject, "") for subject in ("Fwd: the bridge", "[Desk] FW: the bridge", "The bridge", "[Desk] The bridge")),
        ("FYI", "---------- Forwarded message ---------"),
        ("today's paper", "-------- Forwarded Message --------"),
    ],
)
@pytest.mark.parametrize("kind", ["plain", "html"])
def test_what_is_forwarded_to_a_list_is_of_its_sender(tmp_path: Path, kind: str, subject: str, line: str) -> None:
    content = LEAKED.replace("-----Original Message-----", line or "-----Original Message-----")
    content = html_of(content) if kind == "html" else content
    (found,) = letter(tmp_path, subject, content, kind, "List-Id: <desk.x.example>\n")
    assert (found["publication"], found["headline"], found["published"]) == ("Ann Lee", "the bridge", "5 January 2010")


def test_a_mark_of_utf8_before_the_headers_is_no_text(tmp_path: Path) -> None:
    (found,) = letter(tmp_path, "Bridge repaired", TEXT, before="\ufeff")
    assert (found["publication"], found["headline"]) == ("Joe Staff", "Bridge repaired")
    assert found["body"] == TEXT


LINES = [
    *["---------- Forwarded message ---------", "-----Original Message-----", "_" * 32, "", "", "> "],
    *["From: Ann <ann@x.example>", "> From: Ann <ann@x.example>", "From: Bob", "To: Joe,", "> To: me", "Date: 5 March"],
    *["Subject: Bridge", "> Subject: Re: Bridge", "Subject: Port", "Hill <hill@x.example>"],
]


@given(
    st.lists(st.sampled_from(LINES) | st.integers(1, 60), max_size=30),
    st.sampled_from(["Fwd: Bridge", "TR: Port", "Bridge", ""]),
)
def test_no_word_of_a_text_is_lost(parts: list[str | int], subject: str) -> None:
    lines = [part if isinstance(part, str) else f"\n{f'word{at} ' * part}" for at, part in enumerate(parts)]
    text = "\n".join(lines)
    found = forwards.originals(text, subject)
    kept = " ".join(f"{one.note_of(text)} {one.text_of(text)}" for one in found)
    assert not found or set(re.findall(r"word\d+", text)) <= set(kept.split())


def test_a_sentence_within_a_head_is_no_addressee(tmp_path: Path) -> None:
    text = "From: Ann Lee <ann@x.example>\nTo: Joe\nWho would have thought it?\nSubject: to change\n\n" + TEXT
    (found,) = letter(tmp_path, "Fwd: Bridge repaired", text)
    assert "Who would have thought it?" in found["body"]


@pytest.mark.parametrize(
    "text",
    [
        "From: a\nTo: b\n" * 50_000 + "x",
        "From: a\nTo: b\nSubject: c\nd\n" * 50_000,
        "From: a\nTo: b\nSubject: " + "re: " * 100_000 + "\n\nText.",
        "From: a\nSubject: c\nTo: " + ("a@" * 90 + "\n") * 5_000,
    ],
)
def test_a_text_made_of_labels_takes_no_long_time(text: str) -> None:
    assert forwards.originals(text, "Fwd: x") == []
