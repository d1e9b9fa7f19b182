"""The components as an installed application, so that their static files are found."""

from __future__ import annotations

from django.apps import AppConfig


class Components(AppConfig):
    """Owns no table; named so that no other application's label can collide with it."""

    name = "wherry.web.components"
    label = "web_components"
