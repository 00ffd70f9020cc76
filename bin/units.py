"""`make units`: units for systemd and a file for logrotate, written below BROADSHEET_HOME; nothing is installed.

Airflow's services get their environment from local_airflow.py, as under `make up`, so no unit contains a secret.
"""

from __future__ import annotations

import getpass
import os
import re
import sys
from pathlib import Path

from airflow_env import PROJECT
from local_airflow import COMPONENTS

from etl.files import keep_private
from etl.settings import DEFAULT_SCHEDULE, Settings, SettingsError, load_settings

DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""By the numbers of cron, where Sunday is 0 and 7."""

MACROS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}


def main() -> None:
    """Write the files, and say how to install them."""
    keep_private()
    try:
        settings = load_settings()
        units = units_of(settings, getpass.getuser())
    except SettingsError as error:
        sys.exit(f"units: {error}")
    folder, metrics = settings.home / "systemd", settings.home / "metrics"
    for made in (folder, metrics):
        made.mkdir(parents=True, exist_ok=True)
    metrics.chmod(0o755)  # node_exporter is another user
    for old in [*folder.glob("broadsheet*.service"), *folder.glob("broadsheet*.timer")]:
        old.unlink()
    for name, text in units.items():
        (folder / name).write_text(text, "utf-8")
    print(f"Written to {folder}: {', '.join(units)}.\nHow to install them: docs/guides/run_it_with_systemd.md")
    if left := sorted(name for name in os.environ if _is_setting(name)):
        print(f"Not in the units: {', '.join(left)}. Put them into {folder / 'environment'}, a line NAME=value each.")


def _is_setting(name: str) -> bool:
    ours = name.startswith(("BROADSHEET_", "AIRFLOW__", "AIRFLOW_CONN_BROADSHEET_")) or name == "AIRFLOW_PORT"
    return ours and name not in ("BROADSHEET_HOME", "BROADSHEET_SOURCES", "BROADSHEET_SCHEDULE")


def units_of(settings: Settings, user: str) -> dict[str, str]:
    """The text of every file by its name. Raises SettingsError for a schedule that systemd cannot express."""
    python, broadsheet = Path(sys.executable), Path(sys.executable).with_name("broadsheet")
    local_airflow = PROJECT / "bin" / "local_airflow.py"
    nightly = calendar(settings.schedule or DEFAULT_SCHEDULE, settings.timezone.key)
    weekly = calendar(settings.maintenance_schedule, settings.timezone.key)
    metrics = settings.home / "metrics" / "broadsheet.prom"

    def service(what: str, kind: str, *words: object, unit: str = "", more: str = "") -> str:
        # In a command, and only there, $ begins a variable.
        command = " ".join(_quoted(str(word)).replace("$", "$$") for word in words)
        return _service(settings, user, what, kind, command, unit, more)

    units = {
        "broadsheet-airflow-migrate.service": service(
            "Airflow's metadata database", "oneshot", python, local_airflow, "migrate", more="RemainAfterExit=yes\n"
        ),
        "broadsheet-ingest.service": service("what is new, loaded and published", "oneshot", broadsheet, "ingest"),
        "broadsheet-ingest.timer": _timer("every night, without Airflow", nightly),
        "broadsheet-maintain.service": service("the weekly maintenance", "oneshot", broadsheet, "maintain"),
        "broadsheet-maintain.timer": _timer("every week, without Airflow", weekly),
        "broadsheet-status.service": service(
            "failed if the night was not good", "oneshot", broadsheet, "status", "--metrics", metrics
        ),
        "broadsheet-status.timer": _timer("every quarter of an hour", ["*:0/15"]),
        "broadsheet.logrotate": _logrotate(settings.home / "airflow" / "logs"),
    }
    after = "Requires=broadsheet-airflow-migrate.service\nAfter=broadsheet-airflow-migrate.service\n"
    for name, arguments in COMPONENTS.items():
        units[f"broadsheet-airflow-{name}.service"] = service(
            f"Airflow's {name}",
            "exec",
            *(python, local_airflow, "airflow", *arguments),
            unit=after,
            more="Restart=on-failure\nRestartSec=10\n\n[Install]\nWantedBy=multi-user.target\n",
        )
    return dict(sorted(units.items()))


def _service(settings: Settings, user: str, what: str, kind: str, command: str, unit: str, more: str) -> str:
    pinned = {
        "BROADSHEET_HOME": settings.home,
        "BROADSHEET_SOURCES": settings.sources,
        "BROADSHEET_SCHEDULE": settings.schedule or DEFAULT_SCHEDULE,
    }
    environment = "".join(f"Environment={_quoted(f'{name}={value}')}\n" for name, value in pinned.items())
    return (
        f"[Unit]\nDescription=Broadsheet: {what}\n{unit}\n[Service]\nType={kind}\nUser={user}\nUMask=0077\n"
        f"WorkingDirectory={_escaped(str(PROJECT))}\n{environment}"
        f"EnvironmentFile=-{_escaped(str(settings.home / 'systemd' / 'environment'))}\nExecStart={command}\n{more}"
    )


def _timer(what: str, times: list[str]) -> str:
    calendars = "".join(f"OnCalendar={time}\n" for time in times)
    return (
        f"[Unit]\nDescription=Broadsheet: {what}\n\n[Timer]\n{calendars}Persistent=true\n\n"
        "[Install]\nWantedBy=timers.target\n"
    )


def _logrotate(logs: Path) -> str:
    return (
        f'# The output of what `make up` starts. Under systemd it goes to the journal.\n"{logs}/*.log" {{\n'
        "    weekly\n    rotate 4\n    maxsize 100M\n    copytruncate\n    compress\n    missingok\n    notifempty\n}\n"
    )


def _quoted(word: str) -> str:
    """One word of a command or an assignment: without quotes systemd would split it at its spaces."""
    escaped = _escaped(word).replace("\\", "\\\\").replace('"', '\\"')
    return escaped if re.fullmatch(r"[\w./:=@,+-]+", escaped) else f'"{escaped}"'


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def calendar(schedule: str, timezone: str) -> list[str]:
    """A cron expression as systemd writes it. Raises SettingsError where it says what systemd cannot.

    Two lines where both the day of the month and that of the week are given: cron means either.
    """
    fields = MACROS.get(schedule, schedule).split()
    if len(fields) != 5:
        raise _not_numbers(schedule)
    minute, hour, day, month, weekday = fields
    time = f"{_listed(hour, 0, 23, schedule)}:{_listed(minute, 0, 59, schedule)}:00 {timezone}"
    months, days = _listed(month, 1, 12, schedule), _listed(day, 1, 31, schedule)
    weekdays = _listed(weekday, 0, 7, schedule)
    names = ",".join(dict.fromkeys(DAYS[int(number)] for number in weekdays.split(","))) if weekdays != "*" else ""
    of_month = [("", days)] if days != "*" or not names else []
    of_week = [(f"{names} ", "*")] if names else []
    return [f"{name}*-{months}-{days} {time}" for name, days in (*of_week, *of_month)]


def _listed(field: str, least: int, most: int, schedule: str) -> str:
    """A field of cron as a list of numbers, or `*`."""
    if field == "*":
        return "*"
    found: set[int] = set()
    for part in field.split(","):
        match = re.fullmatch(r"(?:\*|(\d+)(?:-(\d+))?)(?:/([1-9]\d*))?", part, re.ASCII)
        if not match:
            raise _not_numbers(schedule)
        first, last, step = match.groups()
        start = int(first) if first else least
        end = int(last) if last else start if first and not step else most
        if not least <= start <= end <= most:
            raise _not_numbers(schedule)
        found |= set(range(start, end + 1, int(step or 1)))
    return ",".join(map(str, sorted(found)))


def _not_numbers(schedule: str) -> SettingsError:
    return SettingsError(f"the schedule {schedule!r} has no units; expected five fields of numbers: 30 2 * * 1-5")


if __name__ == "__main__":
    main()
