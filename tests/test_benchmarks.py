"""What is said of the measurements of benchmarks/comparison, from invented ones, and how they are measured."""

from __future__ import annotations

import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from newsroom import article

from benchmarks import ingest
from benchmarks.comparison import extractors, measure, page, quick, results
from benchmarks.comparison.chart import LEFT, Bar, bars
from benchmarks.comparison.contestants import CONTESTANTS
from benchmarks.comparison.environments import OURS, PEERS
from benchmarks.comparison.invented_articles import Newsroom
from benchmarks.comparison.measure import Usage

MACHINE = {
    "day": "2026-11-28",
    "commit": "abc1234",
    "cores": 2,
    "memory_gigabytes": 24,
    "system": "Linux x86_64",
    "python": "3.11.7",
    "load_average": 0.1,
}

PIXELS_PER_LETTER = 8
"""More than any of the fonts takes on average at 14 pixels."""


def usages(*cpu_seconds: float) -> list[dict[str, Any]]:
    return [Usage(cpu, cpu / 2, 1_200_000_000, 2_000_000_000)._asdict() for cpu in cpu_seconds]


def loaded(*cpu_seconds: float) -> dict[str, Any]:
    return {"versions": {"duckdb": "1.5.5"}, "arrived": 990, "runs": usages(*cpu_seconds)}


LOAD = {
    "measured": MACHINE,
    "articles": 1000,
    "dump_bytes": 3_000_000,
    "contestants": {"limit": loaded(1, 2, 1), OURS: loaded(4, 8, 5), "pandas": loaded(10, 20, 10)},
}
SCALE = {
    "measured": MACHINE,
    "versions": {},
    "at_once": {"200000": usages(50, 40, 45), "1000000": usages(250, 240, 230)},
    "nightly": 10_000,
    "nights": {"10000": usages(10, 10, 10), "1000000": usages(13, 12, 15)},
    "loads": {"10000": [1, 2, 1], "1000000": [1.5, 3, 2]},
}
HTML = {
    "measured": MACHINE,
    "pages": 100,
    "extractors": {
        "resiliparse": {"versions": {}, "f1": 0.9, "precision": 0.85, "recall": 0.95, "runs": usages(0.2, 0.2, 0.2)},
        "broadsheet": {"versions": {}, "f1": 0.99, "precision": 0.99, "recall": 0.99, "runs": usages(1, 1, 2)},
    },
}


