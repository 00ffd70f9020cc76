"""The secret with which authors' e-mail addresses are hashed: made once, kept in BROADSHEET_HOME.

Where the work folder is in a bucket, it is kept there, so that all machines hash alike. A lake knows its fingerprint: a
machine with another secret is refused, for one address would have two hashes, and a takedown by it miss articles.

Without a secret a hash of an address is soon guessed: there are few first names, last names and papers.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from etl import bucket, store
from etl.normalise.emails import Cover
from etl.settings import AuthorEmails, Settings
from etl.warehouse import WarehouseError, lake, lake_marks

NAME = "email_secret"


def secret_of(settings: Settings) -> bytes:
    """The secret of this home, the same for ever; made when it is asked for first. Only its owner may read it.

    Raises WarehouseError where addresses in the lake are hashed with another one.
    """
    is_shared = store.is_remote(settings.work_folder)
    path = (settings.work_folder if is_shared else settings.home) / NAME
    if not store.exists(path):
        (_make_shared if is_shared else _make)(path)
    secret = store.read_text(path).encode()
    _refuse_other(settings, path, secret)
    return secret


def _refuse_other(settings: Settings, path: Path, secret: bytes) -> None:
    fingerprint = hashlib.sha256(secret).hexdigest()
    in_lake = lake.of(settings)
    if in_lake and lake_marks.first_secret(in_lake, fingerprint) != fingerprint:
        raise WarehouseError(
            f"{in_lake.name}: e-mail addresses in it are hashed with another secret than that in {store.url_of(path)}: "
            f"copy over it the {NAME} of the machine that loaded first (in its BROADSHEET_HOME, or in BROADSHEET_WORK "
            "where that is a bucket), so that one address has one hash"
        )


def _make_shared(path: Path) -> None:
    bucket.put_new(secrets.token_hex(32).encode(), path)


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
