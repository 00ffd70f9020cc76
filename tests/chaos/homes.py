"""A home of Broadsheet to be broken: its folders, its settings, and the processes run over it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from chaos.child import Ended, OnLine, Order, run_child
from etl.settings import PROJECT

BROADSHEET = str(Path(sys.executable).with_name("broadsheet"))
TIMEOUT_SECONDS = 900


@dataclass(frozen=True)
class Home:
    """`folder` is BROADSHEET_HOME, `newsroom` the folder with sources.toml and landing/. `prefix` is a command
    that starts its processes in another way."""

    folder: Path
    newsroom: Path
    extra: tuple[tuple[str, str], ...] = ()
    prefix: tuple[str, ...] = ()

    @property
    def landing(self) -> Path:
        return self.newsroom / "landing"

    @property
    def temporary(self) -> Path:
        """Temporary files of its processes, where none may be left."""
        return self.folder / "tmp"

    @property
    def environment(self) -> dict[str, str]:
        """Small batches and chunks, so that there are many places to be hit."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("BROADSHEET_")},
            "TMPDIR": str(self.temporary),
            "PYTHONPATH": str(PROJECT),  # what is tested is this checkout, wherever a process is started
            "BROADSHEET_HOME": str(self.folder),
            "BROADSHEET_SOURCES": str(self.newsroom / "sources.toml"),
            "BROADSHEET_BATCH_FILES": "1",
            "BROADSHEET_CHUNK_ARTICLES": "1000",
            "BROADSHEET_WORKERS": "1",
            "BROADSHEET_LOCK_TIMEOUT_SECONDS": "120",
            **dict(self.extra),
        }

    def setting(self, **settings: str) -> Home:
        """The same home under other settings: `memory_limit="100MB"`."""
        return replace(self, extra=(*self.extra, *((f"BROADSHEET_{k.upper()}", v) for k, v in settings.items())))

    def copy(self, folder: Path) -> Home:
        """A copy of the home in another folder."""
        shutil.copytree(self.folder, folder, symlinks=True, dirs_exist_ok=True)
        return replace(self, folder=folder)

    def close(self) -> None:
        """Remove the home."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def child(self, order: Order, on_line: OnLine | None = None) -> Ended:
        """Run a watched process, forked from this one, to its end; see chaos.child."""
        self.temporary.mkdir(parents=True, exist_ok=True)
        return run_child(order, self.environment, self.folder.with_suffix(".out"), on_line)

    def ingest(self) -> Ended:
        """What a person, or the next night, does: take whatever is new."""
        return self.child(Order(command=("ingest", "--json", str(self.landing))))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the command line as a process of its own, and do not wait."""
        self.temporary.mkdir(parents=True, exist_ok=True)
        return subprocess.Popen(
            [*self.prefix, BROADSHEET, *arguments],
            env=self.environment,
            cwd=self.newsroom,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def broadsheet(self, *arguments: str) -> Ended:
        """Run the command line as a process of its own to its end."""
        return ended(self.start(*arguments))


def ended(process: subprocess.Popen[str]) -> Ended:
    """Wait for the end of a process that was started."""
    text, _ = process.communicate(timeout=TIMEOUT_SECONDS)
    return Ended(process.returncode, text)
