"""`make up` and `make down`: Airflow itself on this machine, with its web UI on 127.0.0.1.

Four processes, each the leader of its own session, so that they outlive the shell; what they
start stays in their session, which is how `down` finds every process. State is in var/airflow.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from airflow_env import DAG_ID, POOL, PROJECT, airflow_environment, broadsheet_home

from etl.files import keep_private

HOME = broadsheet_home() / "airflow"
RECORD = HOME / "processes.json"
SECRETS = HOME / "secrets.json"
PASSWORDS = HOME / "passwords.json"
LOGS = HOME / "logs"
HOST = "127.0.0.1"
USERS = {"admin": "admin", "approver": "op"}
"""User -> role. Two, because the requester of a takedown cannot approve it."""

USER = "admin"
COMPONENTS = {
    "api-server": ["api-server"],
    # Logs are read from the disk; their own servers would listen on every interface.
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
}
START_SECONDS = 180
STOP_SECONDS = 15
INTERRUPTED = 130
"""The exit code of shells for what Ctrl-C ended."""


class Trouble(Exception):
    """What keeps Airflow from starting, and what to do about it."""


def main() -> None:
    """Do what the one argument says."""
    commands = {"up": up, "down": down, "status": status, "migrate": migrate, "prepare": prepare}
    is_airflows = sys.argv[1:2] == ["airflow"]
    if not is_airflows and (len(sys.argv) != 2 or sys.argv[1] not in commands):
        sys.exit("usage: local_airflow.py up|down|status|migrate|airflow ARGUMENTS")
    try:
        airflow(sys.argv[2:]) if is_airflows else commands[sys.argv[1]]()
    except Trouble as trouble:
        sys.exit(f"Airflow is not up: {trouble}")
    except KeyboardInterrupt:
        print(f"\nInterrupted; run it again with: make {sys.argv[1]}", file=sys.stderr)
        sys.exit(INTERRUPTED)


def up() -> None:
    """Start Airflow, wait until it is healthy, and say how to reach it."""
    if record := _record():
        if set(_alive_leaders(record)) == set(COMPONENTS):
            print("Airflow is running already.")
            return _print_access(record.port)
        print("Airflow is only partly running; restarting it.")
        down()
    port = _port()
    _refuse_taken(port)
    environment = _environment(port)
    print("Preparing the metadata database ...", flush=True)
    _prepared(environment)
    print("Starting Airflow ...", flush=True)
    record = Record(port, _boot_id(), {})
    try:
        for name, arguments in COMPONENTS.items():
            record.leaders[name] = _started(name, arguments, environment)
            RECORD.write_text(json.dumps(asdict(record)))
        _wait_until_healthy(record)
    except BaseException:
        down()
        raise
    _print_access(port)


def down() -> None:
    """Stop all our processes, and check that none is left."""
    record = _record()
    if record is None:
        print(f"Airflow is not running in {HOME}.")
        return
    for number, patience in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, STOP_SECONDS)):
        for process in _processes(record):
            with suppress(ProcessLookupError):
                os.kill(process, number)
        deadline = time.monotonic() + patience
        while _processes(record) and time.monotonic() < deadline:
            time.sleep(0.2)
    if left := _processes(record):
        raise Trouble(f"the processes {left} have not ended; look at them with: ps -fp {','.join(map(str, left))}")
    RECORD.unlink()
    print("Airflow is stopped.")


def status() -> None:
    """Print whether Airflow is running, and with which processes."""
    record = _record()
    if record is None:
        print(f"Airflow is not running in {HOME}; start it with: make up")
        return
    alive = _alive_leaders(record)
    for name in COMPONENTS:
        print(f"  {name:14} {'process ' + str(alive[name]) if name in alive else 'NOT RUNNING'}")
    print(f"  {len(_processes(record))} processes in all")
    _print_access(record.port)


def airflow(arguments: list[str]) -> None:
    """Become Airflow's own command line, in the environment of this installation. Does not return."""
    record = _record()
    environment = _environment(record.port if record else _port())
    if not (HOME / "airflow.db").exists():
        _prepared(environment)
    os.execve(sys.executable, [sys.executable, "-m", "airflow", *arguments], environment)


def migrate() -> None:
    """Make or migrate the metadata database, and start nothing."""
    _prepared(_environment(_port()))


def prepare() -> None:
    """Make or migrate the metadata database, with the pool. Runs in a process with Airflow's environment."""
    from airflow.models.pool import Pool
    from airflow.utils import db

    db.initdb()
    Pool.create_or_update_pool(POOL, 1, "One task at a time opens the warehouse.", include_deferred=False)


def _print_access(port: int) -> None:
    print(f"\n  Web UI    http://{HOST}:{port}")
    for user, password in json.loads(PASSWORDS.read_text()).items():
        print(f"  User      {user:10} password  {password}")
    print("  Stop      make down\n")


# What Airflow is started with


def _port() -> int:
    text = os.environ.get("AIRFLOW_PORT") or "8080"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Trouble(f"AIRFLOW_PORT is {text!r}; expected a number such as 8080")
    return int(text)


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise Trouble(f"port {port} is taken; choose another: AIRFLOW_PORT=8081 make up") from None


