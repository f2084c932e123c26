"""Whether there is room for a body that is being received, and whether it can come to anything."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import Any

from waitress.utilities import Error

from portal.kernel.settings import Settings
from portal.throttle.service import network_of
from portal.uploads.front import comes_from_nobody, refusal, takes_files
from portal.uploads.receive import ROOM

CROWDED = 429
SIGNED_OUT = 403


class Refused(Error):
    """The headers are enough to say no. `code` is the status."""

    reason = ""

    def __init__(self, code: int) -> None:
        super().__init__("")
        self.code = code


class Front:
    """What all connections of one process share: the rules, and how many bytes each network has on our disk.

    What counts is what has come, not what was announced: whoever announces much and sends little takes nobody's room.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        # The largest upload has room where there is none beside it.
        self.limit = max(settings.receiving_limit, settings.upload_limit + ROOM)
        self.lock = Lock()
        self.receiving: Counter[str] = Counter()

    def refuses(self, request: Any, length: int | None) -> int | None:
        """The status of a refusal, if there is one. `length` is that of the body, None where it is sent in chunks."""
        if length == 0 and not (takes_files(request.path) and request.command == "POST"):
            return None
        if found := refusal(request.path, request.headers, length, self.settings):
            return found.status
        known = (request.path, request.headers, request.query, length or 0, self.settings)
        return SIGNED_OUT if comes_from_nobody(*known) else None

    def network(self, address: str, headers: dict[str, str]) -> str:
        """Whom the bytes of a request are counted for: behind the trusted proxy, whom it names."""
        if address == self.settings.trusted_proxy:
            address = headers.get("X_FORWARDED_FOR", address).rpartition(",")[2].strip()
        return network_of(address)

    def fits(self, network: str, length: int) -> bool:
        """Whether a body of this length would have room beside what has come by now."""
        with self.lock:
            return self.receiving[network] + length <= self.limit

    def hold(self, network: str, length: int) -> bool:
        """Count bytes that have come; False, and not counted, where they are too many."""
        with self.lock:
            if self.receiving[network] + length > self.limit:
                return False
            self.receiving[network] += length
            return True

    def release(self, network: str, length: int) -> None:
        """Forget bytes that were counted."""
        with self.lock:
            self.receiving[network] -= length
            if self.receiving[network] <= 0:
                del self.receiving[network]


class Arriving:
    """The body of one request on its way. Counted is all of a file, nothing of a form, which must get through."""

    def __init__(self, front: Front, address: str) -> None:
        self.front, self.address = front, address
        self.counted, self.network, self.held = False, "", 0

    def begin(self, request: Any) -> int | None:
        """Look at the headers. The status of a refusal, if there is one."""
        length = None if request.chunked else request.content_length
        if code := self.front.refuses(request, length):
            return code
        self.counted = bool(length) and takes_files(request.path)
        if not self.counted:
            return None
        self.network = self.front.network(self.address, request.headers)
        return None if self.front.fits(self.network, length or 0) else CROWDED

    def grow(self, size: int) -> int | None:
        """There are so many bytes by now. The status of a refusal, where they have no room beside others."""
        more = size - self.held if self.counted else 0
        if more and not self.front.hold(self.network, more):
            return CROWDED
        self.held += more
        return None

    def drop(self) -> None:
        """It takes no room any more."""
        if self.held:
            self.front.release(self.network, self.held)
            self.held = 0
