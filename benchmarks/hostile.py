"""Give every reader what a hostile sender would send, and measure the cost.

    python benchmarks/hostile.py [FORMAT ...]
    python benchmarks/hostile.py --night

With --night, one run of the real pipeline takes the small inputs as dumps of one feed each, with a good dump before and
after each of them: all good ones must load, and every hostile one be loaded or refused with a reason.

Each reader reads each input, and counts its marks, in a process of its own. It may take at most 300 MB more than the
idle process and at most 10 CPU-seconds; it must not crash, reveal the content of a local file or call the network.
Exit status 1 if one of these bounds is broken.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import resource
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple, TypeVar

import hostile_mail
import hostile_outlook
import hostile_tables
import hostile_texts
import hostile_workbooks
import hostile_wrappings
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from etl import formats, pipeline
from etl.intake.containers import members
from etl.model import Declared, DumpError, Feed, Reject, Skip
from etl.run import Request, begin
from etl.settings import Settings
from etl.warehouse import opening

MEMORY_MB = 300
CPU_SECONDS = 10
HANG_SECONDS = 60
GIGABYTE = 1 << 30
SECRET = "a secret of this machine"

Result = TypeVar("Result")


def main() -> int:
    """Try every input on every reader. Returns the exit status."""
    if sys.argv[1:] == ["--night"]:
        return _night()
    names = sys.argv[1:] or list(formats.all_formats())
    calls: list[object] = []
    with tempfile.TemporaryDirectory() as folder, _listener(calls) as server:
        secret = Path(folder) / "secret.txt"
        secret.write_text(SECRET)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x.dtd"
        inputs = {name: _written(Path(folder), name, make) for name, make in _inputs(secret, address).items()}
        broken = sum(_total(name, inputs) for name in names)
    print(f"calls to the network: {len(calls)}; broken: {broken}")
    return 1 if broken or calls else 0


def _total(name: str, inputs: dict[str, Path]) -> int:
    """Try every input on one reader, and print what each came to. Returns how many broke a bound."""
    trials = []
    for kind, file in inputs.items():
        trials.append(trial := _tried(name, file))
        print(f"{name:16} {kind:30} {trial.summary}", flush=True)
    broken = sum(trial.is_broken for trial in trials)
    slowest, largest = max(trial.cpu_seconds for trial in trials), max(trial.memory_mb for trial in trials)
    all_seconds = sum(trial.cpu_seconds for trial in trials)
    print(
        f"{name:16} {len(trials)} inputs, {broken} broken, {all_seconds:.0f} CPU-s, "
        f"one at most {slowest:.1f} CPU-s and {largest:.0f} MB",
        flush=True,
    )
    return broken


def _night() -> int:
    """Load the small hostile dumps in one run, good ones between them. Returns the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        landing = Path(folder) / "landing"
        landing.mkdir()
        (Path(folder) / "sources.toml").write_text('landing = "landing"\n[feed.wire]\npath = "*"\nsettle_seconds = 0\n')
        for number, (name, make) in enumerate(_articles().items()):
            (landing / f"{number:02}a {name}").write_bytes(make())
            good = f'{{"title": "Good {number}", "text": "The ferry sailed for the {number}th time today."}}\n'
            (landing / f"{number:02}b good.jsonl").write_text(good)
        settings = Settings(home=Path(folder) / "home", sources=Path(folder) / "sources.toml")
        begun = time.process_time()
        pipeline.run_all(begin(settings, "manual", Request()))
        with opening.opened(settings, "hostile") as engine, engine.connect() as connection:
            query = "select path, state, inserted, rejected, reason from ops.dump_status order by path"
            rows = connection.exec_driver_sql(query).all()
    broken = 0
    for row in rows:
        is_broken = row.state not in (("loaded",) if "good" in row.path else ("loaded", "refused"))
        broken += is_broken
        if is_broken or "good" not in row.path:
            counts = f"{row.inserted} loaded, {row.rejected} rejected"
            print(f"{'BROKEN ' * is_broken}{row.path:36} {row.state:8} {counts:24} {(row.reason or '')[:80]}")
    missing = 2 * len(_articles()) - len(rows)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{time.process_time() - begun:.0f} CPU-s, peak {peak_mb} MB; broken: {broken}, missing: {missing}")
    return 1 if broken or missing else 0


