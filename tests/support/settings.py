"""
The application's settings, read with a home of the tests' own.

pytest-django reads settings before any conftest, so the environment is set here. Tests never connect as a superuser:
row security would not bind them.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

HOME_OF_TESTS = Path(tempfile.mkdtemp(prefix="wherry-tests-"))
HOME_OF_TESTS.chmod(0o711)  # the database's account must be able to pass through
os.environ["WHERRY_HOME"] = str(HOME_OF_TESTS)
os.environ["WHERRY_DATABASE_ROLE"] = "owner"
for inherited in ("WHERRY_SITE", "DATABASE_URL"):
    os.environ.pop(inherited, None)

from wherry.config.settings import *  # noqa: E402, F403 - the environment comes first
