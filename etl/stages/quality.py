"""The only module that runs Great Expectations: suites over slim frames, never over bodies.

A suite is a module of expectations/ called like the frame it guards: `expectations()` builds it, each
expectation with its severity and, as `notes`, the reason; an optional `derive(frame)` adds columns that
it needs. Structural expectations are derived from the SQL catalogue.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
import pyarrow as pa
import sqlalchemy as sa

from etl.settings import SQL
from etl.stages.gx import great_expectations, nothing_twice, whole_frame
from etl.warehouse import statements

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation

    from etl.warehouse.catalogue import Table

QUALITY = SQL / "quality"

COUNTED = ("unexpected_count", "element_count")
"""What is summed when one expectation was checked over several frames."""


class Failing(NamedTuple):
    """A row (by its place in the frame) that a critical expectation refuses, and why."""

    row: int
    reason: str


class Outcome(NamedTuple):
    """What a suite found: one result per expectation (RESULT), and the rows refused."""

    results: list[dict[str, Any]]
    failing: list[Failing]

    @property
    def critical(self) -> list[dict[str, Any]]:
        return [row for row in self.results if row["severity"] == "critical" and not row["success"]]


def validate(frame: pd.DataFrame, suite: str, structural: list[Expectation] | None = None) -> Outcome:
    """Run the suite of that name, and structural expectations, over a frame.

    Counts come from one cheap pass; only where a critical expectation failed a second pass lists its rows.
    """
    module = suite_module(suite)
    expectations = [*(structural or []), *(module.expectations() if module else [])]
    if not expectations:
        return Outcome([], [])
    if module and hasattr(module, "derive"):
        frame = module.derive(frame)
    batch = whole_frame().get_batch({"dataframe": _with_plain_numbers(frame.reset_index(drop=True))})
    found = _run(batch, suite, expectations, "BASIC")
    results = [_result(suite, result) for result in found]
    refusing = [
        expectation
        for expectation, result in zip(expectations, results, strict=True)
        if not result["success"] and result["severity"] == "critical"
    ]
    listed = _run(batch, suite, refusing, "COMPLETE") if refusing else []
    failing = [
        Failing(int(row), result.expectation_config.notes)
        for result in listed
        for row in result.result.get("unexpected_index_list") or []
    ]
    return Outcome(results, failing)


def _with_plain_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns without nulls as NumPy types: Great Expectations compares any other type value by value."""
    plain = {"i": "int64", "f": "float64", "b": "bool"}
    types = {name: plain[dtype.kind] for name, dtype in frame.dtypes.items() if dtype.kind in plain}
    full = {name: type_ for name, type_ in types.items() if not frame[name].hasnans}
    return frame.assign(**{name: frame[name].to_numpy(type_) for name, type_ in full.items()})


def merged(outcomes: list[Outcome]) -> Outcome:
    """One outcome of a suite that was run over one part of a table after the other; without the rows refused."""
    return Outcome([_merged(results) for results in zip(*(outcome.results for outcome in outcomes), strict=True)], [])


