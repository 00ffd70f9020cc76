"""What is stated about a dump from outside: `<dump>.manifest.json` beside it."""

from __future__ import annotations

import errno
import hashlib
import json
from collections import Counter
from dataclasses import replace
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import Any

from etl.intake import regular
from etl.intake.landing import refuse_odd, why_unreadable
from etl.model import DumpError, Manifest
from etl.words import shown

MANIFEST_SUFFIX = ".manifest.json"
MANIFEST_LIMIT_BYTES = 64 * 1024

MANY_ARTICLES = 2**31
"""No dump has more articles: a larger number in a manifest is a mistake."""

KINDS: dict[str, tuple[type, str]] = {
    "published_on": (str, "a date like 2024-04-14"),
    "publication": (str, "a name"),
    "language": (str, "a code like en"),
    "expected_articles": (int, f"a whole number from 0 to {MANY_ARTICLES}"),
    "is_partial": (bool, "true or false"),
}
"""Every key of a manifest: its JSON type, and a description of what is expected."""


def read_manifest(file: Path, root: Path | None = None) -> Manifest:
    """Returns what `<dump>.manifest.json` beside a dump states; an empty Manifest where there is none.

    Raises DumpError naming the manifest, the key, what was found and what is expected.
    """
    path = file.with_name(file.name + MANIFEST_SUFFIX)
    try:
        refuse_odd(path, root)
        with regular.opened_now(path) as stream:
            data = stream.read(MANIFEST_LIMIT_BYTES + 1)
        if len(data) > MANIFEST_LIMIT_BYTES:
            raise DumpError(
                f"is larger than {MANIFEST_LIMIT_BYTES:,} bytes; expected only a few facts; correct it or remove it"
            )
        stated = json.loads(data, object_pairs_hook=_once)  # UTF-8, or UTF-16 as Windows writes it
    except FileNotFoundError:
        return Manifest()
    except DumpError as error:
        raise DumpError(f"its manifest {path.name} {str(error).removeprefix(f'{path} ')}") from None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:  # the dump's own name leaves no room for a manifest's
            return Manifest()
        raise DumpError(f"its manifest {path.name} {why_unreadable(error)}") from None
    except (ValueError, RecursionError) as error:
        raise DumpError(f"its manifest {path.name} is not JSON ({error}); correct it or remove it") from None
    return Manifest(**_checked(stated, f"its manifest {path.name}"))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The pairs of an object as a dict. Raises DumpError where a key stands twice, for which of them is meant?"""
    key, times = max(Counter(key for key, _ in pairs).items(), key=itemgetter(1), default=("", 0))
    if times > 1:
        raise DumpError(f"states {shown(key)} more than once; correct it")
    return dict(pairs)


def _checked(stated: Any, manifest: str) -> dict[str, Any]:
    """Returns the facts of a manifest, checked and converted to their types."""
    if not isinstance(stated, dict) or (unknown := set(stated) - set(KINDS)):
        found = (
            f"contains unknown keys: {shown(sorted(unknown))}" if isinstance(stated, dict) else "is not a JSON object"
        )
        raise DumpError(f"{manifest} {found}; known keys are {', '.join(KINDS)}")
    for key, (kind, _) in KINDS.items():
        if key in stated and type(stated[key]) is not kind:
            raise _unlike(manifest, key, stated[key])
        if isinstance(stated.get(key), str) and not _is_text(stated[key]):
            raise _unlike(manifest, key, stated[key])
    if not 0 <= stated.get("expected_articles", 0) <= MANY_ARTICLES:
        raise _unlike(manifest, "expected_articles", stated["expected_articles"])
    if "published_on" not in stated:
        return stated
    try:
        return {**stated, "published_on": date.fromisoformat(stated["published_on"])}
    except ValueError:
        raise _unlike(manifest, "published_on", stated["published_on"]) from None


def _unlike(manifest: str, key: str, value: Any) -> DumpError:
    return DumpError(f"{manifest} says {key} = {shown(value)}; expected {KINDS[key][1]}")


def _is_text(value: str) -> bool:
    """Whether a text can be stored: JSON may escape halves of characters, which no encoding has."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value


def overlaid(below: Manifest, above: Manifest) -> Manifest:
    """Returns what the first states, overridden by what the second states."""
    stated = {key: value for key, value in vars(above).items() if value is not None}
    return replace(below, **stated) if stated else below


def manifest_facts(stated: Manifest) -> dict[str, Any]:
    """Returns what is stated about a dump as JSON (`stated`), and its hash; None and '' where nothing is stated."""
    facts = {key: str(value) for key, value in vars(stated).items() if value is not None}
    if not facts:
        return {"stated": None, "manifest_sha256": ""}
    text = json.dumps(facts, sort_keys=True)
    return {"stated": text, "manifest_sha256": hashlib.sha256(text.encode()).hexdigest()}
