"""An environment for each contestant, below var/: installed by uv from pinned requirements, bytecode included."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PEERS = PROJECT / "benchmarks" / "peers"
OURS = "broadsheet"
UV = os.environ.get("UV", str(PROJECT / "var" / "uv" / "bin" / "uv"))


def installed(name: str, folder: Path) -> Path:
    """Bring an environment up to date, and return its bin/: the project's own as its users install it, or a peer's."""
    environment = folder / name
    if name == OURS:
        _uv("sync", "--frozen", "--no-dev", "--compile-bytecode", "--python", sys.executable, into=environment)
    else:
        if not (environment / "bin" / "python").exists():
            _uv("venv", "--python", sys.executable, str(environment))
        requirements = str(PEERS / "requirements" / f"{name}.txt")
        _uv("pip", "sync", "--compile-bytecode", "--python", str(environment), requirements)
    return environment / "bin"


def clean_environment() -> dict[str, str]:
    """The caller's environment variables without settings of Broadsheet's or Python's."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("BROADSHEET_", "PYTHON"))}


def versions(environment: Path, packages: tuple[str, ...]) -> dict[str, str]:
    """The versions of some of the packages of an environment, given its bin/."""
    listed = json.loads(_uv("pip", "list", "--format", "json", "--python", str(environment / "python")))
    return {package["name"]: package["version"] for package in listed if package["name"] in packages}


def _uv(*arguments: str, into: Path | None = None) -> str:
    environment = dict(os.environ)
    environment.pop("VIRTUAL_ENV", None)
    if into:
        environment["UV_PROJECT_ENVIRONMENT"] = str(into)
    command = [UV, "--quiet", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