def _environment(port: int) -> dict[str, str]:
    keep_private()  # for Airflow's processes too: their logs and database
    HOME.mkdir(parents=True, exist_ok=True)
    HOME.chmod(0o700)
    LOGS.mkdir(exist_ok=True)
    secret = _kept(
        SECRETS, {"jwt": secrets.token_urlsafe(64), "api": secrets.token_urlsafe(64), "fernet": _fernet_key()}
    )
    _kept(PASSWORDS, {user: secrets.token_urlsafe(12) for user in USERS})
    url = f"http://{HOST}:{port}"
    return airflow_environment(HOME) | {
        "AIRFLOW__API__BASE_URL": url,
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__SECRET_KEY": secret["api"],
        "AIRFLOW__API_AUTH__JWT_SECRET": secret["jwt"],
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "AIRFLOW__CORE__FERNET_KEY": secret["fernet"],
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(PASSWORDS),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{user}:{role}" for user, role in USERS.items()),
    }


def _fernet_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _kept(path: Path, fresh: dict[str, str]) -> dict[str, str]:
    """The secrets in that file, which only its owner may read; those that are missing are made."""
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    if set(fresh) - set(kept):
        kept = fresh | kept
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(kept, file)
    path.chmod(0o600)  # in case it was opened to others since
    return kept


def _prepared(environment: dict[str, str]) -> None:
    log = LOGS / "prepare.log"
    with log.open("w") as file:
        done = subprocess.run([sys.executable, __file__, "prepare"], env=environment, stdout=file, stderr=file)
    if done.returncode:
        raise Trouble(f"the metadata database cannot be made or migrated:\n{_tail(log)}\nThe whole log: {log}")


def _started(name: str, arguments: list[str], environment: dict[str, str]) -> Leader:
    log_file = LOGS / f"{name}.log"
    if log_file.exists():
        log_file.replace(log_file.with_suffix(".log.1"))
    with log_file.open("a") as log:  # so that logrotate may cut it while it is written
        process = subprocess.Popen(
            [sys.executable, "-m", "airflow", *arguments],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return Leader(process.pid, _stat(process.pid).started_at)


def _wait_until_healthy(record: Record) -> None:
    started_at = datetime.now(UTC)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        for name in set(COMPONENTS) - set(_alive_leaders(record)):
            raise Trouble(f"its {name} ended:\n{_tail(LOGS / f'{name}.log')}")
        if _is_healthy(record.port, started_at):
            return
        time.sleep(0.5)
    raise Trouble(f"it is not healthy after {START_SECONDS} seconds; look at {LOGS}")


def _is_healthy(port: int, started_at: datetime) -> bool:
    """Whether all components are healthy and the DAG was read since. Raises Trouble if it cannot be read."""
    try:
        health = _asked(port, "/api/v2/monitor/health")
        if any(
            health[part]["status"] != "healthy" for part in ("metadatabase", "scheduler", "triggerer", "dag_processor")
        ):
            return False
        login = {"username": USER, "password": json.loads(PASSWORDS.read_text())[USER]}
        token = _asked(port, "/auth/token", login)["access_token"]
        for error in _asked(port, "/api/v2/importErrors", token=token)["import_errors"]:
            if datetime.fromisoformat(error["timestamp"]) > started_at:
                raise Trouble(f"{error['filename']} cannot be imported:\n{error['stack_trace']}")
        parsed_at = _asked(port, f"/api/v2/dags/{DAG_ID}", token=token)["last_parsed_time"]
        return datetime.fromisoformat(parsed_at) > started_at
    except (OSError, KeyError, ValueError):
        return False


def _asked(port: int, path: str, body: Any = None, token: str = "") -> Any:
    request = urllib.request.Request(
        f"http://{HOST}:{port}{path}",
        data=json.dumps(body).encode() if body else None,
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
    )
    # Without the caller's proxy: the request stays on this machine.
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5) as answer:
        return json.load(answer)


def _tail(log: Path) -> str:
    return "\n".join(f"  {line}" for line in log.read_text(errors="replace").splitlines()[-15:])


# Which processes are ours


@dataclass(frozen=True)
class Leader:
    """A process that we started, with its start in clock ticks since boot, because its number may be used again."""

    pid: int
    started_at: int


@dataclass(frozen=True)
class Record:
    """What `up` writes down for `down`."""

    port: int
    boot_id: str
    leaders: dict[str, Leader]


@dataclass(frozen=True)
class Stat:
    """What /proc says about a process."""

    state: str
    session: int
    started_at: int


def _record() -> Record | None:
    """What is written down, or None if none of it is running any more."""
    try:
        written = json.loads(RECORD.read_text())
    except (FileNotFoundError, ValueError):
        return None
    leaders = {name: Leader(**leader) for name, leader in written["leaders"].items()}
    record = Record(written["port"], written["boot_id"], leaders)
    return record if record.boot_id == _boot_id() and _processes(record) else None


def _alive_leaders(record: Record) -> dict[str, int]:
    ours = set(_processes(record))
    return {name: leader.pid for name, leader in record.leaders.items() if leader.pid in ours}


def _processes(record: Record) -> list[int]:
    """Every process in the sessions of our leaders that is still running."""
    sessions = {leader.pid: leader.started_at for leader in record.leaders.values()}
    return [
        pid
        for pid, stat in _all_stats()
        if stat.session in sessions
        and stat.state not in "ZX"
        and stat.started_at >= sessions[stat.session]
        # The leader itself, or a process that it started: not an unrelated process with the leader's number.
        and (pid != stat.session or stat.started_at == sessions[stat.session])
    ]


def _all_stats() -> Iterator[tuple[int, Stat]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                yield int(entry.name), _stat(int(entry.name))


def _stat(pid: int) -> Stat:
    # The name, in parentheses, may contain anything; the fields are counted from after it.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return Stat(state=fields[0], session=int(fields[3]), started_at=int(fields[19]))


def _boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


if __name__ == "__main__":
    main()