def _inputs(secret: Path, address: str) -> dict[str, Callable[[], bytes]]:
    """Hostile dumps by name; each is made only when it is written."""
    external = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    network = f'<!DOCTYPE a SYSTEM "{address}" [<!ENTITY % p SYSTEM "{address}"> %p; <!ENTITY x SYSTEM "{address}">]>'
    return {
        "billion laughs": lambda: _laughs(10, 10),
        "quadratic blow-up": lambda: _blow_up(100_000, 50_000),
        "entity of a local file": lambda: f'<?xml version="1.0"?>{external}<a><p>&x;</p></a>'.encode(),
        "entity of the network": lambda: f'<?xml version="1.0"?>{network}<a><p>&x;</p></a>'.encode(),
        "100,000 nested tags": lambda: b"<html><body>" + b"<div>" * 100_000 + b"x" + b"</div>" * 100_000,
        "one line of 200 MB": lambda: b"word " * (40 << 20),
        "200 MB of open tags": lambda: b"<p>" * (70 << 20),
        "200 MB of spaces": lambda: b"<doc" + b" " * (200 << 20),
        "a gigabyte in gz": lambda: gzip.compress(bytes(GIGABYTE), 6),
        "a gigabyte in bz2": lambda: bz2.compress(b"A" * (GIGABYTE >> 2), 1),
        "a gigabyte in xz": lambda: lzma.compress(bytes(GIGABYTE), preset=0),
        "a gigabyte in zst": lambda: zstandard.compress(bytes(GIGABYTE)),
        "a gigabyte in zip": lambda: hostile_tables.zipped({"bomb.txt": bytes(GIGABYTE)}),
        **hostile_mail.inputs(),
        **hostile_outlook.inputs(),
        **hostile_texts.inputs(),
        **hostile_wrappings.inputs(external, network),
        **hostile_tables.large(secret, address),
        **hostile_workbooks.inputs(),
        **_articles(),
    }


def _articles() -> dict[str, Callable[[], bytes]]:
    """Small dumps of articles of which something is hostile; each may cost an article, or the dump."""
    return {
        "json, number of 5,000 digits": lambda: _json('"n": ' + "9" * 5_000),
        "json, number beyond 64 bits": lambda: _json('"id": ' + "9" * 30),
        "json, 60,000 levels": lambda: _json('"n": ' + "[" * 60_000),
        "json, 300 levels of extra": lambda: _json('"n": ' + "[" * 300 + "]" * 300),
        "json, half an emoji": lambda: _json(r'"more": {"\ud83d": ["\udc00"]}'),
        "json, string without end": lambda: _json('"n": "' + "x" * (32 << 20)),
        "jsonl, half an emoji": lambda: rb'{"title": "Cut \ud83d", "text": "It sails."}' + b"\n",
        "jsonl, 300 levels of extra": lambda: b'{"title": "a", "text": "b", "n": %s}\n' % (b"[" * 300 + b"]" * 300),
        "jsonl, combining marks": lambda: _marked("\u0301"),
        "jsonl, alternating marks": lambda: _marked("\u0316\u0301"),
        "ninjs, half an emoji": lambda: rb'{"uri": "u:1", "versioncreated": "2024", "body_text": "Cut \ud83d"}',
        "page, half an emoji": lambda: _page(r'{"@type": "NewsArticle", "description": "Cut \ud83d"}'),
        "page, 900 levels of data": lambda: _page('{"@type": "NewsArticle", "author": %s}' % ("[" * 900 + "]" * 900)),
        "page, charset undefined": lambda: _page("{}").replace(b"<head>", b"<head><meta charset=undefined>"),
        "warc, charset undefined": _warc,
        "xml, encoding undefined": lambda: b"<?xml version='1.0' encoding='undefined'?>" + _feed(b""),
        "feed, CDATA in a comment": lambda: _feed(b"<!--" + b"<![CDATA[" * 200_000 + b"-->"),
        "csv, combining marks": lambda: b"title,text\na,b%s\n" % ("\u0316\u0301" * 200_000).encode(),
        "parquet, dictionary bomb": lambda: _parquet(_repeated(2_048)),
        "parquet, lists of it": lambda: _parquet(pa.ListArray.from_arrays(range(0, 2_049, 512), _repeated(2_048))),
        "parquet, a year 300,000": lambda: _parquet(pa.array(["y"]), date=pa.array([2**62], pa.timestamp("us"))),
        "parquet, text that is not": lambda: _parquet(pa.array([b"\xff"]).view(pa.string())),
        "mets, deep and wide": lambda: _mets(b"<div TYPE='X'/>" * 300_000),
        "didl, deep and wide": lambda: _didl(b"<Item><Component/></Item>" * 80_000),
        "didl, zones without end": lambda: _didl(b"<Component><article-part pageid='p'/></Component>" * 80_000),
        **hostile_tables.small(),
    }


def _json(fields: str) -> bytes:
    return b'[{"title": "a", "text": "b"}, {"title": "a", "text": "b", ' + fields.encode() + b"}]"


def _marked(marks: str) -> bytes:
    return f'{{"title": "e{marks * 50_000}", "text": "e{marks * 240_000}", "author": "e{marks * 50_000}"}}\n'.encode()


def _page(data: str) -> bytes:
    text = "<p>The ferry sails again today, said the captain of the ship to all who had waited in the harbour.</p>" * 3
    script = f'<script type="application/ld+json">{data}</script>'
    return f"<!doctype html><html><head>{script}</head><body><article><h1>Ferry</h1>{text}</article>".encode()


def _warc() -> bytes:
    response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=undefined\r\n\r\n" + _page("{}")
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\nContent-Length: %d\r\n\r\n"
    return head % len(response) + response + b"\r\n\r\n"


