"""
YAML with the line of every value, and without YAML's surprises.

Read as YAML 1.2's core: only `true` and `false` are booleans (`no` is a word, as an answer code must be), dates and
times of day stay text, a number with a leading zero stays text. Refused with file and line: a key written twice,
anchors and aliases (what a reviewer reads is what holds), custom tags, tabs, more than one document, non-UTF-8.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from wherry.foundation.problems import Problem
from wherry.programmes.errors import ProgrammeUnreadable
from wherry.programmes.types import KeyPath, Section

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+([eE][-+]?[0-9]+)?")
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
_KINDS = ("str", "int", "float", "bool", "null", "map", "seq", "timestamp", "merge", "value")
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in _KINDS)
_DEPTH = 40
#: What the reader of YAML says, and what it means for whoever wrote the line.
_IN_WORDS = (
    (
        "mapping values are not allowed",
        "a colon stands in the middle of a value",
        "quote the value, or mend the indentation",
    ),
    ("could not find expected ':'", "a key has no colon after it", "write key: value, or mend the line above"),
    ("quoted scalar", "a quotation mark is never closed", "close it here, or on a line above"),
    ("unexpected end of stream", "a quotation mark is never closed", "close it here, or on a line above"),
    ("cannot start any token", "a value begins with a sign that means something else", "put it in quotation marks"),
    ("expected ',' or ", "a list or mapping in brackets is not closed, or lacks a comma", "mend the brackets"),
    ("expected <block end>", "this line does not fit those above it", "mend the indentation or quotes here, or above"),
    ("expected '<document start>'", "this line does not fit those above it", "mend the indentation"),
)
# libyaml's reader, in C, where PyYAML was built with it: a programme is read at the start of every process.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_section(*, path: str, content: bytes) -> Section:
    """
    Read one file. path: as messages shall name it.

    Raises ProgrammeUnreadable with one problem.
    """
    text = _decoded(path=path, content=content)
    node = _composed(path=path, text=text)
    lines: dict[KeyPath, int] = {}
    return Section(path=path, data=_value(path, node, (), lines), lines=lines)


def _wrong(path: str, line: int, what: str, mend: str) -> ProgrammeUnreadable:
    return ProgrammeUnreadable([Problem(path, line, what, mend)])


def _decoded(*, path: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _wrong(path, line, "this line is not UTF-8 text", "save the file as UTF-8") from error
    for number, line_text in enumerate(text.split("\n"), start=1):
        if "\t" in line_text:
            raise _wrong(path, number, "this line holds a tab", "use spaces")
    return text


def _composed(*, path: str, text: str) -> yaml.Node:
    try:
        try:
            _refuse_by_event(path=path, text=text)
            node = yaml.compose(text, Loader=_Loader)
        except yaml.YAMLError:
            node = yaml.compose(text, Loader=yaml.SafeLoader)  # says better where and why
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "it is not YAML"
        line = mark.line + 1 if mark else 1
        said = ((what, mend) for begins, what, mend in _IN_WORDS if begins in reason)
        what, mend = next(said, (reason, "mend the indentation or quotes here"))
        raise _wrong(path, line, f"this cannot be read: {what}", mend) from error
    if node is None:
        raise _wrong(path, 1, "the file is empty", "write its content or remove the file")
    return node


def _refuse_by_event(*, path: str, text: str) -> None:
    # Before anything is built, so that a file made to exhaust memory or the stack is refused while it is read.
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if getattr(event, "anchor", None):
            raise _wrong(path, line, "an anchor or alias (& or *) is used", "write the value out in full")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEPTH:
            raise _wrong(path, line, "this is nested too deeply", f"use fewer than {_DEPTH} levels")


def _value(path: str, node: yaml.Node, where: KeyPath, lines: dict[KeyPath, int]) -> Any:
    if node.tag not in _PLAIN_TAGS:
        raise _wrong(path, node.start_mark.line + 1, f"the tag {node.tag} is used", "write a plain value")
    if isinstance(node, yaml.MappingNode):
        return _mapping(path, node, where, lines)
    if isinstance(node, yaml.SequenceNode):
        items = []
        for index, item in enumerate(node.value):
            lines[(*where, index)] = item.start_mark.line + 1
            items.append(_value(path, item, (*where, index), lines))
        return items
    return _scalar(node) if isinstance(node, yaml.ScalarNode) else None


def _mapping(path: str, node: yaml.MappingNode, where: KeyPath, lines: dict[KeyPath, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise _wrong(path, line, "a key is not a word", "write the key as plain text")
        key = key_node.value
        if key in found:
            raise _wrong(path, line, f'the key "{key}" is written twice here', "keep one of them")
        lines[(*where, key)] = line
        found[key] = _value(path, value_node, (*where, key), lines)
    return found


def _scalar(node: yaml.ScalarNode) -> Any:
    text = node.value
    if node.style:  # quoted, or a block
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text) and len(text) < 19:
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text
