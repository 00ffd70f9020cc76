"""Find where a reader or the normaliser takes more than its share of time for four times the input.

    python benchmarks/growth.py [FORMAT ... | normalise]

In the middle of a sample dump of each format, something is repeated: its own lines and tags, open tags and comments,
brackets, quotes, entities, blanks, marks. Each reader reads it and counts its marks, at one size and at four times that
size; the normaliser gets it in each field. Where that takes more than eight times as long, and more than a second, it
is reported. Exit status 1 then.
"""

from __future__ import annotations

import io
import random
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from typing import Any

import pandas as pd
import pyarrow as pa
from fuzz import samples_of, units_of

from etl import formats
from etl.model import RAW_FIELDS, DumpError, Feed
from etl.normalise import normalise_records
from etl.schemas import PLAN, RAW

SMALL_BYTES = 60_000
TIMES = 4
MOST_TIMES_AS_LONG = 8
HANG_SECONDS = 40

REPEATED = {
    "open tags": b"<div>",
    "open inline tags": b"<b>",
    "tags that do not end": b"<a ",
    "closing tags": b"</p>",
    "attributes": b"<p a='b' c=d>",
    "open comments": b"<!--",
    "comments": b"<!-- x -->",
    "CDATA in comments": b"<!-- <![CDATA[ x ]]> & -->",
    "open CDATA": b"<![CDATA[",
    "CDATA": b"<![CDATA[&]]>&",
    "ends of CDATA": b"]]>",
    "entities": b"&amp;",
    "bare ampersands": b"& ",
    "open brackets": b"[",
    "open braces": b'{"a":',
    "shortcodes": b"[a b=c]",
    "open quotes": b'"',
    "quotes and commas": b'"a",',
    "backslashes": b"\\",
    "blanks": b" ",
    "blank lines": b"\n \n",
    "carriage returns": b"\r",
    "tabs": b"\t",
    "NUL bytes": b"\0",
    "a long word": b"x",
    "digits": b"9",
    "dashes": b"-",
    "full stops": b". ",
    "commas": b"a, ",
    "colons": b"a: ",
    "names": b"By Ann Other and ",
    "addresses": b"a@b.",
    "marks": "\u0316\u0301".encode(),
    "half decoded": "Ã©â€™".encode(),
    "SOH": b"\x01",
}
INSIDE = {
    "a comment of open CDATA": (b"<!--", b"<![CDATA[", b"-->& "),
    "a comment of comments": (b"<!--", b"<!-", b"-->& "),
    "CDATA of tags": (b"<![CDATA[", b"<p>&", b"]]>& "),
    "a paragraph of marks": (b"<p>e", "\u0301".encode(), b"</p>"),
    "a tag of quotes": (b"<p a=", b"'\"", b">"),
    "a string of escapes": (b'"', b"\\ud83d", b'"'),
}
"""Repeated between a beginning and an end."""

Unit = bytes | tuple[bytes, bytes, bytes]


def main() -> int:
    """Try every reader that the arguments name, and the normaliser. Returns the exit status."""
    names = sys.argv[1:] or [*(name for name in formats.all_formats() if samples_of(name)), "normalise"]
    faults = 0
    for name in names:
        works = _field_works() if name == "normalise" else {name: (partial(_read, name), _around(name))}
        for place, (work, around) in works.items():
            for kind, unit in {**REPEATED, **INSIDE, **_own_units(name)}.items():
                if fault := _fault(work, around, unit):
                    faults += 1
                    print(f"{place:16} {kind:32} {fault}", flush=True)
        print(f"{name}: tried", flush=True)
    print(f"grow too fast, hang or die: {faults}")
    return 1 if faults else 0


def _around(name: str) -> tuple[bytes, bytes]:
    """A sample of a format, cut in the middle."""
    sample = min(samples_of(name).values(), key=len)
    units = units_of(sample)
    half = len(units) // 2
    return b"".join(units[:half]), b"".join(units[half:])


def _own_units(name: str) -> dict[str, bytes]:
    """Some of the tags and lines of a format."""
    if name == "normalise":
        return {}
    units = sorted({unit for data in samples_of(name).values() for unit in units_of(data) if 1 < len(unit) < 300})
    chosen = random.Random(1).sample(units, min(12, len(units)))
    return {repr(unit[:28])[2:-1]: unit for unit in chosen}


def _field_works() -> dict[str, tuple[Callable[[bytes], None], tuple[bytes, bytes]]]:
    texts = [name for name in RAW_FIELDS if name not in ("position", "labels", "is_partial", "extra")]
    return {name: (partial(_normalise, name), (b"", b"")) for name in texts}


def _normalise(field: str, data: bytes) -> None:
    text = {"headline": "A ferry", "body": "It sails again today.", field: data.decode("utf-8", "replace")}
    raw = dict.fromkeys(RAW.names) | {"delivery": 0, "ordinal": 0, "position": "1", "is_global_id": False} | text
    plan = dict.fromkeys(PLAN.names) | {"delivery": 0, "source": "wire", "batch": 0}
    normalise_records(_frame(raw, RAW), _frame(plan, PLAN), {}, datetime(2024, 1, 1, tzinfo=UTC))


def _frame(row: dict[str, Any], schema: pa.Schema) -> pd.DataFrame:
    return pa.Table.from_pylist([row], schema).to_pandas(types_mapper=pd.ArrowDtype)


def _read(name: str, data: bytes) -> None:
    reader, feed = formats.named(name), Feed("growth")
    with suppress(DumpError):
        for _ in reader.read(io.BytesIO(data), feed):
            pass
    with suppress(DumpError):
        reader.count_marks(io.BytesIO(data), feed)


def _fault(work: Callable[[bytes], None], around: tuple[bytes, bytes], unit: Unit) -> str:
    """What is wrong with the time for the small and the large input, taken in a process of their own; else ''."""
    context = get_context("fork")
    answers = context.SimpleQueue()
    process = context.Process(target=_child, args=(work, around, unit, answers))
    process.start()
    process.join(HANG_SECONDS)
    if process.is_alive():
        process.kill()
        process.join()
        return f"more than {HANG_SECONDS} s"
    if answers.empty():
        return f"died: exit status {process.exitcode}"
    small, large = answers.get()
    return f"{small:.2f} -> {large:.2f} s" if large > 1 and large > MOST_TIMES_AS_LONG * small else ""


def _child(work: Callable[[bytes], None], around: tuple[bytes, bytes], unit: Unit, answers: Any) -> None:
    spent = []
    for size in (SMALL_BYTES, SMALL_BYTES * TIMES):
        before, repeated, after = unit if isinstance(unit, tuple) else (b"", unit, b"")
        data = b"".join((around[0], before, repeated * (size // len(repeated)), after, around[1]))
        begun = time.process_time()
        work(data)
        spent.append(time.process_time() - begun)
    answers.put(tuple(spent))


if __name__ == "__main__":
    sys.exit(main())
