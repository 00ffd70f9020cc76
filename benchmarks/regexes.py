"""Give every regular expression of etl/ input that should make it slow.

    python benchmarks/regexes.py [MODULE]

Short strings that match are made from each pattern. Each piece of such a string is repeated ("pumped") and cut off at
its end, which makes a backtracking expression quadratic or worse. If 4,000 characters take long, 8,000 and 16,000 show
whether the time grows faster than the input. Prints each such pattern with the string; exit status 1 if there is one.
"""

from __future__ import annotations

import ast
import importlib
import re
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from etl.settings import PROJECT

LENGTHS = (4_000, 8_000, 16_000)
GROWTH = 3.0
"""Factor by which the time grows when the input doubles: 2 is linear, 4 is quadratic."""
SLOW_SECONDS = 0.006
"""For the first length; a faster pattern is no danger."""
LONGEST_SAMPLE, LONGEST_PUMP = 30, 3


def main() -> int:
    """Try every pattern. Returns the exit status."""
    patterns = {p: it for p, *it in _patterns(PROJECT / "etl") if all(name in p for name in sys.argv[1:])}
    slow = 0
    for place, (pattern, ways) in patterns.items():
        if found := _slow(pattern, ways):
            slow += 1
            print(f"{place}\n    {found[1]:.2f} s for {LENGTHS[-1]:,} characters of {found[0]!r}", flush=True)
    print(f"{len(patterns)} patterns, {slow} of them slow")
    return 1 if slow else 0


def _patterns(folder: Path) -> Iterator[tuple[str, str | bytes, set[str]]]:
    """Every pattern in the source, compiled or not, with its place and the methods by which it is called."""
    everything = "\n".join(path.read_text("utf-8") for path in folder.rglob("*.py"))
    for path in sorted(folder.rglob("*.py")):
        source = path.read_text("utf-8")
        module = ".".join(path.relative_to(PROJECT).with_suffix("").parts)
        for name, value in vars(importlib.import_module(module)).items():
            if isinstance(value, re.Pattern):
                ways = set(re.findall(rf"\b{name}\.(\w+)", source if name.startswith("_") else everything))
                yield f"{module}.{name}", value.pattern, ways
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                is_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
                first = node.args[0]
                if is_re and node.func.attr != "compile" and isinstance(first, ast.Constant):
                    yield f"{module}:{node.lineno}", first.value, {node.func.attr}


def _slow(pattern: str | bytes, ways: set[str]) -> tuple[str | bytes, float] | None:
    """The string that makes a pattern slow, and the seconds; None if there is none."""
    call = _call(re.compile(pattern), ways)
    for make in _attacks(pattern):
        if _seconds(call, make(LENGTHS[0])) > SLOW_SECONDS:
            first, second, third = (min(_seconds(call, make(length)) for _ in range(2)) for length in LENGTHS)
            if second > GROWTH * first and third > GROWTH * second:
                return make(LENGTHS[-1])[:60], third
    return None


def _attacks(pattern: str | bytes) -> Iterator[Any]:
    for sample in dict.fromkeys(_samples(pattern)):
        ends = [range(i + 1, min(len(sample), i + LONGEST_PUMP) + 1) for i in range(len(sample))]
        pieces = {sample[i:j]: i for i, js in enumerate(ends) for j in js} | {sample: 0}
        for piece, start in pieces.items():
            for tail in (b"", b"\0") if isinstance(pattern, bytes) else ("", "\0"):
                yield partial(_pumped, sample[:start], piece, tail)


def _pumped(head: Any, piece: Any, tail: Any, length: int) -> Any:
    return head + piece * (length // len(piece)) + tail


def _samples(pattern: str | bytes) -> Iterator[Any]:
    """Short strings that match or nearly match: each repeated part once and twice, and each branch."""
    tree = re._parser.parse(pattern)  # type: ignore[attr-defined]
    for times in (1, 2):
        for branch in range(4):
            text = _example(tree, times, branch)[:LONGEST_SAMPLE]
            if text:
                yield text.encode("latin-1", "replace") if isinstance(pattern, bytes) else text


def _example(tree: Any, times: int, branch: int) -> str:
    return "".join(_one(op, argument, times, branch) for op, argument in tree)


def _one(op: Any, argument: Any, times: int, branch: int) -> str:
    name = str(op)
    if name in ("LITERAL", "NOT_LITERAL"):
        return chr(argument) if name == "LITERAL" else ("a" if argument != ord("a") else "b")
    if name == "ANY":
        return "a"
    if name == "IN":
        return _member(argument, branch)
    if name == "BRANCH":
        return _example(argument[1][branch % len(argument[1])], times, branch)
    if name == "SUBPATTERN":
        return _example(argument[3], times, branch)
    if name == "ATOMIC_GROUP":
        return _example(argument, times, branch)
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        low, high, inner = argument
        return _example(inner, times, branch) * min(max(low, times), int(high))
    if name == "ASSERT":
        return _example(argument[1], times, branch) if argument[0] > 0 else ""
    return ""


def _member(items: Any, branch: int) -> str:
    if str(items[0][0]) == "NEGATE":
        refused = "".join(chr(v) for op, v in items[1:] if str(op) == "LITERAL")
        return next(char for char in "a b<1" if char not in refused)
    op, value = items[branch % len(items)]
    if str(op) == "LITERAL":
        return chr(value)
    if str(op) == "RANGE":
        return chr(value[0])
    return {"CATEGORY_SPACE": " ", "CATEGORY_DIGIT": "1", "CATEGORY_WORD": "a"}.get(str(value), "-")


def _call(compiled: re.Pattern[Any], ways: set[str]) -> Callable[[Any], Any]:
    """The costliest way in which a pattern is called: anchored if all calls are, otherwise over the whole text."""
    if ways == {"fullmatch"}:
        return compiled.fullmatch
    if ways and ways <= {"match", "fullmatch"}:
        return compiled.match
    return compiled.findall


def _seconds(call: Callable[[Any], Any], text: Any) -> float:
    begun = time.process_time()
    call(text)
    return time.process_time() - begun


if __name__ == "__main__":
    sys.exit(main())
