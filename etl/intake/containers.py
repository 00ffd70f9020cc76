"""From zip, tar, gz, bz2, xz, zst, mail, Outlook's and Apple Mail's, RTF, PDF and any nesting of them to streams.

Recognised by content, never by suffix.
"""

from __future__ import annotations

import io
import re
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from etl import formats, store
from etl.formats.workbook.ole_file import SIGNATURE
from etl.formats.workbook.ole_kinds import is_message
from etl.intake import apple_mail, mail, outlook, regular, wrappings
from etl.intake.archives import is_document, open_zip, tar_heads, tar_members, zip_heads, zip_members
from etl.intake.kinds import EMPTY_PART, is_excluded, is_part, of_job
from etl.intake.spools import DEFAULT, Budget, Limits
from etl.intake.streams import Part, decompress
from etl.model import DumpError, MemberError, Range, Reject, Skip

MAX_DEPTH = 4
_TAR_HEAD_BYTES = 512
_OUTLOOK = "message of Outlook"
"""Or an old Office file that may be one, as far as its beginning tells."""


@dataclass(frozen=True)
class Member:
    """One file of a dump. `name` is its path inside the container ('' for a bare file; those of
    nested archives joined by `!`; a compressor adds no name). `open` returns a new stream each time."""

    name: str
    open: Callable[[], BinaryIO]
    format: str = ""
    """What it is read as where no format recognises it."""
    says: Mapping[str, Any] | None = None
    """What its delivery says of the articles in it, as fields of records: the sender and date of a letter."""
    wrapping: str = ""
    """What its text was taken out of: `RTF`, `PDF`."""
    pages: tuple[int, ...] = ()
    """The line in which each of its pages begins."""
    pictures: tuple[int, ...] = ()
    """The pages that hold only a picture."""


def members(
    path: Path,
    limits: Limits = DEFAULT,
    exclude: tuple[str, ...] = (),
    planned: str = "",
    within: Range | None = None,
) -> Iterator[Member | Reject | Skip]:
    """Yields the files in `path`, however they are packed. Use each before taking the next, because a tar's
    members are in temporary files. Of an archive only those that begin `within` a stretch of it, where one is given.

    Instead of a member of an archive: a Reject where it is empty, broken, encrypted, a link, or nested too deep; a Skip
    where its name matches one of the globs of `exclude`. A Skip, too, for what a job of Spark or Hadoop leaves beside
    the parts of its output, and for a part that is empty.

    Raises DumpError when all of the dump is so, or contains unsafe names; LimitError when it unpacks to more than its
    `limits`. While a member of an archive is being read, MemberError says that it is broken, and LimitError as before.
    Raises DumpChanged when the file is gone, or is not the planned one (see etl.intake.regular).
    """
    if kind := _left_by_job(path, planned):
        yield Skip("", kind)
        return
    part = Part("", path.name, lambda: regular.opened(path, planned), _size(path, planned))
    found = False
    for member in _unpack(part, Budget(limits), exclude, 0, within):
        found = True
        yield member
    if not found:
        raise DumpError(f"{path.name}: holds no files; expected at least one dump in it")


def starts_of_members(
    path: Path, limits: Limits, planned: str, is_read_together: Callable[[bytes], bool], head_bytes: int
) -> list[int]:
    """Where the members of a zip or tar begin in it; none where they must be read by one process.

    That is where one is packed itself, or by its first `head_bytes` may be read together with others.
    Raises DumpError and DumpChanged as `members` does.
    """
    part = Part("", path.name, partial(regular.opened, path, planned), _size(path, planned))
    starts: list[int] = []
    for start, head in _heads(part, Budget(limits), head_bytes):
        if _kind(head) not in (None, *wrappings.KINDS) or is_read_together(head) or (starts and start <= starts[-1]):
            return []
        starts.append(start)
    return starts


def _heads(part: Part, budget: Budget, head_bytes: int) -> Iterator[tuple[int, bytes]]:
    with part.open() as stream:
        kind = _kind(stream.read(mail.HEAD_BYTES))
    if kind == "tar":
        yield from tar_heads(part, head_bytes)
    elif kind == "zip":
        archive, _ = open_zip(part, budget)
        with archive:
            if not is_document(archive):
                yield from zip_heads(part, archive, budget, head_bytes)


def _size(path: Path, planned: str) -> int:
    with regular.opened(path, planned) as stream:
        return stream.seek(0, io.SEEK_END)


def _left_by_job(path: Path, planned: str) -> str | None:
    """What a file is that a job of Spark or Hadoop left: one of its own, or an empty part beside others."""
    if kind := of_job(path.name):
        return kind
    return EMPTY_PART if is_part(path.name) and not _size(path, planned) and is_beside_parts(path) else None


