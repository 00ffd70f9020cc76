"""A process to be broken: `broadsheet`, or stages of a run that was begun, watched, and reported through a pipe."""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from chaos.progress import Line, Point, die, pause, watch

if TYPE_CHECKING:
    from etl.run import Run

FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Order:
    """What to run: a command line, or `stages` of the run `run_id` (begun where it is not); and what to do at a
    named point of it: die, tear (die over half a copy) or pause. `attack` arms a reader, `days` turns the clock."""

    command: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    run_id: str = ""
    act: str = "die"
    point: Point | None = None
    attack: str = ""
    days: int = 0


@dataclass(frozen=True)
class Ended:
    """A process that ended: its exit code (negative: the signal), what it printed, and the lines it reported."""

    code: int
    text: str
    lines: tuple[Line, ...] = ()


OnLine = Callable[[int, Line], None]
"""Takes the process id and a line as it comes; may kill."""


def run_child(order: Order, environment: dict[str, str], output: Path, on_line: OnLine | None = None) -> Ended:
    """Fork a process that obeys the order, and wait for its end. `output` takes what it prints."""
    reading, writing = os.pipe()
    process = FORK.Process(target=_obey, args=(order, environment, output, writing))
    process.start()
    os.close(writing)
    lines: list[Line] = []

    def listen() -> None:
        with os.fdopen(reading) as pipe:
            for text in pipe:
                lines.append(Line.read(text.rstrip("\n")))
                if on_line:
                    on_line(process.pid or 0, lines[-1])

    listener = Thread(target=listen)
    listener.start()
    listener.join()
    process.join()
    return Ended(int(process.exitcode or 0), output.read_text(errors="replace"), tuple(lines))


def _obey(order: Order, environment: dict[str, str], output: Path, pipe: int) -> None:
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None
    file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(file, 1)
    os.dup2(file, 2)
    watch(pipe, ACTS[order.act], order.point)
    if order.attack:
        from chaos.attacks import arm

        arm(order.attack)
    if order.days:
        from chaos.clock import turn

        turn(order.days)
    if order.command:
        from etl import cli

        sys.argv = ["broadsheet", *order.command]
        cli.main()
    else:
        _run_stages(order.stages, order.run_id)


def _run_stages(stages: tuple[str, ...], run_id: str) -> None:
    from etl import pipeline
    from etl.run import Request, begin, resume
    from etl.settings import load_settings

    settings = load_settings()
    is_begun = (settings.work_folder / run_id / "run.json").exists()
    run = resume(settings, run_id) if is_begun else begin(settings, "manual", Request(), run_id)
    for stage in stages:
        for numbers in _pieces_of(run, stage):
            getattr(pipeline, stage)(run, *numbers)


def _pieces_of(run: Run, stage: str) -> list[tuple[Any, ...]]:
    """What the pieces of work of a stage are called with."""
    from etl import pipeline
    from etl.stages.gather import files_to_clean
    from etl.stages.parts import parts_of

    if stage == "extract":
        return [tuple(part) for number in pipeline._batches(run) for part in parts_of(run, number)]
    if stage == "normalise":
        return [(files,) for files in files_to_clean(run, pipeline._batches(run))]
    return [()]


def _tear() -> None:
    from etl.settings import load_settings

    for part in load_settings().published_folder.glob("*.part/*"):
        os.truncate(part, part.stat().st_size // 2)
    die()


ACTS = {"die": die, "pause": pause, "tear": _tear}
