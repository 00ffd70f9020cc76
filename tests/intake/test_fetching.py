"""What is new elsewhere arrives in the landing folder: whole, once, and nowhere else."""

from __future__ import annotations

import base64
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import elsewhere
import paramiko
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.declared import remote
from etl.intake import fetching, matching
from etl.intake.fetching import Fetched, Known
from etl.intake.remote import Entry, Login, Unreached, https
from etl.model import Feed

BYTES = os.urandom(4_000_000)
SCHEMES = ["http", pytest.param("sftp", marks=elsewhere.needs_sshd), "s3"]


@pytest.fixture(scope="session")
def ssh_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    home = tmp_path_factory.mktemp("ssh") / "home"
    with elsewhere.sshd(home) as port:
        yield home, port


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(https, "PAUSES", (0.0, 0.0))


@pytest.fixture
def web(tmp_path: Path) -> Iterator[elsewhere.Web]:
    with elsewhere.web(tmp_path / "www") as found:
        yield found


@pytest.fixture(params=SCHEMES)
def there(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> elsewhere.Folder:
    """A folder elsewhere, by each scheme."""
    if request.param == "http":
        web: elsewhere.Web = request.getfixturevalue("web")
        return web
    if request.param == "s3":
        return elsewhere.Bucket(tmp_path, request.getfixturevalue("s3_bucket") + "/exports")
    home, port = request.getfixturevalue("ssh_home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    (tmp_path / "outgoing").mkdir()
    return elsewhere.Folder(tmp_path / "outgoing", f"sftp://127.0.0.1:{port}{tmp_path}/outgoing")


def feed(path: str, **stanza: object) -> Feed:
    assert list(remote.problems("wire", path)) == []
    return Feed(**{"name": "wire", "address": path, "settle_seconds": 0.0, **stanza})  # type: ignore[arg-type]


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    (tmp_path / "landing").mkdir()
    return tmp_path / "landing"


def fetch(path: str, landing: Path, known: list[Known] | None = None, **stanza: object) -> Fetched:
    login = stanza.pop("login", Login())
    assert isinstance(login, Login)
    folder = landing.parent / "fetching"
    return fetching.fetch(feed(path, **stanza), login, known or [], landing, folder, time.time())


def contents(landing: Path) -> dict[str, bytes]:
    return {str(file.relative_to(landing)): file.read_bytes() for file in landing.rglob("*") if file.is_file()}


def test_what_a_path_matches_is_fetched_with_its_manifest_and_its_time(there: elsewhere.Folder, landing: Path) -> None:
    there.put("a b.zip", b"first")
    there.put("a b.zip.manifest.json", b"{}")
    there.put("größe+%41.zip", b"second")
    there.put("notes.txt", b"no dump")
    there.put(".hidden.zip", b"no dump")
    there.put("c.zip.part", b"no dump")
    there.put("below/d.zip", b"not asked for")
    found = fetch(f"{there.base}/*.zip", landing)
    assert (found.problems, found.warnings) == ([], [])
    assert contents(landing) == {
        "wire/a b.zip": b"first",
        "wire/a b.zip.manifest.json": b"{}",
        "wire/größe+%41.zip": b"second",
    }
    if there.is_timed():
        assert (landing / "wire/a b.zip").stat().st_mtime == 1_700_000_000


def test_folders_below_a_wildcard_are_kept_and_those_above_it_are_not(there: elsewhere.Folder, landing: Path) -> None:
    there.put("2026/01/a.zip", b"first")
    there.put("2026/02/a.zip", b"second")
    there.put("2026/02/deep/a.zip", b"third")
    fetch(f"{there.base}/2026/**/*.zip", landing)
    assert sorted(contents(landing)) == ["wire/01/a.zip", "wire/02/a.zip", "wire/02/deep/a.zip"]
    assert fetch(f"{there.base}/2026/*/a.zip", landing).files == []


def test_a_path_without_a_wildcard_is_one_file(there: elsewhere.Folder, landing: Path) -> None:
    there.put("latest.zip", b"first")
    there.put("other.zip", b"second")
    fetch(f"{there.base}/latest.zip", landing)
    assert contents(landing) == {"wire/latest.zip": b"first"}


def test_what_was_fetched_is_not_fetched_again_and_what_changed_is(there: elsewhere.Folder, landing: Path) -> None:
    there.put("a.zip", b"first")
    first = fetch(f"{there.base}/*.zip", landing)
    assert [file.landing_path for file in first.files] == ["wire/a.zip"]
    (landing / "wire/a.zip").unlink()  # loaded, then tidied away
    assert fetch(f"{there.base}/*.zip", landing, first.files).files == []
    there.put("a.zip", b"second", 1_700_000_100)
    second = fetch(f"{there.base}/*.zip", landing, first.files)
    assert [file.size_bytes for file in second.files] == [6]
    there.put("a.zip", b"third", 1_700_000_200)
    assert fetch(f"{there.base}/*.zip", landing, [*first.files, *second.files]).problems == []
    assert contents(landing) == {"wire/a.zip": b"third"}


def test_what_lies_in_the_landing_folder_needs_no_ledger(web: elsewhere.Web, landing: Path) -> None:
    web.put("a.zip", b"first")
    fetch(f"{web.base}/*.zip", landing)
    again = fetch(f"{web.base}/*.zip", landing)
    assert (again.files, len(again.held)) == ([], 1)


def test_a_file_of_another_sender_is_neither_replaced_nor_lost(there: elsewhere.Folder, landing: Path) -> None:
    there.put("a.zip", b"first")
    (landing / "wire").mkdir()
    (landing / "wire/a.zip").write_bytes(b"ours")
    found = fetch(f"{there.base}/*.zip", landing)
    assert "is in the landing folder, and nothing notes that it is from" in found.warnings[0]
    assert contents(landing) == {"wire/a.zip": b"ours"}


def test_a_file_that_is_still_written_there_waits(web: elsewhere.Web, landing: Path) -> None:
    web.put("a.zip", b"first", time.time() - 5)
    assert fetch(f"{web.base}/*.zip", landing, settle_seconds=60).unsettled == 1
    assert contents(landing) == {}
    web.put("a.zip", b"first", time.time() + 86_400)  # a clock is wrong: it is not left for ever
    assert len(fetch(f"{web.base}/*.zip", landing, settle_seconds=60).files) == 1


KILLED = """
import os, signal
from etl.intake import fetching
from etl.intake.remote import Login
from etl.model import Feed
from pathlib import Path
received = 0
def until_killed(chunks):
    global received
    for place, chunk in chunks:
        yield place, chunk
        received += len(chunk)
        if received > 1_500_000:
            os.kill(os.getpid(), signal.SIGKILL)
fetching.paced = until_killed
feed = Feed("wire", address={address!r}, settle_seconds=0)
fetching.fetch(feed, Login(), [], Path({landing!r}), Path({folder!r}), 1.8e9)
"""


def test_a_fetch_that_is_killed_goes_on_where_it_stopped(
    there: elsewhere.Folder, landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.put("a.zip", BYTES)
    address, folder = f"{there.base}/*.zip", landing.parent / "fetching"
    done = elsewhere.in_child(KILLED.format(address=address, landing=str(landing), folder=str(folder)))
    assert done.returncode == -signal.SIGKILL, done.stderr
    (part,) = folder.iterdir()
    kept = part.stat().st_size
    assert kept >= 1_000_000
    assert contents(landing) == {}
    received: list[int] = []
    paced = fetching.paced
    monkeypatch.setattr(
        fetching,
        "paced",
        lambda chunks: paced((at, received.append(len(chunk)) or chunk) for at, chunk in chunks),  # type: ignore[func-returns-value]
    )
    assert fetch(address, landing).problems == []
    assert sum(received) == len(BYTES) - kept
    assert contents(landing) == {"wire/a.zip": BYTES}
    assert list(folder.iterdir()) == []


def test_a_part_of_a_file_that_is_another_by_now_is_begun_anew(web: elsewhere.Web, landing: Path) -> None:
    web.put("a.zip", b"x" * 1000)
    web.faults["a.zip"] = ("ends at", 600)
    assert "ended" in fetch(f"{web.base}/*.zip", landing).problems[0] or contents(landing) == {}
    web.faults.clear()
    web.put("a.zip", b"y" * 1000, 1_700_000_100)
    fetch(f"{web.base}/*.zip", landing)
    assert contents(landing) == {"wire/a.zip": b"y" * 1000}
    assert list((landing.parent / "fetching").iterdir()) == []


def test_a_server_that_ends_early_is_asked_for_the_rest(web: elsewhere.Web, landing: Path) -> None:
    web.put("a.zip", BYTES)
    web.faults["a.zip"], web.times["a.zip"] = ("ends at", 600_000), 2  # of which the first is asked by HEAD
    found = fetch(f"{web.base}/*.zip", landing)
    assert found.problems == []
    assert [asked[2] for asked in web.asked if asked[0] == "GET" and asked[1] == "a.zip"] == [None, "bytes=600000-"]
    assert contents(landing) == {"wire/a.zip": BYTES}


def test_a_busy_server_is_asked_again_and_a_dead_file_stops_no_other(web: elsewhere.Web, landing: Path) -> None:
    for name in ("a.zip", "b.zip", "c.zip"):
        web.put(name, name.encode())
    web.faults |= {"a.zip": 503, "b.zip": 404}
    web.times["a.zip"] = 2
    found = fetch(f"{web.base}/*.zip", landing)
    assert sorted(contents(landing)) == ["wire/a.zip", "wire/c.zip"]
    assert found.problems == [f"{web.base}/b.zip answers 404 Not Found"]


def test_a_file_that_is_not_what_it_states_is_not_taken(web: elsewhere.Web, landing: Path) -> None:
    web.put("short.zip", b"x" * 100)
    web.faults["short.zip"] = ("ends at", 50)
    found = fetch(f"{web.base}/short.zip", landing)
    assert len(found.problems) == 1
    assert contents(landing) == {}


def test_a_tag_that_is_another_in_each_answer_keeps_no_file_away(web: elsewhere.Web, landing: Path) -> None:
    web.put("a.zip", b"first")
    web.faults["a.zip"] = lambda number: {"ETag": f'"{number}"'}
    first = fetch(f"{web.base}/*.zip", landing)
    assert (first.problems, contents(landing)) == ([], {"wire/a.zip": b"first"})
    assert fetch(f"{web.base}/*.zip", landing, first.files) == Fetched("wire")
    web.put("a.zip", b"other", 1_700_000_100)
    assert len(fetch(f"{web.base}/*.zip", landing, first.files).files) == 1
    assert contents(landing) == {"wire/a.zip": b"other"}


def test_a_file_with_another_tag_that_holds_is_fetched_again(web: elsewhere.Web, landing: Path) -> None:
    web.put("a.zip", b"first")
    web.faults["a.zip"] = {"ETag": '"1"'}
    first = fetch(f"{web.base}/*.zip", landing)
    web.put("a.zip", b"other")
    web.faults["a.zip"] = {"ETag": '"2"'}
    assert len(fetch(f"{web.base}/*.zip", landing, first.files).files) == 1
    assert contents(landing) == {"wire/a.zip": b"other"}


def test_a_part_that_nobody_asked_for_is_told_as_such(web: elsewhere.Web, landing: Path) -> None:
    web.put("a.zip", b"first")
    web.faults["a.zip"] = 206
    assert "gives a part of the file (206)" in fetch(f"{web.base}/a.zip", landing).problems[0]


def test_a_silent_server_is_not_asked_again_and_again(
    web: elsewhere.Web, landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(https, "SILENT_SECONDS", 0.3)
    monkeypatch.setattr(fetching, "SILENT_SECONDS", 0.3)
    web.put("a.zip", b"x" * 1000)
    web.put("b.zip", b"second")
    web.faults["a.zip"] = ("is silent at", 0)
    assert "does not answer" in fetch(f"{web.base}/*.zip", landing).problems[0]
    assert sum(asked[:2] == ("GET", "a.zip") for asked in web.asked) == 1
    assert contents(landing) == {"wire/b.zip": b"second"}


LOGIN = b'<!DOCTYPE html><title>Log in</title><form action="/in"><input name="user">%s</form>'


@pytest.mark.parametrize(
    "page", [LOGIN % b"", LOGIN % b'<input type="password"><a href="forgotten.html">Forgotten?</a>']
)
def test_a_page_to_log_in_in_place_of_an_index_is_told(web: elsewhere.Web, landing: Path, page: bytes) -> None:
    web.put("out/index.html", page)
    (warning,) = fetch(f"{web.base}/out/*.zip", landing).warnings
    assert warning.startswith(f"{web.base}/out/ gives a page that names no file that is looked for")
    web.put("out/index.html", page + b'<a href="a.zip">a.zip</a>')  # a listing at which one may also log in
    web.put("out/a.zip", b"first")
    assert fetch(f"{web.base}/out/*.zip", landing).warnings == []


def test_an_empty_index_is_no_page_to_log_in(web: elsewhere.Web, landing: Path) -> None:
    (web.root / "out").mkdir()
    assert fetch(f"{web.base}/out/*.zip", landing).warnings == []


def test_a_page_to_log_in_in_place_of_a_file_is_not_taken(web: elsewhere.Web, landing: Path) -> None:
    web.put("a.csv", LOGIN % b"")
    web.put("b.html", LOGIN % b"")
    web.put("c.csv", b"headline,body")
    web.faults = {name: {"Content-Type": "text/html"} for name in ("a.csv", "b.html", "c.csv")}
    found = fetch(f"{web.base}/*.*", landing)
    (problem,) = found.problems
    assert problem.startswith(f"{web.base}/a.csv gives a web page in place of the file")
    assert sorted(contents(landing)) == ["wire/b.html", "wire/c.csv"]


@pytest.mark.parametrize("name", ["a.ris", "a.rtf", "a.docx", "a.ods", "a.bib", "a.mbox", "a.eml", "a.db", "a.warc"])
def test_no_page_is_taken_in_place_of_a_file_that_is_none(web: elsewhere.Web, landing: Path, name: str) -> None:
    web.put(name, LOGIN % b"")
    web.faults = {name: {"Content-Type": "text/html"}}
    assert "gives a web page in place of the file" in fetch(f"{web.base}/*.*", landing).problems[0]


@pytest.mark.parametrize("name", ["a.xml", "a.txt", "a.xls", "a.sgm", "export"])
def test_a_file_that_may_be_a_page_is_none_where_it_asks_for_a_password(
    web: elsewhere.Web, landing: Path, name: str
) -> None:
    web.put(name, LOGIN % b'<input type="password">')
    web.faults = {name: {"Content-Type": "text/html; charset=utf-8"}}
    assert "gives a web page in place of the file" in fetch(f"{web.base}/*", landing).problems[0]
    web.put(name, b"<html><table><tr><td>Headline</td></tr></table>")
    assert fetch(f"{web.base}/*", landing).problems == []
    assert list(contents(landing)) == [f"wire/{name}"]


def test_a_password_goes_where_it_is_safe_and_into_no_text(web: elsewhere.Web, landing: Path) -> None:
    web.put("a.zip", b"first")
    web.login = "Basic " + base64.b64encode(b"desk:s3cret").decode()
    refused = fetch(f"{web.base}/*.zip", landing)
    assert "answers 401" in refused.problems[0]
    login = Login("desk", "s3cret")
    assert "s3cret" not in repr(login)
    assert len(fetch(f"{web.base}/*.zip", landing, login=login).files) == 1
    (problem,) = fetch("http://news.example/*.zip", landing, login=login).problems
    assert "expected https://" in problem
    assert "s3cret" not in problem


def test_netrc_lets_in(web: elsewhere.Web, landing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    web.put("a.zip", b"first")
    web.login = "Basic " + base64.b64encode(b"desk:s3cret").decode()
    netrc = landing.parent / "netrc"
    netrc.write_text("machine 127.0.0.1 login desk password s3cret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert len(fetch(f"{web.base}/*.zip", landing).files) == 1


@elsewhere.needs_sshd
def test_a_host_whose_key_is_not_known_is_given_nothing(
    ssh_home: tuple[Path, int], landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, port = ssh_home
    stranger = landing.parent / "stranger"
    (stranger / ".ssh").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(stranger))
    (problem,) = fetch(f"sftp://127.0.0.1:{port}/tmp/*.zip", landing).problems
    assert "host key that is not in" in problem
    assert not (stranger / ".ssh" / "known_hosts").exists()
    (stranger / ".ssh" / "known_hosts").write_text((home / ".ssh/known_hosts").read_text())
    (problem,) = fetch(f"sftp://127.0.0.1:{port}/tmp/*.zip", landing).problems
    assert "does not let us in" in problem


@elsewhere.needs_sshd
@pytest.mark.parametrize("there", ["sftp"], indirect=True)
def test_links_lead_to_files_and_not_round_in_circles(there: elsewhere.Folder, landing: Path) -> None:
    there.put("a.zip", b"first")
    (there.root / "latest.zip").symlink_to("a.zip")
    (there.root / "nowhere.zip").symlink_to("gone.zip")
    (there.root / "loop").symlink_to(".")
    found = fetch(f"{there.base}/**/*.zip", landing)
    assert found.problems == []
    assert sorted(contents(landing)) == ["wire/a.zip", "wire/latest.zip"]


@elsewhere.needs_sshd
@pytest.mark.parametrize("there", ["sftp"], indirect=True)
@pytest.mark.parametrize("untold", [["st_mode"], ["st_mode", "longname"], ["st_size"], ["st_size", "st_mtime"]])
def test_a_listing_that_tells_little_loses_no_file(
    there: elsewhere.Folder, landing: Path, monkeypatch: pytest.MonkeyPatch, untold: list[str]
) -> None:
    there.put("a.zip", b"first")
    there.put("below/b.zip", b"second")
    told = paramiko.SFTPAttributes._from_msg

    def less(*args: object) -> paramiko.SFTPAttributes:
        found = told(*args)
        for name in untold:
            setattr(found, name, "" if name == "longname" else None)
        return found

    monkeypatch.setattr(paramiko.SFTPAttributes, "_from_msg", less)
    found = fetch(f"{there.base}/**/*.zip", landing)
    again = fetch(f"{there.base}/**/*.zip", landing, found.files)
    assert (found.problems, again.problems, again.files) == ([], [], [])
    assert contents(landing) == {"wire/a.zip": b"first", "wire/below/b.zip": b"second"}


@elsewhere.needs_sshd
@pytest.mark.parametrize("there", ["sftp"], indirect=True)
def test_a_name_that_is_not_utf8_stops_no_other(there: elsewhere.Folder, landing: Path) -> None:
    there.put("a.zip", b"first")
    (there.root / os.fsdecode(b"m\xe4rz.zip")).write_bytes(b"second")
    (there.root / os.fsdecode(b"\xfcber.zip")).symlink_to("a.zip")
    found = fetch(f"{there.base}/*.zip", landing)
    assert sorted(contents(landing)) == ["wire/a.zip"]
    assert found.warnings[0].startswith("2 names there can be no file's here")


def test_no_link_in_the_landing_folder_is_followed_out_of_it(web: elsewhere.Web, landing: Path) -> None:
    web.put("a.zip", b"first")
    (landing.parent / "outside").mkdir()
    (landing / "wire").symlink_to("../outside")
    found = fetch(f"{web.base}/*.zip", landing)
    assert "link out of the landing folder" in found.warnings[0]
    assert contents(landing.parent / "outside") == {}


class Listing:
    """A place that only lists."""

    def __init__(self, *entries: Entry) -> None:
        self._entries = entries
        self.doubts: dict[tuple[str, ...], str] = {}

    def entries(self, folder: tuple[str, ...]) -> Iterator[Entry]:
        yield from self._entries


def test_names_that_no_file_may_have_are_told_and_none_is_used() -> None:
    odd = ["..", ".", "", "a/b.zip", "/etc/a.zip", "a\0.zip", "a\n.zip", "a\x1b[2J.zip", "\udcff.zip", "x" * 300]
    warnings: list[str] = []
    place = Listing(*(Entry(name, False, 1) for name in [*odd, "good.zip"]))
    found = [parts for parts, _ in matching.found_below(place, ("out", "*"), warnings)]  # type: ignore[arg-type]
    assert found == [("out", "good.zip")]
    assert warnings[0].startswith("10 names there can be no file's here")
    assert warnings[0].isprintable()


def test_a_folder_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MOST_NAMES", 100)
    place = Listing(*(Entry(f"{number}.zip", False, 1) for number in range(101)))
    with pytest.raises(Unreached, match="lists more than 100 names"):
        list(matching.found_below(place, ("*.zip",), []))  # type: ignore[arg-type]
    with pytest.raises(Unreached, match="deep"):
        list(matching.found_below(Listing(Entry("below", True)), ("**", "*.zip"), []))  # type: ignore[arg-type]


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/"), min_size=1, max_size=20)


@given(st.lists(NAMES.filter(lambda name: name not in (".", "..")), unique=True))
def test_every_name_of_an_index_page_is_read_as_it_was_written(names: list[str]) -> None:
    from html import escape
    from urllib.parse import quote

    links = "\n".join(f'<li><a href="{quote(name, safe="")}">{escape(name)}</a></li>' for name in names)
    page = (
        f'<a href="?C=N;O=D">Name</a> <a href="/">Up</a> <a href="../">Up</a> <a href="//else.example/x">x</a>{links}'
    )
    found = [https.unquote(name) for name in https._links(page, "https://host.example/exports/")]
    assert found == names
