"""The person site: a resident's check-in, and the callbacks of message providers."""

from __future__ import annotations

from django.urls import include, path

from wherry.web.person import landing

urlpatterns = [
    path("", landing.code, name="person_home"),
    path("", include("wherry.web.person.urls")),
]

handler400 = "wherry.web.components.refusals.bad_request"
handler403 = "wherry.web.components.refusals.forbidden"
handler404 = "wherry.web.components.refusals.not_found"
handler500 = "wherry.web.components.refusals.server_error"
