"""`make up`, `make up-many` and `make down`: Airflow itself on this machine, with its web UI on 127.0.0.1.

Four processes (local_processes.py); with `up-many` Celery workers and their servers, too (local_celery.py).
State is in var/airflow.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import local_celery
from airflow_env import POOL, PROJECT, airflow_environment, broadsheet_home
from local_health import is_healthy
from local_processes import Leader, Trouble, alive, boot_id, running, started, stop, tail
from local_services import HOST, is_free, missing

from etl.files import keep_private

HOME = broadsheet_home() / "airflow"
RECORD = HOME / "processes.json"
SECRETS = HOME / "secrets.json"
PASSWORDS = HOME / "passwords.json"
LOGS = HOME / "logs"
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
DEFAULT_WORKERS = 2
INTERRUPTED = 130
"""The exit code of shells for what Ctrl-C ended."""


@dataclass(frozen=True)
class Record:
    """What `up` writes down for `down`: how many Celery workers there are, 0 without Celery, and all processes."""

    port: int
    boot_id: str
    leaders: dict[str, Leader]
    workers: int = 0


def main() -> None:
    """Do what the arguments say."""
    commands = {"up": up, "up-many": up_many, "down": down, "status": status, "migrate": migrate, "prepare": prepare}
    command, *arguments = sys.argv[1:] or [""]
    if command != "airflow" and (command not in commands or arguments[1 if command == "up-many" else 0 :]):
        sys.exit("usage: local_airflow.py up|up-many [WORKERS]|down|status|migrate|airflow ARGUMENTS")
    try:
        airflow(arguments) if command == "airflow" else commands[command](*arguments)
    except Trouble as trouble:
        sys.exit(f"Airflow is not up: {trouble}")
    except KeyboardInterrupt:
        print(f"\nInterrupted; run it again with: make {command}", file=sys.stderr)
        sys.exit(INTERRUPTED)


def up_many(workers: str = "") -> None:
    """Start Airflow with so many Celery workers, and the servers that they need."""
    if workers and not (workers.isdigit() and int(workers)):
        raise Trouble(f"WORKERS is {workers!r}; expected a number such as {DEFAULT_WORKERS}")
    if packages := missing():
        raise Trouble(f"it needs more of Debian's packages: apt-get install {' '.join(packages)}")
    up(int(workers or DEFAULT_WORKERS))


def up(workers: int = 0) -> None:
    """Start Airflow, wait until it is healthy, and say how to reach it."""
    if record := _record():
        if record.workers != workers:
            raise Trouble(f"another one runs, with {record.workers or 'no'} Celery workers; stop it first: make down")
        if set(alive(record.leaders)) == set(_components(workers)) | set(local_celery.SERVERS if workers else ()):
            print("Airflow is running already.")
            return _print_access(record)
        print("Airflow is only partly running; restarting it.")
        down()
    port = _port()
    _refuse_taken(port, workers)
    environment = _environment(port, workers)
    record = Record(port, boot_id(), {}, workers)
    try:
        if workers:
            print("Starting PostgreSQL, Redis and an S3 server ...", flush=True)
            _start(record, local_celery.servers(HOME, port, _secrets()), environment)
            _answer_or_trouble(record)
        print("Preparing the metadata database ...", flush=True)
        _prepared(environment)
        print("Starting Airflow ...", flush=True)
        commands = {name: [sys.executable, "-m", "airflow", *words] for name, words in _components(workers).items()}
        _start(record, commands, environment)
        _wait_until_healthy(record, environment)
    except BaseException:
        if record.leaders:
            down()
        raise
    _print_access(record)


def _components(workers: int) -> dict[str, list[str]]:
    return COMPONENTS | local_celery.workers(workers)


def down() -> None:
    """Stop all our processes, the servers last, and check that none is left."""
    record = _record()
    if record is None:
        print(f"Airflow is not running in {HOME}.")
        return
    servers = {name: leader for name, leader in record.leaders.items() if name in local_celery.SERVERS}
    left = stop([leader for name, leader in record.leaders.items() if name not in servers], signal.SIGTERM)
    left += stop(servers.values(), signal.SIGINT)  # on which PostgreSQL does not wait for those that are connected
    if left:
        raise Trouble(f"the processes {left} have not ended; look at them with: ps -fp {','.join(map(str, left))}")
    RECORD.unlink()
    print("Airflow is stopped.")


def status() -> None:
    """Print whether Airflow is running, and with which processes."""
    record = _record()
    if record is None:
        print(f"Airflow is not running in {HOME}; start it with: make up")
        return
    processes = alive(record.leaders)
    for name in record.leaders:
        print(f"  {name:14} {f'process {processes[name]}' if name in processes else 'NOT RUNNING'}")
    print(f"  {len(running(record.leaders.values()))} processes in all")
    _print_access(record)


def airflow(arguments: list[str]) -> None:
    """Become Airflow's own command line, in the environment of this installation. Does not return."""
    record = _record()
    environment = _environment(record.port, record.workers) if record else _environment(_port())
    if not (HOME / "airflow.db").exists() and not (record and record.workers):
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


