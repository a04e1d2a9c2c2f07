"""How the gateway hands wake-ups to the worker: one message a connection, for which nobody waits.

What the kernel has taken is lost only with the worker, as what already waits in the worker's queues is; the sweep finds it. To
wait for an answer cost an intake 5 ms: the worker was busy with the pages that it had just been woken for.


The socket has a name that no file system knows (so that a data folder is files alone), made of the stack's port, and both ends
speak only with processes of their own user.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import struct
import threading
from collections.abc import Sequence
from typing import Any

from infra.local.wakeups import InProcessQueues

# A message of a sequenced socket has at most some 200 kB; a wake-up has about a hundred bytes.
AT_ONCE = 500
LARGEST = 1 << 18
PATIENCE_S = 2.0
# Health answers within 2 s, and has the database to ask as well.
HEALTH_S = 0.5
BACKLOG = 512
# Lambda gives no function of ours more.
LONGEST_S = 60.0

log = logging.getLogger(__name__)


class QueueServer:
    """Puts on the queues what comes by the socket, and answers whoever asks how they are."""

    def __init__(self, port: int, queues: InProcessQueues) -> None:
        self._queues = queues
        self._socket = _socket()
        self._socket.bind(_address(port))
        self._socket.listen(BACKLOG)

    def start(self) -> None:
        threading.Thread(target=self._serve, name="queue-socket", daemon=True).start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            try:
                with connection:
                    connection.settimeout(PATIENCE_S)
                    _must_be_ours(connection)
                    self._take(json.loads(connection.recv(LARGEST)), connection)
            except Exception:
                # The sweep finds what the message was about.
                log.exception("a wake-up was not taken")

    def _take(self, asked: dict[str, Any], connection: socket.socket) -> None:
        if "queue" in asked:
            self._queues.send(asked["queue"], asked["bodies"], asked["delay_s"])
        elif "longest" in asked:
            connection.send(json.dumps(self._queues.longest_s()).encode())
        else:
            connection.send(json.dumps(self._queues.health()).encode())


class RemoteQueues:
    """The worker's queues as the gateway sees them; OSError while there is no worker, or it takes nothing for 2 s."""

    def __init__(self, port: int) -> None:
        self._port = port

    def send(self, queue: str, bodies: Sequence[dict[str, str]], delay_s: int = 0) -> None:
        for start in range(0, len(bodies), AT_ONCE):
            message = {"queue": queue, "bodies": bodies[start : start + AT_ONCE], "delay_s": delay_s}
            _connect(self._port, message).close()

    def health(self) -> tuple[bool, str]:
        try:
            with _connect(self._port, {}, HEALTH_S) as connection:
                well, detail = json.loads(connection.recv(LARGEST))
        except (OSError, ValueError):
            return False, "the worker does not answer"
        return well, detail


def working(port: int) -> bool:
    """Say whether the worker answers, and none of its functions is at one batch for longer than any may take."""
    try:
        with _connect(port, {"longest": True}) as connection:
            return bool(json.loads(connection.recv(LARGEST)) < LONGEST_S)
    except (OSError, ValueError):
        return False


def _connect(port: int, message: dict[str, Any], patience_s: float = PATIENCE_S) -> socket.socket:
    """A connection by which this message is on its way."""
    connection = _socket()
    try:
        connection.settimeout(patience_s)
        connection.connect(_address(port))
        _must_be_ours(connection)
        connection.send(json.dumps(message).encode())
    except BaseException:
        connection.close()
        raise
    return connection


def _socket() -> socket.socket:
    return socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def _address(port: int) -> str:
    return f"\0kentongan-queues-{port}"


def _must_be_ours(connection: socket.socket) -> None:
    """PermissionError unless the other end runs under our user."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, user, _ = struct.unpack("3i", credentials)
    if user != os.getuid():
        raise PermissionError(f"user {user} holds the other end of the queues' socket")
