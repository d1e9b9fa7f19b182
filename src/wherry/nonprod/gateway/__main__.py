"""Run the sandbox gateway: `python -m wherry.nonprod.gateway --port 0 --data DIR --token-file F`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from wherry.nonprod.gateway.app import is_loopback
from wherry.nonprod.gateway.server import serve


def _token(path: Path) -> str:
    token = path.read_text().strip()
    if len(token) < 16:
        raise ValueError("the token is shorter than 16 characters")
    return token


def main() -> int:
    """Read the arguments and serve; prints one line, the address, when ready."""
    parser = argparse.ArgumentParser(prog="python -m wherry.nonprod.gateway", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--token-file", type=Path, required=True, metavar="FILE")
    parser.add_argument("--callback", metavar="URL", help="where receipts and replies go; kept over restarts")
    parser.add_argument("--callback-token-file", type=Path, metavar="FILE", help="otherwise the same token")
    parser.add_argument("--parent", type=int, metavar="PID", help="end when this process has gone")
    given = parser.parse_args()
    if given.callback and not is_loopback(given.callback):
        parser.error("the callback address must be plain http on this machine")
    try:
        token = _token(given.token_file)
        callback_token = _token(given.callback_token_file or given.token_file)
        serve(
            folder=given.data,
            port=given.port,
            token=token,
            callback_token=callback_token,
            callback=given.callback,
            parent=given.parent,
            say=lambda address: print(address, flush=True),  # noqa: T201 the one line it is asked for
        )
    except (OSError, ValueError) as error:
        sys.stderr.write(f"The sandbox gateway cannot start: {error}\n")
        return 4
    return 0


if __name__ == "__main__":
    sys.exit(main())
