"""What a provider calls back with is kept once, under the person site's own database role."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from tests.support.county_of_one import MOBILE
from wherry.database.context import acting_as
from wherry.database.secrets import secret
from wherry.foundation.actors import WORKER
from wherry.outreach.models import InboundText, Receipt

pytestmark = pytest.mark.django_db
RECEIPT = {"event": "e1", "type": "receipt", "reference": "r1", "provider_id": "p1", "status": "delivered"}
TEXT = {"event": "e2", "type": "inbound", "from": MOBILE, "text": "STOP"}


@pytest.fixture
def provider() -> Iterator[Client]:
    token = secret(settings.HOME, "gateway_callback_token")
    with connection.cursor() as cursor:
        cursor.execute("set local role web_person")
    yield Client(headers={"Authorization": f"Bearer {token}"}, enforce_csrf_checks=True)
    with connection.cursor() as cursor:
        cursor.execute("reset role")


def post(client: Client, content: object, address: str = "/gateway/receipts") -> object:
    return client.post(address, content, content_type="application/json")


def test_an_event_sent_twice_is_kept_once_at_either_address(provider: Client) -> None:
    for address in ("/gateway/receipts", "/gateway/texts"):
        assert post(provider, RECEIPT, address).status_code == 200
        assert post(provider, TEXT, address).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("reset role")
    with acting_as(WORKER):
        assert [(one.reference, one.event) for one in Receipt.objects.all()] == [("r1", "delivered")]
        assert [(one.number, one.text) for one in InboundText.objects.all()] == [(MOBILE, "STOP")]


def test_without_the_token_nothing_is_kept(provider: Client) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": ""}):
        stranger = Client(headers=headers)
        assert post(stranger, RECEIPT).status_code == 401
    with connection.cursor() as cursor:
        cursor.execute("reset role")
    with acting_as(WORKER):
        assert Receipt.objects.count() == 0


@pytest.mark.parametrize(
    "content",
    [
        [],
        {"type": "receipt"},
        {**RECEIPT, "event": ""},
        {**RECEIPT, "status": 3},
        {**TEXT, "type": "other"},
        {**TEXT, "text": "a\0b"},
    ],
)
def test_what_cannot_be_read_is_refused(provider: Client, content: object) -> None:
    assert post(provider, content).status_code == 400


def test_a_callback_is_only_ever_posted(provider: Client) -> None:
    assert provider.get("/gateway/receipts").status_code == 405
    assert provider.post("/gateway/receipts", "not json", content_type="application/json").status_code == 400
