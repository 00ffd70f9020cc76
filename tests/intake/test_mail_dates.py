"""The numbers of a date in a head stand in the order of a mail program, which little else tells."""

from __future__ import annotations

import pytest

from etl.intake.mail_dates import with_iso_day

SENT = "Tue, 10 Mar 2026 10:11:12 +0100"
NOTES = "----- Weitergeleitet von Ann/HQ am {} 10:10 AM -----"


@pytest.mark.parametrize(
    ("printed", "stated"),
    [
        ("2 March 2026 9.31.12", "2 March 2026 9.31.12"),
        ("2026/03/02 9:31", "2026/03/02 9:31"),
        ("02/03/2569 09:31", "02/03/2569 09:31"),
        ("02.03.26  09:31  (GMT+01:00)", "2026-03-02  09:31  (GMT+01:00)"),
        ("25.2.2026 13.45", "2026-02-25 13:45"),
        ("25.2.2026 klo 13.45.12", "2026-02-25 klo 13.45.12"),
        ("26.3.2. 오전 9:31", "2026-03-02 오전 9:31"),
        ("3/14/2025 9:31 PM", "2025-03-14 9:31 PM"),
        ("03/03/2026 09:31", "2026-03-03 09:31"),
        ("Mon 3/2/2026 9:31 AM", "Mon 2026-03-02 9:31 AM"),
        ("lun. 02/03/2026 09:31", "lun. 2026-03-02 09:31"),
        ("segunda-feira, 02/03/2026 09:31", "segunda-feira, 2026-03-02 09:31"),
        ("Δευ 2/3/2026 9:31", "Δευ 2026-03-02 9:31"),
        ("dim. 01/03/2026", "dim. 2026-03-01"),  # a Sunday; a Tuesday in Gaelic, which neither day is
        ("3/4/2026 9:31", "2026-03-04 9:31"),  # 3 April is later than the letter
        ("14/4/2026 9:31", "2026-04-14 9:31"),  # so is this, but it can mean nothing else
    ],
)
def test_a_date_that_can_mean_one_day_is_stated_in_one_way(printed: str, stated: str) -> None:
    assert with_iso_day(printed, "", SENT) == stated


@pytest.mark.parametrize(
    "printed",
    [
        *("3/2/26  9:31 AM", "3/2/2026 9:31 AM", "02-03-2026 09:31", "26/03/02  09:31", "31/31/2026", "4/5/2026"),
        *("ma. 03/02/2026 09:31", "den 03/02/2026", "03/02/2026 09:31 CET"),
    ],
)
def test_a_date_that_can_mean_several_days_is_unknown(printed: str) -> None:
    assert with_iso_day(printed, "", SENT) is None


def test_without_the_day_of_the_letter_nothing_is_too_late() -> None:
    assert with_iso_day("3/4/2026", NOTES.format("03/10/2026"), "tomorrow") is None


@pytest.mark.parametrize(
    ("above", "stated"), [("03/10/2026", "2026-03-02 09:31 AM"), ("10/03/2026", "2026-02-03 09:31 AM"), ("", None)]
)
def test_the_line_above_shows_the_order(above: str, stated: str | None) -> None:
    assert with_iso_day("03/02/2026 09:31 AM", NOTES.format(above), SENT) == stated
