from __future__ import annotations

from django.urls import URLPattern, path

from wherry.web.programmes import differing, ending, folders, listing, live, version, words

urlpatterns: list[URLPattern] = [
    path("", listing.programmes, name="programmes"),
    path("put-forward", folders.put_forward, name="programmes_put_forward"),
    path("versions/<uuid:version_id>", version.version, name="programmes_version"),
    path("versions/<uuid:version_id>/words", words.words, name="programmes_words"),
    path("versions/<uuid:version_id>/changed", differing.changed, name="programmes_changed"),
    path("versions/<uuid:version_id>/live", live.live, name="programmes_live"),
    path("versions/<uuid:version_id>/end", ending.ending, name="programmes_end"),
]
