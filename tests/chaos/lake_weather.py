"""Bad weather over a lake: each ends in the same tables, or in a clear error and in the same tables once it is over."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Thread

import psutil

from chaos.aftermath import last_words, says
from chaos.child import Ended, OnLine, Order
from chaos.homes import Home
from chaos.lakes import BUCKET, Shore, database_of, same_in_lake, settings_of
from chaos.progress import Line, Point, is_paused, let_go
from etl.warehouse import lake, reading

SECONDS = 20
COMMIT = Point("load", "do_commit", 2)
"""Where the first batch of tonight is about to be committed."""


@dataclass
class Passage:
    """What came of one kind of weather: what is wrong, how long the run took in it, and what is to be told."""

    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0
    told: str = ""


def _tonight(home: Home, on_line: OnLine | None = None, point: Point | None = None) -> tuple[Ended, float]:
    begun = time.monotonic()
    order = Order(("ingest", str(home.landing)), act="pause", point=point)
    return home.child(order, on_line), time.monotonic() - begun


def _once_loading(do: Callable[[], None], after_seconds: float = 0.0, label: str = "assign") -> OnLine:
    """Does it once, when a load reports that it has come so far."""
    begun: list[Thread] = []

    def later() -> None:
        time.sleep(after_seconds)
        do()

    def see(_: int, line: Line) -> None:
        if line.sign == ">" and line.label == label and not begun:
            begun.append(Thread(target=later, daemon=True))
            begun[0].start()

    return see


def _withstood(shore: Shore, home: Home, ended: Ended, seconds: float, told: str = "") -> Passage:
    problems = [] if ended.code == 0 else [f"it ended with {ended.code}: {last_words(ended)}"]
    return Passage(problems + same_in_lake(shore.theatre.expected, home, ended), seconds, told)


def _clear_error(ended: Ended, *words: str) -> list[str]:
    problems = [] if ended.code == 1 else [f"it ended with {ended.code}: {last_words(ended)}"]
    problems += ["it shows a traceback"] if "Traceback" in ended.text else []
    return problems + says(ended, *words)


def storage(shore: Shore, kind: str) -> Passage:
    """S3 answers 503, or nothing at all, for 20 seconds of a load."""
    home = _base(shore)
    ended, seconds = _tonight(home, _once_loading(lambda: shore.sky.turn(kind, SECONDS)))
    passage = _withstood(shore, home, ended, seconds, f"{shore.sky.struck} requests met it")
    passage.problems += [] if shore.sky.struck else ["no request met it"]
    return passage


def credentials(shore: Shore) -> Passage:
    """S3 refuses the credentials from the middle of a load on; then it takes them again."""
    home = _base(shore)
    ended, seconds = _tonight(home, _once_loading(lambda: shore.sky.turn("credentials")))
    shore.sky.turn("fair")
    problems = _clear_error(ended, "refuses the credentials", "AWS_ACCESS_KEY_ID", settings_of(home).lake_data)
    rerun, _ = _tonight(home)
    return Passage(problems + same_in_lake(shore.theatre.expected, home, rerun), seconds, last_words(ended)[-300:])


def lost_object(shore: Shore) -> Passage:
    """An object of yesterday's texts is lost; then it is brought back."""
    home = _base(shore)
    prefix = settings_of(home).lake_data.removeprefix(f"s3://{BUCKET}/")
    key = next(key for key in shore.keys(prefix) if "/article_text/" in key)
    content = shore.client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    shore.client.delete_object(Bucket=BUCKET, Key=key)
    ended, seconds = _tonight(home)
    problems = _clear_error(ended, Path(key).name)
    seen = home.broadsheet("doctor")
    problems += says(seen, "the storage lacks", Path(key).stem[:24])  # its table folds longer names
    shore.client.put_object(Bucket=BUCKET, Key=key, Body=content)
    rerun, _ = _tonight(home)
    return Passage(problems + same_in_lake(shore.theatre.expected, home, rerun), seconds, last_words(ended)[-300:])


def restarted_at_commit(shore: Shore) -> Passage:
    """PostgreSQL is restarted while a load stands at its commit."""
    home = _base(shore)

    def restart(pid: int, line: Line) -> None:
        if line.label == COMMIT.label and is_paused_soon(pid):
            shore.postgres.control("restart", "-m", "fast")
            let_go(psutil.Process(pid))

    ended, seconds = _tonight(home, restart, COMMIT)
    return _with_retries(_withstood(shore, home, ended, seconds), home, least=1)


def is_paused_soon(pid: int) -> bool:
    """Whether a process stands still within a moment."""
    process = psutil.Process(pid)
    for _ in range(20):
        if is_paused(process):
            return True
        time.sleep(0.05)
    return False


