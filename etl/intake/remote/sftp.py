"""A folder of an SSH server. Its key must be in ~/.ssh/known_hosts, or in the machine's; none is ever added.

We show the keys of the SSH agent and of ~/.ssh, or a password.
"""

from __future__ import annotations

import logging
import stat
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import paramiko

from etl import words
from etl.declared.remote import Address
from etl.intake.remote import CHANGED, CONNECT_SECONDS, SILENT_SECONDS, Broken, Entry, Login, Parts, Unreached

KNOWN_HOSTS = Path("/etc/ssh/ssh_known_hosts")
PORT = 22
CHUNK_BYTES = 1 << 18
AHEAD_BYTES = 1 << 24
"""What is asked for at once, as each answer takes its time; and so the most that is held in memory."""


@contextmanager
def connected(address: Address, login: Login) -> Iterator[SftpServer]:
    """A session with one host."""
    logging.getLogger("paramiko").setLevel(logging.CRITICAL)  # what it tells there is raised, too
    with paramiko.SSHClient() as client:
        with _told():
            session = _session(client, address, login)
        yield SftpServer(session)


def _session(client: paramiko.SSHClient, address: Address, login: Login) -> paramiko.SFTPClient:
    client.set_missing_host_key_policy(_Unknown())
    client.load_system_host_keys()
    if KNOWN_HOSTS.is_file():
        client.load_system_host_keys(str(KNOWN_HOSTS))
    client.connect(
        address.host.strip("[]"),
        address.port or PORT,
        login.user or address.user,
        login.password,
        timeout=CONNECT_SECONDS,
        banner_timeout=CONNECT_SECONDS,
        auth_timeout=SILENT_SECONDS,
        channel_timeout=CONNECT_SECONDS,
    )
    session = client.open_sftp()
    if channel := session.get_channel():
        channel.settimeout(SILENT_SECONDS)
    return session


class _Unknown(paramiko.MissingHostKeyPolicy):
    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        raise Unreached(
            f"has a host key that is not in ~/.ssh/known_hosts ({key.get_name()} {key.fingerprint}); ask its operator "
            "whether it is theirs, then add it with ssh-keyscan"
        )


_NOT_LET_IN = "does not let us in; see whether user and key or password are right (`sftp` shows the same)"


@contextmanager
def _told() -> Iterator[None]:
    """Raise what goes wrong as Unreached, in words."""
    try:
        yield
    except paramiko.BadHostKeyException:
        raise Unreached(
            "shows another host key than ~/.ssh/known_hosts has; ask its operator whether it was changed"
        ) from None
    except (paramiko.AuthenticationException, paramiko.PasswordRequiredException):
        raise Unreached(_NOT_LET_IN) from None
    except paramiko.SSHException as error:
        if "authentication methods" in str(error):  # we have no key to show
            raise Unreached(_NOT_LET_IN) from None
        raise Broken(f"cannot be reached: {words.shown(str(error))}") from None
    except UnicodeDecodeError:
        raise Unreached("holds a name that is not UTF-8; have it renamed there") from None
    except TimeoutError:
        raise Broken(f"does not answer within {SILENT_SECONDS:.0f} s") from None
    except FileNotFoundError:
        raise Unreached("has no such file or folder") from None
    except PermissionError:
        raise Unreached("does not permit it; see which rights our user has there") from None
    except (OSError, EOFError) as error:
        raise Broken(f"cannot be reached: {words.shown(str(error) or type(error).__name__)}") from None


class SftpServer:
    """See etl.intake.remote.Place."""

    def __init__(self, session: paramiko.SFTPClient) -> None:
        self._session = session
        self.doubts: dict[Parts, str] = {}

    def entries(self, folder: Parts) -> Iterator[Entry]:
        with _told():
            # One question ahead: the answers to others would be left where the listing is not read to its end.
            for found in self._session.listdir_iter(_path(folder), read_aheads=1):
                if stat.S_ISLNK(found.st_mode or 0):
                    yield from self._behind_link(folder, found.filename)
                elif stat.S_ISDIR(found.st_mode or 0) or stat.S_ISREG(found.st_mode or 0):
                    yield _entry(found.filename, found)

    def looked_at(self, file: Parts, listed: Entry | None) -> Entry:
        with _told():
            return listed or _entry(file[-1], self._session.stat(_path(file)))

    def read(self, file: Parts, known: Entry, offset: int) -> Generator[tuple[int, bytes]]:
        with _told(), self._session.open(_path(file), "rb") as stream:
            _refuse_other(stream, known)
            stream.seek(offset)
            while offset < (known.size_bytes or 0):
                end = min(known.size_bytes or 0, offset + AHEAD_BYTES)
                stream.prefetch(end)
                while offset < end and (chunk := stream.read(min(CHUNK_BYTES, end - offset))):
                    yield offset, chunk
                    offset += len(chunk)
                if offset < end:
                    return
            _refuse_other(stream, known)  # somebody may have gone on writing

    def _behind_link(self, folder: Parts, name: str) -> Iterator[Entry]:
        try:
            found = self._session.stat(_path((*folder, name)))
        except OSError:  # it leads nowhere
            return
        if stat.S_ISREG(found.st_mode or 0):  # links to folders may lead in a circle
            yield _entry(name, found)


def _refuse_other(stream: paramiko.SFTPFile, known: Entry) -> None:
    if _entry(known.name, stream.stat()) != known:
        raise Unreached(CHANGED)


def _path(parts: Parts) -> str:
    return "/" + "/".join(parts)


def _entry(name: str, found: paramiko.SFTPAttributes) -> Entry:
    modified = None if found.st_mtime is None else float(found.st_mtime)
    return Entry(name, stat.S_ISDIR(found.st_mode or 0), found.st_size, modified)
