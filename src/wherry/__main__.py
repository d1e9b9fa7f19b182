"""`python -m wherry`: the same door as the `wherry` command."""

from __future__ import annotations

from wherry.commands.main import main

if __name__ == "__main__":
    main()
