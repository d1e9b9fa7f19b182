"""Who imports whom, read from the syntax tree: lazy imports and those for type checkers count like any other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"


@dataclass(frozen=True)
class Import:
    """One import statement's target: `imported` is a module's dotted name, or a name inside one."""

    importer: str
    imported: str
    line: int

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.imported}"


@dataclass(frozen=True)
class Tree:
    """The modules under one `src` folder and what they import."""

    source: Path = SOURCE

    @cached_property
    def modules(self) -> dict[str, Path]:
        """Name every module; a package by its own name."""
        found = {}
        for path in sorted((self.source / "wherry").rglob("*.py")):
            parts = path.relative_to(self.source).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
        return found

    @cached_property
    def rooms(self) -> frozenset[str]:
        """Name the rooms that exist."""
        return frozenset(name.split(".")[1] for name in self.modules if name.count(".") == 1)

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """Read every import of every module."""
        return tuple(found for name, path in self.modules.items() for found in _imports(name, path))


def _imports(name: str, path: Path) -> Iterator[Import]:
    for node in ast.walk(ast.parse(path.read_text(), filename=str(path))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(importer=name, imported=alias.name, line=node.lineno)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
                kept = package[: len(package) - node.level + 1]
                base = ".".join([*kept, base] if base else kept)
            for alias in node.names:
                yield Import(importer=name, imported=f"{base}.{alias.name}", line=node.lineno)


def is_under(name: str, *parents: str) -> bool:
    """Say whether a dotted name is one of these, or lies inside one."""
    return any(name == parent or name.startswith(parent + ".") for parent in parents)


def room_of(name: str) -> str:
    """Name the room a wherry module lives in; empty for a module from elsewhere."""
    parts = name.split(".")
    return parts[1] if parts[0] == "wherry" and len(parts) > 1 else ""
