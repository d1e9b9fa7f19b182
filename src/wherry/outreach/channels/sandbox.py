"""The client of the sandbox gateway, the only provider configured outside production."""

from __future__ import annotations

import ssl
from functools import lru_cache
from types import TracebackType
from typing import Any, Self

import httpx

from wherry.outreach.errors import InDoubt, NotAccepted, RateLimited, Unreachable
from wherry.outreach.types import Channel

_UNREACHABLE_SECONDS = 5.0
# The server gave up before it had read us, or wants us to try again: it says nothing of what it has done.
_SAYS_NOTHING = frozenset({408, 409, 425})


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    # Once a process: reading the machine's certificates takes longer than handing a message over.
    return ssl.create_default_context()


class SandboxClient:
    """
    Speaks to one sandbox gateway. Use as a context manager, or close it.

    address: `http://127.0.0.1:port`; timeout_seconds: for each call; a doubtful attempt's lease must outlive it.
    """

    is_sandbox = True

    def __init__(self, *, address: str, token: str, timeout_seconds: float = 5.0) -> None:
        # Neither redirects nor the environment's proxies: a message goes to this address or nowhere.
        self._http = httpx.Client(
            base_url=address,
            headers={"Authorization": f"Bearer {token}"},
            timeout=timeout_seconds,
            follow_redirects=False,
            trust_env=False,
            verify=_trusted(),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def hand_off(self, *, reference: str, to: str, kind: Channel, body: str, heading: str = "", synthetic: bool) -> str:
        """Hand one message off; see `client.ChannelClient`. The gateway refuses what is not marked synthetic."""
        message = {
            "reference": reference,
            "to": to,
            "kind": kind.value,
            "heading": heading,
            "body": body,
            "synthetic": synthetic,
        }
        answer = self._call("POST", "/messages", json=message)
        if 400 <= answer.status_code < 500 and answer.status_code not in _SAYS_NOTHING:
            raise NotAccepted(f"The sandbox gateway refused the message ({answer.status_code}); nothing left.")
        if answer.status_code != httpx.codes.CREATED:
            raise InDoubt(f"The sandbox gateway answered {answer.status_code}; look the message up by its reference.")
        return _text(_read(answer), "id")

    def find(self, *, reference: str) -> list[str]:
        """List the ids the gateway holds under a reference; see `client.ChannelClient`."""
        answer = self._call("GET", "/messages", params={"reference": reference})
        found = _read(answer) if answer.status_code == httpx.codes.OK else None
        if not isinstance(found, dict) or not isinstance(found.get("messages"), list):
            raise InDoubt(f"The sandbox gateway could not look a message up ({answer.status_code}); try again later.")
        return [_text(message, "id") for message in found["messages"]]

    def _call(self, method: str, path: str, **content: Any) -> httpx.Response:
        # The causes are cut off (`from None`): their text may hold the address or the words that were sent.
        try:
            answer = self._http.request(method, path, **content)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise Unreachable(after_seconds=_UNREACHABLE_SECONDS) from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise InDoubt from None
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise Unreachable(after_seconds=_UNREACHABLE_SECONDS)
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise RateLimited(after_seconds=_seconds(answer.headers.get("Retry-After")))
        return answer


def _seconds(text: str | None) -> float:
    try:
        return max(float(text or 1), 0.0)
    except ValueError:
        return 1.0


def _read(answer: httpx.Response) -> object:
    try:
        content: object = answer.json()
    except ValueError:
        raise InDoubt from None
    return content


def _text(content: object, key: str) -> str:
    if not isinstance(content, dict) or not isinstance(content.get(key), str):
        raise InDoubt("The sandbox gateway's answer cannot be read; look the message up by its reference.")
    found: str = content[key]
    return found
