"""Containers are recognised by content, read to the last byte, and refused with a reason when they cannot be."""

from __future__ import annotations

import bz2
import errno
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
import zstandard
from packed import tarred, zipped

from etl.files import StorageError
from etl.intake import archives, containers, spools
from etl.intake.containers import MAX_DEPTH, members
from etl.intake.kinds import EMPTY_PART
from etl.intake.spools import Limits
from etl.model import DumpChanged, DumpError, LimitError, MemberError, Reject, Skip

TEXT = b"The council voted on Tuesday to reopen the harbour bridge.\n" * 400
NOISE = Random(7).randbytes(200_000)
"""Does not compress, so that a cut falls in the middle of the data."""

COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.ZstdCompressor().compress,
}
compressor = pytest.mark.parametrize("pack", COMPRESSORS.values(), ids=COMPRESSORS)


Dump = Callable[[bytes], Path]


def contents(path: Path, ratio: float = 100.0) -> dict[str, bytes]:
    found = {}
    for member in members(path, Limits(max_unpack_ratio=ratio)):
        if isinstance(member, Reject):
            continue
        with member.open() as stream:
            found[member.name] = stream.read()
    return found


def rejects(path: Path) -> dict[str, str]:
    """The members that cannot be had, with the reason; all others are read."""
    found = {}
    for member in members(path):
        if isinstance(member, Reject):
            found[member.position] = member.reason
        else:
            try:
                member.open().read()
            except MemberError as error:
                found[error.name] = error.reason
    return found


def refusal(path: Path, ratio: float = 100.0) -> str:
    with pytest.raises(DumpError) as caught:
        contents(path, ratio)
    return str(caught.value)


def test_a_plain_file_is_itself(dump: Dump) -> None:
    assert contents(dump(TEXT)) == {"": TEXT}


@compressor
def test_a_compressor_is_seen_through_and_adds_no_name(dump: Dump, pack: Callable[[bytes], bytes]) -> None:
    assert contents(dump(pack(TEXT))) == {"": TEXT}


@compressor
def test_streams_put_end_to_end_are_read_whole(dump: Dump, pack: Callable[[bytes], bytes]) -> None:
    assert contents(dump(pack(TEXT) + pack(NOISE) + pack(b"The end."))) == {"": TEXT + NOISE + b"The end."}


@pytest.mark.parametrize("archive", [zipped, tarred])
def test_an_archive_gives_its_members_in_order(dump: Dump, archive: Callable[[dict[str, bytes]], bytes]) -> None:
    files = {"b/two.txt": b"Two", "a.txt": TEXT, "b/one.txt": NOISE}
    found = contents(dump(archive(files)))
    assert found == files
    assert list(found) == list(files)


@compressor
def test_a_compressed_tar_and_what_is_packed_in_it(dump: Dump, pack: Callable[[bytes], bytes]) -> None:
    inner = zipped({"page.txt": b"Page one", "more.gz": gzip.compress(TEXT)})
    found = contents(dump(pack(tarred({"./plain.txt": TEXT, "week/monday.zip": inner}))))
    assert found == {
        "plain.txt": TEXT,
        "week/monday.zip!page.txt": b"Page one",
        "week/monday.zip!more.gz": TEXT,
    }


def test_a_zip_in_a_zip_that_packs_it_smaller_is_no_bomb(dump: Dump) -> None:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("page.txt", TEXT)
    assert contents(dump(zipped({"inner.zip": stored.getvalue()}))) == {"inner.zip!page.txt": TEXT}


@pytest.mark.parametrize("pack", [zipped, tarred, lambda files: gzip.compress(tarred(files))])
def test_a_member_opens_any_number_of_times(dump: Dump, pack: Callable[[dict[str, bytes]], bytes]) -> None:
    """The pipeline looks at the head, counts marks, and reads; the streams must not share a place."""
    for member in members(dump(pack({"a.txt": TEXT, "b.txt": NOISE}))):
        first, second = member.open(), member.open()
        assert first.read(10) == second.read(10)
        assert first.read() == second.read()
        assert member.open().read(10) in (TEXT[:10], NOISE[:10])


