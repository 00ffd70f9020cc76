"""`make run`: Airflow is started only for work, and Ctrl-C ends it and says what is loaded."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import run_dag
from newsroom import Newsroom, article

FEED = "[feed.wire]\npath = 'wire/*'\nsettle_seconds = 0"


@pytest.fixture
def room(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    newsroom.stanza(FEED)
    monkeypatch.setenv("BROADSHEET_HOME", str(newsroom.settings.home))
    monkeypatch.setenv("BROADSHEET_SOURCES", str(newsroom.settings.sources))
    home = newsroom.settings.home / "airflow-run"
    for name, path in {"HOME": home, "LOG": home / "run.log", "RUN_ID": home / "run_id"}.items():
        monkeypatch.setattr(run_dag, name, path)
    home.mkdir(parents=True)
    (newsroom.landing / "wire").mkdir()
    return newsroom


def test_with_nothing_new_neither_airflow_nor_pandas_is_imported(room: Newsroom) -> None:
    code = (
        "import sys, run_dag; status = run_dag.main()\n"
        "print([name for name in ('airflow', 'pandas', 'great_expectations') if name in sys.modules], status)"
    )
    bin_folder = str(Path(run_dag.__file__).parent)
    done = subprocess.run([sys.executable, "-c", code], cwd=bin_folder, capture_output=True, text=True, check=True)
    assert "0 new of 0 files" in done.stdout
    assert done.stdout.splitlines()[-1] == "[] 0"


def test_a_wrong_stanza_fails_the_run_also_where_nothing_is_new(
    room: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    room.stanza("[feed.bad]\npath = 3")
    assert run_dag.main() == 2
    assert "[feed.bad] path: 3; expected a path" in capsys.readouterr().out


def test_airflow_is_started_for_a_new_dump(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    room.drop("wire/1.jsonl", [article(1)])
    monkeypatch.setattr(run_dag, "_run_in_process", lambda: 7)
    assert run_dag.main() == 7
    assert list(room.settings.work_folder.iterdir()) == []


def test_ctrl_c_ends_the_process_and_says_what_is_loaded(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    room.drop("wire/1.jsonl", [article(1)])
    room.load()
    (run_id,) = room.query("select run_id from ops.load_run")[0]
    sleeper = f"import pathlib, time; pathlib.Path({str(run_dag.RUN_ID)!r}).write_text({run_id!r}); time.sleep(600)"
    started: list[subprocess.Popen[bytes]] = []
    is_awaited = threading.Event()

    class Sleeper(subprocess.Popen[bytes]):
        def wait(self, timeout: float | None = None) -> int:
            is_awaited.set()
            while self.poll() is None:  # a signal just before a wait without end is seen only after it
                time.sleep(0.01)
            return self.returncode

    def start(arguments: list[str], **options: Any) -> subprocess.Popen[bytes]:
        started.append(Sleeper([sys.executable, "-c", sleeper], **options))
        threading.Thread(target=interrupt).start()
        return started[0]

    def interrupt() -> None:
        is_awaited.wait()  # else, on a busy machine, it is this test that is interrupted
        while not run_dag.RUN_ID.exists() or not run_dag.RUN_ID.read_text():
            threading.Event().wait(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(run_dag.subprocess, "Popen", start)
    assert run_dag._run_in_process() == run_dag.STOPPED
    assert started[0].poll() == -signal.SIGKILL
    shown = capsys.readouterr().out
    assert "Stopped. These dumps were finished; the next run takes the others:" in shown
    assert "wire/1.jsonl" in shown


def test_ctrl_c_before_the_load_says_that_nothing_is_loaded(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    run_dag._show_stopped()
    assert "Nothing of it was loaded" in capsys.readouterr().out


def test_an_unmounted_landing_folder_is_one_sentence_and_keeps_why(
    room: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(room.landing)
    assert run_dag.main() == 2
    sentence = f"the landing folder {room.landing} is not there (is it mounted?)"
    assert capsys.readouterr().err == f"{sentence}\n"
    (run,) = room.settings.work_folder.iterdir()
    assert (run / "stopped.txt").read_text() == sentence


def test_a_look_that_ends_in_the_dag_is_noted_by_the_dag_alone(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    room.drop("wire/1.jsonl", [article(1)])
    room.load()  # and neither verified nor published
    monkeypatch.setattr(run_dag, "_run_in_process", lambda: 0 if room.load() else 1)
    assert run_dag.main() == 0
    assert len(room.query("select run_id from ops.landing_scan where new = 0")) == 1


def test_what_it_makes_is_for_its_owner_alone(room: Newsroom) -> None:
    code = "import sys, run_dag; run_dag._run_in_process = lambda: 0; sys.exit(run_dag.main())"
    room.drop("wire/1.jsonl", [article(1)])
    shutil.rmtree(room.settings.home)
    bin_folder = str(Path(run_dag.__file__).parent)
    subprocess.run([sys.executable, "-c", code], cwd=bin_folder, umask=0, check=True)
    home = room.settings.home
    assert {str(path.relative_to(home)): f"{path.stat().st_mode & 0o777:o}" for path in home.rglob("*")} == {
        "airflow-run": "700",
        "airflow-run/lock": "600",
        "stat_cache.json": "600",
        "work": "700",
    }


@pytest.mark.parametrize(("publish", "is_told"), [("success", True), ("skipped", True), ("upstream_failed", False)])
def test_a_run_that_did_not_publish_does_not_say_so(room: Newsroom, publish: str, is_told: bool) -> None:
    room.ingest(room.drop("wire/1.jsonl", [article(1)]), run_id="r1")
    of_task = {"publish": SimpleNamespace(state=publish)}
    screen = io.StringIO()
    run_dag._report(SimpleNamespace(run_id="r1", state="failed", get_task_instance=of_task.get), screen)
    assert ("Published:" in screen.getvalue()) is is_told
