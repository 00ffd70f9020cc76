"""Topics out of labels: tidied, each once, whatever the dump wrote for a name."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from etl.normalise import STRING, topics


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        ([["tag", "", " city  trams "]], [("tag", "city trams", "city trams")]),
        ([["iptc", "04000000", None], ["iptc", "04000000", "economy"]], [("iptc", "04000000", "economy")]),
        ([["tag", "", " "]], []),
        ([["tag", "", "Foxes &amp; Geese"]], [("tag", "Foxes & Geese", "Foxes & Geese")]),
        ([["tag", "", "\xe9"], ["tag", "", "e\u0301"]], [("tag", "\xe9", "\xe9")]),
        ([["tag", "", "Fo\x00xes\u202e"], ["tag", "", "Foxes"]], [("tag", "Foxes", "Foxes")]),
        ([["tag", "", "\u202e"]], []),
        ([["tag", 1, None], ["tag", True, None], ["tag", 1.5, None]], [("tag", n, n) for n in ("1", "True", "1.5")]),
        ([["tag", ["a", "b"], "letters"]], [("tag", "['a', 'b']", "letters")]),
    ],
)
def test_topics(labels: list[list[Any]], found: list[tuple[str, str, str]]) -> None:
    (of_one,) = topics(pd.Series([json.dumps(labels)], dtype=STRING))
    assert [(topic["scheme"], topic["code"], topic["name"]) for topic in of_one] == found
