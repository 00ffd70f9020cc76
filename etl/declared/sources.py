"""sources.toml: the landing folder and its feeds, every value checked. A wrong stanza stops no feed but its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from etl import store
from etl.declared import remote
from etl.declared.publications import Publications, load_publications
from etl.declared.stanzas import is_text, problems_of
from etl.model import Feed
from etl.settings import Settings, SettingsError, read_toml
from etl.words import shown

AD_HOC = "ad_hoc"
"""The source of a dump that no stanza of sources.toml claims."""


@dataclass(frozen=True)
class WrongStanza:
    """A stanza that cannot be used."""

    problems: tuple[str, ...]
    paths: tuple[str, ...]
    """What it claims nevertheless, as far as that can be told: no feed after it may take its dumps."""


@dataclass(frozen=True)
class Sources:
    """sources.toml: the landing folder and the feeds whose paths are below it."""

    landing: Path
    feeds: dict[str, Feed]
    wrong: dict[str, WrongStanza] = field(default_factory=dict)
    """The stanzas that cannot be used, by the name of their feed."""
    claimants: tuple[Feed, ...] = ()
    """All feeds in the order in which they claim files, those of wrong stanzas with nothing but a path."""
    oddities: tuple[str, ...] = ()
    """What else is wrong with the file, and with publications.toml."""
    publications: Publications = field(default_factory=Publications)

    @property
    def problems(self) -> list[str]:
        """Everything that is wrong, a sentence each: the stanza, the key, what was found and what is expected."""
        return [*self.oddities, *self.problems_of_stanzas]

    @property
    def problems_of_stanzas(self) -> list[str]:
        """What is wrong with stanzas: this matters also where a dump is named by hand."""
        return [problem for stanza in self.wrong.values() for problem in stanza.problems]

    @property
    def names_today(self) -> dict[str, str]:
        """The name of each feed by every name that it had before."""
        return {former: feed.name for feed in self.feeds.values() for former in feed.former_names}

    def feed_of(self, source: str) -> Feed:
        """The feed of that name; the ad-hoc one where no stanza has it. Raises SettingsError if its stanza is wrong."""
        if source in self.wrong:
            raise SettingsError("; ".join(self.wrong[source].problems))
        return self.feeds.get(source, ad_hoc_feed())


@cache
def ad_hoc_feed() -> Feed:
    """The feed of a dump that was named by hand and that no stanza claims."""
    return Feed(name=AD_HOC)


def load_sources(settings: Settings) -> Sources:
    """Read and check sources.toml. What is wrong with a stanza is in `wrong`, and the other feeds can be used.

    Raises SettingsError where the file is missing, is not TOML, or has no landing folder that could be meant.
    """
    path = settings.sources
    try:
        document = read_toml(path)
    except FileNotFoundError:
        raise SettingsError(
            f"{path}: there is no such file; expected sources.toml: write it, or set BROADSHEET_SOURCES to its path"
        ) from None
    landing = document.get("landing", "landing")
    if not is_text(landing):
        raise SettingsError(f"{path.name}: landing: {shown(landing)}; expected a folder, such as {shown('landing')}")
    stanzas = document.get("feed", {}) if isinstance(document.get("feed", {}), dict) else {}
    feeds: dict[str, Feed] = {}
    wrong: dict[str, WrongStanza] = {}
    claimants: list[Feed] = []
    for name, stanza in stanzas.items():
        if problems := tuple(f"{path.name}: [feed.{name}] {problem}" for problem in problems_of(stanza, name)):
            wrong[name] = WrongStanza(problems, tuple(_paths(name, stanza)))
            claimants += [Feed(name, claimed) for claimed in wrong[name].paths]
        else:
            feeds[name] = _feed(name, stanza)
            claimants.append(feeds[name])
    for name, problem in _contested_names(feeds, set(stanzas)):
        wrong[name] = WrongStanza((f"{path.name}: [feed.{name}] {problem}",), (feeds.pop(name).path,))
    publications = load_publications(settings)
    oddities = (*(f"{path.name}: {oddity}" for oddity in _oddities(document)), *publications.problems)
    folder = (settings.landing or path.parent / store.path_of(str(landing))).resolve()
    return Sources(folder, feeds, wrong, tuple(claimants), oddities, publications)


def _contested_names(feeds: dict[str, Feed], names_today: set[str]) -> list[tuple[str, str]]:
    """Feeds with a former name that is not that of one feed which is no longer there, and what is wrong with it."""
    claimed: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for feed in feeds.values():
        for name in feed.former_names:
            where = f"former_names: {shown(name)}"
            if name in names_today:
                wrong[feed.name] = f"{where} is the name of a feed today; remove that stanza, or this name"
            elif name == AD_HOC:
                wrong[feed.name] = f"{where} is what belongs to no feed; expected the former name of a feed"
            elif name in claimed:
                wrong[feed.name] = f"{where} is claimed by [feed.{claimed[name]}] too; leave it to one of them"
            claimed.setdefault(name, feed.name)
    return list(wrong.items())


def _oddities(document: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the file beside its stanzas."""
    for key in sorted(document.keys() - {"landing", "feed"}):
        yield f"{key}: unknown key; expected only landing and stanzas [feed.NAME]"
    stanzas = document.get("feed", {})
    if not isinstance(stanzas, dict):
        yield f"feed: {shown(stanzas)}; expected stanzas [feed.NAME]"
    elif not stanzas:
        yield "no feed; expected at least one stanza [feed.NAME]: without one, nothing is ever taken"


def _feed(name: str, stanza: dict[str, Any]) -> Feed:
    """A feed as a stanza without problems states it."""
    columns = {
        raw: tuple(map(str, column)) if isinstance(column, list) else str(column)
        for raw, column in stanza.get("columns", {}).items()
    }
    id_column = str(stanza["id_column"]) if "id_column" in stanza else None
    lists: dict[str, Any] = {name: tuple(stanza.get(name, ())) for name in ("exclude", "former_names")}
    lists["optional"] = tuple(map(str, stanza.get("optional", ())))
    named = {"name": name, "columns": columns, "id_column": id_column, **lists}
    if remote.is_address(stanza["path"]):
        named |= {"path": remote.landing_path(name, stanza["path"]), "address": stanza["path"]}
    return Feed(**{**stanza, **named})


def _paths(feed: str, stanza: Any) -> list[str]:
    """What a wrong stanza claims; where its files are fetched, what may have been fetched."""
    path = stanza.get("path") if isinstance(stanza, dict) else None
    texts = [str(text) for text in (path if isinstance(path, list) else [path]) if is_text(text)]
    return [feed if remote.is_address(text) else text for text in texts]
