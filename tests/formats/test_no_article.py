"""What a server sends in place of an article is not one, and what a paywall leaves of one is partial."""

from __future__ import annotations

import io
import json

import pytest

from etl import formats
from etl.model import DumpError, Feed, Piece, Reject

FORM = "<form><input name=user><input type='password' name=key></form>"
PROSE = "The harbour board met on Monday and agreed to lengthen the quay before the herring season begins. " * 9


def page(title: str, body: str, form: str = "") -> str:
    head = f"<!DOCTYPE html><html><head><title>{title}</title></head>"
    return f"{head}<body><h1>{title}</h1>{form}<p>{body}</p></body></html>"


def read(name: str, text: str) -> list[Piece]:
    return list(formats.named(name).read(io.BytesIO(text.encode()), Feed("f", format=name)))


@pytest.mark.parametrize(
    "text",
    [
        page("Sign in", "Please sign in to continue to the export.", FORM),
        page("Willkommen", "Bitte anmelden, um fortzufahren.", FORM),
        page("Connexion", "Veuillez saisir votre mot de passe.", FORM),
        page("ログイン", "続けるにはログインしてください。", FORM),
    ],
)
def test_a_page_to_sign_in_refuses_the_dump_with_what_to_do(text: str) -> None:
    with pytest.raises(DumpError, match="a page to sign in, not an article; fetch it again"):
        read("html", text)


@pytest.mark.parametrize(
    "title",
    ["404 Not Found", "Error 503", "Access denied", "Just a moment...", "403 - Forbidden", "Not found - The Bote"],
)
def test_an_error_page_refuses_the_dump(title: str) -> None:
    with pytest.raises(DumpError, match="an error page of a server"):
        read("html", page(title, "What you asked for is not here."))


def test_one_such_page_among_others_is_rejected_alone() -> None:
    first, second = read("html", page("Quay grows", PROSE) + page("Sign in", "Please sign in to go on.", FORM))
    assert isinstance(first, dict)
    assert isinstance(second, Reject)
    assert "a page to sign in" in second.reason


@pytest.mark.parametrize(
    "text",
    [
        page("Sign in to the new harbour app, says board", PROSE, FORM),
        page("Quay grows", "It will be three boats longer.", FORM),
        page("404 homes to be built on the quay", "Work begins in May."),
        page("500", "That many herring were caught by Ann Hill on Monday. " * 20),
        page("Not found in the harbour: the missing buoy that everybody looked for until Friday night", "It is gone."),
    ],
)
def test_an_article_with_a_form_or_a_number_above_it_is_still_one(text: str) -> None:
    assert [type(piece) for piece in read("html", text)] == [dict]


PAYWALLS = [
    "To continue reading, please subscribe or log in. Already a subscriber? Sign in.",
    "Subscribe to read the full story.",
    "Dieser Beitrag ist nur für Abonnenten. Bereits Abonnent? Anmelden.",
    "Cet article est réservé aux abonnés.",
    "Contenido exclusivo para suscriptores.",
    "Conteúdo exclusivo para assinantes.",
    "Articolo riservato agli abbonati.",
    "Dit artikel is alleen voor abonnees.",
    "Только для подписчиков.",
    "この記事は有料会員限定です。",
]


@pytest.mark.parametrize(
    "notice", [*PAYWALLS, "Continue reading...", "[...]\nThe post Quay grows appeared first on Bote."]
)
@pytest.mark.parametrize("before", ["", "The quay will be three boats longer. "])
def test_a_text_that_a_paywall_ends_is_partial(before: str, notice: str) -> None:
    (record,) = read("jsonl", json.dumps({"title": "Quay", "text": before + notice}))
    assert isinstance(record, dict)
    assert record.get("is_partial") is True or "body" not in record


@pytest.mark.parametrize(
    "text",
    [
        "Readers subscribe to continue a tradition, she said. " + PROSE * 3,
        "The mayor read more. Then she sat down.",
        "The board has 900 subscribers, and said so in its report.",
        PROSE[:400] + " The post office appeared first on the list.",
    ],
)
def test_an_article_about_readers_is_whole(text: str) -> None:
    (record,) = read("jsonl", json.dumps({"title": "Quay", "text": text}))
    assert isinstance(record, dict)
    assert "is_partial" not in record
