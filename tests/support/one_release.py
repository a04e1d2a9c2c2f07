"""One release's functions in a process of their own, driven by lines of JSON on the standard input.

Run with that release's folder on the path, so that all that is imported here is that release's own. Only what Lambda calls
(`app`) and that release's own harness of the world are used, as nothing else is sure to be in both.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from dataclasses import asdict
from typing import Any

import app as application
from chalicelib.domain import times
from chalicelib.handlers import http
from chalicelib.handlers.inbound import signature
from infra import verify
from tests.world.harness import Story

SCHEDULED = {
    "version": "0",
    "account": "",
    "region": "",
    "detail": {},
    "detail-type": "",
    "source": "",
    "time": "",
    "id": "",
    "resources": [],
}


class Release:
    """What a test may ask of it; each method is a line's name, and takes what stands beside it."""

    def begin(self) -> None:
        """Another test's world: its own clock, phones and queues, and nothing remembered."""
        self.story = Story()
        # The harness counts, and two releases beside each other must not come to the same ids.
        self.story.clock.random = os.urandom  # type: ignore[assignment, method-assign]

    def seed(self) -> None:
        self.story.empty()
        self.story.seed()

    def lose_wakeups(self, lost: bool) -> None:
        self.story.wakeups.lost = lost

    def pass_time(self, seconds: float) -> None:
        self.story.clock.advance(seconds)

    def http(self, request: list[Any], **more: Any) -> dict[str, Any]:
        return asdict(self.story.http(*request, **more))

    def wakeups(self) -> list[tuple[str, dict[str, str]]]:
        """What it has put on the queues and is due, taken off them."""
        return self.story.wakeups.ripe()

    def wake(self, function: str, bodies: list[dict[str, str]]) -> Any:
        records = [
            {"messageId": f"m{number}", "body": json.dumps(body)} for number, body in enumerate(bodies)
        ]
        return getattr(application, function)({"Records": records}, None)

    def run(self, function: str) -> Any:
        return getattr(application, function)(SCHEDULED, None)

    def signature(self, secret: str, body: str) -> str:
        """What a modem's gateway sets above an SMS that came in now."""
        seconds = times.milliseconds(self.story.clock.now()) // 1000
        return signature(secret, seconds, body.encode())

    def messages(self) -> list[tuple[str, str]]:
        """The number and text of each SMS that it has handed over since it was asked last."""
        sent = [(sms.number, sms.text) for sms in self.story.provider.messages]
        self.story.provider.messages.clear()
        return sent

    def verify(self) -> tuple[int, str]:
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            code = verify.main(["--all"])
        return code, said.getvalue()


def main() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr
    # A busy machine is no fault.
    http.DATABASE_S = 120.0
    release = Release()
    for line in sys.stdin:
        asked = json.loads(line)
        answer = getattr(release, asked["name"])(*asked["given"], **asked["more"])
        print(json.dumps(answer), file=answers, flush=True)


main()
