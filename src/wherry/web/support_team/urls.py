from __future__ import annotations

from django.urls import URLPattern, path

from wherry.web.support_team import endings, views

urlpatterns: list[URLPattern] = [
    path("", views.today, name="support_today"),
    path("next", views.next_task, name="support_next"),
    path("task/<uuid:task_id>", views.task, name="support_task"),
    path("task/<uuid:task_id>/after", views.after, name="support_after"),
    path("task/<uuid:task_id>/answers", endings.answers, name="support_answers"),
    path("task/<uuid:task_id>/outcome", endings.outcome, name="support_outcome"),
    path("task/<uuid:task_id>/stop", endings.stop, name="support_stop"),
    path("task/<uuid:task_id>/helped", endings.helped, name="support_helped"),
    path("task/<uuid:task_id>/verified", endings.verified, name="support_verified"),
    path("task/<uuid:task_id>/back", endings.back, name="support_back"),
]
