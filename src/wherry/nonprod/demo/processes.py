"""The processes the demonstration runs: the gateway, the two sites and the worker, each ending with it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from wherry.database.secrets import secret
from wherry.foundation.errors import EnvironmentWrong
from wherry.nonprod.gateway import launcher

_READY_SECONDS = 60.0


@dataclass
class Processes:
    """The running parts. `check` starts again whatever died; ports stay the same over restarts."""

    home: Path
    ports: dict[str, int] = field(default_factory=dict)
    _children: dict[str, subprocess.Popen[str]] = field(default_factory=dict)

    @property
    def gateway(self) -> str:
        """The gateway's address."""
        return f"http://127.0.0.1:{self.ports['gateway']}"

    @property
    def person(self) -> str:
        """The person site's address."""
        return f"http://127.0.0.1:{self.ports['person']}"

    @property
    def staff(self) -> str:
        """The staff sites' address."""
        return f"http://127.0.0.1:{self.ports['staff']}"

    @property
    def gateway_token(self) -> str:
        """What the gateway asks of whoever hands messages over."""
        return secret(self.home, "gateway_token")

    def start(self) -> None:
        """Choose ports, or take those of the run before, and start everything."""
        self.ports = _ports(self.home / "demo" / "ports.json")
        os.environ |= {
            "WHERRY_DEMO": "1",
            "WHERRY_GATEWAY_URL": self.gateway,
            "WHERRY_PERSON_SITE_URL": self.person,
        }
        secret(self.home, "gateway_token"), secret(self.home, "gateway_callback_token")
        self.check()

    def check(self) -> None:
        """Start whatever is not running, and wait until it answers."""
        for name in ("gateway", "person", "staff", "worker"):
            child = self._children.get(name)
            if child is None or child.poll() is not None:
                self._children[name] = self._start(name)

    def stop(self) -> None:
        """End everything and wait for it; what does not end is killed."""
        for child in reversed(self._children.values()):
            child.terminate()
        for child in self._children.values():
            try:
                child.wait(timeout=20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _start(self, name: str) -> subprocess.Popen[str]:
        if name == "gateway":
            process, _ = launcher.start(
                data=self.home / "demo" / "sandbox",
                port=self.ports["gateway"],
                token_file=self.home / "secrets" / "gateway_token",
                callback=f"{self.person}/gateway/receipts",
                callback_token_file=self.home / "secrets" / "gateway_callback_token",
            )
            return process
        command = [sys.executable, "-m", "wherry", "worker" if name == "worker" else "serve", "--with-parent"]
        command += ["--home", str(self.home)]
        if name != "worker":
            command += ["--site", name, "--port", str(self.ports[name])]
        process = subprocess.Popen(  # noqa: S603 our own command
            command,
            stdout=self._log(name),
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        if name != "worker":
            self._wait_for(process, self.ports[name], name)
        return process

    def _log(self, name: str) -> int:
        folder = self.home / "log"
        folder.mkdir(parents=True, exist_ok=True)
        return os.open(folder / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def _wait_for(self, process: subprocess.Popen[str], port: int, name: str) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            try:
                httpx.get(f"http://127.0.0.1:{port}/", timeout=5, trust_env=False)
                return
            except httpx.TransportError:
                time.sleep(0.1)
        raise EnvironmentWrong(f"the {name} site did not start; its last words are in {self.home / 'log' / name}.log")


def _ports(record: Path) -> dict[str, int]:
    record.parent.mkdir(parents=True, exist_ok=True)
    if record.exists():
        ports = {name: int(port) for name, port in json.loads(record.read_text()).items()}
        if all(_is_free(port) for port in ports.values()):
            return ports
    probes = {name: socket.socket() for name in ("gateway", "person", "staff")}
    for probe in probes.values():
        probe.bind(("127.0.0.1", 0))
    ports = {name: probe.getsockname()[1] for name, probe in probes.items()}
    for probe in probes.values():
        probe.close()
    record.write_text(json.dumps(ports))
    return ports


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
