"""The phone simulator: a page that shows every phone's SMS and answers them, for this machine only; nothing of it is deployed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qs
from uuid import uuid4

import msgspec

from chalicelib.domain.registry import Agency, Person
from chalicelib.handlers.inbound import signature
from chalicelib.handlers.openapi import SIGNATURE
from infra.local.gateway import Api
from infra.local.phones import Phones
from infra.local.static import Answer, StaticFiles

FILES = Path(__file__).parent / "simulator"
Directory = Callable[[], tuple[list[Person], list[Agency]]]


class Modem:
    """Hands a phone's SMS in as a provider does: signed, through the interface's own route."""

    def __init__(self, api: Api, secret: str) -> None:
        self._api = api
        self._secret = secret

    def __call__(self, number: str, text: str) -> Answer:
        """Hand in one SMS, and return what the interface answers."""
        now = datetime.now(UTC)
        message = {"id": uuid4().hex, "from": number, "text": text, "at": now.isoformat()}
        body = json.dumps(message).encode()
        signed = signature(self._secret, int(now.timestamp()), body)
        headers = {"content-type": "application/json", SIGNATURE.lower(): signed}
        answer, _ = self._api.answer("POST", "/api/inbound/sms", headers, body)
        return answer


class Reply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody types into a phone."""

    number: Annotated[str, msgspec.Meta(pattern=r"^\+[0-9]{7,15}$")]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class Simulator:
    """Answers below `/simulator`."""

    def __init__(self, phones: Phones, directory: Directory, modem: Callable[[str, str], Answer]) -> None:
        self._phones = phones
        self._directory = directory
        self._modem = modem
        self._files = StaticFiles(FILES)

    def __call__(self, raw_path: str, query: str) -> Answer | None:
        """Answer a GET; None when there is nothing at this path."""
        path = raw_path.removeprefix("/simulator")
        if path == "/api/messages":
            return self._messages(query)
        if path == "/api/people":
            return self._people()
        return self._files.answer(path or "/")

    def reply(self, content_type: str, body: bytes) -> Answer:
        """Send an SMS from a phone; only JSON, which no foreign page may post without being asked first."""
        if content_type.partition(";")[0].strip().lower() != "application/json":
            return _json({"code": "unsupported_media_type", "message": "send JSON", "fields": {}}, 415)
        try:
            reply = msgspec.json.decode(body, type=Reply)
        except (msgspec.DecodeError, UnicodeDecodeError) as problem:
            return _json({"code": "invalid", "message": str(problem), "fields": {}}, 400)
        return self._modem(reply.number, reply.text)

    def _messages(self, query: str) -> Answer:
        """`?number=+62…&after=<id>`: messages oldest first, and the id to ask after next time.

        That id is below `after` when the data have been deleted meanwhile.
        """
        asked = parse_qs(query)
        # A plus that nobody encoded arrives as a blank.
        number = asked.get("number", [""])[0].strip()
        after = asked.get("after", ["0"])[0]
        if not after.isascii() or not after.isdigit() or len(after) > 18:
            return _json(
                {"code": "invalid", "message": "after is a message id", "fields": {"after": "a number"}}, 400
            )
        try:
            found = self._phones.messages("+" + number.lstrip("+") if number else "", int(after))
            last = found[-1].id if found else min(int(after), self._phones.newest())
        except sqlite3.OperationalError:
            # On a full disk SQLite cannot even be opened by a process that had not opened it before.
            message = "the phones' store cannot be read; is the disk full?"
            return _json({"code": "phones_unavailable", "message": message, "fields": {}}, 503)
        return _json({"messages": msgspec.to_builtins(found), "last": last})

    def _people(self) -> Answer:
        """Whose phones these are, by number."""
        people, agencies = self._directory()
        names = {agency.id: agency.short_name for agency in agencies}
        return _json(
            {
                "people": {
                    person.phone: {
                        "name": person.name,
                        "agency": names.get(person.agency_id, person.agency_id),
                    }
                    for person in people
                    if not person.retired
                }
            }
        )


def _json(value: object, status: int = 200) -> Answer:
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return Answer(status, headers, json.dumps(value, ensure_ascii=False).encode())