def _feed(inside: bytes) -> bytes:
    item = b"<item><title>Fish & chips</title>" + inside + b"<description>A text.</description></item>"
    return b"<rss version='2.0'><channel><title>t</title>" + item + b"</channel></rss>"


def _repeated(times: int) -> pa.Array:
    """A text of 10 MB again and again, held once."""
    return pa.DictionaryArray.from_arrays(pa.array([0] * times, pa.int32()), ["y" * 10_000_000])


def _parquet(text: pa.Array, **columns: pa.Array) -> bytes:
    packed = io.BytesIO()
    pq.write_table(pa.table({"title": ["a"] * len(text), "text": text, **columns}), packed, compression="zstd")
    return packed.getvalue()


def _mets(inside: bytes) -> bytes:
    divs = b"<div>" * 200 + inside + b"<div TYPE='ARTICLE'/>" + b"</div>" * 200
    return b"<mets xmlns='http://www.loc.gov/METS/'><structMap>" + divs + b"</structMap></mets>"


def _didl(inside: bytes) -> bytes:
    items = b"<Item>" * 200 + inside + b"</Item>" * 200
    return b"<DIDL xmlns='urn:mpeg:mpeg21:2002:02-DIDL-NS' xmlns:d='info:srw/schema/1/dc-v1.1'>" + items + b"</DIDL>"


def _laughs(levels: int, wide: int) -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * wide}">' for n in range(1, levels))
    return f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "lol">{entities}]><a><p>&l{levels - 1};</p></a>'.encode()


def _blow_up(length: int, times: int) -> bytes:
    return f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "{"A" * length}">]><a>{"&x;" * times}</a>'.encode()


def _written(folder: Path, name: str, make: Callable[[], bytes]) -> Path:
    file = folder / name.replace(" ", "_")
    file.write_bytes(make())
    return file


def _listener(calls: list[object]) -> socket.socket:
    """A server on this machine that records every call."""
    server = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        while True:
            try:
                calls.append(server.accept())
            except OSError:
                return

    threading.Thread(target=listen, daemon=True).start()
    return server


class _Trial(NamedTuple):
    """The result of reading an input and its cost, and whether it breaks a bound."""

    summary: str
    is_broken: bool
    cpu_seconds: float = 0
    memory_mb: float = 0


def _tried(name: str, file: Path) -> _Trial:
    context = get_context("fork")
    answers = context.SimpleQueue()
    process = context.Process(target=_child, args=(name, file, answers))
    process.start()
    process.join(HANG_SECONDS)
    if process.is_alive():
        process.kill()
        return _Trial(f"BROKEN hangs: more than {HANG_SECONDS} s", True)
    if answers.empty():
        return _Trial(f"BROKEN died: exit status {process.exitcode}", True)
    outcome, is_sound, cpu_seconds, memory_mb = answers.get()
    is_broken = not is_sound or cpu_seconds > CPU_SECONDS or memory_mb > MEMORY_MB
    mark = "BROKEN " if is_broken else ""
    summary = f"{mark}{cpu_seconds:5.1f} CPU-s {memory_mb:5.0f} MB  {outcome}"
    return _Trial(summary, is_broken, cpu_seconds, memory_mb)


def _child(name: str, file: Path, answers) -> None:  # type: ignore[no-untyped-def]
    (outcome, is_sound), spent, memory_mb = cost_of(lambda: _outcome(name, file))
    answers.put((outcome[:100], is_sound, spent, memory_mb))


def cost_of(work: Callable[[], Result]) -> tuple[Result, float, float]:
    """What some work in this process gives, its CPU seconds, and how many MB beyond the idle process it holds at most.

    In a process of its own: the peak of another work would be counted, too.
    """
    Path("/proc/self/clear_refs").write_text("5")  # reset the peak inherited from the parent
    idle_mb, begun = status_mb("VmRSS"), time.process_time()
    result = work()
    return result, time.process_time() - begun, status_mb("VmHWM") - idle_mb


def _outcome(name: str, file: Path) -> tuple[str, bool]:
    reader, feed, articles = formats.named(name), Feed("hostile", record="p"), 0
    resource.setrlimit(resource.RLIMIT_AS, (8 * GIGABYTE, 8 * GIGABYTE))
    try:
        for member in members(file):
            if isinstance(member, Reject | Skip):
                continue
            with member.open() as stream:
                for piece in reader.read(stream, feed):
                    articles += not isinstance(piece, Declared | Skip)
                    if SECRET in str(piece):
                        return "revealed the secret", False
            with member.open() as stream:
                reader.count_marks(stream, feed)
    except DumpError as error:
        return f"refused: {error}", SECRET not in str(error)
    except Exception as error:
        return f"{type(error).__name__}: {error}", False
    return f"{articles} articles", True


def status_mb(name: str) -> float:
    """A size that the kernel tells of this process: VmRSS is what it holds, VmHWM the most that it held."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(name))) / 1024


if __name__ == "__main__":
    sys.exit(main())
