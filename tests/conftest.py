"""What every test can ask for."""

from __future__ import annotations

from pathlib import Path

import pytest
from newsroom import Newsroom, make_newsroom

from etl.settings import PROJECT

CORPORA = PROJECT.parent / "shared" / "corpora"


@pytest.fixture
def newsroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    monkeypatch.delenv("BROADSHEET_LANDING", raising=False)
    return make_newsroom(tmp_path)


@pytest.fixture
def corpora() -> Path:
    if not CORPORA.is_dir():
        pytest.skip("the real dumps are not here: ../shared/corpora")
    return CORPORA
