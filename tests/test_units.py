"""What `make units` writes: systemd understands it, starts what `make up` starts, and runs when cron would."""

from __future__ import annotations

import configparser
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import local_airflow
import pytest
import units
from croniter import croniter

from etl.settings import Settings, SettingsError

SETTINGS = replace(Settings(), home=Path("/srv/100% news $HOME/broadsheet"), schedule="15 3 * * *")

has_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="waits for systemd-analyze: apt-get install systemd"
)


def read(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return parser


@has_systemd
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for name, text in units.units_of(SETTINGS, "root").items():
        (tmp_path / name).write_text(text)
    files = sorted(path for path in tmp_path.iterdir() if path.suffix in (".service", ".timer"))
    done = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True, timeout=60)
    ours = [line for line in done.stderr.splitlines() if "broadsheet" in line]
    assert (done.returncode, ours) == (0, [])


def test_there_is_a_service_for_all_that_make_up_starts_and_no_secret_in_any() -> None:
    written = units.units_of(SETTINGS, "news")
    for name, arguments in local_airflow.COMPONENTS.items():
        service = read(written[f"broadsheet-airflow-{name}.service"])["Service"]
        python, script, *words = shlex.split(service["ExecStart"])
        assert Path(python).exists() and Path(script) == units.PROJECT / "bin" / "local_airflow.py"
        assert words == ["airflow", *arguments]
        assert service["User"] == "news"
    services = [read(text)["Service"] for name, text in written.items() if name.endswith(".service")]
    assert {service["UMask"] for service in services} == {"0077"}
    assert not [text for text in written.values() if "SECRET" in text or "FERNET" in text]


def test_what_is_written_is_for_its_owner_but_for_the_folder_of_metrics(tmp_path: Path) -> None:
    home = tmp_path / "home"
    environment = os.environ | {"BROADSHEET_HOME": str(home)}
    subprocess.run([sys.executable, units.__file__], env=environment, umask=0, check=True, capture_output=True)
    modes = {path.name: path.stat().st_mode & 0o777 for path in home.rglob("*")}
    assert modes.pop("metrics") == 0o755
    assert modes.pop("systemd") == 0o700
    assert set(modes.values()) == {0o600}


def test_a_home_with_spaces_and_signs_stays_one_word() -> None:
    service = units.units_of(SETTINGS, "news")["broadsheet-status.service"]
    assert 'Environment="BROADSHEET_HOME=/srv/100%% news $HOME/broadsheet"' in service
    assert 'status --metrics "/srv/100%% news $$HOME/broadsheet/metrics/broadsheet.prom"' in service


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("0 2 * * *", ["*-*-* 2:0:00 Europe/Berlin"]),
        ("@weekly", ["Sun *-*-* 0:0:00 Europe/Berlin"]),
        ("0 2 1 * 1", ["Mon *-*-* 2:0:00 Europe/Berlin", "*-*-1 2:0:00 Europe/Berlin"]),
    ],
)
def test_a_schedule_is_written_as_systemd_reads_it(schedule: str, expected: list[str]) -> None:
    assert units.calendar(schedule, "Europe/Berlin") == expected


@has_systemd
@pytest.mark.parametrize(
    "schedule", ["0 2 * * *", "30 4 * * 0", "*/20 6-8 * * 1-5", "5,35 1 * 2,3 7", "0 2 1,15 * 1", "0 22-23 28-31 * *"]
)
def test_a_timer_runs_when_cron_would(schedule: str) -> None:
    start, times = datetime(2027, 1, 30, tzinfo=UTC), set()
    for line in units.calendar(schedule, "UTC"):
        command = ["systemd-analyze", "calendar", "--iterations=30", f"--base-time={start:%Y-%m-%d %H:%M:%S} UTC", line]
        shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
        marks = ("Next elapse:", "Iter. #", "Iteration #")
        found = (text.partition(": ")[2].strip() for text in shown.splitlines() if text.strip().startswith(marks))
        times |= {datetime.strptime(text, "%a %Y-%m-%d %H:%M:%S UTC") for text in found}
    cron = croniter(schedule, start.replace(tzinfo=None))
    assert sorted(times)[:20] == [cron.get_next(datetime) for _ in range(20)]


@pytest.mark.parametrize("schedule", ["0 2 * * mon", "0 2 L * *", "0 25 * * *", "0 2 * *", "@reboot"])
def test_a_schedule_that_systemd_cannot_express_is_refused(schedule: str) -> None:
    with pytest.raises(SettingsError, match="expected five fields of numbers"):
        units.calendar(schedule, "UTC")