def is_beside_parts(path: Path) -> bool:
    """Whether a file is a part of the output of a job, with other parts or the mark of the job's success beside it."""
    if not is_part(path.name):
        return False
    with store.scan(path.parent) as beside:
        others = [entry for entry in beside if entry.name != path.name]
        return any(of_job(each.name) or (is_part(each.name) and each.stat().st_size) for each in others)


def _unpack(
    part: Part, budget: Budget, exclude: tuple[str, ...], depth: int, within: Range | None = None
) -> Iterator[Member | Reject | Skip]:
    """Yields what is in a part, or why it cannot be had, if it is a member of an archive itself."""
    if part.name and is_excluded(part.name, exclude):
        yield Skip(part.name, "excluded")
        return
    if part.name and (kind := of_job(part.name)):
        yield Skip(part.name, kind)
        return
    try:
        yield from _opened(part, budget, exclude, depth, within)
    except MemberError as error:
        if not part.name or error.name != part.name:
            raise
        yield Reject(part.name, error.reason)


def _opened(
    part: Part, budget: Budget, exclude: tuple[str, ...], depth: int, within: Range | None
) -> Iterator[Member | Reject | Skip]:
    with part.open() as stream:
        head = stream.read(mail.HEAD_BYTES)
    if not head and depth and is_part(part.place):
        yield Skip(part.name, EMPTY_PART)
        return
    if not head:
        raise part.error("is empty (0 bytes); expected a dump; fetch it again")
    kind = part.kind or _kind(head)
    if kind == _OUTLOOK:
        part = outlook.as_mail(part)
        kind = part.kind
    if kind == mail.APPLE:
        part = apple_mail.as_mail(part)
        kind = part.kind
    if kind is None or kind == "file":
        yield Member(part.name, part.open, part.format, part.says)
        return
    if depth == MAX_DEPTH:
        raise part.error(f"is a {kind} nested more than {MAX_DEPTH} levels deep; unpack it by hand")
    if kind in wrappings.KINDS:
        opened, pages, pictures = wrappings.unwrapped(part, kind, budget)
        yield Member(part.name, opened, part.format, part.says, kind, pages, pictures)
        return
    if kind == "zip":
        archive, length = open_zip(part, budget)
        if is_document(archive):
            yield Member(part.name, part.open)
            return
        parts: Iterator[Part | Reject | Skip] = zip_members(part, archive, length, budget, within)
    elif kind == "tar":
        parts = tar_members(part, budget, within)
    elif kind == "mailbox":
        parts = mail.mailbox_parts(part)
    elif kind == "mail":
        parts = mail.mail_parts(part, partial(_beginning, part, budget))
    else:
        meter = budget.meter(part.packed)
        parts = iter([Part(part.name, part.place, partial(decompress, part, kind, meter), part.packed)])
    for inner in parts:
        yield from (inner,) if isinstance(inner, Reject | Skip) else _unpack(inner, budget, exclude, depth + 1)


def _beginning(part: Part, budget: Budget, attachment: bytes) -> bytes | None:
    """By what it is seen whether an attachment is a dump: the beginning of its text where it is wrapped.

    None where it holds files, so that what it is need not be asked; nothing where it has no text that can be had.
    """
    inner = part.inside("attachment", partial(io.BytesIO, attachment), len(attachment))
    kind = _kind(attachment)
    if kind == _OUTLOOK:
        return None if is_message(attachment) else attachment
    try:
        if kind in wrappings.KINDS:
            return wrappings.beginning(inner, kind, budget, formats.HEAD_BYTES)
        if kind == "zip":
            with open_zip(inner, budget)[0] as archive:
                return attachment if is_document(archive) else None
    except MemberError:
        return b"" if kind in wrappings.KINDS else None
    return attachment if kind is None else None


def is_container(head: bytes) -> bool:
    """Whether a file that begins with these bytes holds others, or is compressed."""
    return _kind(head) is not None


def _kind(head: bytes) -> str | None:
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return "zip"
    if head[:3] == b"\x1f\x8b\x08":
        return "gz"
    if re.match(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)", head):
        return "bz2"
    if head[:6] == b"\xfd7zXZ\0":
        return "xz"
    if head[:4] == b"(\xb5/\xfd" or re.match(rb"[\x50-\x5f]\x2a\x4d\x18", head):
        return "zst"
    if re.match(rb"(?:\xef\xbb\xbf)?\s{0,64}\{\\rtf", head):
        return "RTF"
    if re.match(rb"\s{0,64}%PDF-", head):
        return "PDF"
    if head.startswith(SIGNATURE):
        return None if is_message(head) is False else _OUTLOOK
    try:
        tarfile.TarInfo.frombuf(head[:_TAR_HEAD_BYTES], "utf-8", "surrogateescape")  # it verifies the checksum
    except tarfile.HeaderError:
        return mail.kind_of(head)
    return "tar"
