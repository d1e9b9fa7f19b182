"""The staff sites: one process, one sign-in, sites that know nothing of each other."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("wherry.web.sign_in.urls")),
    path("support/", include("wherry.web.support_team.urls")),
    path("clinicians/", include("wherry.web.clinicians.urls")),
    path("partners/", include("wherry.web.partners.urls")),
    path("office/", include("wherry.web.programme_office.urls")),
    path("programmes/", include("wherry.web.programmes.urls")),
]

handler400 = "wherry.web.components.refusals.bad_request"
handler403 = "wherry.web.components.refusals.forbidden"
handler404 = "wherry.web.components.refusals.not_found"
handler500 = "wherry.web.components.refusals.server_error"
