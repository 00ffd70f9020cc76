"""publications.toml: the publications that dumps call by several names. It may stand beside sources.toml.

A wrong stanza is left out and reported; it stops no run, and no other stanza.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from etl.declared.stanzas import Key, is_country, is_list_of_texts, is_text, is_timezone
from etl.settings import Settings, SettingsError, read_toml
from etl.words import shown

FILE = "publications.toml"

_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")


@dataclass(frozen=True)
class Publication:
    """One stanza: [publication."NAME"]."""

    name: str
    aliases: tuple[str, ...] = ()
    """What dumps call it instead."""
    domains: tuple[str, ...] = ()
    """Where its articles stand on the web, for those that no dump gives a publication."""
    country: str | None = None
    time_zone: str | None = None
    """IANA name of the zone of its readers."""


@dataclass(frozen=True)
class Publications:
    """publications.toml: each publication by all its names, folded, and by its domains."""

    by_name: dict[str, Publication] = field(default_factory=dict)
    by_domain: dict[str, Publication | None] = field(default_factory=dict)
    """None where the stanza that has the domain is wrong."""
    problems: tuple[str, ...] = ()
    """What is wrong with the file, a sentence each."""

    @property
    def stanzas(self) -> list[Publication]:
        """Every publication once."""
        return list({publication.name: publication for publication in self.by_name.values()}.values())

    def named(self, name: str) -> Publication | None:
        """The publication that has this name or alias, whatever the capitals."""
        return self.by_name.get(folded(name))

    def at(self, domain: str) -> Publication | None:
        """The publication that has this domain, or one that it is part of."""
        parts = domain.split(".")
        hosts = (".".join(parts[start:]) for start in range(len(parts) - 1))
        return next((self.by_domain[host] for host in hosts if host in self.by_domain), None)


def folded(name: str) -> str:
    """A name without what does not tell two names apart: capitals and blanks."""
    return " ".join(name.casefold().split())


def _is_list_of_domains(value: Any) -> bool:
    return is_list_of_texts(value) and all(_HOST.fullmatch(each) and not each.startswith("www.") for each in value)


KEYS = {
    "aliases": Key('a list of names such as ["Guardian", "Guardian.com"]', is_list_of_texts),
    "domains": Key('a list of web hosts without www, such as ["theguardian.com"]', _is_list_of_domains),
    "country": Key("a country's code such as GB", is_country),
    "time_zone": Key('an IANA time zone such as "Europe/London"', is_timezone),
}
"""Every key of a stanza."""


def load_publications(settings: Settings) -> Publications:
    """Read and check publications.toml, if there is one."""
    try:
        document = read_toml(settings.sources.with_name(FILE))
    except FileNotFoundError:
        return Publications()
    except SettingsError as error:
        return Publications(problems=(str(error),))
    stanzas = document.get("publication", {})
    if not isinstance(stanzas, dict) or document.keys() - {"publication"}:
        found = ", ".join(sorted(document.keys() - {"publication"})) or shown(stanzas)
        return Publications(problems=(f'{FILE}: {found}; expected only stanzas [publication."NAME"]',))
    names: dict[str, Publication] = {}
    domains: dict[str, Publication] = {}
    served = set()
    problems = []
    for name, stanza in stanzas.items():
        publication = _publication(name, stanza)
        wrong = (
            list(_problems_of_name(name)) or list(_problems_of(stanza)) or list(_contested(publication, names, domains))
        )
        problems += [f'{FILE}: [publication."{name}"] {problem}' for problem in wrong]
        if not wrong:
            served.add(publication)
        # A stanza that is left out keeps what it claims: no other one takes its articles until it is mended.
        for each in (publication.name, *publication.aliases):
            names.setdefault(folded(each), publication)
        for domain in publication.domains:
            domains.setdefault(domain, publication)
    by_name = {name: publication for name, publication in names.items() if publication in served}
    by_domain = {domain: publication if publication in served else None for domain, publication in domains.items()}
    return Publications(by_name, by_domain, tuple(problems))


def _publication(name: str, stanza: Any) -> Publication:
    """What a stanza says, as far as it is right."""
    stated = stanza if isinstance(stanza, dict) else {}
    right = {key: stated[key] for key in KEYS.keys() & stated if KEYS[key].is_valid(stated[key])}
    lists = {key: tuple(right.get(key, ())) for key in ("aliases", "domains")}
    return Publication(**{**right, "name": " ".join(name.split()), **lists})


def _problems_of_name(name: str) -> Iterator[str]:
    if not is_text(name) or folded(name) == "unknown":
        yield f"{shown(name)}; expected the name of a publication"


def _problems_of(stanza: Any) -> Iterator[str]:
    """What is wrong with a stanza by itself."""
    if not isinstance(stanza, dict):
        yield f"is {shown(stanza)}; expected a stanza with keys of {', '.join(KEYS)}"
        return
    for key, value in stanza.items():
        if key not in KEYS:
            yield f"{key}: unknown key; expected one of {', '.join(KEYS)}"
        elif not KEYS[key].is_valid(value):
            yield f"{key}: {shown(value)}; expected {KEYS[key].expected}"


def _contested(
    publication: Publication, by_name: dict[str, Publication], by_domain: dict[str, Publication]
) -> Iterator[str]:
    """Names and domains that a stanza before it has."""
    for name in (publication.name, *publication.aliases):
        if other := by_name.get(folded(name)):
            yield f'aliases: {shown(name)} is claimed by [publication."{other.name}"] too; leave it to one of them'
    for domain in publication.domains:
        if other := by_domain.get(domain):
            yield f'domains: {shown(domain)} is claimed by [publication."{other.name}"] too; leave it to one of them'
