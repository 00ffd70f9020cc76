"""What comes along with articles and is none: pictures, stylesheets, checksums and the like, by kind.

By the first bytes where they say it, else by the name. Ask the formats first: what one of them recognises is theirs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from fnmatch import fnmatch
from pathlib import PurePosixPath

from etl import words

EMPTY_PART = "empty part of a job's output"
LINKS = "list of links"
LONG_LETTER = "long covering letter"
LONGER_TEXT = "much longer text beside HTML"

MAY_BE_ALL = frozenset(
    (
        *["picture", "photo", "image", "graphic", "infographic", "animation", "audio", "video"],
        *["package", "composite", "component", "concept", "event", "planning", "catalog", "topicset", "update"],
        *["warcinfo", "dns", "robots", "request", "metadata", "redirect", "revisit"],
        *["excluded", "stylesheet", "script", "font", "checksum", "signature", "schema", "robots.txt", "sitemap"],
        *["system file", EMPTY_PART, LINKS],
    )
)
"""What a dump may consist of: an agency sends pictures alone, a crawler meets nothing but robots.txt. A dump of
anything else, such as PDF, may hold articles that no format reads."""

OF_PAGES = frozenset(("PDF", "page description"))
"""What holds pages, and is not read."""
TOLD = OF_PAGES | {LONG_LETTER, LONGER_TEXT}
"""What is told even where articles were read."""
_ADVICE_ON_PAGES = (
    "of PDF only what databases export is read (docs/formats.md says which), and not the pages of a paper: ask for it "
    "as HTML, XML or docx, or convert it to HTML (without its password, if it has one)"
)
_ADVICE_ON_LETTERS = "see whether the letter itself is an article; if so, save its text as a file of its own"
_ADVICE_ON_OTHERS = "ask for it again, or take it out of the landing folder"

_MAGIC: tuple[tuple[str, bytes], ...] = (
    ("picture", rb"\xff\xd8\xff|\x89PNG\r\n|GIF8[79]a|RIFF.{4}WEBP|II\*\0|MM\0\*|\0\0\x01\0.\0|8BPS\0|AT&TFORM"),
    ("picture", rb"\0\0\0\x0cjP  \r\n|\xff\x4f\xff\x51|BM.{4}\0\0\0\0|.{4}ftyp(heic|heix|heif|mif1|msf1|avif)"),
    ("picture", rb"\s*(<\?xml[^>]{0,200}\?>\s*)?(<!--.{0,2000}?-->\s*|<!DOCTYPE svg.{0,2000}?>\s*)*<svg[\s>]"),
    ("picture", rb"\0\0\0\x0cJXL \r\n|\xd7\xcd\xc6\x9a\0\0|\x01\0\0\0.{36} EMF"),
    ("PDF", rb"\s{0,64}%PDF-"),
    ("page description", rb"%!PS-Adobe|\xc5\xd0\xd3\xc6"),
    ("system file", rb"\0\x05\x16\x07\0"),
    ("font", rb"wOFF|wOF2|OTTO\0|true\0|ttcf\0|\0\x01\0\0\0[\x01-\x40](?!\0\x01)"),
    ("audio", rb"ID3[\x02-\x04]|OggS\0|fLaC\0|RIFF.{4}WAVE|MThd\0|.{4}ftypM4A"),
    (
        "audio",
        rb"\xff[\xe2\xe3\xf0-\xf3\xf8-\xfb][\x10-\xef](?=.{0,400}\0)|#!AMR(-WB)?(_MC1\.0)?\n|FORM.{4}AIF[FC]|\.snd\0\0|caff\0\x01",
    ),
    ("video", rb"RIFF.{4}AVI |\x1aE\xdf\xa3|\0\0\x01[\xb3\xba]|FLV\x01|.{4}ftyp|.{4}(moov|mdat)"),
)
_BY_MAGIC = tuple((kind, re.compile(pattern, re.DOTALL)) for kind, pattern in _MAGIC)

_SUFFIXES: dict[str, str] = {
    "picture": "jpg jpeg jpe jfif png gif webp tif tiff bmp ico svg svgz heic heif avif jp2 j2k psd eps ai djvu",
    "stylesheet": "css scss less",
    "script": "js mjs map wasm",
    "font": "ttf otf woff woff2 eot",
    "PDF": "pdf",
    "audio": "mp3 m4a aac ogg oga opus flac wav wma",
    "video": "mp4 m4v mov avi mkv webm wmv flv mpg mpeg ogv 3gp",
    "checksum": "md5 sha1 sha256 sha512 sfv crc",
    "signature": "asc sig pgp p7s",
    "schema": "dtd xsd ent mod rng rnc xsl xslt",
}
_BY_SUFFIX = {f".{suffix}": kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}

_NAMES: tuple[tuple[str, str], ...] = (
    ("robots.txt", "robots.txt"),
    ("humans.txt", "robots.txt"),
    ("thumbs.db", "system file"),
    ("ehthumbs.db", "system file"),
    ("desktop.ini", "system file"),
    (".ds_store", "system file"),
    (".ht[ap]*", "system file"),
    (".git*", "system file"),
    ("md5sums*", "checksum"),
    ("sha[0-9]*sums*", "checksum"),
    ("checksums*", "checksum"),
    ("sitemap*.xml", "sitemap"),
    ("readme", "readme"),
    ("readme.*", "readme"),
    ("licen[cs]e", "readme"),
    ("licen[cs]e.txt", "readme"),
)


_OF_JOBS = ("_success", "_metadata", "_common_metadata", "_committed_*", "_started_*", "_temporary", "_logs")
"""What Spark and Hadoop leave beside the parts of their output."""
_PART = re.compile(r"(?:part-(?:[mr]-)?\d+|\d{6}_\d+$|data_\d+)", re.IGNORECASE)


def of_job(name: str) -> str | None:
    """Returns `system file` for what a job of Spark or Hadoop leaves beside its output; None for anything else."""
    last = _last(name)
    return "system file" if any(fnmatch(last, pattern) for pattern in _OF_JOBS) else None


def is_part(name: str) -> bool:
    """Whether a file is, by its name, one of the parts of a job's output, which may be empty."""
    return _PART.match(_last(name)) is not None


