"""Whether there is room for a body that is about to be received, and whether it can come to anything."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import Any

from waitress.utilities import Error

from portal.kernel.settings import Settings
from portal.throttle.service import network_of
from portal.uploads.front import refusal, takes_files


class Refused(Error):
    """The headers are enough to say no. `code` is the status."""

    reason = ""

    def __init__(self, code: int) -> None:
        super().__init__("")
        self.code = code


class Front:
    """What all connections of one process share: the rules, and how many bytes each network is sending."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lock = Lock()
        self.receiving: Counter[str] = Counter()

    def refuses(self, request: Any, length: int | None) -> int | None:
        """The status of a refusal, if there is one. `length` is that of the body, None where it is sent in chunks."""
        if length == 0 and not (takes_files(request.path) and request.command == "POST"):
            return None
        found = refusal(request.path, request.headers, length, self.settings)
        return found.status if found else None

    def network(self, address: str, headers: dict[str, str]) -> str:
        """Whom the bytes of a request are counted for: behind the trusted proxy, whom it names."""
        if address == self.settings.trusted_proxy:
            address = headers.get("X_FORWARDED_FOR", address).rpartition(",")[2].strip()
        return network_of(address)

    def counted(self, path: str, length: int | None) -> int:
        """How much of a body is counted: all of a file, nothing of a form, which is small and must get through."""
        return length or 0 if takes_files(path) else 0

    def hold(self, network: str, length: int) -> bool:
        """Count bytes that are about to be received; False where they are too many. One body is always taken."""
        with self.lock:
            held = self.receiving[network]
            if held and held + length > self.settings.receiving_limit:
                return False
            self.receiving[network] += length
            return True

    def release(self, network: str, length: int) -> None:
        """Forget bytes that were counted."""
        with self.lock:
            self.receiving[network] -= length
            if self.receiving[network] <= 0:
                del self.receiving[network]