def test_what_operating_systems_leave_behind_is_no_member(dump: Dump) -> None:
    files = {"__MACOSX/._a.txt": b"x", "a.txt": TEXT, "week/.DS_Store": b"x", "Thumbs.db": b"x", "week/": b""}
    assert contents(dump(zipped(files))) == {"a.txt": TEXT}


@pytest.mark.parametrize("first", ["[Content_Types].xml", "mimetype"])
def test_a_document_that_is_a_zip_stays_whole(dump: Dump, first: str) -> None:
    document = zipped({first: b"application/epub+zip", "word/document.xml": TEXT})
    assert contents(dump(document)) == {"": document}


@compressor
@pytest.mark.parametrize("cut", [2, 100_000])
def test_a_truncated_stream_is_refused_with_the_place(dump: Dump, pack: Callable[[bytes], bytes], cut: int) -> None:
    message = refusal(dump(pack(NOISE)[:-cut]))
    assert "delivery.dat" in message
    assert "truncated or damaged after" in message
    assert "fetch it again" in message


def test_what_stands_before_the_break_can_be_read(dump: Dump) -> None:
    (member,) = members(dump(gzip.compress(TEXT * 50 + NOISE)[:-100_000]))
    stream = member.open()
    read = bytearray()
    with pytest.raises(DumpError, match=r"after [0-9,]+ unpacked bytes"):
        while True:
            read += stream.read1(65_536)  # type: ignore[attr-defined]
    assert read.startswith(TEXT * 50 + NOISE[:80_000])


@pytest.mark.parametrize("keep", [0.5, 0.999])
def test_a_truncated_archive_is_refused(dump: Dump, keep: float) -> None:
    for whole in (zipped({"a.txt": NOISE, "b.txt": TEXT}), tarred({"a.txt": NOISE, "b.txt": NOISE})[: -9 * 1024]):
        assert "truncated or damaged" in refusal(dump(whole[: int(len(whole) * keep)]))


def test_a_tar_cut_between_two_members_is_refused(dump: Dump) -> None:
    """tarfile alone takes the cut for the end, and the second article is gone without a word."""
    whole = tarred({"a.txt": b"a" * 512, "b.txt": b"b" * 512})
    assert "where a member or the end mark should be" in refusal(dump(whole[:1024]))
    assert "truncated or damaged near byte" in refusal(dump(gzip.compress(whole[:1024])))


def test_a_damaged_tar_header_is_refused_and_not_taken_for_the_end(dump: Dump) -> None:
    whole = bytearray(tarred({"a.txt": b"a" * 512, "b.txt": b"b" * 512}))
    whole[1024 + 150] ^= 0xFF  # in the checksum of b.txt
    assert "truncated or damaged" in refusal(dump(bytes(whole)))


def test_a_damaged_zip_member_is_named(dump: Dump) -> None:
    whole = bytearray(zipped({"a.txt": NOISE}))
    whole[1000] ^= 0xFF
    assert "truncated or damaged" in rejects(dump(bytes(whole)))["a.txt"]


@pytest.mark.parametrize("name", ["../passwd", "/etc/passwd", "a/../../b.txt", "C:\\b.txt", "..\\b.txt"])
def test_names_that_point_outside_are_refused(dump: Dump, name: str) -> None:
    assert "points outside" in refusal(dump(zipped({name: TEXT})))
    assert "points outside" in refusal(dump(tarred({name: TEXT})))


