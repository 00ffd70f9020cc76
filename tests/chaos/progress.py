"""Where a process is, reported through a pipe: a line when it enters and when it leaves each watched function.

The child writes, the process that started it reads; what was written before a SIGKILL stays in the pipe. So where a
kill landed is what the child itself reported last, not what was intended.
"""

from __future__ import annotations

import functools
import importlib
import os
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.sharedctypes import RawValue
from typing import Any

import psutil

STAGES = ("discover", "extract", "gather", "normalise", "check", "load", "verify", "publish")
WHOLES = (*STAGES, "migrate", "take_down")
"""What a kill is counted under: stages, and what a command does outside of a run."""

WATCHED = {
    "etl.pipeline": STAGES,
    "etl.stages.normalise": ("normalise_records",),
    "etl.stages.discover": ("delivery_of",),
    "etl.intake.stat_cache:StatCache": ("save",),
    "etl.stages.extract": ("_read_cut",),
    "etl.stages.raw_records:Writer": ("_flush_records",),
    "etl.stages.check": ("_check_batch", "_judge_dumps"),
    "etl.stages.load": ("_load_batch", "assign", "_quarantine"),
    "etl.stages.quality": ("record", "record_once"),
    "etl.stages.verify": ("verify_touched",),
    "etl.stages.publish": ("copy_for_analysts", "_draw_front_page"),
    "etl.files": ("sync",),
    "etl.warehouse.published": ("sync", "refuse_unreadable", "drop_old"),
    "etl.warehouse.published_note": ("write",),
    "etl.repair.own_files": ("clean_quarantine", "clean_work"),
    "etl.repair.takedown": ("take_down", "_take_out", "finish", "rewrite_file"),
    "etl.warehouse.schema": ("migrate", "_create"),
    "etl.warehouse.statements": ("run", "run_file"),
    "shutil": ("copyfile",),
    "sqlalchemy.engine.default:DefaultDialect": ("do_commit",),
    "sqlalchemy.engine:Engine": ("dispose",),
}
"""Functions by module, or module:class. One that is renamed stops every child with an AttributeError: mend it here."""


WATCHED_PROCESS = 0
"""The process that is broken as a whole; what it forks reports through the same pipe."""

CHANGES = re.compile(r"\b(insert into|delete from|update|create or replace temp table|alter table) [\w.]+")


@dataclass(frozen=True)
class Point:
    """A named point of a stage: the `nth` time (from 1) that the watched call of that label is
    entered or left there. "load" itself is the label of the whole stage; without a stage the whole process counts."""

    stage: str
    label: str
    nth: int = 1
    when: str = "entering"

    @property
    def sign(self) -> str:
        return "<" if self.when == "leaving" else ">"

    def __str__(self) -> str:
        place = f"{self.when} {self.label}" + (f" ({self.nth})" if self.nth > 1 else "")
        return f"{self.stage}: {place}" if self.stage else place


@dataclass(frozen=True)
class Line:
    """One line of a child: when (seconds of the monotonic clock), `>` entering or `<` leaving, and what."""

    at: float
    sign: str
    label: str

    @classmethod
    def read(cls, text: str) -> Line:
        at, sign, label = text.split(" ", 2)
        return cls(float(at), sign, label)


def watch(pipe: int, act: Callable[[], None], point: Point | None) -> None:
    """Report every watched call of this process through the pipe, and do `act` at the point."""
    global WATCHED_PROCESS
    WATCHED_PROCESS = os.getpid()
    stage, seen = "", RawValue("i", 0)  # shared with what it forks, which counts on

    def report(sign: str, label: str) -> None:
        nonlocal stage
        if sign == ">" and label in STAGES:
            stage = label
        os.write(pipe, f"{time.monotonic():.4f} {sign} {label}\n".encode())
        if point and point.stage in ("", stage) and (point.label, point.sign) == (label, sign):
            seen.value += 1
            if seen.value == point.nth:
                act()

    for owner, names in WATCHED.items():
        module, _, class_name = owner.partition(":")
        target = importlib.import_module(module)
        target = getattr(target, class_name) if class_name else target
        for name in names:
            setattr(target, name, _reported(getattr(target, name), name, report))


def _reported(function: Callable[..., Any], name: str, report: Callable[[str, str], None]) -> Callable[..., Any]:
    @functools.wraps(function)
    def reported(*arguments: Any, **named: Any) -> Any:
        label = _label(name, arguments)
        report(">", label)
        result = function(*arguments, **named)
        report("<", label)
        return result

    return reported


def _label(name: str, arguments: tuple[Any, ...]) -> str:
    """The function's name; for SQL also which file or which statement."""
    if name == "run_file":
        return f"file {arguments[1].name}"
    if name == "run":
        found = CHANGES.search(arguments[1].sql.lower())
        return found[0] if found else "query"
    return name


def die() -> None:
    """End the watched process as the kernel's out-of-memory killer would, also from a child of it."""
    os.kill(WATCHED_PROCESS, signal.SIGKILL)
    time.sleep(60)  # a child dies with its parent


def pause() -> None:
    """Stop the watched process, and the child of it that got here, until `let_go` is called for them."""
    os.kill(WATCHED_PROCESS, signal.SIGSTOP)
    if os.getpid() != WATCHED_PROCESS:
        os.kill(os.getpid(), signal.SIGSTOP)


def is_paused(process: psutil.Process) -> bool:
    """Whether a process stands still, and the child of it that works, if it has one."""
    children = process.children(recursive=True)
    stopped = [each.status() == psutil.STATUS_STOPPED for each in children]
    return process.status() == psutil.STATUS_STOPPED and (any(stopped) or not children)


def let_go(process: psutil.Process) -> None:
    """Let a process that paused go on."""
    for each in (*process.children(recursive=True), process):
        each.send_signal(signal.SIGCONT)


def landed(lines: Sequence[Line]) -> tuple[str, str]:
    """The stage in which a child was when its lines ended, and where in it: the innermost watched call, and what it
    had done last there."""
    stack: list[str] = []
    for line in lines:
        if line.sign == ">":
            stack.append(line.label)
        elif line.label in stack:
            # An exception leaves calls without a word.
            del stack[len(stack) - 1 - stack[::-1].index(line.label) :]
    last = lines[-1].label if lines else "the start"
    stage = next((label for label in stack if label in WHOLES), "between stages")
    if not stack or last != stack[-1]:
        return stage, f"{stack[-1]}, after {last}" if stack else f"after {last}"
    return stage, stack[-1]


def points_within(lines: Sequence[Line], whole: str, number: int) -> list[Point]:
    """At most `number` points, evenly spread over all that an undisturbed process left between the beginning of
    `whole` and its own end."""
    begun = next(place for place, line in enumerate(lines) if line.label == whole)
    left = Counter(line.label for line in lines[:begun] if line.sign == "<")
    found = []
    for line in lines[begun:]:
        if line.sign == "<":
            left[line.label] += 1
            found.append(Point("", line.label, left[line.label], "leaving"))
    return [found[len(found) * part // number] for part in range(number)] if len(found) > number else found


def seconds_of(lines: Sequence[Line], stage: str) -> float:
    """How long a stage took, from its first line to its last."""
    times = [line.at for line in lines if line.label == stage]
    return max(times) - min(times)