def _merged(results: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    """The results of one expectation as one: what was first found instead, and how often in all."""
    first = next((result for result in results if not result["success"]), results[0])
    return {**first, **{name: _sum([result[name] for result in results]) for name in COUNTED}}


def _sum(counts: list[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def structural(table: Table) -> list[Expectation]:
    """What the catalogue promises of a table: no gaps, unique keys, foreign keys that lead somewhere.

    For a frame with the table's columns and, for each reference, a column `<name>_is_resolved`.
    """
    return [*of_each_row(table), *(unique(table, key) for key in table.keys)]


def of_each_row(table: Table) -> list[Expectation]:
    """What the catalogue promises of every row by itself: no gaps, foreign keys that lead somewhere."""
    great_expectations()  # quietly, before the next line imports it
    import great_expectations.expectations as gxe
    from great_expectations.expectations.metadata_types import FailureSeverity

    critical = FailureSeverity.CRITICAL
    present = [
        gxe.ExpectColumnValuesToNotBeNull(
            column=column.name, severity=critical, notes=f"{table.full_name}.{column.name} is declared not null"
        )
        for column in table.columns
        if not column.is_nullable
    ]
    resolved = [
        gxe.ExpectColumnValuesToBeInSet(
            column=f"{column.name}_is_resolved",
            value_set=[True],
            severity=critical,
            notes=f"every {column.name} is a key of {column.references}",
        )
        for column in table.columns
        if column.references
    ]
    return [*present, *resolved]


def unique(table: Table, key: tuple[str, ...]) -> Expectation:
    """That no two rows share this key of the table."""
    import great_expectations.expectations as gxe
    from great_expectations.expectations.metadata_types import FailureSeverity

    critical = FailureSeverity.CRITICAL
    notes = f"{', '.join(key)} is a key of {table.full_name}"
    if len(key) > 1:
        return gxe.ExpectCompoundColumnsToBeUnique(column_list=list(key), severity=critical, notes=notes)
    return gxe.ExpectColumnValuesToBeUnique(column=key[0], severity=critical, notes=notes)


def suite_module(name: str) -> Any:
    """The module expectations/<name>.py; None where there is none."""
    great_expectations()  # quietly, before the module imports it
    try:
        return importlib.import_module(f"expectations.{name}")
    except ModuleNotFoundError as error:
        if error.name == f"expectations.{name}":
            return None
        raise


def _run(batch: Any, suite: str, expectations: list[Expectation], detail: str) -> list[Any]:
    """The results of the expectations, in their order. Raises RuntimeError where one could not be computed."""
    import great_expectations as gx

    numbered = [expectation.copy(update={"id": None}) for expectation in expectations]
    for number, expectation in enumerate(numbered):
        expectation.meta = {"number": number}
    built = gx.ExpectationSuite(name=suite, expectations=numbered)
    with nothing_twice():
        validated = batch.validate(built, result_format={"result_format": detail})
    found = sorted(validated.results, key=lambda result: result.expectation_config.meta["number"])
    for result in found:
        if message := _exception(result.exception_info):
            raise RuntimeError(f"suite {suite}: {result.expectation_config.type} could not be computed: {message}")
    return found


def _exception(info: Any) -> str | None:
    """What an expectation raised. Great Expectations notes it for the expectation, or for each metric that it needs."""
    notes = [info, *info.values()] if isinstance(info, dict) else []
    raised = (note for note in notes if isinstance(note, dict) and note.get("raised_exception"))
    return next((str(note.get("exception_message")) for note in raised), None)


def _result(suite: str, result: Any) -> dict[str, Any]:
    config = result.expectation_config
    column = config.kwargs.get("column") or ", ".join(
        config.kwargs.get("column_list") or filter(None, [config.kwargs.get("column_A"), config.kwargs.get("column_B")])
    )
    found = result.result
    observed = found.get("observed_value", found.get("partial_unexpected_list"))
    return {
        "suite": suite,
        "expectation": config.type,
        "column_name": column or None,
        "severity": str(getattr(config.severity, "value", config.severity)),
        "success": bool(result.success),
        "unexpected_count": found.get("unexpected_count"),
        "observed_value": None if result.success and "observed_value" not in found else str(observed)[:500],
        "reason": config.notes if isinstance(config.notes, str) else " ".join(config.notes or []),
        "element_count": found.get("element_count"),
    }


def record(connection: sa.Connection, run_id: str, results: pa.Table) -> None:
    """Keep what suites found in a run (etl.schemas.RESULT) in ops.quality_result."""
    with statements.registered(connection, "quality_found", results):
        statements.run_file(connection, QUALITY / "record.sql", {"run_id": run_id})


def record_once(connection: sa.Connection, run_id: str, results: pa.Table) -> None:
    """Keep it unless it is kept already, or the run left nothing in the ledger."""
    asked = statements.run_file(connection, QUALITY / "is_recorded.sql", {"run_id": run_id}).one()
    if asked.is_run_known and not asked.is_recorded:
        record(connection, run_id, results)