def test_an_encrypted_zip_is_refused(dump: Dump) -> None:
    data = bytearray(zipped({"a.txt": TEXT}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in refusal(dump(bytes(data)))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_a_link_or_device_in_a_tar_costs_only_itself(dump: Dump, kind: bytes) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        info = tarfile.TarInfo("latest.txt")
        info.type, info.linkname = kind, "/etc/passwd"
        archive.addfile(info)
        archive.addfile(tarfile.TarInfo("a.txt"))
    found = rejects(dump(buffer.getvalue()))
    assert list(found) == ["latest.txt", "a.txt"]
    assert "link or device" in found["latest.txt"]


def test_a_link_in_a_zip_is_not_taken_for_an_article(dump: Dump) -> None:
    """`zip -y` stores where the link leads to as if it were the text of the file."""
    link = zipfile.ZipInfo("latest.txt")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.txt", TEXT)
    path = dump(buffer.getvalue())
    assert "is a link" in rejects(path)["latest.txt"]
    assert contents(path) == {"a.txt": TEXT}


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_tars_put_end_to_end_are_read_whole(dump: Dump, pack: Callable[[bytes], bytes]) -> None:
    path = dump(pack(tarred({"a.txt": TEXT})) + pack(tarred({"b.txt": NOISE})))
    assert contents(path) == {"a.txt": TEXT, "b.txt": NOISE}


def test_what_stands_behind_the_end_mark_of_a_tar_is_told(dump: Dump) -> None:
    path = dump(tarred({"a.txt": TEXT}) + NOISE[:4096])
    assert contents(path) == {"a.txt": TEXT}
    assert "is what is not a tar" in rejects(path)["(behind the end mark)"]


def test_a_tar_with_thousands_of_headers_for_one_member_is_refused(dump: Dump) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 5
    header = info.tobuf(tarfile.GNU_FORMAT) + b"name\0".ljust(512, b"\0")
    assert "more than 100 headers for one member" in refusal(dump(header * 5_000 + tarred({"a.txt": TEXT})))


@compressor
def test_a_bomb_is_stopped_while_it_unpacks(dump: Dump, pack: Callable[[bytes], bytes]) -> None:
    assert "unpacks to more than" in refusal(dump(pack(bytes(40 << 20))))


def test_a_zip_bomb_is_stopped_and_a_small_one_is_no_bomb(dump: Dump) -> None:
    assert "unpacks to more than" in refusal(dump(zipped({"a.txt": bytes(40 << 20)})))
    assert len(contents(dump(zipped({"a.txt": bytes(20 << 20)})))["a.txt"]) == 20 << 20


def test_the_unpack_ratio_can_be_raised(dump: Dump) -> None:
    assert len(contents(dump(gzip.compress(bytes(40 << 20))), ratio=5_000)[""]) == 40 << 20


def test_packing_too_deep_is_refused(dump: Dump) -> None:
    data = TEXT
    for _ in range(MAX_DEPTH):
        data = gzip.compress(data)
    assert contents(dump(data)) == {"": TEXT}
    assert "nested more than" in refusal(dump(gzip.compress(data)))


def test_nothing_is_refused_by_name(dump: Dump) -> None:
    assert "is empty" in refusal(dump(b""))
    assert list(rejects(dump(zipped({"a.txt": b"", "b.txt": TEXT})))) == ["a.txt"]
    assert "holds no files" in refusal(dump(zipped({})))


def test_a_file_that_has_gone_is_nobodys_fault(tmp_path: Path) -> None:
    with pytest.raises(DumpChanged):
        list(members(tmp_path / "gone.txt"))


def test_a_folder_cannot_be_read_as_a_dump(tmp_path: Path) -> None:
    with pytest.raises(DumpError, match="is not a regular file"):
        list(members(tmp_path))


def broken_zip(files: dict[str, bytes], name: str) -> bytes:
    """A zip in which the checksum of one member is wrong."""
    whole = bytearray(zipped(files))
    entry = whole.index(b"PK\x01\x02")
    while whole[entry + 46 : entry + 46 + len(name)] != name.encode():
        entry = whole.index(b"PK\x01\x02", entry + 1)
    whole[entry + 16] ^= 0xFF
    return bytes(whole)


THREE = {"a.txt": TEXT, "b.txt": NOISE, "c.txt": TEXT}


def with_method(data: bytes, name: str, method: int) -> bytes:
    """A zip in which one member names another method of compression."""
    whole = bytearray(data)
    entry = whole.index(b"PK\x01\x02", whole.index(name.encode(), whole.index(b"PK\x01\x02")) - 46)
    whole[entry + 10] = method
    whole[whole.index(name.encode()) - 30 + 8] = method
    return bytes(whole)


BROKEN = {
    "a wrong checksum": lambda: broken_zip(THREE, "b.txt"),
    "an unknown method": lambda: with_method(zipped(THREE), "b.txt", 99),
    "a torn gz": lambda: zipped(THREE | {"b.txt": gzip.compress(NOISE)[:-10]}),
    "a torn zip": lambda: tarred(THREE | {"b.txt": zipped(THREE)[:-30]}),
    "a torn tar": lambda: zipped(THREE | {"b.txt": tarred(THREE)[:3000]}),
    "a torn tar.gz": lambda: zipped(THREE | {"b.txt": gzip.compress(tarred(THREE))[:-10]}),
    "nothing": lambda: tarred(THREE | {"b.txt": b""}),
    "a nest": lambda: zipped(THREE | {"b.txt": gzip.compress(gzip.compress(gzip.compress(gzip.compress(TEXT))))}),
}


@pytest.mark.parametrize("make", BROKEN.values(), ids=BROKEN)
def test_a_broken_member_costs_only_itself_and_is_named(dump: Dump, make: Callable[[], bytes]) -> None:
    path = dump(make())
    assert [name for name in rejects(path) if name.split("!")[0] != "b.txt"] == []
    assert "b.txt" in rejects(path)
    names = {member.name for member in members(path) if not isinstance(member, Reject)}
    assert {"a.txt", "c.txt"} <= names


def test_one_encrypted_member_is_rejected_and_the_others_are_read(dump: Dump) -> None:
    data = bytearray(zipped(THREE))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert rejects(dump(bytes(data))) == {"a.txt": "is encrypted; unpack it by hand with its password"}


def test_a_sparse_member_is_not_unpacked(dump: Dump, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "spooled", lambda *_: pytest.fail("unpacked"))
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("holes.txt")
        info.size = 512
        info.pax_headers = {"GNU.sparse.map": "0,512", "GNU.sparse.size": str(1 << 40), "GNU.sparse.numblocks": "1"}
        archive.addfile(info, io.BytesIO(bytes(512)))
    assert "sparse" in rejects(dump(buffer.getvalue()))["holes.txt"]


@pytest.mark.parametrize("pack", [zipped, lambda files: zipped({"in.tar": tarred(files)})])
def test_many_small_bombs_are_a_bomb(dump: Dump, pack: Callable[[dict[str, bytes]], bytes]) -> None:
    zeros = bytes(20 << 20)
    assert len(contents(dump(pack({"a.txt": zeros})))) == 1
    with pytest.raises(LimitError, match="unpacks to more than"):
        contents(dump(pack({"a.txt": zeros, "b.txt": zeros})))


def test_a_member_that_is_read_twice_is_counted_once(dump: Dump) -> None:
    (member,) = members(dump(zipped({"a.txt": bytes(20 << 20)})))
    assert isinstance(member, containers.Member)
    assert [len(member.open().read()) for _ in range(3)] == [20 << 20] * 3


def test_temporary_files_are_bounded_at_any_time_and_not_in_their_sum(dump: Dump) -> None:
    path = dump(tarred({f"{number}.txt": NOISE for number in range(10)}))
    assert sum(1 for _ in members(path, Limits(max_spool_bytes=2 * len(NOISE)))) == 10
    with pytest.raises(LimitError, match="raise BROADSHEET_MAX_SPOOL_BYTES"):
        list(members(path, Limits(max_spool_bytes=len(NOISE) - 1)))


def test_a_zip_within_a_compressor_is_spooled_within_the_bound(dump: Dump) -> None:
    with pytest.raises(LimitError, match="temporary files"):
        list(members(dump(gzip.compress(zipped({"a.txt": NOISE}))), Limits(max_spool_bytes=1000)))


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK])
def test_a_tar_header_of_gigabytes_is_not_read(dump: Dump, kind: bytes) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = kind, 5 << 30
    assert "a header of 5,368,709,120 bytes" in refusal(dump(info.tobuf(tarfile.GNU_FORMAT) + bytes(1024)))


