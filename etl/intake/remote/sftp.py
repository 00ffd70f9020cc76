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
from paramiko.sftp import CMD_CLOSE, CMD_OPENDIR, CMD_READDIR

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
            for found in _listed(self._session, _path(folder)):
                if not found.filename.isprintable():  # one that is not UTF-8 cannot be asked for
                    yield Entry(found.filename, False)
                    continue
                kind = _kind(found) or self._asked_kind((*folder, found.filename))
                if kind == stat.S_IFLNK:
                    yield from self._behind_link(folder, found.filename)
                elif kind in (stat.S_IFDIR, stat.S_IFREG):
                    yield _entry(found.filename, found, kind == stat.S_IFDIR)

    def looked_at(self, file: Parts, listed: Entry | None) -> Entry:
        with _told():
            return listed or _entry(file[-1], self._session.stat(_path(file)))

    def read(self, file: Parts, known: Entry, offset: int) -> Generator[tuple[int, bytes]]:
        with _told(), self._session.open(_path(file), "rb") as stream:
            _refuse_other(stream, known)
            if known.modified_at is None:  # what was received before may be of another one
                offset = 0
            stream.seek(offset)
            while known.size_bytes is None and (chunk := stream.read(CHUNK_BYTES)):
                yield offset, chunk
                offset += len(chunk)
            while offset < (known.size_bytes or 0):
                end = min(known.size_bytes or 0, offset + AHEAD_BYTES)
                stream.prefetch(end)
                while offset < end and (chunk := stream.read(min(CHUNK_BYTES, end - offset))):
                    yield offset, chunk
                    offset += len(chunk)
                if offset < end:
                    return
            _refuse_other(stream, known)  # somebody may have gone on writing

    def _asked_kind(self, parts: Parts) -> int:
        """Of a name of which the listing tells no kind: a folder is what can be listed."""
        try:
            if kind := _kind(self._session.stat(_path(parts))):
                return kind
            _close(self._session, _opened(self._session, _path(parts)))
        except OSError:
            return stat.S_IFREG
        return stat.S_IFDIR

    def _behind_link(self, folder: Parts, name: str) -> Iterator[Entry]:
        try:
            found = self._session.stat(_path((*folder, name)))
        except OSError:  # it leads nowhere
            return
        if _kind(found) in (stat.S_IFREG, 0):  # links to folders may lead in a circle
            yield _entry(name, found)


def _refuse_other(stream: paramiko.SFTPFile, known: Entry) -> None:
    found = _entry(known.name, stream.stat())
    told = [(known.size_bytes, found.size_bytes), (known.modified_at, found.modified_at)]
    if any(None not in pair and pair[0] != pair[1] for pair in told):
        raise Unreached(CHANGED)


def _path(parts: Parts) -> str:
    return "/" + "/".join(parts)


def _entry(name: str, found: paramiko.SFTPAttributes, is_folder: bool = False) -> Entry:
    modified = None if found.st_mtime is None else float(found.st_mtime)
    return Entry(name, is_folder, found.st_size, modified)


def _kind(found: paramiko.SFTPAttributes) -> int:
    """Whether it is a file, folder or link, as `stat` has it; 0 where neither its mode nor its line tells."""
    line = str(getattr(found, "longname", ""))
    return stat.S_IFMT(found.st_mode or 0) or _BY_LETTER.get(line[:1], 0)


_BY_LETTER = {"d": stat.S_IFDIR, "-": stat.S_IFREG, "l": stat.S_IFLNK}
"""The letter with which a line of a listing begins, as that of `ls -l`."""


def _listed(session: paramiko.SFTPClient, folder: str) -> Iterator[paramiko.SFTPAttributes]:
    """What is in a folder. paramiko's own listing ends at the first name that is not UTF-8."""
    handle = _opened(session, folder)
    while True:
        try:
            _, answer = session._request(CMD_READDIR, handle)
        except EOFError:
            _close(session, handle)
            return
        for _ in range(answer.get_int()):
            name, line = (answer.get_string().decode("utf-8", "surrogateescape") for _ in range(2))
            found = paramiko.SFTPAttributes._from_msg(answer, name, line)
            if name not in (".", ".."):
                yield found


def _opened(session: paramiko.SFTPClient, folder: str) -> bytes:
    _, answer = session._request(CMD_OPENDIR, folder.encode())
    handle: bytes = answer.get_string()
    return handle


def _close(session: paramiko.SFTPClient, handle: bytes) -> None:
    session._request(CMD_CLOSE, handle)
