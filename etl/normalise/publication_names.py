"""Publications by the names that publications.toml gives them, and the local times of their articles."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from etl.declared.publications import Publications
from etl.normalise._columns import to_list

STRING = pd.ArrowDtype(pa.string())


def publications_of(stated: pd.Series, domains: pd.Series, known: Publications) -> pd.DataFrame:
    """Returns `name` and `time_zone` of each article's publication.

    In: clean names as dumps state them, and the hosts of the articles. A name that publications.toml does not have
    stays; an article without a name has that of its host, if one is known there. A zone that is not stated is null.
    """
    if not known.by_name:
        return pd.DataFrame({"name": stated, "time_zone": None}, stated.index, dtype=STRING)
    by_name = {name: known.named(name) for name in stated.dropna().unique()}
    by_domain = {domain: known.at(domain) for domain in domains[stated.isna()].dropna().unique()}
    rows = zip(to_list(stated), to_list(domains), strict=True)
    found = [by_name.get(name) if name else by_domain.get(domain) for name, domain in rows]
    columns = {
        "name": [publication.name if publication else None for publication in found],
        "time_zone": [publication.time_zone if publication else None for publication in found],
    }
    frame = pd.DataFrame(columns, stated.index, dtype=STRING)
    return frame.assign(name=frame["name"].fillna(stated))


def local_times(instants: pd.Series, zones: pd.Series) -> pd.Series:
    """Returns instants (UTC, without a zone) as the clocks of their zones show them; null where no zone is known."""
    found = pd.Series(None, instants.index, instants.dtype)
    for zone in zones.dropna().unique():
        shown = instants.dt.tz_localize("UTC").dt.tz_convert(zone).dt.tz_localize(None)
        found = found.mask((zones == zone).fillna(False), shown)
    return found
