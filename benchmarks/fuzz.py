"""Break the structure of the sample dumps of every format, load the results, and check that the law holds.

    python benchmarks/fuzz.py [FORMAT ...] [--dumps 1000] [--seed 1] [--keep FOLDER]

Marks, tags and lines are removed, doubled, reordered, cut, mixed with those of other formats and written in other
encodings. Each reader is named for its dumps, in one run of the real pipeline, and must not crash or hang: every dump
is loaded or refused with a reason, the good dumps beside them are loaded, and in the ledger
articles_read = inserted + revised + unchanged + rejected. Exit status 1 if a dump breaks one of these rules.
"""

from __future__ import annotations

import argparse
import faulthandler
import io
import random
import re
import shutil
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from etl import formats, pipeline
from etl.run import Request, begin
from etl.settings import PROJECT, Settings
from etl.warehouse import opening

SAMPLES = PROJECT / "tests" / "samples"
HANG_SECONDS = 600
CONTAINERS = ("mail",)
"""Containers of text, with samples of their own; their members are recognised."""
CODECS = ("utf-16-le", "utf-16", "cp1252", "gbk", "utf-7", "cp037")

Mutation = Callable[[list[bytes], random.Random, list[bytes]], list[bytes]]


def main() -> int:
    """Fuzz the formats that the arguments name. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help="or mail; default: all that have samples")
    parser.add_argument("--dumps", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="keep the dumps that broke a reader in this folder")
    asked = parser.parse_args()
    seeds = {name: samples_of(name) for name in (*formats.all_formats(), *CONTAINERS)}
    names = asked.formats or [name for name in seeds if seeds[name]]
    foreign = [unit for samples in seeds.values() for data in samples.values() for unit in units_of(data)]
    broken = 0
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            landing = Path(folder) / "landing" / name
            landing.mkdir(parents=True)
            for number in range(asked.dumps):
                chance = random.Random(f"{asked.seed} {name} {number}")
                sample = chance.choice(sorted(seeds[name]))
                (landing / f"{number:05}{Path(sample).suffix}").write_bytes(
                    _mutated(seeds[name][sample], chance, foreign)
                )
            (good := landing.parent / "good").mkdir()
            for number in range(10):
                (good / f"{number}.jsonl").write_text(
                    f'{{"title": "Good {number}", "text": "Ferry {number} sails."}}\n'
                )
            broken += _load(name, Path(folder), asked.keep)
    return 1 if broken else 0


def samples_of(name: str) -> dict[str, bytes]:
    """The samples of a format, by file name, without the files of expected results."""
    files = [path for path in (SAMPLES / name).glob("*") if path.is_file() and ".expected." not in path.name]
    return {path.name: path.read_bytes() for path in files}


def _mutated(data: bytes, chance: random.Random, foreign: list[bytes]) -> bytes:
    """`data` after one to four changes; in a zip, one of its files is changed."""
    if data.startswith(b"PK\x03\x04"):
        return _mutated_zip(data, chance, foreign)
    units = units_of(data)
    for _ in range(chance.randint(1, 4)):
        units = chance.choice(MUTATIONS)(units, chance, foreign) or units[:1]
    return b"".join(units)


def _mutated_zip(data: bytes, chance: random.Random, foreign: list[bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as copy:
        names = source.namelist()
        chosen = next((name for name in names if name.endswith("document.xml")), "") or chance.choice(names)
        for name in names:
            content = source.read(name)
            copy.writestr(name, _mutated(content, chance, foreign) if name == chosen else content)
    return target.getvalue()


def units_of(data: bytes) -> list[bytes]:
    """Tags and the text between them, or lines."""
    pattern = rb"<[^<>]*>|[^<>]+|[<>]" if data.count(b"</") > 3 else rb"[^\n]*\n|[^\n]+"
    return re.findall(pattern, data) or [data]


def _drop(units: list[bytes], chance: random.Random, _: list[bytes]) -> list[bytes]:
    at = chance.randrange(len(units))
    return units[:at] + units[at + chance.randint(1, 4) :]


def _drop_all_alike(units: list[bytes], chance: random.Random, _: list[bytes]) -> list[bytes]:
    gone = chance.choice(units)
    return [unit for unit in units if unit != gone]


def _double(units: list[bytes], chance: random.Random, _: list[bytes]) -> list[bytes]:
    at, length = chance.randrange(len(units)), chance.choice((1, 2, 10, 50))
    return units[: at + length] * chance.choice((1, 1, 5)) + units[at:]


def _reorder(units: list[bytes], chance: random.Random, _: list[bytes]) -> list[bytes]:
    first, second = sorted((chance.randrange(len(units)), chance.randrange(len(units))))
    middle = units[first:second]
    chance.shuffle(middle)
    return units[:first] + middle + units[second:]


def _cut(units: list[bytes], chance: random.Random, _: list[bytes]) -> list[bytes]:
    at = chance.randrange(len(units))
    last = units[at]
    return [*units[:at], last[: chance.randint(0, len(last))]]


def _mix_in(units: list[bytes], chance: random.Random, foreign: list[bytes]) -> list[bytes]:
    at = chance.randrange(len(units))
    return units[:at] + chance.choices(foreign, k=chance.randint(1, 5)) + units[at:]


def _recode(units: list[bytes], chance: random.Random, _: list[bytes]) -> list[bytes]:
    at, length, codec = chance.randrange(len(units)), chance.choice((1, 5, len(units))), chance.choice(CODECS)
    middle = [unit.decode("utf-8", "replace").encode(codec, "replace") for unit in units[at : at + length]]
    return units[:at] + middle + units[at + length :]


def _spoil(units: list[bytes], chance: random.Random, _: list[bytes]) -> list[bytes]:
    at = chance.randrange(len(units))
    dirt = chance.choice((b"\0", b"\r", b"\x1a", b"\xff\xfe", b"&", b"&#0;", b"<![CDATA[", b"]]>", b'"', b"9" * 400))
    return [*units[:at], units[at] + dirt, *units[at + 1 :]]


def _attack(units: list[bytes], chance: random.Random, _: list[bytes]) -> list[bytes]:
    """Put into a tag or line, between its letters, what once brought a reader or the normaliser down."""
    at, attack = chance.randrange(len(units)), chance.choice(ATTACKS)
    cut = chance.randint(0, len(units[at]))
    return [*units[:at], units[at][:cut] + attack + units[at][cut:], *units[at + 1 :]]


ATTACKS = (
    b"9" * 5_000,
    b"[" * 2_000,
    b'{"a":' * 2_000,
    b"<div>" * 1_000,
    b"<!--" + b"<![CDATA[" * 1_000 + b"-->&",
    rb"\ud83d",
    b"\xed\xa0\xbd",
    b"&#xd83d;",
    ("e" + "\u0316\u0301" * 5_000).encode(),
    b"&" + b"amp;" * 5_000,
    b" charset=undefined ",
    b"<?xml version='1.0' encoding='rot13'?>",
    b"9999-12-31T23:59:59",
    b"a@b." * 2_000,
)
MUTATIONS: tuple[Mutation, ...] = (_drop, _drop_all_alike, _double, _reorder, _cut, _mix_in, _recode, _spoil, _attack)


def _load(name: str, folder: Path, keep: Path | None) -> int:
    """Load the dumps of one format and print what became of them. Returns the number that broke a rule."""
    sources = folder / "sources.toml"
    format = "auto" if name in CONTAINERS else name
    sources.write_text(
        f'landing = "landing"\n[feed.{name}]\npath = "{name}/*"\nformat = "{format}"\nsettle_seconds = 0\n'
        '[feed.good]\npath = "good/*"\nsettle_seconds = 0\n'
    )
    settings = Settings(home=folder / "home", sources=sources)
    faulthandler.dump_traceback_later(HANG_SECONDS, exit=True)
    pipeline.run_all(begin(settings, "manual", Request()))
    faulthandler.cancel_dump_traceback_later()
    with opening.opened(settings, "fuzz") as engine, engine.connect() as connection:
        rows = connection.exec_driver_sql(
            """
            select path, state, reason, articles_read = inserted + revised + unchanged + rejected as is_lawful
            from ops.dump_status order by path
            """
        ).all()
    states = Counter(row.state for row in rows)
    expected = {True: ("loaded",), False: ("loaded", "refused")}
    broken = [row for row in rows if row.state not in expected[row.path.startswith("good/")] or not row.is_lawful]
    summary = ", ".join(f"{number:,} {state}" for state, number in states.items())
    print(f"{name}: {len(rows):,} dumps, {summary}; {len(broken)} broke a rule", flush=True)
    for row in broken:
        print(f"  {row.path}: {row.state} {row.reason}")
        if keep:
            keep.mkdir(parents=True, exist_ok=True)
            shutil.copy(folder / "landing" / row.path, keep / row.path.replace("/", "-"))
    return len(broken)


if __name__ == "__main__":
    sys.exit(main())
