from __future__ import annotations

from django.urls import URLPattern, path

from wherry.web.sign_in import account, home, people, second_step, views

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("working-for", home.working_for, name="sign_in_working_for"),
    path("sign-in", views.sign_in, name="sign_in"),
    path("sign-in/code", second_step.code, name="sign_in_code"),
    path("sign-in/recovery-code", second_step.recovery, name="sign_in_recovery"),
    path("sign-in/set-up", second_step.set_up, name="sign_in_set_up"),
    path("sign-in/new-password", second_step.new_password, name="sign_in_new_password"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("account", account.account, name="sign_in_account"),
    path("account/password", account.password, name="sign_in_password"),
    path("account/recovery-codes", account.renew_codes, name="sign_in_renew_codes"),
    path("account/sign-out-elsewhere", account.sign_out_elsewhere, name="sign_in_elsewhere"),
    path("account/colleagues", people.people, name="sign_in_people"),
    path("account/colleagues/<uuid:staff_id>", people.reset, name="sign_in_reset"),
]
