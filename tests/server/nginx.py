"""A real nginx in front of a real Doorward, set up with the files of docs/nginx/."""

from __future__ import annotations

import http.client
import re
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from tests.structure.sources import ROOT
from tests.support.serving import PATIENCE_SECONDS, eventually

SHIPPED = ROOT / "docs" / "nginx"
ENCRYPTION = re.compile(r"^\s*(?:ssl_certificate|ssl_certificate_key|listen \[::\]).*\n", re.MULTILINE)
PLACES = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def shipped(name: str) -> str:
    """A file that comes along for operators."""
    return (SHIPPED / name).read_text(encoding="utf-8")


def configuration(folder: Path, *, port: int, upstream: int) -> str:
    """The shipped site with this test's ports and folder and without TLS, and what nginx needs around it."""
    for name in ("logs.conf", "pages.conf", "uploads.conf"):
        text = shipped(name).replace("127.0.0.1:6543", f"127.0.0.1:{upstream}")
        (folder / name).write_text(text.replace("/var/log/nginx", str(folder)))
    site = ENCRYPTION.sub("", shipped("doorward.conf")).replace("/etc/nginx/doorward", str(folder))
    site = site.replace("/var/log/nginx", str(folder)).replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    site = site.replace("listen 80;", f"listen unix:{folder}/plain;")
    temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in PLACES)
    return f"""
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/start.log crit;
events {{ worker_connections 64; }}
http {{
{temporary}
{site}
}}
"""


class Nginx:
    """One nginx process."""

    def __init__(self, folder: Path, *, port: int, upstream: int) -> None:
        program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
        if program is None:
            pytest.fail("nginx is missing. On Debian: apt-get install nginx-light", pytrace=False)
        self.folder, self.port = folder, port
        path = folder / "nginx.conf"
        path.write_text(configuration(folder, port=port, upstream=upstream))
        self.process = subprocess.Popen([program, "-p", str(folder), "-c", str(path)], stderr=subprocess.DEVNULL)
        eventually(self.listens, "nginx")

    def listens(self) -> bool:
        """Whether it takes connections; a process that has ended fails the test."""
        assert self.process.poll() is None, (self.folder / "start.log").read_text()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def close(self) -> None:
        """End it, so that its logs are complete."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(PATIENCE_SECONDS)

    def log(self) -> str:
        """Everything it has written."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))


def ask(port: int, method: str, path: str, body: str = "", *, source: str, **headers: str) -> tuple[int, str, str]:
    """Status, cookie and text of one answer, asked for from the loopback address `source`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, PATIENCE_SECONDS, source_address=(source, 0))
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, named)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Set-Cookie") or "", answer.read().decode()
    finally:
        connection.close()
