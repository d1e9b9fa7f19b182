from __future__ import annotations

from django.urls import URLPattern, path

from wherry.web.partners import views

urlpatterns: list[URLPattern] = [
    path("", views.inbox, name="partners_inbox"),
    path("calls/<uuid:call_id>", views.call, name="partners_call"),
]
