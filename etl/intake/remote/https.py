"""A folder of a web server, as its index page lists it: Apache's, nginx's, or that of `python -m http.server`.

Only links to what is directly in the folder count. Size and time are asked for file by file, as index pages round them.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from email.utils import formatdate, parsedate_to_datetime
from html import unescape
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

import httpx

from etl import words
from etl.declared.remote import Address
from etl.intake.remote import CHANGED, CONNECT_SECONDS, SILENT_SECONDS, Broken, Entry, Login, Parts, Unreached

INDEX_BYTES = 16_000_000
TO_TRY_AGAIN = (408, 425, 429, 500, 502, 503, 504)
NO_SUCH_RANGE = 416
MAY_KNOW_NO_HEAD = (403, 405, 501)
PAUSES = (1.0, 2.0, 4.0)
REDIRECTS = 5

NO_LISTING = (
    "gives a page that names no file that is looked for, such as one to log in; see it in a browser, and whether user "
    "and password are right"
)
PART = "gives a part of the file (206) though all of it was asked for; ask its operator why"
NO_PAGES = tuple(
    re.findall(
        r"\.\w+",
        ".csv .tsv .json .jsonl .ndjson .parquet .avro .xlsx .xlsm .ods .pdf .docx .rtf .ris .bib .eml .mbox .warc .db "
        ".sqlite .sqlite3 .zip .gz .tgz .bz2 .xz .zst .tar .7z",
    )
)
"""How files are called that no web page is taken for."""
PAGES = (".html", ".htm", ".xhtml", ".mht", ".mhtml", ".php", ".asp", ".aspx")
"""How pages are called. Under other names, such as .xls, .xml or .txt, a page is taken that asks for no password."""

_PASSWORD = re.compile(r"""(?i)\btype\s{0,9}=\s{0,9}["']?password\b""")
_LISTING = re.compile(r"""(?i)\b(?:index of|directory listing|parent directory)\b|\bhref\s{0,9}=\s{0,9}["']?\.\.?/""")
"""What an index page shows though it names nothing."""
_PAGE = re.compile(rb"(?i)(?:\xef\xbb\xbf)?\s{0,999}<(?:!doctype\s{1,9}html|html|head)\b")
_HREF = re.compile(r"""(?i)\bhref\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-")


@contextmanager
def connected(address: Address, login: Login) -> Iterator[WebServer]:
    """A client for one host. Credentials are sent only over TLS, or to this machine."""
    with httpx.Client(
        auth=_auth(address, login),
        headers={"Accept-Encoding": "identity", "User-Agent": "Broadsheet"},
        timeout=httpx.Timeout(SILENT_SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=True,
        max_redirects=REDIRECTS,
        event_hooks={"request": [_only_tls] if address.scheme == "https" else []},
    ) as client:
        yield WebServer(client, address.place)


def _auth(address: Address, login: Login) -> httpx.Auth | None:
    is_safe = address.scheme == "https" or _is_this_machine(address.host)
    user = login.user or address.user
    if user and login.password:
        if not is_safe:
            raise Unreached("would send a password that others can read on the way; expected https://")
        return httpx.BasicAuth(user, login.password)
    netrc = Path(os.environ.get("NETRC") or Path("~/.netrc").expanduser())
    return httpx.NetRCAuth(str(netrc)) if is_safe and netrc.is_file() else None


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _only_tls(request: httpx.Request) -> None:
    if request.url.scheme != "https":
        raise Unreached(f"leads to {request.url.host} without TLS; expected https://")


class WebServer:
    """See etl.intake.remote.Place."""

    def __init__(self, client: httpx.Client, base: str) -> None:
        self._client, self._base = client, base
        self.doubts: dict[Parts, str] = {}

    def entries(self, folder: Parts) -> Iterator[Entry]:
        with self._answer("GET", self._url(folder) + "/") as answer:
            if "html" not in (kind := answer.headers.get("Content-Type", "nothing")):
                raise Unreached(f"gives no index page of the folder, but {words.shown(kind)}; expected links in HTML")
            page = bytearray()
            for chunk in answer.iter_raw():
                page += chunk
                if len(page) > INDEX_BYTES:
                    raise Unreached(f"has an index page of more than {words.size(INDEX_BYTES)}; name a narrower folder")
        text = page.decode("utf-8", "replace")
        names = dict.fromkeys(_links(text, str(answer.url)))
        if _PASSWORD.search(text) or not (names or _LISTING.search(text)):
            self.doubts[folder] = f"{answer.url.copy_with(query=None)} {NO_LISTING}"
        for name in names:
            yield Entry(unquote(name.removesuffix("/")), name.endswith("/"))

    def looked_at(self, file: Parts, listed: Entry | None) -> Entry:
        try:
            with self._answer("HEAD", self._url(file)) as answer:
                return _entry(file[-1], answer)
        except _Refused as error:
            if error.status not in MAY_KNOW_NO_HEAD:
                raise
        with self._answer("GET", self._url(file)) as answer:
            return _entry(file[-1], answer)

    def read(self, file: Parts, known: Entry, offset: int) -> Generator[tuple[int, bytes]]:
        try:
            with self._answer("GET", self._url(file), _range(known, offset)) as answer:
                place = _begins(answer)
                if place not in (0, offset):
                    raise _Refused(NO_SUCH_RANGE) if offset else Unreached(PART)
                _refuse_other(known, _entry(known.name, answer), is_whole=not place)
                for chunk in answer.iter_raw():  # as it is sent: what is packed stays so
                    if not place:
                        _refuse_page(known.name, answer, chunk)
                    yield place, chunk
                    place += len(chunk)
        except _Refused as error:
            if error.status != NO_SUCH_RANGE or not offset:
                raise
            yield from self.read(file, known, 0)

    def _url(self, parts: Parts) -> str:
        return "/".join([self._base, *(quote(part, safe="") for part in parts)])

    @contextmanager
    def _answer(self, method: str, url: str, headers: dict[str, str] | None = None) -> Iterator[httpx.Response]:
        """The answer to a question, which is asked again where the server is busy."""
        for pause in (*PAUSES, None):
            with ExitStack() as stack:
                try:
                    answer = stack.enter_context(self._asked(method, url, headers))
                except _Busy:
                    if pause is None:
                        raise
                    time.sleep(pause)
                    continue
                yield answer
                return

    @contextmanager
    def _asked(self, method: str, url: str, headers: dict[str, str] | None) -> Iterator[httpx.Response]:
        try:
            with self._client.stream(method, url, headers=headers) as answer:
                if answer.status_code >= 300:
                    raise (_Busy if answer.status_code in TO_TRY_AGAIN else _Refused)(answer.status_code)
                yield answer
        except httpx.TooManyRedirects:
            raise Unreached("leads from one address to the next without end") from None
        except httpx.TimeoutException:
            raise Broken(f"does not answer within {SILENT_SECONDS:.0f} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            what = "cannot be reached" if isinstance(error, httpx.ConnectError) else "breaks off"
            raise Broken(f"{what}: {words.shown(str(error) or type(error).__name__)}") from None


class _Refused(Unreached):
    def __init__(self, status: int) -> None:
        self.status = status
        advice = "; see whether user and password are right" if status in (401, 403) else ""
        super().__init__(f"answers {status} {httpx.codes.get_reason_phrase(status)}".rstrip() + advice)


class _Busy(_Refused, Broken):
    pass


def _range(known: Entry, offset: int) -> dict[str, str]:
    """Asks for the rest of a file, or for all of it if it is another by now."""
    # A weak tag proves nothing of single bytes.
    is_strong = known.etag is not None and not known.etag.startswith("W/")
    same = known.etag if is_strong else _http_date(known.modified_at)
    return {"Range": f"bytes={offset}-", "If-Range": same} if offset and same else {}


def _begins(answer: httpx.Response) -> int:
    """The byte with which an answer begins; -1 if it is a part and does not say which."""
    if answer.status_code != httpx.codes.PARTIAL_CONTENT:
        return 0
    found = _CONTENT_RANGE.match(answer.headers.get("Content-Range", ""))
    return int(found[1]) if found else -1


def _refuse_other(known: Entry, found: Entry, is_whole: bool) -> None:
    """Raise Unreached where an answer is of another content; servers may say less of it than they did before.

    The tag counts for a part only: some servers name each answer anew, and a whole file is of one content anyway. If
    that is a newer one, the next run sees it by its tag.
    """
    told: list[tuple[object, object]] = [(known.modified_at, found.modified_at)]
    told += [(known.size_bytes, found.size_bytes) if is_whole else (known.etag, found.etag)]
    if any(None not in pair and pair[0] != pair[1] for pair in told):
        raise Unreached(CHANGED)


def _refuse_page(name: str, answer: httpx.Response, beginning: bytes) -> None:
    """Raise Unreached where a page comes in place of a file that can be none: that of a login, or of an error."""
    is_page = "html" in answer.headers.get("Content-Type", "") and _PAGE.match(beginning)
    asks = not name.lower().endswith(PAGES) and _PASSWORD.search(beginning.decode("latin-1"))
    if is_page and (asks or name.lower().endswith(NO_PAGES)):
        raise Unreached(
            "gives a web page in place of the file, such as one to log in; see whether user and password are right"
        )


def _entry(name: str, answer: httpx.Response) -> Entry:
    length = answer.headers.get("Content-Length", "")
    size = int(length) if length.isascii() and length.isdigit() and len(length) < 19 else None
    return Entry(name, False, size, _unix_time(answer.headers.get("Last-Modified")), answer.headers.get("ETag"))


def _unix_time(printed: str | None) -> float | None:
    try:
        return parsedate_to_datetime(printed or "").timestamp()
    except (ValueError, OverflowError):
        return None


def _http_date(modified_at: float | None) -> str | None:
    return None if modified_at is None else formatdate(modified_at, usegmt=True)


def _links(page: str, address: str) -> Iterator[str]:
    """The names that a page links to directly below its own folder, percent-encoded; those of folders end in /."""
    here = urlsplit(address)
    folder = here.path.rpartition("/")[0] + "/"
    for found in _HREF.finditer(page):
        try:
            link = urlsplit(urljoin(address, unescape(found[1] or found[2] or found[3] or "").strip()))
        except ValueError:
            continue
        name = link.path.removeprefix(folder)
        is_below = link.path.startswith(folder) and name and "/" not in name.removesuffix("/")
        if is_below and (link.scheme, link.netloc) == (here.scheme, here.netloc) and not link.query:
            yield name
