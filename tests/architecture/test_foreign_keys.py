"""Keys between tables run the way the datum walks, and nothing hangs itself upon a person."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field, ForeignObject, Model

ROOT = Path(__file__).parents[2]


def _order() -> list[str]:
    """Read the rooms, first to last, from the contract that keeps their order."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "chain")
    return [layer.strip("()") for layer in reversed(layers)]


def _models() -> list[type[Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("wherry.")]


def _room(model: type[Model]) -> str:
    return model.__module__.split(".")[1]


def _keys() -> list[tuple[type[Model], Field]]:
    return [
        (model, field)
        for model in _models()
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if field.is_relation
    ]


def test_there_are_models_to_look_at() -> None:
    assert len(_models()) > 10
    assert len(_keys()) > 10


def test_a_key_points_only_to_an_earlier_room_or_its_own() -> None:
    order = _order()
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model, field in _keys()
        if field.related_model.__module__.startswith("wherry.")
        and order.index(_room(field.related_model)) > order.index(_room(model))
    ]

    assert wrong == []


def test_a_key_to_a_person_gives_the_person_no_way_back() -> None:
    assert [name for name, field in _keys_to_people() if not _is_hidden(field)] == []


def _keys_to_people() -> list[tuple[str, Field]]:
    return [
        (f"{model._meta.label}.{field.name}", field)
        for model, field in _keys()
        if _room(field.related_model) == "people" and _room(model) != "people"
    ]


def _is_hidden(field: Field) -> bool:
    return isinstance(field, ForeignObject) and field.remote_field.hidden


@pytest.mark.parametrize(("name", "hidden"), [("+", True), (None, False)])
def test_a_way_back_is_told_from_none(name: str | None, hidden: bool) -> None:
    from django.db.models import CASCADE, ForeignKey

    assert _is_hidden(ForeignKey("people.Person", on_delete=CASCADE, related_name=name)) is hidden
