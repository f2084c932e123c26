"""Answers from the loop that reads the network: for what costs less than being handed to a thread.

A stored page or a file is one row and one buffer, and the door (`Edge.at_the_door`) says at once whether it has it.
waitress would wake a thread for it and be woken again. Everything else goes to a thread as ever, and so does whatever
could make the loop wait: a second request on the same connection, an answer that the client has not taken yet.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import get_ident
from typing import Any

from waitress.server import TcpWSGIServer
from waitress.task import WSGITask

from portal.app.edge import ANSWER
from portal.app.front import Receiving

Door = Callable[[dict[str, Any]], Any]


class PromptChannel(Receiving):
    """A connection that answers at once what needs no thread."""

    reader = 0
    due = False
    prepared: WSGITask | None = None

    def task_class(self, channel: Any, request: Any) -> Any:
        """What answers the next request: prepared already, or to be done by a thread."""
        prepared, self.prepared = self.prepared, None
        return prepared or WSGITask(channel, request)

    def received(self, data: bytes) -> bool:
        """Take bytes from the network, and answer a request that they complete, or hand it to a thread."""
        self.reader = get_ident()
        taken = super().received(data)
        if self.due:
            self.due = False
            self.prepared = self.prepare()
            if self.prepared is None:
                self.server.hand_over(self)
            else:
                self.service()
                self.handle_write()
        return taken

    def prepare(self) -> WSGITask | None:
        """The task of a request whose answer is there, if nothing else waits on this connection."""
        if self.server.door is None or len(self.requests) != 1 or self.total_outbufs_len:
            return None
        request = self.requests[0]
        if request.error is not None or request.command not in {"GET", "HEAD"}:
            return None
        task = WSGITask(self, request)
        environ = task.get_environment()
        found = self.server.door(environ)
        if found is None:
            return None
        environ[ANSWER] = found
        return task


class PromptServer(TcpWSGIServer):
    """A listening socket. `door` has answers that need no thread, or None; it must never wait for anybody."""

    channel_class = PromptChannel
    door: Door | None = None

    def add_task(self, task: Any) -> None:
        """A request is complete: the loop deals with it when it has read what there is, a thread hands it on."""
        if task.reader == get_ident():
            task.due = True
        else:
            self.hand_over(task)

    def hand_over(self, channel: Any) -> None:
        """Let a thread answer."""
        super().add_task(channel)
