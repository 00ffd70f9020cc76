"""Publications under the names of publications.toml; local times only where a zone is known."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pyarrow as pa

from etl.declared.publications import Publication, Publications
from etl.normalise import STRING
from etl.normalise.publication_names import local_times, publications_of
from etl.schemas import TIMESTAMP

LAMP = Publication("The Lamp", country="England", time_zone="Europe/London")
KNOWN = Publications({"the lamp": LAMP, "lamp": LAMP}, {"lamp.example": LAMP})


def texts(*values: str | None) -> pd.Series:
    return pd.Series(values, dtype=STRING)


def test_an_alias_a_name_and_a_host_become_the_publication() -> None:
    found = publications_of(
        texts("LAMP", "Quay", None, None), texts(None, "lamp.example", "m.lamp.example", None), KNOWN
    )
    assert found["name"].tolist() == ["The Lamp", "Quay", "The Lamp", pd.NA]
    assert found["time_zone"].tolist() == ["Europe/London", pd.NA, "Europe/London", pd.NA]


def test_where_nothing_is_known_names_stay() -> None:
    found = publications_of(texts("Lamp", None), texts(None, "lamp.example"), Publications())
    assert found["name"].tolist() == ["Lamp", pd.NA]
    assert found["time_zone"].isna().all()


def test_local_times_follow_the_zone_of_each_and_its_summer_time() -> None:
    instants = pd.Series(
        [datetime(2026, 1, 14, 23, 30), datetime(2026, 7, 14, 23, 30), datetime(2026, 7, 14, 23, 30), None],
        dtype=pd.ArrowDtype(TIMESTAMP),
    )
    found = local_times(instants, texts("Europe/London", "Europe/London", None, "Asia/Tokyo"))
    assert pa.array(found).to_pylist() == [datetime(2026, 1, 14, 23, 30), datetime(2026, 7, 15, 0, 30), None, None]
