"""mart.data_quality: expectations over runs, and whether they are met more or less often."""

from __future__ import annotations

from newsroom import Newsroom, article

EMPTY_BODIES = """
    select run_id, is_met, unexpected, unexpected_before, trend, runs_unmet, runs
    from mart.data_quality where column_name = 'has_text' order by started_at
"""


def test_every_run_is_compared_with_the_one_before(newsroom: Newsroom) -> None:
    for night, torn in enumerate((0, 2, 1, 1)):
        dump = [article(10 * night + n, body="" if n < torn else "Text.") for n in range(3)]
        newsroom.ingest(newsroom.drop(f"{night}.jsonl", dump), run_id=f"night-{night}")
    assert newsroom.ask_published(EMPTY_BODIES) == [
        ("night-0", True, 0, None, "first", 0, 1),
        ("night-1", False, 2, 0, "worse", 1, 2),
        ("night-2", False, 1, 2, "better", 2, 3),
        ("night-3", False, 1, 1, "same", 3, 4),
    ]


def test_every_result_is_in_it_once(archive: Newsroom) -> None:
    assert archive.ask_published("select count(*) from mart.data_quality") == archive.ask_published(
        "select count(*) from ops.quality_result"
    )
