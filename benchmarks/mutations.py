"""Change the layout of sample dumps as vendors do, and see that no article is lost without a word.

    python benchmarks/mutations.py [FORMAT ...] [--dumps 200] [--seed 1] [--keep FOLDER]

Of the samples of a format, several are joined in any order; in one article the markup is changed to something unknown,
or the whole is wrapped in another layout. Every article is made as long as an article, with words of its own, so that
it can be found again without any reader. It is lost if its words are in no record, reject or skip, or if two articles
are in one record, and nothing tells: no refusal, no other number of marks, no warning. Prints the misses, and what
told of the others. Exit status 1 if an article was lost.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from fuzz import samples_of
from mutation_changes import CHANGES

from etl import formats
from etl.model import Doubt, DumpError, Feed, Reject, Skip
from etl.stages.accounting import Account, balance

FEED = Feed("mutations", record="STORY")
XML = {
    "stories.xml": b"""<?xml version="1.0"?>
<EXPORT><NOTE>Stories of the week</NOTE>
<STORY id="1"><HEADLINE>Pier closed</HEADLINE><DATE>1 May 1997</DATE>
<TEXT>The council closed the pier after the storm took its roof.</TEXT></STORY>
<STORY id="2"><HEADLINE>Bread nine days old</HEADLINE><DATE>2 May 1997</DATE>
<TEXT><P>Her dough rests in jars for nights.</P><P>Nobody knows why it lasts.</P></TEXT></STORY>
<STORY id="3"><HEADLINE>Second ferry sails</HEADLINE><DATE>2 May 1997</DATE><TEXT>Both engines are new.</TEXT></STORY>
<STORY id="4"><HEADLINE>Owls in the tower</HEADLINE><TEXT>They were counted on Friday night, all four.</TEXT></STORY>
</EXPORT>"""
}
"""Of generic XML, whose samples are what a stanza says."""
PART = re.compile(rb"\n\0([^\0]+)\0\n")
"""What stands between an index and the files that it is read with, in one dump."""
ADDED_WORDS = 160
SYLLABLES = re.findall("..", "bacedifoguhajekilomunaperisotuvawexiyozu")
MOST_JOINED = 4


class Outcome(NamedTuple):
    """What became of a dump: what told of it ('' for nothing), and the articles that were lost."""

    told: str
    lost: list[str]


def main() -> int:
    """Mutate the samples of the formats that the arguments name. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help="default: all formats that have samples")
    parser.add_argument("--dumps", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="keep the dumps whose articles were lost in this folder")
    asked = parser.parse_args()
    missed = 0
    for name in asked.formats or [name for name in formats.all_formats() if _usable(name)]:
        tally: Counter[str] = Counter()
        for number in range(asked.dumps):
            chance = random.Random(f"{asked.seed} {name} {number}")
            data, words, change = _mutated(name, chance)
            told, lost = _outcome(name, data, words)
            tally[told or ("lost in silence" if lost else "all found")] += 1
            if lost and not told:
                missed += 1
                print(f"  {name} {number}: {change}: {len(lost)} of {len(words)} articles lost in silence")
                if asked.keep:
                    asked.keep.mkdir(parents=True, exist_ok=True)
                    (asked.keep / f"{name}-{number}.dump").write_bytes(data)
        print(f"{name}: {asked.dumps} dumps: " + ", ".join(f"{count} {what}" for what, count in tally.most_common()))
    print(f"{missed} dumps lost articles in silence")
    return 1 if missed else 0


def _usable(name: str) -> dict[str, bytes]:
    """The samples in which an article can be made longer; an index with the files that it is read with."""
    samples = XML if name == "xml" else samples_of(name)
    reader = formats.named(name)
    if formats.has_parts(reader):
        indexes = {file: reader.parts(io.BytesIO(data)) for file, data in samples.items()}
        samples = {
            file: samples[file] + b"".join(b"\n\0%s\0\n%s" % (part.encode(), samples.get(part, b"")) for part in parts)
            for file, parts in indexes.items()
            if parts
        }
    return {file: data for file, data in samples.items() if _bodies(name, data)}


def _opened(reader: formats.Format, data: bytes) -> tuple[formats.Format, bytes]:
    """The reader of a dump and its bytes: those of the index, where it is read with others."""
    if not formats.has_parts(reader):
        return reader, data
    index, *others = PART.split(data)
    parts = {name.decode("utf-8", "replace"): part for name, part in zip(others[::2], others[1::2], strict=True)}
    return formats.WithParts(reader, lambda name: io.BytesIO(parts[name]) if name in parts else None), index


def _bodies(name: str, data: bytes) -> list[str]:
    reader, data = _opened(formats.named(name), data)
    try:
        pieces = list(reader.read(io.BytesIO(data), FEED))
    except DumpError:
        return []
    return [piece["body"] for piece in pieces if isinstance(piece, dict) and piece.get("body")]


