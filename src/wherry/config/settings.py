"""
Django's settings for every process. What differs between processes comes from five environment variables:

WHERRY_HOME (folder of data and secrets) · WHERRY_SITE (person, staff or none) · WHERRY_DATABASE_ROLE (web,
web_person, worker or owner) · WHERRY_HOSTS (host names the site answers to, separated by commas) · WHERRY_PROXIES
(addresses of our own proxies, whose word on where a request comes from is taken, separated by commas).
"""

from __future__ import annotations

import os
from pathlib import Path

from wherry.database.cluster import connection_parameters
from wherry.database.secrets import secret

HOME = Path(os.environ.get("WHERRY_HOME", "var")).resolve()
SITE = os.environ.get("WHERRY_SITE", "none")
IS_DEMO = os.environ.get("WHERRY_DEMO", "") == "1"
DATABASE_ROLE = os.environ.get("WHERRY_DATABASE_ROLE", {"person": "web_person", "staff": "web"}.get(SITE, "owner"))

# Each site signs with its own key, so a cookie of one means nothing to the other.
SECRET_KEY = secret(HOME, f"site_key_{SITE}")
SECRET_KEY_FALLBACKS: list[str] = []
DEBUG = False
ALLOWED_HOSTS = os.environ.get("WHERRY_HOSTS", "127.0.0.1,localhost").split(",")
TRUSTED_PROXIES = frozenset(filter(None, os.environ.get("WHERRY_PROXIES", "").split(",")))
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = {"person": "wherry.config.urls_person", "staff": "wherry.config.urls_staff"}.get(
    SITE, "wherry.config.urls_all"
)
WSGI_APPLICATION = "wherry.config.wsgi.application"

ROOMS = [
    "database",
    "audit",
    "organisations",
    "governance",
    "sign_off",
    "people",
    "review",
    "cases",
    "outreach",
    "checkin",
    "triage",
    "worklist",
    "referrals",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    *[f"wherry.{room}" for room in ROOMS],
    "wherry.web.components",
    *[
        f"wherry.web.{site}"
        for site in ("person", "sign_in", "support_team", "clinicians", "partners", "programme_office", "programmes")
    ],
]

_parameters = connection_parameters(HOME, DATABASE_ROLE)
# Row security makes a statement dearer to plan than to run, so plans are kept: a statement asked for the third time on
# a connection is prepared there. Sites share a few connections; the worker and the demonstration keep their own.
_PREPARED = {"server_side_binding": True, "prepare_threshold": 2}
# A process of a site answers four requests at a time, and both sites' together leave room below the server's limit.
_POOL = {"pool": {"min_size": 1, "max_size": 5, "timeout": 10}}
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _parameters["dbname"],
        "USER": _parameters["user"],
        "PASSWORD": _parameters["password"],
        "HOST": _parameters["host"],
        "PORT": _parameters["port"],
        "CONN_MAX_AGE": None if SITE == "none" else 0,
        "CONN_HEALTH_CHECKS": SITE == "none",
        "OPTIONS": {**_PREPARED, **(_POOL if SITE != "none" else {})},
    }
}

MIDDLEWARE = [
    "wherry.web.components.security.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    *(["django.contrib.sessions.middleware.SessionMiddleware"]),
    "django.middleware.csrf.CsrfViewMiddleware",
    "wherry.web.components.refusals.PlainRefusals",
]
SESSION_ENGINE = "django.contrib.sessions.backends." + ("signed_cookies" if SITE == "person" else "db")
SESSION_COOKIE_NAME = f"wherry_{SITE}"
CSRF_COOKIE_NAME = f"wherry_{SITE}_csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# A member of staff is signed out sooner, by `organisations.sign_ins`; the cookie lasts on, so that somebody who comes
# back to a form is told what to do and keeps what they typed.
SESSION_COOKIE_AGE = 3_600 if SITE == "person" else 24 * 3_600
# A resident who takes their time is not sent back to the start: each page gives them another hour.
SESSION_SAVE_EVERY_REQUEST = SITE == "person"
# Behind TLS the cookies are marked secure; the demo speaks plain HTTP on the loopback address only.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not IS_DEMO and SITE != "none"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "wherry.web.components.environment.environment"},
    },
]
STATIC_URL = "/static/"
STATIC_ROOT = ""  # nothing is collected: what the package ships is served from where it lies
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # A request line would carry a check-in link; refusals are counted by status only.
    "loggers": {"django.request": {"level": "CRITICAL"}, "django.security": {"level": "CRITICAL"}},
}

# The sandbox is the only gateway outside production; its address and token come with the process.
GATEWAY_URL = os.environ.get("WHERRY_GATEWAY_URL", "")
PERSON_SITE_URL = os.environ.get("WHERRY_PERSON_SITE_URL", "http://127.0.0.1:8000")
PROCRASTINATE_IMPORT_PATHS = ["wherry.journeys.jobs"]
CSRF_FAILURE_VIEW = f"wherry.web.{'person.once_more' if SITE == 'person' else 'components.refusals'}.forbidden"
