"""A machine that was not upgraded with the others: it does not go on with their runs."""

from __future__ import annotations

import json
from importlib.metadata import version

import pytest
from newsroom import Newsroom

from etl.run import OtherVersion, Request, begin, resume


def test_a_run_of_another_version_is_refused_with_both_versions(newsroom: Newsroom) -> None:
    run = begin(newsroom.settings, "manual", Request(), "tonight")
    assert resume(newsroom.settings, "tonight") == run
    note = json.loads((run.folder / "run.json").read_text())
    (run.folder / "run.json").write_text(json.dumps({**note, "version": "7.0"}))
    with pytest.raises(OtherVersion, match=rf"was begun by Broadsheet 7\.0, but .* has {version('broadsheet')}"):
        resume(newsroom.settings, "tonight")
    del note["version"]  # as an older version began it
    (run.folder / "run.json").write_text(json.dumps(note))
    assert resume(newsroom.settings, "tonight") == run
