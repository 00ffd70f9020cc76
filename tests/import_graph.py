"""The imports of the project as a graph: read from the source, of whichever checkout.

    python tests/import_graph.py [FOLDER]

prints the modules in each folder of etl/, the arrows between modules, and the circles.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

Arrow = tuple[str, str]
"""The importing module and the imported one."""

LAYERS = (
    ("dags", "bin"),
    ("broadsheet_airflow",),
    ("etl.cli",),
    ("etl.maintain",),
    ("etl.repair", "etl.doctor"),
    ("etl.pipeline",),
    ("etl.stages",),
    ("etl.reports",),
    ("etl.warehouse",),
    ("etl.intake",),
    ("etl.formats",),
    ("etl.formats.web", "etl.formats.agency", "etl.formats.vendor", "etl.formats.newspaper"),
    ("etl.formats.common",),
    ("etl.normalise",),
    ("etl.workspace",),
    ("etl.run", "etl.schemas"),
    ("etl.declared", "etl.processes"),
    ("etl.settings",),
    ("etl.store",),
    ("etl.bucket",),
    ("etl.model", "etl.files", "etl.words", "etl.text_codecs"),
    ("etl",),  # the package itself, which imports nothing
)
"""From top to bottom: a file may import from its own folder and from what is below it; see docs/decisions/0012."""


def modules_in(root: Path) -> dict[str, Path]:
    """Every Python module of the layers by its dotted name."""
    found = {}
    for folder in ("etl", "dags", "broadsheet_airflow", "bin"):
        for path in sorted((root / folder).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def arrows_between(modules: dict[str, Path]) -> set[Arrow]:
    """Every import of one module by another, wherever in the file it is."""
    return {
        (name, imported)
        for name, path in modules.items()
        for imported in imported_by(path.read_text("utf-8"), modules, _package_of(name, path))
        if imported != name
    }


def _package_of(name: str, path: Path) -> str:
    """What relative imports in a module start from."""
    return name if path.name == "__init__.py" else name.rpartition(".")[0]


def imported_by(source: str, modules: Iterable[str], package: str = "") -> set[str]:
    """The modules that a source imports: for `from a import b`, `a.b` where that is a module, else `a`. Relative
    imports count, and so do `import_module("a.b")` and `__import__("a.b")` with a name that is written out."""
    known = set(modules)
    found: set[str] = set()
    for node in _nodes(source):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            module = ".".join(filter(None, [above, node.module]))
            names = (f"{module}.{alias.name}" for alias in node.names)
            found |= {name if name in known else module for name in names}
        elif isinstance(node, ast.Call) and _name_of(node.func) in ("import_module", "__import__"):
            found |= {arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)}
    return found & known


@cache
def _nodes(source: str) -> list[ast.AST]:
    """What may be an import in a source: parsed once, however often the graph is drawn."""
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom | ast.Call)]


def _name_of(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def circles(arrows: set[Arrow]) -> list[list[str]]:
    """The groups of modules that reach each other by imports."""
    below = defaultdict(set)
    for importing, imported in arrows:
        below[importing].add(imported)
    reached = {name: _reached(name, below) for name in list(below)}
    groups = {
        frozenset(other for other in found if name in reached.get(other, ())) | {name}
        for name, found in reached.items()
        if name in found
    }
    return sorted(sorted(group) for group in groups)


def _reached(name: str, below: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for imported in below[waiting.pop()] - found:
            found.add(imported)
            waiting.append(imported)
    return found


def wrong_arrows(arrows: set[Arrow]) -> list[str]:
    """The imports that point up, or to another folder of the same layer."""
    return sorted(f"{a} -> {b}" for a, b in arrows if not _is_right(a, b))


def _is_right(importing: str, imported: str) -> bool:
    own, other = folder_of(importing), folder_of(imported)
    if own == other or (_is_loose(own) and _is_loose(other) and _depth(own) == _depth(other)):
        return True
    return _depth(own) < _depth(other) or imported == "etl.formats"  # the list of formats, which imports none by name


def folder_of(module: str) -> str:
    """The entry of LAYERS that a module belongs to; '' where it has none."""
    entries = [entry for layer in LAYERS for entry in layer if f"{module}.".startswith(f"{entry}.")]
    return max(entries, key=len, default="")


def _depth(entry: str) -> int:
    return next((depth for depth, layer in enumerate(LAYERS) if entry in layer), -1)


def _is_loose(entry: str) -> bool:
    """Whether it is a file of etl/ itself: those of one layer may import each other, but in no circle."""
    return (Path(__file__).parent.parent / f"{entry.replace('.', '/')}.py").is_file()


def homeless(modules: Iterable[str]) -> list[str]:
    """The modules that no layer names."""
    return [name for name in modules if not folder_of(name) or (folder_of(name) == "etl" and name != "etl")]


def picture(root: Path) -> str:
    """The modules per folder, the arrows and the circles, in words."""
    modules = modules_in(root)
    arrows = arrows_between(modules)
    folders = Counter(str(path.parent.relative_to(root)) for name, path in modules.items() if name.startswith("etl"))
    lines = [f"{number:4} modules in {folder}" for folder, number in sorted(folders.items())]
    lines.append(f"{len(arrows):4} arrows between {len(modules)} modules")
    found = circles(arrows)
    lines.append(f"{len(found):4} circles" + "".join(f"\n       {' <-> '.join(group)}" for group in found))
    return "\n".join(lines)


if __name__ == "__main__":
    print(picture(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