def restarted_at_random(shore: Shore, after_seconds: float) -> Passage:
    """PostgreSQL is restarted so long after a load, or the commit of one, has begun."""
    home = _base(shore)
    restart = _once_loading(lambda: shore.postgres.control("restart", "-m", "immediate"), after_seconds, "do_commit")
    ended, seconds = _tonight(home, restart)
    if ended.code:  # it met what is not tried again, such as a look before the load
        problems = _clear_error(ended, "run it again")
        rerun, _ = _tonight(home)
        return Passage(problems + same_in_lake(shore.theatre.expected, home, rerun), seconds, last_words(ended)[-300:])
    return _with_retries(_withstood(shore, home, ended, seconds), home, least=0)


def _with_retries(passage: Passage, home: Home, least: int) -> Passage:
    in_lake = lake.of(settings_of(home))
    assert in_lake
    with reading.attached(in_lake) as connection:
        (retries,) = connection.execute("select sum(commit_retries) from ops.load_run").fetchone() or (0,)
    passage.told += f"{retries} retries in ops.load_run"
    passage.problems += [] if retries >= least else ["no retry is counted"]
    return passage


def older_catalogue(shore: Shore) -> Passage:
    """PostgreSQL is restored from a dump of yesterday beside tonight's data; then from one of tonight."""
    home = _base(shore)
    yesterday = shore.postgres.new_database(template=database_of(settings_of(home)))
    ended, _ = _tonight(home)
    problems = same_in_lake(shore.theatre.expected, home, ended)
    older = home.setting(warehouse=lake.PREFIX + yesterday)
    begun = time.monotonic()
    refused, _ = _tonight(older)
    seconds = time.monotonic() - begun
    problems += _clear_error(refused, "older", "restore")
    problems += same_in_lake(shore.theatre.expected, home, home.broadsheet("publish"))  # the newer dump is put back
    accepted = older.broadsheet("restore", "--number", "1")
    problems += [f"restore ended with {accepted.code}: {last_words(accepted)}"] if accepted.code else []
    rerun, _ = _tonight(older)
    problems += same_in_lake(shore.theatre.expected, older, rerun)
    return Passage(problems, seconds, last_words(refused)[-300:])


def older_data(shore: Shore) -> Passage:
    """The bucket is restored from yesterday beside tonight's catalogue; then from tonight."""
    home = _base(shore)
    prefix = settings_of(home).lake_data.removeprefix(f"s3://{BUCKET}/")
    before = set(shore.keys(prefix))
    ended, _ = _tonight(home)
    problems = same_in_lake(shore.theatre.expected, home, ended)
    newer = {key: shore.client.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in shore.keys(prefix)}
    for key in set(newer) - before:
        shore.client.delete_object(Bucket=BUCKET, Key=key)
    begun = time.monotonic()
    refused = home.broadsheet("ingest", "--force", str(home.landing))
    seconds = time.monotonic() - begun
    problems += _clear_error(refused, "the storage lacks it", "backup")
    problems += says(home.broadsheet("doctor"), "the storage lacks")
    for key, content in newer.items():
        shore.client.put_object(Bucket=BUCKET, Key=key, Body=content)
    problems += same_in_lake(shore.theatre.expected, home, home.broadsheet("publish"))
    return Passage(problems, seconds, last_words(refused)[-300:])


def full_spill(shore: Shore) -> Passage:
    """The folder that DuckDB spills to is on a disk without room; then it has some."""
    home = _base(shore)
    spill = home.folder / "work" / "spill"
    spill.mkdir(parents=True, exist_ok=True)
    narrow = home.setting(memory_limit="40MB")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(spill)], check=True)
    try:
        ended, seconds = _tonight(narrow)
    finally:
        subprocess.run(["umount", str(spill)], check=True)
    problems = _clear_error(ended, str(spill)) if ended.code else ["it did not need the disk"]
    rerun, _ = _tonight(home)
    return Passage(problems + same_in_lake(shore.theatre.expected, home, rerun), seconds, last_words(ended)[-300:])


def _base(shore: Shore) -> Home:
    assert shore.base
    return shore.copy(shore.base)


CASES: dict[str, Callable[[Shore], Passage]] = {
    "S3 answers 503 for 20 s": partial(storage, kind="503"),
    "S3 frozen for 20 s": partial(storage, kind="frozen"),
    "S3 refuses the credentials": credentials,
    "S3 loses an object": lost_object,
    "PostgreSQL restarted at the commit": restarted_at_commit,
    **{
        f"PostgreSQL restarted {seconds} s after a commit has begun": partial(
            restarted_at_random, after_seconds=seconds
        )
        for seconds in (0.0, 0.15, 0.5, 2.0)
    },
    "an older catalogue beside newer data": older_catalogue,
    "older data beside a newer catalogue": older_data,
    "no room to spill": full_spill,
}
