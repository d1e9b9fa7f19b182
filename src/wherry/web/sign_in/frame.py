"""What every page of signing in shares: one way to draw a form, and the picture an authenticator reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import qrcode
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from markupsafe import Markup

from wherry.web.components.forms import Field, Value, bound_fields, error_summary

_MARGIN = 4


def page(request: HttpRequest, *, template: str, title: str, status: int = 200, **context: Any) -> HttpResponse:
    """Draw a page on the staff layout."""
    frame = {
        "language": "en",
        "title": title,
        "sign_out": reverse("sign_out"),
        # A session remembers a name after its sign-in has ended: the head of the page must not.
        "signed_in_name": request.session.get("staff_name") if hasattr(request, "present") else None,
        "synthetic": settings.IS_DEMO,
    }
    return render(request, f"sign_in/{template}.jinja", frame | context, status=status)


def form_page(
    request: HttpRequest,
    *,
    template: str,
    title: str,
    fields: Sequence[Field],
    errors: Mapping[str, str],
    values: Mapping[str, Value] | None = None,
    **context: Any,
) -> HttpResponse:
    """Draw a page with a form: what was typed kept, each error beside its field and at the top."""
    return page(
        request,
        template=template,
        title=title,
        errors=errors,
        summary=error_summary(fields=fields, errors=errors),
        bound=bound_fields(fields=fields, values=values, errors=errors),
        **context,
    )


def square_picture(text: str) -> Markup:
    """Draw a text as a square picture (QR code): inline SVG without a style or a script, as the policy demands."""
    code = qrcode.QRCode(border=_MARGIN)
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="Square picture for your authenticator app"'
        ' width="232" height="232" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        '<rect width="{side}" height="{side}" fill="#ffffff"/><path d="{path}" fill="#000000"/></svg>'
    )
    return Markup(picture).format(side=len(rows), path=path)  # noqa: S704 - our own words; what is put in is escaped
