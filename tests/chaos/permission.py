"""Permission denied: Broadsheet runs as another user, who may not read a dump or not write a folder."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

from chaos.aftermath import last_words, same_as, says, seen_by_analysts
from chaos.homes import Home
from chaos.theatre import Theatre

NOBODY = "nobody"


def unreadable_dump(theatre: Theatre) -> list[str]:
    """The last dump may not be read: it is refused, the others are loaded; then it may."""
    home = _home_of_another(theatre)
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
    home = _home_of_another(theatre)
    folder = home.folder / name
    _own(folder, 0)
    ended = home.broadsheet("ingest", str(home.landing))
    problems = [] if ended.code == 1 else [f"with a read-only {name} it ended with {ended.code}: {last_words(ended)}"]
    problems += says(ended, str(folder), "permission denied")
    problems += ["it shows a traceback"] if "Traceback" in ended.text else []
    problems += seen_by_analysts(home, theatre.before)
    _own(folder, _other_user())
    rerun = home.broadsheet("ingest", str(home.landing))
    return problems + same_as(theatre.expected, home, rerun, ("ledger", "rejected"))


def _home_of_another(theatre: Theatre) -> Home:
    """Yesterday's home over a copy of the newsroom, owned by another user where we are root."""
    newsroom = theatre.new_folder()
    shutil.copytree(theatre.newsroom, newsroom, dirs_exist_ok=True)
    home = replace(theatre.copy_of("yesterday"), newsroom=newsroom)
    home.temporary.mkdir(exist_ok=True)
    for folder in (newsroom, home.folder):
        folder.chmod(0o755)
    if os.geteuid():
        return home
    _own(home.folder, _other_user())
    return replace(home, user=NOBODY)


def _other_user() -> int:
    import pwd

    return os.geteuid() or pwd.getpwnam(NOBODY).pw_uid


def _own(folder: Path, owner: int) -> None:
    """Give a folder to a user; where we are not root, take or give the right to write instead."""
    for path in [folder, *folder.rglob("*")]:
        if os.geteuid() == 0:
            os.chown(path, owner, -1, follow_symlinks=False)
        elif not path.is_symlink():
            path.chmod((path.stat().st_mode | 0o200) if owner else (path.stat().st_mode & ~0o222))
