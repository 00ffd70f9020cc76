"""PostgreSQL, Redis and an S3 server as processes of this machine, on loopback: for `make up-many` and for tests.

The first two are Debian's packages. The S3 server is moto's, for trials: it keeps everything in memory.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

HOST = "127.0.0.1"
USER = "broadsheet"
PATIENCE_SECONDS = 30


def missing() -> list[str]:
    """The packages to be installed before the servers can be started."""
    found = {"postgresql": postgres_tool("initdb"), "redis-server": shutil.which("redis-server")}
    return [package for package, tool in found.items() if not tool]


def postgres_tool(name: str) -> Path | None:
    """A program of the newest PostgreSQL that is installed: Debian keeps them out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return found[-1] if found else None


def as_postgres(name: str, *arguments: object) -> list[str]:
    """A command of PostgreSQL. It refuses to run as root, so root lends it to the user postgres.

    That user keeps root's right to pass through folders, for our own let nobody pass.
    """
    right = "+dac_override"
    lent = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", f"--inh-caps={right}"]
    other = [*lent, f"--ambient-caps={right}", "--"] if os.geteuid() == 0 else []
    return [*other, *map(str, (postgres_tool(name), *arguments))]


def make_cluster(folder: Path, *options: object) -> None:
    """Make the folder in which a PostgreSQL keeps everything; `options` go to initdb."""
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    command = as_postgres("initdb", "-D", folder, "-U", USER, "--encoding=UTF8", "--locale=C", *options)
    subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)


def postgres_options(port: int) -> list[str]:
    """Where it listens: on loopback alone, without a socket in a folder."""
    return ["-p", str(port), "-c", f"listen_addresses={HOST}", "-c", "unix_socket_directories="]


def redis_command(folder: Path, port: int, password: str = "") -> list[str]:
    """Makes the folder of a Redis that writes down every change, for a queue that is lost is a night that stands still.

    Returns the command that starts it.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    settings = [f"bind {HOST}", f"port {port}", f'dir "{folder}"', "appendonly yes", 'save ""']
    settings += [f"requirepass {password}"] if password else []
    file = folder / "redis.conf"
    file.write_text("\n".join(settings) + "\n")  # a command line could be read by everybody
    return ["redis-server", str(file)]


def s3_command(port: int) -> list[str]:
    """The command that starts an S3 server without buckets."""
    return [str(Path(sys.executable).with_name("moto_server")), "-H", HOST, "-p", str(port)]


def s3_environment(port: int) -> dict[str, str]:
    """The variables of the environment that lead to it."""
    return {
        "AWS_ENDPOINT_URL": f"http://{HOST}:{port}",
        "AWS_ACCESS_KEY_ID": "trial",
        "AWS_SECRET_ACCESS_KEY": "trial",
        "AWS_REGION": "us-east-1",
    }


def new_bucket(port: int, name: str) -> None:
    """Make an empty bucket in it."""
    import boto3

    said = s3_environment(port)
    client = boto3.client(
        "s3",
        endpoint_url=said["AWS_ENDPOINT_URL"],
        region_name=said["AWS_REGION"],
        aws_access_key_id=said["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=said["AWS_SECRET_ACCESS_KEY"],
    )
    client.create_bucket(Bucket=name)


def free_port() -> int:
    """A port of loopback that nobody uses."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


def free_ports(number: int) -> int:
    """The first of so many ports, one behind the other, that nobody uses."""
    while True:
        first = free_port()
        if all(is_free(port) for port in range(first, first + number)):
            return first


def is_free(port: int) -> bool:
    """Whether a server could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def wait_for(port: int) -> None:
    """Wait until somebody listens there. Raises OSError where nobody does in time."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with socket.create_connection((HOST, port), timeout=1):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
