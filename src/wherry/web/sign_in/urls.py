from __future__ import annotations

from django.urls import URLPattern, path

from wherry.web.sign_in import views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("sign-in", views.sign_in, name="sign_in"),
    path("sign-out", views.sign_out, name="sign_out"),
]
