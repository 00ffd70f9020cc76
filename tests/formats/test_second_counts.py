"""The second count of a reader is another method: it shares no function and no pattern with what reads."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from etl.settings import PROJECT

OPEN_ONLY = {"read_whole", "chunks", "document_xml"}
"""Functions that hand out a file's bytes, and know nothing of articles."""
FORMATS = """
nexis_txt nexis_docx nexis_html factiva_html factiva_xml europresse_html tagged_text pressreader_txt plain_txt mets_alto
reuters_sgml
"""


def reached(path: Path, start: str) -> set[str]:
    """The functions and patterns of a module, and the names that it imports of the readers' helpers, which a function
    uses, itself or through other functions of the module."""
    tree = ast.parse(path.read_text())
    own = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    patterns = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and "re.compile" in ast.unparse(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    helpers = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("etl.formats")
        for alias in node.names
    }
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for node in ast.walk(own[waiting.pop()]):
            name = ""
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in helpers:
                name = f"{node.value.id}.{node.attr}"
            elif isinstance(node, ast.Name) and node.id in {*own, *patterns, *helpers}:
                name = node.id
            if name and name not in found:
                found.add(name)
                waiting += [name] if name in own else []
    modules = {name.partition(".")[0] for name in found if "." in name}
    return found - modules - OPEN_ONLY


@pytest.mark.parametrize("name", FORMATS.split())
def test_the_second_count_shares_nothing_with_the_reader(name: str) -> None:
    path = PROJECT / "etl" / "formats" / f"{name}.py"
    counted = reached(path, "count_marks")
    read = reached(path, "read") | (reached(path, "read_with") if name == "mets_alto" else set())
    assert counted, "counts nothing: a constant"
    assert "one_unless_blank" not in counted
    assert counted & read == set()