def rows(text: str) -> list[list[str]]:
    """The cells of every row of a page's tables."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]


def test_the_typical_run_is_the_median_of_each_figure() -> None:
    assert results.typical(usages(3, 90, 2)) == Usage(3, 1.5, 1_200_000_000, 2_000_000_000)


def test_a_machine_that_slows_down_does_not_change_the_ratio() -> None:
    assert results.ratio(usages(1, 8, 4), usages(5, 40, 10)) == pytest.approx(0.2)


def test_contestants_take_turns(capsys: pytest.CaptureFixture[str]) -> None:
    order = []

    def run(name: str, turn: int) -> Usage:
        order.append(name + str(turn))
        return Usage(turn, turn, 1, 1)

    runs = results.in_turns("ab", 3, run)
    assert order == ["a0", "b0", "a1", "b1", "a2", "b2"]
    assert [usage["cpu_seconds"] for usage in runs["b"]] == [0, 1, 2]
    assert "turn 3 of 3: b" in capsys.readouterr().out


def test_keeping_one_part_of_the_results_leaves_the_others(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    results.keep("load", {"articles": 1}, file)
    results.keep("html", {"pages": 2}, file)
    results.keep("load", {"articles": 3}, file)
    assert results.read(file) == {"load": {"articles": 3}, "html": {"pages": 2}}


def test_every_circumstance_is_on_the_page() -> None:
    at = results.circumstances()
    text = page.generated({"load": {**LOAD, "measured": at}})[page.PAGE]
    assert all(str(value) in text for value in at.values())


def test_the_page_says_rates_and_shares_of_the_limit_fastest_first() -> None:
    table = rows(page.generated({"load": LOAD})[page.PAGE])
    assert [row[:4] for row in table[2:5]] == [
        [CONTESTANTS["limit"].name, "1,000", "1.000", "1.0 (1.0 to 2.0)"],
        ["**Broadsheet**", "200", "0.250", "5.0 (4.0 to 8.0)"],
        ["pandas", "100", "0.100", "10.0 (10.0 to 20.0)"],
    ]
    assert table[3][5:] == ["1.2 GB", "2.0 GB", "990"]
    assert [row[2] for row in table[7:]] == [CONTESTANTS[name].does_not for name in ("limit", OURS, "pandas")]


def test_the_page_says_how_the_rate_changes_with_size() -> None:
    text = page.generated({"scale": SCALE})[page.PAGE]
    assert "The larger dump is loaded at 0.94 times the rate of the smaller one." in text
    assert "Where 1,000,000 are there, a night takes 1.30 times the CPU-seconds" in text
    assert "its load\n1.50 times." in text
    assert [row[-1] for row in rows(text)[-2:]] == ["1.0", "2.0"]


def test_the_page_lists_extractors_with_the_most_accurate_first() -> None:
    table = rows(page.generated({"html": HTML})[page.PAGE])
    assert [[row[0], row[1], row[4]] for row in table[2:]] == [
        ["**Broadsheet's html reader**", "0.990", "100"],
        ["resiliparse", "0.900", "500"],
    ]


def test_what_was_not_measured_is_left_out_of_the_page() -> None:
    made = page.generated({"html": HTML})
    assert set(made) == {page.PAGE}
    assert re.findall("^## .*", made[page.PAGE], re.MULTILINE) == ["## The text of web pages"]


def test_the_committed_page_is_what_the_committed_results_make() -> None:
    assert page.stale_pages() == []


def test_a_stale_page_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(page, "PAGE", tmp_path / "benchmarks.md")
    assert page.stale_pages() == [tmp_path / "benchmarks.md"]
    (tmp_path / "benchmarks.md").write_text(page.generated(results.read())[page.PAGE] + "and more")
    assert page.stale_pages() == [tmp_path / "benchmarks.md"]


def test_bars_are_as_long_as_their_values_and_stay_inside() -> None:
    chart = ElementTree.fromstring(bars("Rates <1>", [Bar("a & b", 4000), Bar("ours", 1000, ours=True)]))
    first, second = (rect for rect in chart.findall("{*}rect") if rect.get("class") != "paper")
    assert float(first.get("width", 0)) == pytest.approx(4 * float(second.get("width", 0)), abs=0.5)
    assert float(first.get("x", 0)) + float(first.get("width", 0)) < float(chart.get("width", 0))
    assert (first.get("class"), second.get("class")) == ("bar", "ours")
    assert {"Rates <1>", "a & b", "4,000"} <= {text.text for text in chart.findall("{*}text")}


def test_every_contestants_name_fits_beside_its_bar() -> None:
    assert max(len(contestant.name.replace("`", "")) for contestant in CONTESTANTS.values()) * PIXELS_PER_LETTER < LEFT


def test_the_chart_has_colours_for_light_and_for_dark() -> None:
    chart = bars("Rates", [Bar("ours", 1)])
    used = set(re.findall(r"var\((--\w+)\)", chart))
    light, dark = chart.split("prefers-color-scheme: dark")
    assert used and all(f"{name}:" in light and f"{name}:" in dark for name in used)


@pytest.mark.parametrize(
    ("share", "status", "said"),
    [(0.17, 1, "SLOWER"), (0.181, 0, "as before"), (0.219, 0, "as before"), (0.23, 0, "faster")],
)
def test_only_what_is_worse_by_more_than_the_noise_fails(share: float, status: int, said: str) -> None:
    found, text = quick.verdict(share, quick.Baseline(30_000, 0.2, 0.1))
    assert (found, text.split(":")[0]) == (status, said)


def test_the_noise_of_a_baseline_is_the_range_of_its_shares() -> None:
    assert quick.of_shares(30_000, [0.21, 0.19, 0.2, 0.2, 0.205]) == quick.Baseline(30_000, 0.2, 0.1)


def test_the_committed_baseline_can_be_read() -> None:
    baseline = quick.Baseline(**json.loads(quick.FILE.read_text()))
    assert 0 < baseline.share < 1 and 0 < baseline.noise < 1


on_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="waits for Linux, where a process can count those that outlive their parent"
)


@on_linux
def test_a_process_that_outlives_the_command_is_counted(tmp_path: Path) -> None:
    worker = "import time\nwhile time.process_time() < 0.7: pass"
    command = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {worker!r}]); print('begun')"
    usage = measure.measured([sys.executable, "-c", command], tmp_path / "log", {})
    assert usage.cpu_seconds > 0.7
    assert usage.together_bytes > 0 < usage.peak_bytes
    assert (tmp_path / "log").read_text() == "begun\n"


@on_linux
def test_a_command_that_fails_says_what_it_printed(tmp_path: Path) -> None:
    with pytest.raises(measure.CommandFailed, match="out of paper"):
        measure.measured([sys.executable, "-c", "raise SystemExit('out of paper')"], tmp_path / "log", {})


def test_seconds_of_steps_add_up_and_the_larger_memory_counts() -> None:
    assert measure.added([Usage(1, 2, 3, 4), Usage(10, 20, 1, 9)]) == Usage(11, 22, 3, 9)


def test_invented_articles_are_the_same_for_the_same_seed_and_a_small_dump_begins_a_large_one() -> None:
    small, large, other = (
        list(islice(Newsroom(seed).lines(count), count)) for seed, count in ((1, 50), (1, 400), (2, 50))
    )
    assert large[:50] == small
    assert not {json.loads(line)["id"] for line in small[:10]} & {json.loads(line)["id"] for line in other[:10]}
    assert all(line.count("\n") == 1 and line.endswith("\n") for line in large)


def test_page_extractors_are_not_compared_where_the_pages_are_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert extractors.compare(tmp_path / "pages", 1, tmp_path / "work") is False
    assert "ground-truth.json" in capsys.readouterr().out
    assert not (tmp_path / "work").exists()


def test_every_peer_has_an_environment_of_pinned_versions() -> None:
    needed = {step.environment for contestant in CONTESTANTS.values() for step in contestant.steps}
    needed |= {extractor.environment for extractor in extractors.EXTRACTORS.values()}
    committed = {path.stem: path.read_text() for path in (PEERS / "requirements").glob("*.txt")}
    assert set(committed) == needed - {OURS}
    for text in committed.values():
        assert all(re.match(r"[\w.-]+==\S+", line) for line in text.splitlines() if not line.startswith("#"))


def test_the_stages_are_timed_one_by_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dump = tmp_path / "a.jsonl"
    dump.write_text("".join(json.dumps(article(number)) + "\n" for number in range(3)))
    ingest.stage_by_stage(dump, tmp_path / "home", None)
    timed = [line.split()[0] for line in capsys.readouterr().out.splitlines() if " CPU-s " in line]
    assert timed == ["discover", "extract", "gather", "normalise", "check", "load", "verify", "publish"]