def test_a_zip_that_lists_millions_of_members_is_not_opened(dump: Dump, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_ZIP_DIRECTORY_BYTES", 100)
    assert "lists its members in" in refusal(dump(zipped(THREE)))


@pytest.mark.parametrize("offset", [10, 12, 16, 20])
def test_a_zip_that_lies_about_its_size_or_place_loses_nothing_in_silence(dump: Dump, offset: int) -> None:
    whole = bytearray(zipped({"a.txt": TEXT}))
    end = whole.index(b"PK\x05\x06")
    whole[end + offset : end + offset + 2] = b"\xff\xff"
    path = dump(bytes(whole))
    try:
        assert contents(path) == {"a.txt": TEXT} or list(rejects(path)) == ["a.txt"]
    except DumpError as error:
        assert "truncated or damaged" in str(error)


@pytest.mark.parametrize("archive", [lambda pairs: _zip_of(pairs), lambda pairs: _tar_of(pairs)])
def test_members_named_alike_are_told_apart(dump: Dump, archive: Callable[[list[tuple[str, bytes]]], bytes]) -> None:
    pairs = [("a.txt", b"One"), ("a.txt", b"Two"), ("a.txt (2)", b"Three")]
    assert list(contents(dump(archive(pairs))).values()) == [b"One", b"Two", b"Three"]


def _zip_of(pairs: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        for name, content in pairs:
            archive.writestr(name, content)
    return buffer.getvalue()


def _tar_of(pairs: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in pairs:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def test_what_is_excluded_is_skipped_without_being_unpacked(dump: Dump) -> None:
    files = {"a.txt": TEXT, "img/B.JPG": NOISE, "old/c.txt": TEXT, "old.zip": zipped({"d.txt": TEXT})[:-9]}
    found = list(members(dump(zipped(files)), exclude=("*.jpg", "old/*", "old.zip")))
    assert [member.name for member in found if isinstance(member, containers.Member)] == ["a.txt"]
    assert [member for member in found if isinstance(member, Skip)] == [
        Skip(name, "excluded") for name in ("img/B.JPG", "old/c.txt", "old.zip")
    ]


def test_a_full_disk_is_not_the_fault_of_the_dump(dump: Dump, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(spools, "SpooledTemporaryFile", lambda max_size: Full())
    with pytest.raises(StorageError, match="make room"):
        list(members(dump(tarred(THREE))))


PART = "part-00001-8a-c000.csv"


@pytest.mark.parametrize("other", ["_SUCCESS", "part-00000-8a-c000.csv"])
def test_an_empty_part_beside_others_of_a_job_is_skipped(tmp_path: Path, other: str) -> None:
    (tmp_path / other).write_bytes(b"" if other == "_SUCCESS" else b"title,text\nA,B\n")
    (tmp_path / PART).touch()
    assert list(members(tmp_path / PART)) == [Skip("", EMPTY_PART)]


def test_an_empty_part_alone_and_an_empty_file_of_another_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / PART).touch()
    (tmp_path / "news.csv").touch()
    for name in (PART, "news.csv"):
        with pytest.raises(DumpError, match="is empty"):
            list(members(tmp_path / name))
        if name == PART:
            (tmp_path / PART).rename(tmp_path / "other")


@pytest.mark.parametrize("name", ["_SUCCESS", "_committed_7", "_metadata"])
def test_what_a_job_leaves_beside_its_parts_is_skipped_whatever_is_in_it(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PAR1" if name == "_metadata" else b"")
    assert list(members(tmp_path / name)) == [Skip("", "system file")]


def test_a_packed_part_without_rows_and_one_in_an_archive_are_skipped(tmp_path: Path) -> None:
    (tmp_path / f"{PART}.gz").write_bytes(gzip.compress(b""))
    assert list(members(tmp_path / f"{PART}.gz")) == [Skip("", EMPTY_PART)]
    (tmp_path / "out.zip").write_bytes(zipped({PART: b"", "_SUCCESS": b"", "part-00000.csv": b"title,text\nA,B\n"}))
    skipped = [each for each in members(tmp_path / "out.zip") if isinstance(each, Skip)]
    assert skipped == [Skip(PART, EMPTY_PART), Skip("_SUCCESS", "system file")]
