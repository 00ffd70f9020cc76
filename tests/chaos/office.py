"""Airflow on two Celery workers, as `make up-many` starts them, in the hands of whoever is to disturb it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import local_celery
import redis
from local_processes import Leader, running, started
from local_services import free_ports

from chaos.homes import Home
from chaos.scheduler import Airflow
from etl.settings import PROJECT

WORKERS = tuple(local_celery.workers(2))
PATIENCE_SECONDS = 300


@dataclass(frozen=True)
class Office(Airflow):
    """A running Airflow whose workers and servers can be killed and started again one by one."""

    @property
    def leaders(self) -> dict[str, Leader]:
        """The processes that were started, by name."""
        record = json.loads((self.folder / "processes.json").read_text())
        return {name: Leader(**leader) for name, leader in record["leaders"].items()}

    def processes(self, name: str) -> list[int]:
        """All that the process of that name started, and itself."""
        return running([self.leaders[name]])

    def restart(self, name: str, down_seconds: float = 0, **environment: str) -> None:
        """Kill a worker, or Redis, as a machine that goes down does; start it again later, with other variables."""
        self.signal(name, signal.SIGKILL)
        time.sleep(down_seconds)
        if name in WORKERS:
            words = ["airflow", *local_celery.workers(len(WORKERS))[name]]
            command = [sys.executable, str(PROJECT / "bin" / "local_airflow.py"), *words]
        else:
            command = ["redis-server", str(self.folder / "redis" / "redis.conf")]
        log = self.folder / "logs" / f"{name}.log"
        leader = started(log, command, PROJECT, {**self.environment, **environment})
        file = self.folder / "processes.json"
        record = json.loads(file.read_text())
        record["leaders"][name] = asdict(leader)
        file.write_text(json.dumps(record))
        wait_for(name, lambda: self.answers() if name not in WORKERS else "ready." in log.read_text())

    @contextmanager
    def still(self, *names: str) -> Iterator[None]:
        """These stand still meanwhile."""
        for name in names:
            self.signal(name, signal.SIGSTOP)
        try:
            yield
        finally:
            for name in names:
                self.signal(name, signal.SIGCONT)

    def queued(self) -> int:
        """How many tasks wait in Redis for a worker."""
        with closing(self.queue()) as found:
            return int(found.llen("default"))  # type: ignore[arg-type]

    def answers(self) -> bool:
        """Whether Redis does."""
        with closing(self.queue()) as found:
            try:
                return bool(found.ping())
            except redis.ConnectionError:
                return False

    def queue(self) -> redis.Redis:
        """A connection to Redis."""
        lines = (self.folder / "redis" / "redis.conf").read_text().splitlines()
        said = dict(line.split(" ", 1) for line in lines)
        return redis.Redis(port=int(said["port"]), password=said["requirepass"])

    def tasks_of(self, worker: str) -> list[str]:
        """The tasks that a worker has ended, by the numbers that Celery gave them."""
        return re.findall(r"execute_workload\[(\S+)\] succeeded", self.log_of(worker))

    def log_of(self, name: str) -> str:
        """What a process said since it was started last."""
        return (self.folder / "logs" / f"{name}.log").read_text()

    def task_logs(self) -> str:
        """What all tasks said."""
        return "\n".join(file.read_text() for file in (self.folder / "logs").glob("dag_id=*/**/*.log"))


@contextmanager
def many(home: Home, settings: str = "", workers: int = len(WORKERS)) -> Iterator[Office]:
    """Airflow on some workers over a home, with lines for its airflow.cfg; stopped at the end."""
    office = Office(home, free_ports(1 + len(local_celery.SERVERS)))
    office.folder.mkdir(parents=True)
    (office.folder / "airflow.cfg").write_text(settings)
    try:
        office.local("up-many", str(workers))
        yield office
    finally:
        office.local("down")


def wait_for(what: str, is_there: Callable[[], bool]) -> None:
    """Wait until it is there. Raises TimeoutError if that takes too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_there():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {PATIENCE_SECONDS} s for {what}")
        time.sleep(0.1)


def made_preload(folder: Path) -> Path:
    """A library that shifts the clock of the processes that load it, by CLOCK_SHIFT seconds."""
    source, library = folder / "shift.c", folder / "shift.so"
    source.write_text(SHIFT)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    return library


SHIFT = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static long shift(void) { const char *text = getenv("CLOCK_SHIFT"); return text ? atol(text) : 0; }

int clock_gettime(clockid_t clock, struct timespec *now) {
    int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, now);
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) now->tv_sec += shift();
    return result;
}

int gettimeofday(struct timeval *now, void *zone) {
    int (*real)(struct timeval *, void *) = dlsym(RTLD_NEXT, "gettimeofday");
    int result = real(now, zone);
    now->tv_sec += shift();
    return result;
}

time_t time(time_t *now) {
    time_t (*real)(time_t *) = dlsym(RTLD_NEXT, "time");
    time_t result = real(NULL) + shift();
    if (now) *now = result;
    return result;
}

/* The kernel does not know of the other clock. */
int sem_timedwait(sem_t *semaphore, const struct timespec *until) {
    int (*real)(sem_t *, const struct timespec *) = dlsym(RTLD_NEXT, "sem_timedwait");
    struct timespec shifted = {until->tv_sec - shift(), until->tv_nsec};
    return real(semaphore, &shifted);
}
"""