def _mutated(name: str, chance: random.Random) -> tuple[bytes, list[str], str]:
    """A dump, the words of its own of each article in it, and what was done."""
    samples = _usable(name)
    chosen = [samples[chance.choice(sorted(samples))] for _ in range(chance.randint(1, MOST_JOINED))]
    if name == "xml" or chosen[0].startswith(b"PK\x03\x04") or PART.search(chosen[0]):  # never joined
        chosen = chosen[:1]
    dumps, words = [], []
    for data in chosen:
        longer, added = _lengthened(name, data, chance)
        dumps.append(longer)
        words += added
    joined = b"\n".join(dumps)
    change = chance.choice(CHANGES)
    if joined.startswith(b"PK\x03\x04"):
        return _in_document(joined, lambda text: change(text, words, chance)), words, change.__name__
    return change(joined, words, chance), words, change.__name__


def _lengthened(name: str, data: bytes, chance: random.Random) -> tuple[bytes, list[str]]:
    """A sample whose articles are as long as articles, and the words that were added to each."""
    if data.startswith(b"PK\x03\x04"):
        added: list[str] = []

        def lengthen(text: bytes) -> bytes:
            longer, more = _with_words(text, _bodies(name, data), chance)
            added.extend(more)
            return longer

        return _in_document(data, lengthen), added
    return _with_words(data, _bodies(name, data), chance)


def _with_words(data: bytes, bodies: list[str], chance: random.Random) -> tuple[bytes, list[str]]:
    added = []
    if PART.search(data):
        return _with_words_on_pages(data, bodies, chance)
    for body in bodies:
        for phrase in re.findall(r"[^\W\d_]{2,} [^\W\d_]{2,} [^\W\d_]{2,}", body):
            place = data.find(phrase.encode())
            if place >= 0 and data.count(phrase.encode()) == 1:
                words = _own_words(chance)
                end = place + len(phrase.encode())
                data = data[:end] + b" " + words.encode() + data[end:]
                added.append(words)
                break
    return data, added


def _own_words(chance: random.Random) -> str:
    return " ".join("".join(chance.choices(SYLLABLES, k=4)) for _ in range(ADDED_WORDS))


def _with_words_on_pages(data: bytes, bodies: list[str], chance: random.Random) -> tuple[bytes, list[str]]:
    """As _with_words, on pages of ALTO: after the first word of each article that is nowhere else."""
    added = []
    for body in bodies:
        words = [re.escape(word.encode()) for word in body.split()]
        found = (list(re.finditer(rb'<String [^<>]*CONTENT="%s"[^<>]*/>' % word, data)) for word in words)
        if place := next((once[0].end() for once in found if len(once) == 1), None):
            added.append(_own_words(chance))
            data = data[:place] + b'<SP/><String CONTENT="%s"/>' % added[-1].encode() + data[place:]
    return data, added


def _in_document(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            content = source.read(name)
            copy.writestr(name, change(content) if name.endswith("document.xml") else content)
    return target.getvalue()


def _outcome(name: str, data: bytes, words: list[str]) -> Outcome:
    """What the format that is recognised, or else the format itself, makes of a dump."""
    reader = formats.named(name)
    try:
        if formats.can_recognise(reader):
            found = formats.recognise(data[: formats.HEAD_BYTES], "dump")
            if found is None:
                return Outcome("not recognised", [])
            reader = formats.named(found)
        reader, data = _opened(reader, data)
        account = Account(data[:64], formats.least_accounted(reader))
        texts: list[str] = []
        told = ""
        count = 0
        for piece in reader.read(io.BytesIO(data), FEED):
            account.add(piece)
            texts.append(_text_of(piece))
            count += isinstance(piece, dict | Reject)
            told = told or ("rejects" if isinstance(piece, Reject) else "a warning" if isinstance(piece, Doubt) else "")
        marks = reader.count_marks(io.BytesIO(data), FEED)
        balanced = balance(io.BytesIO(data), account)
    except DumpError:
        return Outcome("refused", [])
    if marks != count or not count:
        return Outcome("refused by the marks", [])
    lost = list(_lost(words, texts))
    if balanced and balanced.warning:
        told = "a warning"
    return Outcome(told if lost else "", lost)


def _text_of(piece: object) -> str:
    match piece:
        case dict():
            return json.dumps(piece, ensure_ascii=False, default=str)
        case Reject():
            return piece.piece.decode("utf-8", "replace")
        case Skip():
            return piece.text
    return ""


def _lost(words: list[str], texts: list[str]) -> Iterator[str]:
    """The words of articles that are nowhere, or in the same record as those of another."""
    taken: set[int] = set()
    for own in words:
        first = " ".join(own.split()[:5])
        place = next((number for number, text in enumerate(texts) if first in text), None)
        if place is None or place in taken:
            yield own
        else:
            taken.add(place)


if __name__ == "__main__":
    sys.exit(main())
