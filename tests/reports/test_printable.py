"""What came from dumps is shown on a screen and in logs, and obeyed by neither."""

from __future__ import annotations

import io
import json
import logging

import pytest
from newsroom import Newsroom, article
from rich.table import Table
from rich.text import Text

from etl.cli.screen import LogLine
from etl.reports.printable import Screen, block, json_text, line
from etl.reports.report import Report

HOSTILE = (
    "[red]a[/red] [link=https://x.example]b[/link] :red_heart:"
    "\x1b[2J\x1b]0;owned\x07\r\x9b31m\u202e\nINFO all is well\\"
)
SHOWN = (
    r"[red]a[/red] [link=https://x.example]b[/link] :red_heart:\x1b[2J\x1b]0;owned\x07\r\x9b31m\u202e\nINFO all is well"
    "\\"
)


def shown(what: object) -> str:
    """What a terminal would be sent."""
    written = io.StringIO()
    Screen(file=written, width=400, force_terminal=True, color_system=None).print(what)
    return written.getvalue()


def test_a_text_is_shown_as_it_stands() -> None:
    assert line(HOSTILE) == SHOWN
    assert block("two\n\nparagraphs,\ta tab, Ünïcode, \u200dنمی\u200cخواهم") == (
        "two\n\nparagraphs,\ta tab, Ünïcode, \u200dنمی\u200cخواهم"
    )
    assert line("broken \udcff name") == r"broken \udcff name"


def test_no_string_that_a_screen_prints_acts_on_the_terminal() -> None:
    table = Table("heading\x1b[2J", title="title\x07")
    table.add_row("cell\x1b[2J")
    for what in ("plain\x1b[2J\x07", table):
        sent = shown(what)
        assert not set(sent) & {"\x1b", "\x07", "\r"}
        assert r"\x1b[2J" in sent
    assert ":red_heart:" in shown(":red_heart:")


def test_a_report_shows_paths_places_and_reasons_without_obeying_them() -> None:
    dump = dict.fromkeys(("articles_declared", "articles_read", "inserted", "revised", "unchanged", "rejected"), 1)
    dumps = [{**dump, "path": HOSTILE, "format": "jsonl", "state": "loaded", "reason": HOSTILE}]
    rejected = [{"path": HOSTILE, "position": HOSTILE, "reason": HOSTILE}]
    report = Report("r", "failed", None, dumps, rejected, [HOSTILE], [HOSTILE])
    for text in (logged(report), shown_report(report)):
        assert not set(text) & {"\x1b", "\x07", "\r", "\x9b", "\u202e"}
        assert not [row for row in text.splitlines() if row.lstrip().startswith("INFO all is well")]
    assert shown_report(report).splitlines()[-2:] == [SHOWN, SHOWN]


def logged(report: Report) -> str:
    return "\n".join(text for _, text in report.lines())


def shown_report(report: Report) -> str:
    written = io.StringIO()
    report.show(Screen(file=written, width=800, force_terminal=True, color_system=None))
    return written.getvalue()


def test_a_log_message_takes_one_line_and_its_traceback_obeys_nothing() -> None:
    try:
        raise ValueError(HOSTILE)
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "x", 1, "%s", (HOSTILE,), (type(error), error, None))
    first, *rest = LogLine("%(message)s").format(record).splitlines()
    assert first == SHOWN
    assert not set("\n".join(rest)) & {"\x1b", "\x07", "\r", "\x9b"}


def test_json_on_a_terminal_is_the_same_json() -> None:
    text = json_text([HOSTILE, "Ünïcode"])
    assert json.loads(text) == [HOSTILE, "Ünïcode"]
    assert not set(text) & {"\x1b", "\x07", "\x9b", "\u202e"}
    assert "Ünïcode" in text


def test_a_dump_with_a_hostile_name_loads_and_reports_on_one_line(
    newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    newsroom.stanza('[feed.wire]\npath = "*"\nsettle_seconds = 0')
    newsroom.drop("a\x1b[2J\nb.jsonl", [article(1)])
    newsroom.drop("c\nINFO all is well", "no json\n")
    report = newsroom.loaded()
    assert sorted(dump["state"] for dump in report.dumps) == ["loaded", "refused"]
    text = logged(report)
    assert r"a\x1b[2J\nb.jsonl" in text
    assert not [row for row in text.splitlines() if row.startswith("INFO all is well")]
    assert shown(Text(line(report.failures[0]))).startswith(r"c\nINFO all is well: refused: ")
