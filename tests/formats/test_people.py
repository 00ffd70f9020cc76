"""The people who wrote an article, and the arrays of PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.formats.common.columns import make_plan, record
from etl.formats.common.values import array_of
from etl.model import Feed


def read(row: dict[str, Any]) -> dict[str, Any]:
    row = {"title": "Ferry late", "text": "It was late.", **row}
    return record(make_plan(tuple(row), Feed("wire")), row, "1")


ANN, BO = "Ann Muster", "Bo Berg"


@pytest.mark.parametrize(
    ("row", "names"),
    [
        ({"contributors": [{"name": ANN, "role": "author"}, {"name": BO, "role": "photographer"}]}, ANN),
        ({"contributors": [{"name": ANN, "role": "Writer"}, {"name": BO, "role": "researcher"}]}, ANN),
        ({"contributors": [{"name": ANN}, {"name": BO, "role": "Illustrator"}]}, ANN),
        ({"authors": [{"name": ANN, "role": "staff"}, {"name": BO, "role": "guest"}]}, f"{ANN}; {BO}"),
        ({"bylines": [{"first": "Ann", "last": "Muster"}]}, ANN),
        ({"bylines": [{"by": ANN}, {"by": BO}]}, f"{ANN}; {BO}"),
        ({"author": {"data": {"id": 1, "attributes": {"name": ANN, "createdAt": "2024-01-05"}}}}, ANN),
        ({"authors": {"data": [{"attributes": {"name": ANN}}, {"attributes": {"name": BO}}]}}, f"{ANN}; {BO}"),
        ({"author": {"data": {"attributes": {"firstName": "Ann", "lastName": "Muster"}}}}, ANN),
        ({"author": {"title": "Dr", "first_name": "Ann", "last_name": "Muster"}}, ANN),
        ({"author": "https://social.example/ann", "authors": [ANN]}, ANN),
        ({"author": "https://social.example/ann"}, None),
        ({"authors": '{"Ann Muster","Bo Berg"}'}, f"{ANN}; {BO}"),
        ({"authors": "{Ann,NULL}"}, "Ann"),
        ({"authors": "{}"}, None),
    ],
)
def test_the_people_who_wrote(row: dict[str, Any], names: str | None) -> None:
    assert read(row).get("byline") == names


def test_labels_in_an_array_of_postgresql() -> None:
    assert read({"tags": '{news,"bridges, old",NULL}'})["labels"] == [["tag", "", "news"], ["tag", "", "bridges, old"]]


@pytest.mark.parametrize("written", ["{a", "a}", "{a}b", '{"a"b}', "{a,}", "{{a},{b}}", '{"a":1}', "{a: b}}"])
def test_what_is_no_array_stays_as_it_is(written: str) -> None:
    assert array_of(written) == written


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1)))
def test_any_array_is_read_as_it_was(items: list[str]) -> None:
    quoted = ('"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"' for item in items)
    assert array_of("{" + ",".join(quoted) + "}") == items
