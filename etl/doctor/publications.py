"""Whether each publication has one name in the warehouse. What may be one is suggested, and never merged by itself."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import duckdb

from etl import words
from etl.declared.publications import FILE, Publications, load_publications
from etl.doctor.finding import Finding, State
from etl.settings import SQL, Settings
from etl.warehouse import statements

NAMES = SQL / "watch" / "publication_names.sql"

_PLACE = re.compile(r"\s*\(([^()]*)\)\s*$")
_SIGNS = re.compile(r"[^\w\s&'’-]")
_SUFFIX = re.compile(r"\.(?:com?|org|net|info|[a-z]{2})(?:\.[a-z]{2})?\.?\s*$", re.IGNORECASE)


class Named(NamedTuple):
    """A name in the warehouse."""

    name: str
    domain: str | None
    articles: int


def publication_names(settings: Settings, connection: duckdb.DuckDBPyConnection) -> Finding:
    """Every publication has one name."""
    known = load_publications(settings)
    found = [Named(**row) for row in statements.rows(connection, NAMES)]
    former = [one for one in found if (stated := known.named(one.name)) and stated.name != one.name]
    if former:
        articles = words.counted(sum(one.articles for one in former), "article")
        names = words.first_few([one.name for one in former], 3)
        return Finding(
            State.warning, f"{articles} under other names than {FILE} has: {names}", "run: broadsheet renormalise"
        )
    groups = list(alike(found, known))
    if groups:
        listed = "; ".join(" = ".join(one.name for one in group) for group in groups[:3])
        more = f" and {len(groups) - 3} more" if len(groups) > 3 else ""
        advice = (
            f"where they are one, say so in {settings.sources.with_name(FILE)}, then run: broadsheet renormalise. "
            f"Where they are several, give each a stanza of its own. For instance:\n{stanza_of(groups[0])}"
        )
        return Finding(State.warning, f"may be one publication under several names: {listed}{more}", advice)
    return Finding(State.ok, f"{words.counted(len(found), 'publication')}, no two with like names")


def alike(found: list[Named], known: Publications) -> Iterator[list[Named]]:
    """Groups of names that look like one publication's, or like the host that they share, and of which nobody said
    what they are."""
    unknown = [one for one in found if not known.named(one.name)]
    groups = {one.name: [one] for one in unknown}
    for keys in (_like_names(unknown), _shared_hosts(unknown)):
        for names in keys:
            joined = {one.name: one for name in names for one in groups[name]}
            merged = [one for one in unknown if one.name in joined]
            groups |= dict.fromkeys(joined, merged)
    for name, group in groups.items():
        if len(group) > 1 and group[0].name == name:
            yield group


def _like_names(found: list[Named]) -> list[list[str]]:
    """Names that differ in capitals, signs, an article before or a domain or place behind; not in the place alone."""
    by_core: dict[str, list[str]] = defaultdict(list)
    for one in found:
        by_core[core(one.name)].append(one.name)
    groups = []
    for names in by_core.values():
        places = {place[1].casefold() for name in names if (place := _PLACE.search(name))}
        groups.append(names if len(places) < 2 else [name for name in names if not _PLACE.search(name)])
    return [names for names in groups if len(names) > 1]


def _shared_hosts(found: list[Named]) -> list[list[str]]:
    by_host: dict[str, list[str]] = defaultdict(list)
    for one in found:
        if one.domain and _is_of_host(one.name, one.domain):
            by_host[one.domain].append(one.name)
    return [names for names in by_host.values() if len(names) > 1]


def _is_of_host(name: str, domain: str) -> bool:
    """Whether a name, a part of it or its initials stand in the host: portals carry publications of other names."""
    host = core(domain)
    initials = "".join(word[0] for word in re.findall(r"\w+", name.casefold()) if word != "the")
    return core(name) in host or host in core(name) or (len(initials) > 1 and host.startswith(initials))


def core(name: str) -> str:
    """A name in small letters without signs, an article before it, or a domain's end or place behind it."""
    bare = _SUFFIX.sub("", _PLACE.sub("", name))
    joined = "".join(filter(str.isalnum, bare.casefold()))
    return joined.removeprefix("the") or joined or name


def stanza_of(group: list[Named]) -> str:
    """A stanza that makes a group one: under a name without signs, of most articles."""
    first, *others = sorted(group, key=lambda one: (bool(_SIGNS.search(one.name)), one.name.islower(), -one.articles))
    aliases = json.dumps([one.name for one in others], ensure_ascii=False)
    return f"[publication.{json.dumps(first.name, ensure_ascii=False)}]\naliases = {aliases}"


CHECKS = (publication_names,)
