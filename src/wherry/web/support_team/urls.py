from __future__ import annotations

from django.urls import URLPattern, path

from wherry.web.support_team import endings, ringing_in, team, views

urlpatterns: list[URLPattern] = [
    path("", views.today, name="support_today"),
    path("next", views.next_task, name="support_next"),
    path("task/<uuid:task_id>", views.task, name="support_task"),
    path("task/<uuid:task_id>/after", views.after, name="support_after"),
    path("task/<uuid:task_id>/answers", endings.answers, name="support_answers"),
    path("task/<uuid:task_id>/outcome", endings.outcome, name="support_outcome"),
    path("task/<uuid:task_id>/stop", endings.stop, name="support_stop"),
    path("task/<uuid:task_id>/helped", endings.helped, name="support_helped"),
    path("task/<uuid:task_id>/found", endings.found, name="support_found"),
    path("task/<uuid:task_id>/settled", endings.settled, name="support_settled"),
    path("task/<uuid:task_id>/read", endings.read, name="support_read"),
    path("task/<uuid:task_id>/verified", endings.verified, name="support_verified"),
    path("task/<uuid:task_id>/back", endings.back, name="support_back"),
    path("task/<uuid:task_id>/take", views.take, name="support_take"),
    path("task/<uuid:task_id>/draft", endings.draft, name="support_draft"),
    path("task/<uuid:task_id>/later", endings.later, name="support_later"),
    path("task/<uuid:task_id>/over", endings.over, name="support_over"),
    path("task/<uuid:task_id>/undo", endings.undo, name="support_undo"),
    path("ringing-in", ringing_in.ringing_in, name="support_ringing_in"),
    path("team", team.team, name="support_team"),
    path("team/<uuid:task_id>", team.stuck_task, name="support_stuck"),
]
