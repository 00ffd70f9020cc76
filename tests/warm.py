"""The command line in processes of their own, forked from one that has imported all it needs: imports take seconds.

That one is started once for all tests of a worker and opens nothing. To fork the worker itself would not do: a thread
of a test may hold a lock in it.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from multiprocessing import forkserver
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest


def broadsheet(*arguments: object, **environment: object) -> CompletedProcess[bytes]:
    """Run `broadsheet` to its end, with more variables in its environment."""
    return forked(_broadsheet, *map(str, arguments), **environment)


def forked(work: Callable[..., Any], *arguments: Any, **environment: object) -> CompletedProcess[bytes]:
    """Call a function of a module in such a process, to its end; what it prints is kept as of a command."""
    with tempfile.TemporaryDirectory() as folder:
        outputs = [Path(folder, name) for name in ("out", "err")]
        wanted = {**os.environ, **{name: str(value) for name, value in environment.items()}}
        process = server().Process(target=_obey, args=(work, arguments, wanted, Path.cwd(), outputs))
        process.start()
        process.join()
        out, err = (output.read_bytes() for output in outputs)
    return CompletedProcess([work.__name__, *map(str, arguments)], int(process.exitcode or 0), out, err)


@cache
def server() -> Any:
    """Starts processes that have imported it all."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(["chaos.warm"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))  # Python 3.11 looks for what it preloads only there
        forkserver.ensure_running()
    return server


def _obey(
    work: Callable[..., Any],
    arguments: tuple[Any, ...],
    environment: Mapping[str, str],
    folder: Path,
    outputs: list[Path],
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, output in enumerate(outputs, 1):
        os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT), number)
    work(*arguments)


def _broadsheet(*arguments: str) -> None:
    from etl import cli

    sys.argv = ["broadsheet", *arguments]
    cli.main()
