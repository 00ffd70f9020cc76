"""Fields that the forms of several DAGs share."""

from __future__ import annotations

from typing import Any

from airflow.sdk import Param

TEXT: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 1000}


def optional(title: str, description: str, **schema: Any) -> Param:
    """A field that may be left empty."""
    return Param(None, type=["null", "string"], maxLength=4000, title=title, description=description, **schema)


DUMP = "Path of the delivery as in the ledger, e.g. `agency/2024-04-14.zip`, or its key."
REASON = Param("", **TEXT, title="Reason", description="Why. Kept in the ledger for good.")

WAITING = {
    "dump": optional("Dump", f"{DUMP} Or a glob of paths, e.g. `agency/*.zip`."),
    "source": optional("Feed", "All that is waiting of this feed of sources.toml, e.g. `agency`."),
    "everything": Param(False, type="boolean", title="Everything", description="All that is waiting, of every feed."),
}
"""Which deliveries: exactly one of the three is to be given."""
