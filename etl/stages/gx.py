"""Great Expectations: imported late, quiet and offline, and without the work that nothing here needs."""

from __future__ import annotations

import gc
import importlib
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any

NEEDED_BY_FEW = ("scipy.stats", "altair")
"""Half of the import's time, for one expectation and for charts that are not drawn here."""


@cache
def great_expectations() -> Any:
    """Its context for this process. The import takes two seconds: call it as late as possible."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.disable(logging.INFO)  # the import logs two hundred lines, whatever its logger's level
    gc.disable()  # the import creates 400,000 permanent objects: never scan them, now or later
    try:
        with _on_first_use(NEEDED_BY_FEW):
            import great_expectations as gx
            import great_expectations.expectations
            from great_expectations.data_context.types.base import ProgressBarsConfig
            from great_expectations.execution_engine import pandas_execution_engine
            from tqdm import tqdm

        context = gx.get_context(mode="ephemeral")
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()
        logging.disable(logging.NOTSET)
    logging.getLogger("great_expectations").setLevel(logging.WARNING)  # its import sets it lower
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    # Else even a bar that is not shown leaves a thread for ever, and DuckDB was seen to hang when it closed beside one.
    tqdm.monitor_interval = 0
    # It hashes every frame, twice, to tell batches apart; here each is made, judged and forgotten.
    pandas_execution_engine.hash_pandas_dataframe = _without_fingerprint
    return context


@cache
def whole_frame() -> Any:
    """The one batch definition for all frames: every further one in the context makes the next slower."""
    asset = great_expectations().data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


@contextmanager
def configured_once() -> Iterator[None]:
    """Let every expectation make its configuration once: in one validation it is asked for it a hundred times."""
    from great_expectations.expectations import expectation

    kind: Any = expectation.Expectation
    anew = kind.configuration
    made: dict[int, tuple[Any, Any]] = {}

    def once(asked: Any) -> Any:
        if id(asked) not in made:
            made[id(asked)] = anew.fget(asked), asked  # which is kept, so that no other gets its id
        return made[id(asked)][0]

    kind.configuration = property(once)
    try:
        yield
    finally:
        kind.configuration = anew


def _without_fingerprint(frame: Any) -> str:
    return ""


class _Late(ModuleType):
    """Stands for a module until one of its attributes is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__name__), name)


@contextmanager
def _on_first_use(names: tuple[str, ...]) -> Iterator[None]:
    """Whoever imports one of these modules meanwhile gets it when an attribute of it is used."""
    late = {name: _Late(name) for name in names if name not in sys.modules}
    sys.modules.update(late)
    try:
        yield
    finally:
        for name, module in late.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]
