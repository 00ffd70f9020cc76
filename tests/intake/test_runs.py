"""An archive read in runs of its members gives what it gives as a whole, and what belongs together stays together."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packed import tarred, zipped

from etl import formats
from etl.intake import bundles
from etl.intake.containers import starts_of_members
from etl.intake.spools import DEFAULT, Limits
from etl.model import Range, Reject, Skip

PAGE = Path(__file__).parent.parent / "samples" / "mets_alto"

MEMBERS: list[tuple[str, bytes]] = [
    ("a.json", b'{"headline": "Harbour reopens", "body": "The harbour opened again."}'),
    ("a.json", b'{"headline": "Second of a name", "body": "The harbour opened again."}'),
    ("./b/c.html", b"<html><h1>Ferry</h1><p>A ferry was late.</p></html>"),
    ("photo.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF"),
    ("page.pdf", b"%PDF-1.7\n"),
    ("empty.json", b""),
    ("noise.bin", bytes(range(256)) * 9),
    (".DS_Store", b"Bud1"),
    ("__MACOSX/._a.json", b"\0\5\x16\7"),
    ("folder/", b""),
    ("old/left.json", b'{"headline": "Left out", "body": "x"}'),
    ("part-00000.json", b""),
    ("_SUCCESS", b""),
    ("\u00e9" * 90 + ".json", b'{"headline": "A long name", "body": "x"}'),
    ("long.json", b'{"headline": "Long", "body": "' + b"Long. " * 5_000 + b'"}'),
]


def as_zip(files: list[tuple[str, bytes]]) -> bytes:
    return zipped(files)


def as_tar(files: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            info.type = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
            archive.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "a.json"
        archive.addfile(link)
    return buffer.getvalue()


def starts_of(path: Path, limits: Limits = DEFAULT) -> list[int]:
    return starts_of_members(path, limits, "", formats.is_read_together, formats.HEAD_BYTES)


def items(path: Path, within: Range | None = None) -> list[Any]:
    """What a run of members gives: their contents with the names of their readers, rejects, skips."""
    found: list[Any] = []
    identified = partial(bundles.identified, path="dump", wanted="auto")
    for member, reader in bundles.readable(path, identified, (), exclude=("old/*",), within=within):
        if isinstance(reader, Reject | Skip):
            found.append(reader)
            continue
        with member.open() as stream:
            found.append((member.name, formats.name_of(reader), stream.read()))
    return found


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([as_zip, as_tar]),
    st.lists(st.sampled_from(MEMBERS), min_size=1, max_size=14).map(lambda some: [*some, MEMBERS[0]]),
    st.data(),
)
@pytest.mark.nightly
def test_all_runs_of_an_archive_give_the_members_of_the_whole(
    pack: Callable[[list[tuple[str, bytes]]], bytes], files: list[tuple[str, bytes]], data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("warnings.warn", lambda *_, **__: None)  # zipfile warns of the second of a name
        path = Path(folder, "dump")
        path.write_bytes(pack(files))
        starts = starts_of(path)
        assert len(starts) == sum(1 for name, _ in files if not name.startswith((".DS", "__")) and name[-1] != "/")
        cuts = sorted(data.draw(st.sets(st.sampled_from(starts))) - {starts[0]})
        runs = [items(path, Range(*each)) for each in pairwise([0, *cuts, path.stat().st_size])]
        together, whole = list(chain.from_iterable(runs)), items(path)
    read = [[item for item in some if isinstance(item, tuple)] for some in (together, whole)]
    assert read[0] == read[1]
    assert Counter(together) == Counter(whole)
    assert all(runs)


@pytest.mark.parametrize(
    "other",
    [
        ("day.zip", zipped({"a.json": b"{}"})),
        ("day.json.gz", gzip.compress(b"{}")),
        ("day.tar", tarred({"a.json": b"{}"})),
        *((file.name, file.read_bytes()) for file in sorted(PAGE.rglob("*.xml"))[:4]),
    ],
    ids=lambda other: other[0][-20:],
)
@pytest.mark.parametrize("pack", [as_zip, as_tar])
def test_an_archive_is_not_cut_where_a_member_is_packed_or_may_belong_to_others(
    tmp_path: Path, pack: Callable[[list[tuple[str, bytes]]], bytes], other: tuple[str, bytes]
) -> None:
    (tmp_path / "dump").write_bytes(pack([MEMBERS[0], other, MEMBERS[2]]))
    assert starts_of(tmp_path / "dump") == []


def test_a_zip_whose_list_is_in_another_order_than_its_members_is_not_cut(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "dump", "w") as archive:
        for name in ("a.json", "b.json"):
            archive.writestr(name, b"{}")
        archive.filelist.reverse()
    assert starts_of(tmp_path / "dump") == []


def test_a_zip_that_may_unpack_to_too_much_is_not_cut(tmp_path: Path) -> None:
    files = [(f"{number}.json", bytes(20 << 20)) for number in range(2)]
    (tmp_path / "dump").write_bytes(zipped(files))
    with pytest.raises(Exception, match="more than text does"):
        starts_of(tmp_path / "dump")
