from __future__ import annotations

from django.apps import AppConfig


class RoomConfig(AppConfig):
    name = "wherry.sign_off"
