"""The gateway for tests of journeys."""

from __future__ import annotations

from tests.support.reach import gateway, gateway_address

__all__ = ["gateway", "gateway_address"]
