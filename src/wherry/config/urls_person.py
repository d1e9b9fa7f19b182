from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []

handler400 = "wherry.web.components.refusals.bad_request"
handler403 = "wherry.web.components.refusals.forbidden"
handler404 = "wherry.web.components.refusals.not_found"
handler500 = "wherry.web.components.refusals.server_error"
