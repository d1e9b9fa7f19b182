from __future__ import annotations


def result(*, story):
    raise SystemExit("no report yet")


def page(found):
    return ""
