"""Sample pages: every component once, rendered without a database and served on loopback with the real headers."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings
from jinja2 import DictLoader, Environment

from tests.support.browser import WITHOUT_BROWSER, Browser, chromium_path
from wherry.journeys import programme_in_force
from wherry.web.components import words
from wherry.web.components.environment import environment
from wherry.web.components.security import HEADERS

if not settings.configured and not os.environ.get("DJANGO_SETTINGS_MODULE"):
    settings.configure(STATIC_URL="/static/", DEFAULT_CHARSET="utf-8", ALLOWED_HOSTS=["testserver"])

HERE = Path(__file__).parent
STATIC = Path(words.__file__).parent / "static"


def sample_environment() -> Environment:
    """Give the sites' environment with the sample templates."""
    samples = DictLoader({path.name: path.read_text(encoding="utf-8") for path in HERE.glob("*.jinja")})
    built = environment(loader=samples, words=words.catalogues())
    built.globals["static"] = lambda path: f"/static/{path}"
    return built


def read_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read programmes from the content folder: pages are drawn here without a database."""
    monkeypatch.setattr(programme_in_force, "programmes_once_in_force", lambda: ("covid_protect",))
    monkeypatch.setattr(programme_in_force, "in_force", programme_in_force.as_written)


@pytest.fixture(scope="session")
def pages() -> Environment:
    return sample_environment()


class _Handler(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *args: object) -> None:
        return


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory, pages: Environment) -> Iterator[str]:
    """Serve the rendered samples; gives the address that a sample's name is added to."""
    from tests.unit.web.samples import SAMPLES

    folder = tmp_path_factory.mktemp("samples")
    (folder / "static").symlink_to(STATIC)
    with pytest.MonkeyPatch.context() as monkeypatch:
        read_as_written(monkeypatch)
        for name, (template, context) in SAMPLES.items():
            (folder / f"{name}.html").write_text(pages.get_template(template).render(context), encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not chromium_path():
        pytest.skip(WITHOUT_BROWSER)
    with Browser() as opened:
        yield opened


@pytest.fixture(autouse=True)
def without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is in force be what lies in the content folder."""
    read_as_written(monkeypatch)
