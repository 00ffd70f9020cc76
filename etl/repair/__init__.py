"""What an engineer on duty does to the warehouse the morning after: replay, unload, renormalise, separate, release,
dismiss, take down.

Each repair is a separate run in ops.load_run; what it does to a delivery is a separate row in ops.dump_load.
"""

from __future__ import annotations


class RepairError(Exception):
    """What was asked for cannot be done: no such dump, nothing to do. The message says what there is instead."""
