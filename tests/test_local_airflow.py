"""What `make up` writes: secrets that are generated, and that only their owner can read."""

from __future__ import annotations

import json
import os
import re
import stat
from dataclasses import asdict
from pathlib import Path
from typing import Any

import airflow_env
import local_airflow
import local_celery
import local_processes
import local_services
import pytest
from local_processes import Leader


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home for Airflow that is not there yet."""
    home = tmp_path / "broadsheet" / "airflow"
    names = {
        "HOME": home,
        "LOGS": home / "logs",
        "SECRETS": home / "secrets.json",
        "PASSWORDS": home / "passwords.json",
    }
    for name, path in names.items():
        monkeypatch.setattr(local_airflow, name, path)
    return home


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_owner_can_enter_the_folder_and_read_the_secrets(home: Path) -> None:
    local_airflow._environment(8080)
    assert mode(home) == 0o700
    assert {path.name: oct(mode(path)) for path in home.glob("*.json")} == {
        "secrets.json": "0o600",
        "passwords.json": "0o600",
    }


def test_what_was_opened_to_others_is_closed_again(home: Path) -> None:
    local_airflow._environment(8080)
    for path in (home, home / "secrets.json", home / "passwords.json"):
        path.chmod(0o777)
    local_airflow._environment(8080)
    assert [oct(mode(path)) for path in (home, home / "secrets.json", home / "passwords.json")] == [
        "0o700",
        "0o600",
        "0o600",
    ]


def test_secrets_are_made_once_and_differ_from_those_of_another_installation(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = local_airflow._environment(8080)
    first = {path.name: json.loads(path.read_text()) for path in home.glob("*.json")}
    assert local_airflow._environment(8080) == before
    for name in ("secrets.json", "passwords.json"):
        (home / name).unlink()
    local_airflow._environment(8080)
    for name, made in first.items():
        again = json.loads((home / name).read_text())
        assert made.keys() == again.keys()
        assert not set(made.values()) & set(again.values())
        assert all(len(secret) >= 16 for secret in made.values())


def test_every_server_of_airflow_listens_on_the_loopback_alone(home: Path) -> None:
    assert local_airflow._environment(8080)["AIRFLOW__API__HOST"] == "127.0.0.1"
    # The two that would serve their logs on every interface do not.
    assert [name for name, arguments in local_airflow.COMPONENTS.items() if "--skip-serve-logs" in arguments] == [
        "scheduler",
        "triggerer",
    ]


def test_the_callers_settings_stay_where_they_do_not_say_where_our_airflow_is(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = {
        "AIRFLOW__CORE__PARALLELISM": "9",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "postgresql://elsewhere",
        "AIRFLOW__CORE__DAGS_FOLDER": "/elsewhere",
        "AIRFLOW_HOME": "/elsewhere",
        "AIRFLOW_CONN_OTHER": "theirs",
    }
    for name, value in theirs.items():
        monkeypatch.setenv(name, value)
    ours = local_airflow._environment(8080)
    assert (ours["AIRFLOW__CORE__PARALLELISM"], ours["AIRFLOW__LOGGING__LOGGING_LEVEL"]) == ("9", "WARNING")
    assert ours["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == f"sqlite:///{home / 'airflow.db'}"
    assert "AIRFLOW_CONN_OTHER" not in ours
    assert "/elsewhere" not in ours.values()


def test_several_workers_share_a_database_and_a_queue_each_with_a_secret_of_its_own(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_WORKERS", "1")
    ours = local_airflow._environment(8080, 3)
    kept = json.loads((home / "secrets.json").read_text())
    assert ours["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"
    assert f":{kept['postgresql']}@127.0.0.1:8081/" in ours["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
    assert f":{kept['redis']}@127.0.0.1:8082/" in ours["AIRFLOW__CELERY__BROKER_URL"]
    assert len(set(kept.values())) == len(kept) == 5
    assert (ours["AIRFLOW__CELERY__WORKER_CONCURRENCY"], ours["BROADSHEET_WORKERS"]) == ("1", "3")
    assert {"--skip-serve-logs"} <= set.intersection(*map(set, local_celery.workers(3).values()))


def test_an_airflow_with_other_workers_is_to_be_stopped_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_airflow, "RECORD", home / "processes.json")
    home.mkdir(parents=True)
    ourselves = asdict(Leader(os.getpid(), local_processes._stat(os.getpid()).started_at))
    written: dict[str, Any] = {"port": 8080, "boot_id": local_processes.boot_id(), "leaders": {"scheduler": ourselves}}
    monkeypatch.setattr(local_airflow, "running", lambda leaders: [leader.pid for leader in leaders])
    for record, others in ((written, "no"), ({**written, "workers": 3}, "3")):  # the first by an older version
        local_airflow.RECORD.write_text(json.dumps(record))
        with pytest.raises(local_airflow.Trouble, match=f"another one runs, with {others} Celery workers"):
            local_airflow.up(2)


def test_the_guide_names_every_setting_that_several_workers_are_given(home: Path) -> None:
    guide = (airflow_env.PROJECT / "docs" / "scaling.md").read_text()
    named = set(re.findall(r"`((?:AIRFLOW__|BROADSHEET_)\w+)`", guide.partition("### On several machines")[2]))
    ours = local_airflow._environment(8080, 2)
    assert set(ours) - set(local_airflow._environment(8080)) <= named
    assert {name for name in named if name.startswith("AIRFLOW__")} <= set(ours)


def test_what_several_workers_need_and_is_not_installed_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_services, "postgres_tool", lambda name: None)
    with pytest.raises(local_airflow.Trouble, match="apt-get install postgresql"):
        local_airflow.up_many()
    with pytest.raises(local_airflow.Trouble, match="WORKERS is 'two'; expected a number such as 2"):
        local_airflow.up_many("two")


def test_the_settings_file_says_where_airflow_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BROADSHEET_HOME", raising=False)
    monkeypatch.setenv("BROADSHEET_SOURCES", str(tmp_path / "sources.toml"))
    (tmp_path / "broadsheet.toml").write_text('home = "kept"')
    assert local_airflow.broadsheet_home() == tmp_path / "kept"
    assert local_airflow.airflow_environment(tmp_path)["BROADSHEET_HOME"] == str(tmp_path / "kept")


def test_airflows_own_commands_run_in_the_environment_of_the_installation(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced_by: list[Any] = []
    monkeypatch.setattr(os, "execve", lambda *given: replaced_by.append(given))
    monkeypatch.setattr(local_airflow, "_record", lambda: None)
    monkeypatch.setenv("AIRFLOW_HOME", "/elsewhere")
    home.mkdir(parents=True)
    (home / "airflow.db").touch()  # else it would be made first
    local_airflow.airflow(["db", "clean", "--yes"])
    ((_, words, environment),) = replaced_by
    assert words[1:] == ["-m", "airflow", "db", "clean", "--yes"]
    assert environment["AIRFLOW_HOME"] == str(home)
    assert environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == f"sqlite:///{home / 'airflow.db'}"


def test_ctrl_c_ends_it_with_a_sentence_and_no_traceback(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(local_airflow, "up", interrupted)
    monkeypatch.setattr("sys.argv", ["local_airflow.py", "up"])
    with pytest.raises(SystemExit) as ended:
        local_airflow.main()
    assert ended.value.code == 130
    assert capsys.readouterr().err == "\nInterrupted; run it again with: make up\n"