def _last(name: str) -> str:
    return PurePosixPath(name.rpartition("!")[2]).name.lower()


def kind_of(head: bytes, name: str) -> str | None:
    """Returns what a file is that no format recognises: `picture`, `stylesheet`; None where it may be an article."""
    return by_magic(head) or by_name(name)


def by_magic(head: bytes) -> str | None:
    """Returns what the first bytes of a file show it to be; None where they do not."""
    return next((kind for kind, pattern in _BY_MAGIC if pattern.match(head[:4096])), None)


def by_name(name: str) -> str | None:
    """Returns what the name of a file says that it is; None where it does not."""
    last = _last(name)
    named = next((kind for pattern, kind in _NAMES if fnmatch(last, pattern)), None)
    return named or _BY_SUFFIX.get(PurePosixPath(last).suffix)


def advice_on(kinds: Collection[str]) -> str:
    """Returns what to do with a dump that holds nothing but these kinds."""
    if OF_PAGES & set(kinds):
        return _ADVICE_ON_PAGES
    return _ADVICE_ON_LETTERS if {LONG_LETTER, LONGER_TEXT} & set(kinds) else _ADVICE_ON_OTHERS


def says_unread(kinds: Counter[str]) -> str:
    """Returns what a person is told of files beside those that were read, which may hold articles."""
    return (
        f"{words.listed(kinds)} in it {'is' if kinds.total() == 1 else 'are'} not read; {advice_on(kinds)}; if all of "
        "that is in the other files, too, leave such files out by `exclude` in the stanza"
    )


UNFINISHED_SUFFIXES = (".tmp", ".part", ".partial", ".crdownload", ".filepart", ".swp", "~")


def is_set_aside(name: str) -> bool:
    """Whether a file is hidden, has a temporary name, or is what a job of Spark or Hadoop leaves beside its output."""
    return name.startswith(".") or name.endswith(UNFINISHED_SUFFIXES) or of_job(name) is not None


def is_excluded(name: str, globs: tuple[str, ...]) -> bool:
    """Whether a path, or its last part, matches one of the globs; upper and lower case are the same."""
    folded = name.lower()
    last = re.split(r"[/!]", folded)[-1]
    return any(fnmatch(folded, glob.lower()) or fnmatch(last, glob.lower()) for glob in globs)
