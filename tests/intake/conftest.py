"""What the tests of intake share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def dump(tmp_path: Path) -> Callable[[bytes], Path]:
    """Write bytes to a file whose name says nothing about them."""

    def write(content: bytes) -> Path:
        path = tmp_path / "delivery.dat"
        path.write_bytes(content)
        return path

    return write
