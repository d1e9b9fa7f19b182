from __future__ import annotations

from django.urls import URLPattern, path

from wherry.web.partners import coming, views

urlpatterns: list[URLPattern] = [
    path("", views.inbox, name="partners_inbox"),
    path("capacity", coming.capacity, name="partners_capacity"),
    path("coming", coming.demand, name="partners_demand"),
    path("calls/<uuid:call_id>", views.call, name="partners_call"),
]
