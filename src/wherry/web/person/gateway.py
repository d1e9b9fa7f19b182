"""
What message providers call back with: receipts and inbound texts. Kept as they come; the worker makes sense of them.

A provider repeats an event until it hears 2xx, so 2xx is said only of what is durable. Both kinds come to either
address: a provider may know only one.
"""

from __future__ import annotations

import hmac
import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wherry.database.context import acting_as, app_now
from wherry.database.secrets import secret
from wherry.foundation.actors import Actor, Kind
from wherry.outreach.actions import leave_inbound_text, leave_receipt

GATEWAY = Actor(kind=Kind.GATEWAY, id="gateway")
_LONGEST = {"event": 100, "reference": 100, "status": 50, "from": 50, "text": 5_000}


@csrf_exempt
@require_POST
def callback(request: HttpRequest) -> HttpResponse:
    """Keep one event: 200 when it is kept or was before, 401 without the token, 400 for what cannot be read."""
    if not _knows_the_token(request):
        return JsonResponse({"error": "no or wrong token"}, status=401)
    try:
        said = _read(request.body)
    except ValueError:
        return JsonResponse({"error": "this is no event"}, status=400)
    with acting_as(GATEWAY):
        now = app_now()
        if said["type"] == "receipt":
            is_new = leave_receipt(
                provider_event=said["event"], reference=said["reference"], event=said["status"], now=now
            )
        else:
            is_new = leave_inbound_text(provider_event=said["event"], number=said["from"], text=said["text"], now=now)
    return JsonResponse({"new": is_new})


def _knows_the_token(request: HttpRequest) -> bool:
    expected = f"Bearer {secret(settings.HOME, 'gateway_callback_token')}"
    return hmac.compare_digest(request.headers.get("Authorization", "").encode(), expected.encode())


def _read(body: bytes) -> dict[str, str]:
    content = json.loads(body)
    if not isinstance(content, dict) or content.get("type") not in ("receipt", "inbound"):
        raise ValueError("no such kind of event")
    needed = ("event", "reference", "status") if content["type"] == "receipt" else ("event", "from", "text")
    for name in needed:
        value = content.get(name)
        if not isinstance(value, str) or len(value) > _LONGEST[name] or "\0" in value:
            raise ValueError(f"{name} cannot be read")
    if not content["event"]:
        raise ValueError("an event without a name could not be told from the next")
    return {"type": content["type"], **{name: content[name] for name in needed}}
