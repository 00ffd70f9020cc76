"""publications.toml: every value is checked, and a wrong stanza is left out and reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.declared.publications import Publications, load_publications
from etl.declared.sources import load_sources
from etl.settings import Settings

LAMP = """
[publication."The Lamp"]
aliases = ["Lamp", "Lamp.example"]
domains = ["lamp.example"]
country = "GB"
time_zone = "Europe/London"
"""


def loaded(folder: Path, text: str) -> Publications:
    (folder / "publications.toml").write_text(text)
    return load_publications(Settings(sources=folder / "sources.toml"))


def test_a_publication_is_known_by_its_names_and_by_its_hosts(tmp_path: Path) -> None:
    known = loaded(tmp_path, LAMP)
    assert known.problems == ()
    assert {name: bool(known.named(name)) for name in ("THE LAMP", "lamp", "Lamp.example", "Evening Lamp")} == {
        "THE LAMP": True,
        "lamp": True,
        "Lamp.example": True,
        "Evening Lamp": False,
    }
    assert [bool(known.at(host)) for host in ("lamp.example", "news.lamp.example", "oldlamp.example")] == [
        True,
        True,
        False,
    ]


def test_without_the_file_nothing_is_known(tmp_path: Path) -> None:
    assert load_publications(Settings(sources=tmp_path / "sources.toml")) == Publications()


@pytest.mark.parametrize(
    ("stanza", "problem"),
    [
        ('[publication.Quay]\nalias = ["Kai"]', "alias: unknown key; expected one of aliases, domains, country, time_"),
        ('[publication.Quay]\naliases = "Kai"', 'aliases: "Kai"; expected a list of names'),
        ('[publication.Quay]\ndomains = ["www.quay.example"]', "expected a list of web hosts without www"),
        ('[publication.Quay]\ncountry = "Atlantis"', 'country: "Atlantis"; expected a country\'s code'),
        ('[publication.Quay]\ntime_zone = "London"', 'time_zone: "London"; expected an IANA time zone'),
        ('[publication.Quay]\naliases = ["LAMP"]', '"LAMP" is claimed by [publication."The Lamp"] too'),
        ('[publication.Quay]\ndomains = ["lamp.example"]', '"lamp.example" is claimed by [publication."The Lamp"]'),
    ],
)
def test_a_wrong_stanza_is_left_out_and_the_others_serve(tmp_path: Path, stanza: str, problem: str) -> None:
    known = loaded(tmp_path, LAMP + stanza)
    (found,) = known.problems
    assert found.startswith('publications.toml: [publication."Quay"] ')
    assert problem in found
    assert known.named("Quay") is None
    assert known.named("Lamp") is not None


@pytest.mark.parametrize(
    "stanza",
    [
        'aliases = ["Kai"]\ndomains = ["news.quay.example"]\ncountry = "Atlantis"',
        'aliases = ["Kai", "Lamp"]\ndomains = ["news.quay.example"]',
    ],
)
def test_no_other_publication_takes_what_a_wrong_stanza_has(tmp_path: Path, stanza: str) -> None:
    mole = '[publication.Mole]\ndomains = ["quay.example"]\n'
    for claim in ('aliases = ["kai"]', 'aliases = ["Quay"]', 'domains = ["news.quay.example"]'):
        known = loaded(tmp_path, f"{LAMP}[publication.Quay]\n{stanza}\n[publication.Pier]\n{claim}\n{mole}")
        assert [str(problem).split('"')[1] for problem in known.problems] == ["Quay", "Pier"]
        assert [publication.name for publication in known.stanzas] == ["The Lamp", "Mole"]
        assert known.named("Kai") is known.named("Quay") is known.at("news.quay.example") is None
        assert known.at("quay.example") is known.named("Mole") is not None


@pytest.mark.parametrize("text", ["[publication", "[publications.Quay]", 'publication = "Quay"'])
def test_a_wrong_file_is_reported_with_the_feeds(tmp_path: Path, text: str) -> None:
    assert loaded(tmp_path, text).by_name == {}
    (tmp_path / "sources.toml").write_text('[feed.wire]\npath = "*"\n')
    sources = load_sources(Settings(sources=tmp_path / "sources.toml"))
    assert [str(problem).count("publications.toml") for problem in sources.problems] == [1]
    assert list(sources.feeds) == ["wire"]
