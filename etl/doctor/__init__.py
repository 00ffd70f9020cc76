"""What may be wrong with this installation and its warehouse, and what to do about it. Changes nothing.

A check is a function that returns one Finding. To add one, write it in its module and add it to CHECKS there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import duckdb

from etl.doctor import ledger, publications, surroundings
from etl.doctor.finding import Finding, State
from etl.settings import Settings, SettingsError
from etl.warehouse import WarehouseError, damage, lock, opening, places, reading, whereabouts

__all__ = ["Finding", "State", "examine"]

PATIENCE_SECONDS = 5.0
"""How long to wait for the warehouse: a run may hold it for an hour, and doctor does not wait that long."""


def examine(settings: Settings) -> Iterator[tuple[str, Finding]]:
    """Every check by name, in order, with what it found."""
    for check in surroundings.CHECKS:
        yield _name(check), _around(check, settings)
    yield from _warehouse(settings)


def _around(check: Callable[[Settings], Finding], settings: Settings) -> Finding:
    """What a check of the surroundings finds, also where it cannot be made: the checks after it are."""
    try:
        return check(settings)
    except (WarehouseError, SettingsError) as error:
        return Finding(State.problem, str(error))
    except OSError as error:
        return _of_storage(error)


def _of_storage(error: OSError) -> Finding:
    return Finding(State.problem, f"{error.filename}: {error.strerror}", "let it be reached, then run doctor again")


def _warehouse(settings: Settings) -> Iterator[tuple[str, Finding]]:
    try:
        whereabouts.refuse_wrong(settings)
        if not opening.exists(settings):
            yield "warehouse", Finding(State.ok, "nothing is loaded yet")
            return
        with ExitStack() as stack:
            if holder := lock.taken(settings, "doctor", stack, PATIENCE_SECONDS):
                advice = "run doctor again when that has ended"
                yield "warehouse", Finding(State.not_checked, f"held by {holder}", advice)
                return
            # Attached read-only, so that it is not changed: every other way of opening it applies the migrations.
            connection = stack.enter_context(reading.attached(opening.source(settings), damage.RESTORE))
            yield "warehouse", Finding(State.ok, f"{places.name_of(settings)} opens")
            for check in (*ledger.CHECKS, *publications.CHECKS):
                yield _name(check), _checked(check, settings, connection)
    except WarehouseError as error:
        yield "warehouse", Finding(State.problem, str(error))


def _checked(check: ledger.Check, settings: Settings, connection: duckdb.DuckDBPyConnection) -> Finding:
    """What a check finds; in a warehouse of another version it may lack the columns that it asks for, and a storage
    may not answer.
    """
    try:
        return check(settings, connection)
    except OSError as error:
        return _of_storage(error)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        found = str(error).partition("\n")[0]
        return Finding(
            State.not_checked, f"the schema is not this Broadsheet's: {found}", "see above what to do about it"
        )


def _name(check: Callable[..., Any]) -> str:
    return check.__name__.replace("_", " ")
