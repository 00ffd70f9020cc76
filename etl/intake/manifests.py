"""What is stated about a dump from outside: `<dump>.manifest.json` beside it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from etl.intake.landing import refuse_odd
from etl.model import DumpError, Manifest

MANIFEST_SUFFIX = ".manifest.json"
MANIFEST_LIMIT_BYTES = 64 * 1024

KINDS: dict[str, tuple[type, str]] = {
    "published_on": (str, "a date like 2024-04-14"),
    "publication": (str, "a name"),
    "language": (str, "a code like en"),
    "expected_articles": (int, "a whole number"),
}
"""Every key of a manifest: its JSON type, and a description of what is expected."""


def read_manifest(file: Path, root: Path | None = None) -> Manifest:
    """Returns what `<dump>.manifest.json` beside a dump states; an empty Manifest where there is none.

    Raises DumpError naming the manifest, the key, what was found and what is expected.
    """
    path = file.with_name(file.name + MANIFEST_SUFFIX)
    try:
        refuse_odd(path, root)
        if path.stat().st_size > MANIFEST_LIMIT_BYTES:
            raise DumpError(
                f"is larger than {MANIFEST_LIMIT_BYTES:,} bytes; expected only a few facts; correct it or remove it"
            )
        stated = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Manifest()
    except DumpError as error:
        raise DumpError(f"its manifest {path.name} {error}") from None
    except (ValueError, RecursionError) as error:
        raise DumpError(f"its manifest {path.name} is not JSON ({error}); correct it or remove it") from None
    return Manifest(**_checked(stated, f"its manifest {path.name}"))


def _checked(stated: Any, manifest: str) -> dict[str, Any]:
    """Returns the facts of a manifest, checked and converted to their types."""
    if not isinstance(stated, dict) or (unknown := set(stated) - set(KINDS)):
        found = f"contains the unknown keys {sorted(unknown)}" if isinstance(stated, dict) else "is not a JSON object"
        raise DumpError(f"{manifest} {found}; known keys are {', '.join(KINDS)}")
    for key, (kind, wanted) in KINDS.items():
        if key in stated and (not isinstance(stated[key], kind) or isinstance(stated[key], bool)):
            raise DumpError(f"{manifest} says {key} = {stated[key]!r}; expected {wanted}")
    if "published_on" not in stated:
        return stated
    try:
        return {**stated, "published_on": date.fromisoformat(stated["published_on"])}
    except ValueError:
        day, (_, wanted) = stated["published_on"], KINDS["published_on"]
        raise DumpError(f"{manifest} says published_on = {day!r}; expected {wanted}") from None


def overlaid(below: Manifest, above: Manifest) -> Manifest:
    """Returns what the first states, overridden by what the second states."""
    return replace(below, **{key: value for key, value in asdict(above).items() if value is not None})


def manifest_facts(stated: Manifest) -> dict[str, Any]:
    """Returns what is stated about a dump as JSON (`stated`), and its hash; None and '' where nothing is stated."""
    facts = {key: str(value) for key, value in asdict(stated).items() if value is not None}
    if not facts:
        return {"stated": None, "manifest_sha256": ""}
    text = json.dumps(facts, sort_keys=True)
    return {"stated": text, "manifest_sha256": hashlib.sha256(text.encode()).hexdigest()}
