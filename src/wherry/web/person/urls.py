from __future__ import annotations

from django.urls import URLPattern, path

from wherry.web.person import afterwards, check_in, did_it_help, doors, gateway, landing, progress

urlpatterns: list[URLPattern] = [
    path("c", landing.code, name="person_code"),
    path("c/<slug:token>", landing.link, name="person_link"),
    path("c/<slug:token>/<slug:what>", doors.door, name="person_door_of_link"),
    path("check-in/", check_in.start, name="person_start"),
    path("check-in/now", check_in.now_page, name="person_now"),
    path("check-in/send", check_in.send, name="person_send"),
    path("check-in/done", afterwards.done, name="person_done"),
    path("check-in/answered", afterwards.answered, name="person_answered"),
    path("check-in/page/<slug:link_id>", check_in.page, name="person_page"),
    path("what-is-done", progress.progress, name="person_progress"),
    path("signed-out", progress.signed_out, name="person_signed_out"),
    path("did-it-help", did_it_help.did_it_help, name="person_help"),
    path("did-it-help/<slug:said>", did_it_help.help_told, name="person_help_told"),
    path("leave/<slug:what>", doors.door, name="person_door"),
    path("told/<slug:what>", doors.told, name="person_told"),
    path("how-we-contact-you", landing.verify, name="person_verify"),
    path("gateway/receipts", gateway.callback, name="gateway_receipts"),
    path("gateway/texts", gateway.callback, name="gateway_texts"),
]
