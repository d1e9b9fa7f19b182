from __future__ import annotations

from django.urls import URLPattern, path

from wherry.web.clinicians import comparing, deciding, signing, together, views

urlpatterns: list[URLPattern] = [
    path("", views.lists, name="clinicians_lists"),
    path("lists/<uuid:list_id>", views.entries, name="clinicians_list"),
    path("lists/<uuid:list_id>/together", together.together, name="clinicians_together"),
    path("lists/<uuid:list_id>/practices", comparing.practices, name="clinicians_practices"),
    path("lists/<uuid:list_id>/add", deciding.add, name="clinicians_add"),
    path("lists/<uuid:list_id>/sign", signing.sign, name="clinicians_sign"),
    path("entries/<uuid:entry_id>", deciding.entry, name="clinicians_entry"),
]
