"""One night over every format, plain, zipped and in a tar.zst: known by its content, and the same in each."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import one_of_each
from newsroom import Newsroom, settings_in

from etl.warehouse import reading

PACKED = ("all.zip", "all.tar.zst")
CONTAINERS = ("mail",)
"""Folders of samples that are not named after a format."""


def test_a_night_of_every_format_in_every_packing(tmp_path: Path) -> None:
    articles = one_of_each.write(tmp_path)
    room = Newsroom(tmp_path, settings_in(tmp_path))
    assert room.ingest().failures == []
    with reading.attached(room.settings.warehouse_file) as connection:
        rows = connection.execute("select path, format, state, articles_read, rejected from ops.dump_status").fetchall()
    assert [path for path, _, state, *_ in rows if state != "loaded"] == []
    read: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for path, name, _, number, rejected in rows:
        folder, _, file = path.partition("/")
        assert folder in (*CONTAINERS, *name.split(" + ")), path
        read[folder][file] = number, rejected
    for folder, found in read.items():
        plain = [numbers for file, numbers in found.items() if file not in PACKED]
        assert {found[file] for file in PACKED} == {(sum(n for n, _ in plain), sum(n for _, n in plain))}, folder
    fewer = [path for path, number in articles.items() if _articles_read(read, path) < number]
    assert [path for path in fewer if not path.startswith(CONTAINERS)] == []


def _articles_read(read: dict[str, dict[str, tuple[int, int]]], path: str) -> int:
    folder, _, file = path.partition("/")
    return read[folder][file][0]
