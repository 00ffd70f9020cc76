"""The secret with which authors' e-mail addresses are hashed: made once, kept in BROADSHEET_HOME.

Where the work folder is in a bucket, it is kept there, so that all machines hash alike.

Without a secret a hash of an address is soon guessed: there are few first names, last names and papers.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from etl import bucket, store
from etl.normalise.emails import Cover
from etl.settings import AuthorEmails, Settings

NAME = "email_secret"


def secret_of(settings: Settings) -> bytes:
    """The secret of this home, the same for ever; made when it is asked for first. Only its owner may read it."""
    if store.is_remote(settings.work_folder):
        return _shared(settings.work_folder / NAME)
    path = settings.home / NAME
    if not path.exists():
        _make(path)
    return path.read_bytes()


def _shared(path: Path) -> bytes:
    if not store.exists(path):
        bucket.put_new(secrets.token_hex(32).encode(), path)
    return store.read_text(path).encode()


def email_cover(settings: Settings) -> Cover | None:
    """How authors' e-mail addresses are covered; None where they are kept."""
    if settings.author_emails == AuthorEmails.keep:
        return None
    return Cover(secret_of(settings) if settings.author_emails == AuthorEmails.hash else None)


def _make(path: Path) -> None:
    """Write it whole or not at all, so that two tasks that begin together read the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, part = tempfile.mkstemp(dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        with suppress(FileExistsError):
            os.link(part, path)
    finally:
        os.unlink(part)
