"""Where to go after signing in: straight to one's only site, or a choice; and for which organisation."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from wherry.audit.actions import record
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import Actor, Kind
from wherry.organisations.sign_ins import Held, Present
from wherry.web.components.forms import Choice, Field, FieldKind
from wherry.web.components.pieces import TaskCard
from wherry.web.sign_in.acting import signed_in_page
from wherry.web.sign_in.frame import form_page, page
from wherry.web.sign_in.sessions import SIGN_IN, act_for, own_path
from wherry.web.sign_in.sites import ROLE_WORDS, sites_of


@require_GET
@signed_in_page
def home(request: HttpRequest, *, at_work: Present) -> HttpResponse:
    """Show the way to each site a role serves now; straight on where there is one. An organisation is chosen first."""
    if at_work.memberships and at_work.acts_for is None:
        return HttpResponseRedirect(reverse("sign_in_working_for"))
    cards = [
        TaskCard(one.name, one.address, details=(one.what, _as_whom(one.held(at_work.roles))))
        for one in sites_of(at_work)
    ]
    if len(cards) == 1:
        return HttpResponseRedirect(cards[0].href)
    return page(request, template="home", title="Where to go", cards=cards)


def _as_whom(memberships: list[Held]) -> str:
    held = [f"{ROLE_WORDS[one.role]} for {one.organisation}" for one in memberships]
    return f"You are {', and '.join(held)}."


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def working_for(request: HttpRequest, *, at_work: Present) -> HttpResponse:
    """Let somebody who works for several organisations say which they act for now."""
    going_to = own_path(request.POST.get("next") or request.GET.get("next", ""))
    errors: dict[str, str] = {}
    if request.method == "POST":
        chosen = next((one for one in at_work.organisations if str(one) == request.POST.get("organisation")), None)
        if chosen is not None:
            act_for(request=request, organisation_id=chosen)
            _note(at_work.staff_id, chosen)
            return HttpResponseRedirect(going_to or reverse("home"))
        errors = {"organisation": "Choose whom you work for now"}
    fields = (_question(at_work), Field("next", FieldKind.HIDDEN))
    values = {"organisation": str(at_work.acts_for or ""), "next": going_to}
    return form_page(
        request, template="working_for", title="Who do you work for now?", fields=fields, errors=errors, values=values
    )


def _question(at_work: Present) -> Field:
    choices = tuple(
        Choice(
            str(organisation),
            name,
            hint=", ".join(
                one.role.replace("_", " ") for one in at_work.memberships if one.organisation_id == organisation
            ),
        )
        for organisation, name in at_work.organisations.items()
    )
    hint = "You see only what this organisation may see. You can change at any time, at the top of each page."
    return Field("organisation", FieldKind.RADIOS, "Who do you work for now?", hint=hint, choices=choices, heading=True)


def _note(staff_id: UUID, organisation_id: UUID) -> None:
    with acting_as(SIGN_IN):
        record(
            by=Actor(kind=Kind.STAFF, id=str(staff_id)),
            did="sign_in.acts_for",
            subject="organisation",
            subject_ids=[organisation_id],
            now=app_now(),
        )
