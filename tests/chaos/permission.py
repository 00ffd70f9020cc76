"""Permission denied: a dump that may not be read, folders that may not be written.

Root may do everything; so where root runs this, the processes are started without the capabilities that say so.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

from chaos.aftermath import last_words, same_as, says, seen_by_analysts
from chaos.homes import Home
from chaos.theatre import Theatre

WITHOUT_OVERRIDE = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


def unreadable_dump(theatre: Theatre) -> list[str]:
    """The last dump may not be read: it is refused, the others are loaded; then it may."""
    home = _home(theatre)
    last = sorted(home.landing.glob("*.jsonl"))[-1]
    last.chmod(0)
    ended = home.broadsheet("ingest", "--json", str(home.landing))
    problems = [] if ended.code == 1 else [f"with a dump that may not be read it ended with {ended.code}"]
    problems += says(ended, last.name, "cannot be read: permission denied", "give the user")
    problems += [] if seen_by_analysts(home, theatre.before) else ["nothing of the other dumps was published"]
    last.chmod(0o644)
    rerun = home.broadsheet("ingest", str(home.landing))
    return problems + same_as(theatre.expected, home, rerun, ("ledger", "rejected"))


def read_only_folder(theatre: Theatre, name: str) -> list[str]:
    """The folder, and what is in it, may not be written; then it may."""
    home = _home(theatre)
    folder = home.folder / name
    _allow(folder, False)
    ended = home.broadsheet("ingest", str(home.landing))
    problems = [] if ended.code == 1 else [f"with a read-only {name} it ended with {ended.code}: {last_words(ended)}"]
    problems += says(ended, str(folder), "permission denied", "give the user")
    problems += ["it shows a traceback"] if "Traceback" in ended.text else []
    problems += seen_by_analysts(home, theatre.before)
    _allow(folder, True)
    rerun = home.broadsheet("ingest", str(home.landing))
    return problems + same_as(theatre.expected, home, rerun)


def _home(theatre: Theatre) -> Home:
    """Yesterday's home over a copy of the newsroom, for processes that the system may say no to."""
    newsroom = theatre.new_folder()
    shutil.copytree(theatre.newsroom, newsroom, dirs_exist_ok=True)
    prefix = () if os.geteuid() else WITHOUT_OVERRIDE
    return replace(theatre.copy_of("yesterday"), newsroom=newsroom, prefix=prefix)


def _allow(folder: Path, may_write: bool) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | 0o200 if may_write else mode & ~0o222)
