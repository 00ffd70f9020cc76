"""Great Expectations: imported late, quiet and offline, and without the work that nothing here needs."""

from __future__ import annotations

import gc
import importlib
import logging
import os
import sys
from collections.abc import Callable, Iterator
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
            from great_expectations.core import id_dict
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
    id_dict.convert_to_json_serializable = _plain_as_it_is(id_dict.convert_to_json_serializable)  # type: ignore[assignment]
    return context


@cache
def whole_frame() -> Any:
    """The one batch definition for all frames: every further one in the context makes the next slower."""
    asset = great_expectations().data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


@contextmanager
def nothing_twice() -> Iterator[None]:
    """Let one validation make once what it makes a hundred times, from the same and for the same.

    The configuration of each expectation, the expectation of each configuration, the needs of each metric in a graph.
    """
    from great_expectations.expectations.expectation import Expectation
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.validator.validation_graph import ValidationGraph

    configuration = property(_kept(vars(Expectation)["configuration"].fget))
    expand = _first_of_each(ValidationGraph.build_metric_dependency_graph)
    with (
        _replaced(Expectation, "configuration", configuration),
        _replaced(ExpectationConfiguration, "to_domain_obj", _kept(ExpectationConfiguration.to_domain_obj)),
        _replaced(ValidationGraph, "build_metric_dependency_graph", expand),
    ):
        yield


def _kept(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    made: dict[int, tuple[Any, Any]] = {}

    def once(source: Any) -> Any:
        if id(source) not in made:
            made[id(source)] = make(source), source  # which is kept, so that no other gets its id
        return made[id(source)][0]

    return once


def _first_of_each(expand: Callable[..., None]) -> Callable[..., None]:
    """Expand a metric in a graph only the first time: all edges of the second time are there already."""
    graphs: dict[tuple[int, Any], Any] = {}

    def once(graph: Any, metric_configuration: Any, runtime_configuration: Any = None) -> None:
        key = (id(graph), metric_configuration.id)
        if key not in graphs:
            graphs[key] = graph
            expand(graph, metric_configuration, runtime_configuration)

    return once


@contextmanager
def _replaced(owner: Any, name: str, value: Any) -> Iterator[None]:
    before = vars(owner)[name]
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


def _without_fingerprint(frame: Any) -> str:
    return ""


def _plain_as_it_is(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What it would return unchanged is not walked through: each metric is named by a JSON of its arguments."""
    plain = {str, int, bool, type(None)}

    def converted(data: dict[str, Any]) -> Any:
        return data if {type(value) for value in data.values()} <= plain else convert(data)

    return converted


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
