"""What a function of the readers refers to, found in the source: functions and constants, also of other modules."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

ROOT = "etl.formats"


class Named(NamedTuple):
    """A function or constant, and the module that defines it."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module.removeprefix(ROOT + '.')}.{self.name}"


def reached(module: ModuleType, name: str) -> set[Named]:
    """Everything of the readers that a function of a module refers to, directly or by what it calls."""
    waiting, found = [Named(module.__name__, name)], set[Named]()
    while waiting:
        named = waiting.pop()
        if named not in found:
            found.add(named)
            waiting += _references(named)
    return found


@cache
def _references(named: Named) -> list[Named]:
    module = importlib.import_module(named.module)
    node = _definitions(named.module).get(named.name)
    return [] if node is None else list(_resolved(module, node))


@cache
def _definitions(module: str) -> dict[str, ast.AST]:
    """The functions, classes and assignments of a module by name."""
    tree = ast.parse(inspect.getsource(importlib.import_module(module)))
    found: dict[str, ast.AST] = {}
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found[name] = node
            case ast.Assign(targets=targets):
                found |= {target.id: node for target in targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = node
    return found


def _resolved(module: ModuleType, node: ast.AST) -> Iterator[Named]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield from _of(module, part.id)
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
            owner = getattr(module, part.value.id, None)
            if isinstance(owner, ModuleType) and owner.__name__.startswith(ROOT):
                yield from _of(owner, part.attr)


def _of(module: ModuleType, name: str) -> Iterator[Named]:
    """The definition behind a name that a module uses, if it is one of the readers'."""
    if name in _definitions(module.__name__):
        yield Named(module.__name__, name)
        return
    value: Any = getattr(module, name, None)
    home = getattr(value, "__module__", None) or _home_of_constant(module, name)
    if isinstance(home, str) and home.startswith(ROOT) and home != module.__name__:
        yield Named(home, getattr(value, "__name__", name))


@cache
def _home_of_constant(module: ModuleType, name: str) -> str | None:
    """The module that a constant was imported from."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return node.module
    return None
