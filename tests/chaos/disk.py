"""A full disk: one folder of a home on a tmpfs with room for a part of tonight's run. Needs root, to mount it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chaos.aftermath import last_words, same_as, says, seen_by_analysts
from chaos.theatre import Theatre

SHARE = 0.4
"""Of what an undisturbed run adds to the folder, so much has room."""


def why_not() -> str | None:
    """Why no disk can be filled here; None where it can."""
    return None if os.geteuid() == 0 else "only root may mount a small tmpfs"


def fill(theatre: Theatre, name: str) -> list[str]:
    """Run with the folder `work`, `warehouse` or `published` too small, enlarge it, run again."""
    home = theatre.copy_of("yesterday")
    before, after = (_used_bytes(theatre.homes[stage].folder / name) for stage in ("yesterday", "publish"))
    with _on_tmpfs(home.folder / name, int(before + SHARE * (after - before))):
        full = home.broadsheet("ingest", str(home.landing))
        problems = [] if full.code == 1 else [f"on the full disk it ended with {full.code}: {last_words(full)}"]
        problems += says(full, "no space left", str(home.folder / name))
        problems += ["it shows a traceback"] if "Traceback" in full.text else []
        problems += seen_by_analysts(home, theatre.before, theatre.expected)
        _remount(home.folder / name, 1 << 30)
        problems += same_as(theatre.expected, home, home.ingest(), ("ledger", "rejected"))
    home.close()
    return problems


@contextmanager
def _on_tmpfs(folder: Path, size_bytes: int) -> Iterator[None]:
    """Put a folder, with what it holds, on a file system of its own."""
    held = folder.with_name(f"{folder.name}-held")
    folder.rename(held)
    folder.mkdir()
    _run("mount", "-t", "tmpfs", "-o", f"size={size_bytes}", "tmpfs", str(folder))
    try:
        shutil.copytree(held, folder, symlinks=True, dirs_exist_ok=True)
        shutil.rmtree(held)
        yield
    finally:
        _run("umount", str(folder))


def _remount(folder: Path, size_bytes: int) -> None:
    _run("mount", "-o", f"remount,size={size_bytes}", str(folder))


def unmount_all(below: Path) -> None:
    """Unmount what an earlier `make chaos` that was killed left mounted."""
    for line in Path("/proc/mounts").read_text().splitlines():
        mounted = Path(line.split()[1])
        if mounted.is_relative_to(below):
            _run("umount", str(mounted))


def _run(*command: str) -> None:
    subprocess.run(command, check=True)


def _used_bytes(folder: Path) -> int:
    return sum(path.lstat().st_blocks * 512 for path in folder.rglob("*"))
