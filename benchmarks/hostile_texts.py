"""Hostile texts in the layouts of databases, agencies and archives, for benchmarks/hostile.py.

Each has what a reader looks for, far too often or without its end.
"""

from __future__ import annotations

import os
from collections.abc import Callable

_TEXT = b"The ferry sails again today, said the captain. "
_RULE = b"_" * 60


def inputs() -> dict[str, Callable[[], bytes]]:
    """The files by name; each is made only when it is written."""
    return {
        "31 million empty lines": lambda: b"\n" * (31 << 20),
        "31 MB and an emoji": lambda: "\U0001f6a2".encode() + _lines(690_000),
        "wet, a record of 2**60 bytes": lambda: _record(b"x", 1 << 60),
        "wet, a page of 200 MB": lambda: _record(_TEXT * (4 << 20)),
        "wet, 100,000 empty pages": lambda: _record(b"") * 100_000,
        "wet, headers of 100 MB": lambda: b"WARC/1.0\r\nWARC-Type: conversion\r\n" + b"X-Long: a\r\n" * (9 << 20),
        "warc, noise": lambda: b"WARC/1.0\r\n" + os.urandom(20 << 20),
        "nexis, a mark again and again": lambda: _NEXIS + _NEXIS_MARK * 80_000,
        "zczc, 500,000 marks": lambda: b"ZCZC AAA0001\n" * 500_000,
        "zczc, an item of 100 MB": lambda: b"ZCZC AAA0001\nFerry =\n\n" + _lines(2 << 20) + b"NNNN\n",
        "zczc, a line of 100 MB": lambda: b"ZCZC AAA0001\nFerry =\n\n" + _TEXT * (2 << 20) + b"\nNNNN\n",
        "proquest, 500,000 rules": lambda: (_RULE + b"\n\nDocument 1 of 2\n\n") * 500_000,
        "proquest, labels and no text": lambda: _proquest(b"Subject: Ferries\n\n" * 2_000_000),
        "proquest, a text of 100 MB": lambda: _proquest(b"Full text: " + _lines(2 << 20)),
        "nexis, 500,000 documents": lambda: b"1 of 2 DOCUMENTS\n\nLENGTH: 3 words\n\nEnd of Document\n" * 500_000,
        "factiva, 500,000 codes": lambda: b"HD Ferry\nTD Late\n" * 500_000,
        "mediawiki, open braces": lambda: _wiki(b"{{" * 1_000_000),
        "mediawiki, open links": lambda: _wiki(b"[[File:" * 400_000),
        "mediawiki, open tables": lambda: _wiki(b"{|\n|-\n|" * 400_000),
        "mediawiki, open notes": lambda: _wiki(b"&lt;ref&gt;" * 400_000),
        "mediawiki, a million quotes": lambda: _wiki(b"'''a'' " * 500_000),
        "mediawiki, 100,000 revisions": lambda: _wiki(b"a", 100_000),
        "tei, 100,000 texts in texts": lambda: _TEI + b"<text><body><div>" * 100_000,
        "tei, a million notes": lambda: _TEI + b"<text><body><p>" + b"<note>a</note><lb/>" * 1_000_000 + b"</p>",
        "tei, a corpus in a corpus": lambda: _TEI.replace(b"TEI", b"teiCorpus") * 50_000,
        "page, 300,000 tables": lambda: b"<html><body>" + b"<table><tr><td>a" * 300_000,
        "page, a million cells": lambda: b"<html><body><table>" + b"<tr><td>a</td><td>b</td></tr>" * 500_000,
        "page, 500,000 headings": lambda: b"<html><body>" + b"<h3>Ferry</h3><hr><p>Late.</p>" * 500_000,
        "page, a line of 30 MB": lambda: b"<html><body><p>" + _TEXT * 600_000,
    }


_NEXIS_MARK = b" " * 31 + b"1 of 2 DOCUMENTS\n"
_NEXIS = (
    _NEXIS_MARK + b"\n" + b" " * 30 + b"The Courier\n\n" + b" " * 30 + b"March 1, 2026\n\nLENGTH: 4 words\n\nLate.\n"
)
_TEI = b"<TEI xmlns='http://www.tei-c.org/ns/1.0'><teiHeader/>"


def _lines(count: int) -> bytes:
    return (_TEXT + b"\n") * count


def _record(text: bytes, size: int | None = None) -> bytes:
    """A page of an extract of texts, which states its size."""
    head = b"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://wire.example/\r\n"
    kind = b"Content-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % (len(text) if size is None else size)
    return head + kind + text + b"\r\n\r\n"


def _proquest(text: bytes) -> bytes:
    return _RULE + b"\n\nDocument 1 of 1\n\nFerry late again\n\n" + text + _RULE + b"\n"


def _wiki(text: bytes, revisions: int = 1) -> bytes:
    revision = b"<revision><id>1</id><text>" + text + b"</text></revision>"
    page = b"<page><title>Ferry</title><ns>0</ns><id>1</id>" + revision * revisions + b"</page>"
    return b"<mediawiki xmlns='http://www.mediawiki.org/xml/export-0.10/'>" + page + b"</mediawiki>"