def _print_access(record: Record) -> None:
    print(f"\n  Web UI    http://{HOST}:{record.port}")
    for user, password in json.loads(PASSWORDS.read_text()).items():
        print(f"  User      {user:10} password  {password}")
    if record.workers:
        servers = ", ".join(f"{name} {port}" for name, port in local_celery.ports(record.port).items())
        print(f"  Servers   on ports: {servers} (in memory: it is empty after make down)")
        print(f"  A lake    . {HOME / local_celery.LAKE_FILE}, then as in docs/scaling.md")
    print("  Stop      make down\n")


# What Airflow is started with


def _port() -> int:
    text = os.environ.get("AIRFLOW_PORT") or "8080"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Trouble(f"AIRFLOW_PORT is {text!r}; expected a number such as 8080")
    return int(text)


def _refuse_taken(port: int, workers: int) -> None:
    for asked in (port, *(local_celery.ports(port).values() if workers else ())):
        if not is_free(asked):
            many, others = ("-many", f" and the {len(local_celery.SERVERS)} behind it") if workers else ("", "")
            raise Trouble(f"port {asked} is taken; choose another{others}: AIRFLOW_PORT=8081 make up{many}")


def _environment(port: int, workers: int = 0) -> dict[str, str]:
    keep_private()  # for Airflow's processes too: their logs and database
    HOME.mkdir(parents=True, exist_ok=True)
    HOME.chmod(0o700)
    LOGS.mkdir(exist_ok=True)
    secret = _secrets()
    _kept(PASSWORDS, {user: secrets.token_urlsafe(12) for user in USERS})
    url = f"http://{HOST}:{port}"
    many = local_celery.environment(port, secret, workers) if workers else {}
    return (
        airflow_environment(HOME)
        | many
        | {
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
    )


def _secrets() -> dict[str, str]:
    fresh = {name: secrets.token_urlsafe(64) for name in ("jwt", "api", local_celery.POSTGRESQL, local_celery.REDIS)}
    return _kept(SECRETS, fresh | {"fernet": _fernet_key()})


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
        raise Trouble(f"the metadata database cannot be made or migrated:\n{tail(log)}\nThe whole log: {log}")


def _start(record: Record, commands: dict[str, list[str]], environment: dict[str, str]) -> None:
    for name, command in commands.items():
        record.leaders[name] = started(LOGS / f"{name}.log", command, PROJECT, environment)
        RECORD.write_text(json.dumps(asdict(record)))


def _answer_or_trouble(record: Record) -> None:
    """Wait for the servers, and make in them what is not there. Raises Trouble where one does not answer."""
    try:
        local_celery.fill(HOME, record.port, _secrets())
    except OSError as error:
        ended = next((name for name in record.leaders if name not in alive(record.leaders)), None)
        raise Trouble(f"its {ended} ended:\n{tail(LOGS / f'{ended}.log')}" if ended else str(error)) from None


def _wait_until_healthy(record: Record, environment: dict[str, str]) -> None:
    started_at, password = datetime.now(UTC), json.loads(PASSWORDS.read_text())[USER]
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        for name in set(record.leaders) - set(alive(record.leaders)):
            raise Trouble(f"its {name} ended:\n{tail(LOGS / f'{name}.log')}")
        if is_healthy(record.port, USER, password, started_at) and (
            not record.workers or local_celery.answering(environment) == record.workers
        ):
            return
        time.sleep(0.5)
    raise Trouble(f"it is not healthy after {START_SECONDS} seconds; look at {LOGS}")


def _record() -> Record | None:
    """What is written down, or None if none of it is running any more."""
    try:
        written = json.loads(RECORD.read_text())
    except (FileNotFoundError, ValueError):
        return None
    leaders = {name: Leader(**leader) for name, leader in written["leaders"].items()}
    record = Record(**{**written, "leaders": leaders})
    return record if record.boot_id == boot_id() and running(leaders.values()) else None


if __name__ == "__main__":
    main()
