"""What the tests of formats share: samples with what must come out of them, and the real dumps beside the project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2]
SAMPLES = PROJECT / "tests" / "samples"
CORPORA = PROJECT.parent / "shared" / "corpora"


def samples(format_name: str) -> list[Path]:
    """The dumps in tests/samples/<format>."""
    return sorted(path for path in (SAMPLES / format_name).iterdir() if not path.name.endswith(".expected.json"))


def expected(sample: Path) -> list[dict[str, Any]]:
    """The records that must come out of a sample."""
    return list(json.loads(sample.with_suffix(".expected.json").read_text()))


def corpus(folder: str) -> Path:
    """A folder of real dumps; the test is skipped where it is absent."""
    if not (CORPORA / folder).is_dir():
        pytest.skip(f"waits for the real dumps, which are not in the project ({CORPORA / folder})")
    return CORPORA / folder
