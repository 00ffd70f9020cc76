"""Settings: by the environment, else by the file, and each of its type and range."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from etl.settings import (
    FILE,
    AuthorEmails,
    Settings,
    SettingsError,
    known_variables,
    load_settings,
    stated_settings,
)


@pytest.fixture
def beside(tmp_path: Path) -> dict[str, str]:
    """An environment that says only where sources.toml is."""
    return {"BROADSHEET_SOURCES": str(tmp_path / "sources.toml")}


def write(environment: dict[str, str], text: str) -> Path:
    file = Path(environment["BROADSHEET_SOURCES"]).with_name(FILE)
    file.write_text(text)
    return file


def test_the_file_beside_sources_states_settings_and_the_environment_wins(beside: dict[str, str]) -> None:
    folder = write(
        beside,
        'home = "kept"\nthreads = 3\nfront_page = false\ntimezone = "Europe/Berlin"\nlock_timeout_seconds = 5\n'
        'author_emails = "hash"\nschedule = "30 1 * * *"\n',
    ).parent
    found = load_settings({**beside, "BROADSHEET_THREADS": "4", "BROADSHEET_LANDING": "/srv/landing"})
    assert found.home == folder / "kept"
    assert (found.threads, found.front_page, found.timezone) == (4, False, ZoneInfo("Europe/Berlin"))
    assert (found.lock_timeout_seconds, found.author_emails) == (5.0, AuthorEmails.hash)
    assert (found.schedule, found.landing) == ("30 1 * * *", Path("/srv/landing"))


def test_a_part_is_not_so_small_that_a_dump_is_cut_into_thousands() -> None:
    with pytest.raises(SettingsError, match="BROADSHEET_PART_BYTES is 256; expected a whole number from 65,536"):
        load_settings({"BROADSHEET_PART_BYTES": "256"})


def test_without_either_every_setting_is_the_default(beside: dict[str, str]) -> None:
    assert load_settings(beside) == Settings(sources=Path(beside["BROADSHEET_SOURCES"]))


def test_it_is_known_where_a_setting_is_from(beside: dict[str, str]) -> None:
    write(beside, "threads = 3\nkeep_published = 5\n")
    places = {name: stated.place for name, stated in stated_settings({**beside, "BROADSHEET_THREADS": "4"}).items()}
    assert places == {
        "keep_published": "broadsheet.toml: keep_published",
        "sources": "BROADSHEET_SOURCES",
        "threads": "BROADSHEET_THREADS",
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("thraeds = 3", "unknown setting thraeds; expected only home, warehouse, lake_data, publish, landing"),
        ('sources = "x"', "unknown setting sources"),
        ('threads = "3"', "broadsheet.toml: threads is '3'; expected a whole number from 1 to 1,024"),
        ("threads = true", "threads is True; expected a whole number"),
        ("threads = 2.5", "threads is 2.5; expected a whole number"),
        ("home = 3", "home is 3; expected a path"),
        ('front_page = "yes"', "front_page is 'yes'; expected yes or no (true or false in the file)"),
        ("timezone = 2", "timezone is 2; expected an IANA time zone"),
        ("[threads]", "threads is {}; expected a whole number"),
        ("threads = ", "is not valid TOML"),
    ],
)
def test_a_wrong_file_is_named_with_what_was_expected(beside: dict[str, str], text: str, message: str) -> None:
    write(beside, text)
    with pytest.raises(SettingsError) as raised:
        load_settings(beside)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("threads", "0"),
        ("threads", "two"),
        ("threads", "1e3"),
        ("threads", "100000"),
        ("memory_limit", "lots"),
        ("memory_limit", "700"),
        ("keep_published", "0"),
        ("keep_work_days", "-1"),
        ("chunk_articles", "-1"),
        ("batch_bytes", "0"),
        ("lock_timeout_seconds", "nan"),
        ("lock_timeout_seconds", "inf"),
        ("lock_timeout_seconds", "-1"),
        ("max_unpack_ratio", "0.5"),
        ("deadline_hours", "four"),
        ("timezone", "Mars/Base"),
        ("timezone", "Europe"),
        ("front_page", "maybe"),
        ("author_emails", "burn"),
        ("schedule", "nightly"),
        ("maintenance_schedule", "0 2 * *"),
        ("home", "a\0b"),
    ],
)
def test_a_value_of_another_type_or_out_of_range_is_refused(beside: dict[str, str], name: str, text: str) -> None:
    variable = f"BROADSHEET_{name.upper()}"
    with pytest.raises(SettingsError, match=f"^{variable} is .*; expected "):
        load_settings({**beside, variable: text})


def test_every_default_is_itself_of_its_type_and_range(beside: dict[str, str]) -> None:
    defaults = {setting.name: setting.default for setting in fields(Settings) if setting.default is not None}
    as_text = {True: "yes", False: "no"}
    environment = {
        f"BROADSHEET_{name.upper()}": as_text[value] if isinstance(value, bool) else str(value)
        for name, value in defaults.items()
    }
    assert load_settings(environment) == Settings()
    assert environment.keys() < known_variables()
