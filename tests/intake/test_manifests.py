"""Names as long as a file system allows: no manifest can stand beside them, and they are read all the same."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from etl.intake.containers import Member, members
from etl.intake.manifests import read_manifest
from etl.model import Manifest

LONGEST = ["a" * 250 + ".html", "ä" * 125 + ".html", "字" * 83 + ".xhtml"]


@pytest.mark.parametrize("name", LONGEST)
@pytest.mark.parametrize("is_in_landing", [True, False])
def test_beside_a_name_of_255_bytes_there_is_no_manifest(tmp_path: Path, name: str, is_in_landing: bool) -> None:
    file = tmp_path / name
    file.write_text("<html>")
    assert len(name.encode()) == 255
    assert read_manifest(file, tmp_path if is_in_landing else None) == Manifest()


def zipped(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "text")
    return buffer.getvalue()


def tarred(name: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size = 4
        archive.addfile(member, io.BytesIO(b"text"))
    return buffer.getvalue()


@pytest.mark.parametrize("pack", [zipped, tarred])
@pytest.mark.parametrize("name", [*LONGEST, "/".join(["b" * 255] * 4)])
def test_a_member_of_an_archive_may_have_such_a_name(tmp_path: Path, pack: object, name: str) -> None:
    file = tmp_path / LONGEST[0]
    file.write_bytes(pack(name))  # type: ignore[operator]
    (member,) = members(file)
    assert isinstance(member, Member)
    with member.open() as stream:
        assert (member.name, stream.read()) == (name, b"text")
