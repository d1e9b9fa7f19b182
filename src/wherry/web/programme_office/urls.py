from __future__ import annotations

from django.urls import URLPattern, path

from wherry.web.programme_office import access, changes, decisions, feeds, huddle, links, sending, variation, views

urlpatterns: list[URLPattern] = [
    path("", views.funnel, name="office_funnel"),
    path("today", huddle.huddle, name="office_huddle"),
    path("feeds", feeds.feeds, name="office_feeds"),
    path("links", links.queue, name="office_links"),
    path("links/pair", links.pair, name="office_link_pair"),
    path("links/person", links.person, name="office_person_links"),
    path("links/separation", links.separation, name="office_separation"),
    path("changes", changes.changes, name="office_changes"),
    path("variation", variation.variation, name="office_variation"),
    path("decisions", decisions.decisions, name="office_decisions"),
    path("who-looked", access.access, name="office_access"),
    path("agreements", decisions.agreements, name="office_agreements"),
    path("sending", sending.sending, name="office_sending"),
    path("stuck", views.stuck, name="office_stuck"),
]
