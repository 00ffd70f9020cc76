"""A landing folder with the samples of every format: as they are, in a zip and in a tar.zst.

    PYTHONPATH=tests/formats python -m one_of_each FOLDER

writes it, with its sources.toml, for a night with real services.
"""

from __future__ import annotations

import io
import sys
import tarfile
import zipfile
from pathlib import Path

import zstandard
from sample_dumps import SAMPLES, expected, samples

from etl import formats

LONGEST_AGO = 1_000_000_000
"""The time of what is in a tar, in seconds since 1970: a container is the same whenever it is made."""


def write(folder: Path) -> dict[str, int]:
    """Write landing/ and sources.toml into a folder. Returns how many articles each dump holds, by its path."""
    articles = {}
    stanzas = ['landing = "landing"']
    for name in sorted(path.name for path in SAMPLES.iterdir()):
        here = folder / "landing" / name
        here.mkdir(parents=True)
        stanzas.append(_stanza(name))
        dumps = {path.name: path.read_bytes() for path in samples(name)}
        for file, data in dumps.items():
            (here / file).write_bytes(data)
        held = {path.name: len(expected(path)) for path in samples(name) if path.with_suffix(".expected.json").exists()}
        articles |= {f"{name}/{file}": number for file, number in held.items()}
        for packed, data in (("all.zip", _zip(dumps)), ("all.tar.zst", _tar_zst(dumps))):
            (here / packed).write_bytes(data)
            articles[f"{name}/{packed}"] = sum(held.values())
    (folder / "sources.toml").write_text("\n".join(stanzas))
    return articles


def _stanza(name: str) -> str:
    reader = formats.all_formats().get(name)
    named = f'format = "{name}"\n' if reader and not formats.can_recognise(reader) else ""
    return f'[feed.{name}]\npath = "{name}/*"\nsettle_seconds = 0\n{named}'


def _zip(dumps: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, data in dumps.items():
            archive.writestr(file, data)
    return target.getvalue()


def _tar_zst(dumps: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for file, data in dumps.items():
            info = tarfile.TarInfo(file)
            info.size, info.mtime = len(data), LONGEST_AGO
            archive.addfile(info, io.BytesIO(data))
    return zstandard.compress(target.getvalue())


if __name__ == "__main__":
    for dump, number in write(Path(sys.argv[1])).items():
        print(f"{number:4} {dump}")
