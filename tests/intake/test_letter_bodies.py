"""Which texts of a message are its letter: halves around a picture, pages that stand for a text, and what is added."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from read_mail import read_of

from etl.intake import containers
from etl.intake.containers import Member
from etl.intake.kinds import LONGER_TEXT
from etl.model import Reject

HEAD = "From: Ann Lee <ann@furt.example>\nSubject: The bridge\nMessage-ID: <2@furt.example>\n"
FIRST = "The council of Furt agreed on Tuesday to repair the old bridge over the river, and nobody asked why. " * 3
SECOND = "Below the picture the mayor said that all of it would be paid for by those who cross it on Sundays. " * 2
THIRD = "The last who crossed it on foot was a cooper, who was on the way to his own wedding and came too late. " * 2
PICTURE = "Content-Type: image/jpeg; name=a.jpg\nContent-Disposition: inline\n\nx"
ATTACHED = PICTURE.replace("inline", "attachment")
REMOVED = "Content-Type: image/jpeg; name=a.jpg\nContent-Disposition: inline\n"
SENT = "\n\nSent from my iPhone"
LEAVES, SEE = "Who of them will unsubscribe?", "See it in your browser. "
IMPRINT = "Furt Media, 1 Quay Street, Furt. Managing director: Ann Lee."
ALERT = "The mayor of Furt stepped down."
BRIDGE = f"The old bridge\n\nBy Joe Miller\n\n{THIRD}"
LINK = "https://furt.example/" + "a" * 9_000
TWICE = FIRST * 5 + SECOND * 5


def page(text: str) -> str:
    """A page with one paragraph, as a part."""
    body = f"<div>{text}</div>" if text else "<br>"
    return f"Content-Type: text/html; charset=utf-8\n\n<html><head></head><body>{body}</body></html>"


def text(content: str) -> str:
    """A plain text, as a part."""
    return f"Content-Type: text/plain; charset=utf-8\n\n{content}\n"


def parts(kind: str, *given: str) -> str:
    """Parts within a multipart, which is a part itself."""
    boundary = f"b{len(''.join(given))}"
    inner = "".join(f"--{boundary}\n{part}\n" for part in given)
    return f"Content-Type: multipart/{kind}; boundary={boundary}\n\n{inner}--{boundary}--\n"


def outcome(tmp_path: Path, whole: str) -> tuple[list[str], list[str]]:
    """The text of each article in a message, and the kinds of what is skipped."""
    path = tmp_path / "letter.eml"
    path.write_text(HEAD + whole, encoding="utf-8")
    found: list[Any] = read_of(path)
    articles = [one for one in found if isinstance(one, dict)]
    return [squeezed(one["body"]) for one in articles], [one for one in found if one not in articles]


def squeezed(*texts: str) -> str:
    """Texts on one line."""
    return " ".join(" ".join(texts).split())


@pytest.mark.parametrize(
    ("whole", "texts"),
    [
        (parts("mixed", text(FIRST), PICTURE, text(SECOND)), (FIRST, SECOND)),
        (parts("mixed", text(FIRST), PICTURE, text(SECOND), PICTURE, text(THIRD)), (FIRST, SECOND, THIRD)),
        (parts("mixed", page(FIRST), PICTURE, page(SECOND)), (FIRST, SECOND)),
        (parts("mixed", page(FIRST), PICTURE, text(SECOND)), (FIRST, SECOND)),
        (parts("mixed", page(""), PICTURE, page(FIRST), PICTURE, text("\xa0"), PICTURE, page(SECOND)), (FIRST, SECOND)),
        (parts("mixed", text(FIRST), PICTURE, page("")), (FIRST,)),
        (parts("mixed", text(FIRST), PICTURE, text("Sent from my iPhone")), (FIRST,)),
        (parts("mixed", text(FIRST), PICTURE, text("____\nTo leave the list, write to us.")), (FIRST,)),
        (parts("alternative", text(FIRST), parts("mixed", page(FIRST), PICTURE, page(SECOND))), (FIRST, SECOND)),
        (parts("alternative", text(FIRST), parts("related", page(FIRST), PICTURE)), (FIRST,)),
        (parts("mixed", text(FIRST), PICTURE, page(FIRST)), (FIRST,)),
        (parts("mixed", text(FIRST), PICTURE, text(SECOND + SENT)), (FIRST, SECOND, SENT)),
        (parts("mixed", page(FIRST), PICTURE, page(SECOND + LEAVES)), (FIRST, SECOND, LEAVES)),
        (parts("mixed", text(FIRST), PICTURE, text(f"****\n\n{SECOND}")), (FIRST, "****", SECOND)),
        (parts("mixed", text(FIRST), REMOVED, text(SECOND)), (FIRST, SECOND)),
        (parts("alternative", text(FIRST), parts("mixed", page(FIRST), REMOVED, page(SECOND))), (FIRST, SECOND)),
        (parts("mixed", text(FIRST), PICTURE, text(IMPRINT)), (FIRST, IMPRINT)),
        (parts("mixed", text(FIRST), ATTACHED, text(IMPRINT)), (FIRST,)),
        (parts("alternative", text(FIRST), parts("mixed", page(FIRST), PICTURE, page(IMPRINT))), (FIRST, IMPRINT)),
        (parts("alternative", text(LEAVES + FIRST), page(LEAVES)), (LEAVES,)),
        (parts("alternative", text(f"{ALERT}\n{SECOND * 3}"), page(f"Furt: {ALERT}")), ("Furt:", ALERT)),
        (parts("mixed", text(FIRST), PICTURE, page(IMPRINT)), (FIRST, IMPRINT)),
        (parts("mixed", text(FIRST), PICTURE, text(SENT), PICTURE, text(SECOND)), (FIRST, SECOND)),
        (parts("mixed", text(FIRST), PICTURE, text(IMPRINT), PICTURE, text(SECOND)), (FIRST, IMPRINT, SECOND)),
        (parts("mixed", text(f"[Logo]\n{FIRST.upper()}"), PICTURE, page(FIRST)), (FIRST,)),
        (parts("mixed", page(SEE + FIRST), PICTURE, text(FIRST)), (SEE, FIRST)),
    ],
)  # fmt: skip
def test_a_letter_that_is_cut_around_a_picture_is_one(tmp_path: Path, whole: str, texts: tuple[str, ...]) -> None:
    articles, _ = outcome(tmp_path, whole)
    assert articles == [squeezed(*texts)]


def test_an_article_of_its_own_behind_a_picture_stays_one(tmp_path: Path) -> None:
    articles, _ = outcome(tmp_path, parts("mixed", text(FIRST), PICTURE, text(BRIDGE)))
    assert articles == [squeezed(FIRST), squeezed(BRIDGE)]


@pytest.mark.parametrize("kinds", [(text, page), (page, text)])
def test_of_two_short_texts_of_a_like_length_none_is_lost(tmp_path: Path, kinds: tuple[Any, Any]) -> None:
    articles, _ = outcome(tmp_path, parts("mixed", kinds[0](THIRD), kinds[1](SECOND + IMPRINT)))
    assert articles == [squeezed(THIRD, SECOND, IMPRINT)]


STYLES = "td { border-collapse: collapse; font-family: Georgia, serif; width: 100% }\n" * 9
STUB = page("Your mail program cannot show this newsletter. See it in your browser.")


@pytest.mark.parametrize(
    ("whole", "read", "skipped"),
    [
        (parts("mixed", text(FIRST), page("This e-mail was scanned by a gateway.")), FIRST, "footer"),
        (parts("mixed", page(FIRST), page("Scanned by the gateway of Furt.")), FIRST, "footer"),
        (parts("mixed", page("Take care: this came from without."), text(FIRST)), FIRST, "HTML beside a text"),
        (parts("mixed", parts("related", page(FIRST), PICTURE), text(SECOND)), FIRST, "text beside HTML"),
        (parts("mixed", text("For Monday."), page(FIRST)), FIRST, "text beside HTML"),
        (parts("alternative", text(FIRST), STUB), FIRST, "alternative text"),
        (parts("alternative", text("See it in your browser."), page(FIRST)), FIRST, "alternative text"),
        (parts("alternative", text(FIRST + LINK), page(FIRST)), FIRST, "alternative text"),
        (parts("alternative", text(STYLES + FIRST), page(FIRST)), FIRST, LONGER_TEXT),
        (parts("mixed", text(STYLES + FIRST), page(FIRST)), FIRST, LONGER_TEXT),
        (parts("alternative", text(TWICE * 3), page(TWICE)), TWICE, LONGER_TEXT),
        (parts("mixed", text(TWICE * 3), page(TWICE)), TWICE, LONGER_TEXT),
    ],
)  # fmt: skip
def test_of_texts_beside_each_other_the_article_is_read(tmp_path: Path, whole: str, read: str, skipped: str) -> None:
    articles, others = outcome(tmp_path, whole)
    assert (articles, set(others) - {"picture"}) == ([squeezed(read)], {skipped})


def test_a_half_that_is_broken_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    broken = f"Content-Transfer-Encoding: base64\n{text('VGhl*')}"
    path = tmp_path / "letter.eml"
    path.write_text(HEAD + parts("mixed", text(FIRST), PICTURE, broken, PICTURE, text(SECOND)))
    first, _, reject, _, second = containers.members(path)
    assert isinstance(first, Member)
    assert isinstance(second, Member)
    assert isinstance(reject, Reject)
    assert squeezed(SECOND) in squeezed(second.open().read().decode())
