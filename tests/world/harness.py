"""A regency in a test: calls come in over HTTP events, phones answer, time passes only when told to.

Any SMS that no story expected fails its test, as in GoAlert's harness.
"""

from __future__ import annotations

import json
import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import urlencode

import app as application
from chalicelib import bootstrap
from chalicelib.bootstrap import World
from chalicelib.config import Settings
from chalicelib.domain import times
from chalicelib.errors import SmsBarred, SmsRefused, SmsUnavailable
from chalicelib.gateways.sms import Sms
from chalicelib.handlers import events as event_handlers
from chalicelib.models import incidents, tables
from chalicelib.services.watch import auditing
from infra.workbooks.work import work
from tests.support import regency
from tests.world.sign_ins import FakeSignIns

# An incident as the HTTP interface answers it.
Incident = dict[str, Any]

START = "2026-11-23T03:00:00.000Z"  # ten in the morning WIB


class FakeClock:
    """Stands still until the story moves it; randomness counts up, so that ids are the same in every run."""

    def __init__(self, now: str = START) -> None:
        self._now = now
        self._ticks = 0
        self._drawn = 0
        self._stepped = 0.0
        self._lock = Lock()

    def now(self) -> str:
        with self._lock:
            self._ticks += 1
            return times.plus(self._now, self._ticks / 1000)

    def monotonic(self) -> float:
        return (times.between(START, self._now) or 0.0) - self._stepped + self._ticks / 1000

    def sleep(self, seconds: float) -> None:
        self._now = times.plus(self._now, seconds)

    def random(self, size: int) -> bytes:
        with self._lock:
            self._drawn += 1
            return self._drawn.to_bytes(16, "big")[-size:]

    def advance(self, seconds: float) -> None:
        self._now = times.plus(self._now, seconds)

    def step(self, seconds: float) -> None:
        """Somebody sets the clock, forward or back; no time passes."""
        self._stepped += seconds
        self._now = times.plus(self._now, seconds)


@dataclass
class FakeProvider:
    """The world's edge: takes messages, or does what the story wants instead."""

    name: str = "fake"
    messages: list[Sms] = field(default_factory=list)
    failing: Callable[[Sms], None] | None = None

    def send(self, sms: Sms) -> str:
        if self.failing:
            self.failing(sms)
        self.messages.append(sms)
        return f"message-{len(self.messages)}"

    def goes_down(self) -> None:
        def down(sms: Sms) -> None:
            raise SmsUnavailable("the provider is down")

        self.failing = down

    def bars(self) -> None:
        """It takes no message of ours: no right, no money, a wrong password."""

        def bar(sms: Sms) -> None:
            raise SmsBarred("this account may not send SMS")

        self.failing = bar

    def refuses(self, number: str) -> None:
        def refuse(sms: Sms) -> None:
            if sms.number == number:
                raise SmsRefused("the number does not exist")

        self.failing = refuse

    def comes_back(self) -> None:
        self.failing = None


@dataclass
class FakeWakeups:
    """A queue that delivers when the story lets it; `lost` drops everything unseen, `down` refuses it."""

    clock: FakeClock
    queue: deque[tuple[float, str, dict[str, str]]] = field(default_factory=deque)
    lost: bool = False
    down: bool = False

    def send(self, queue: str, bodies: Sequence[dict[str, str]], delay_s: int = 0) -> None:
        if self.down:
            raise ConnectionError("the queue cannot be reached")
        if self.lost:
            return
        self.queue.extend((self.clock.monotonic() + delay_s, queue, body) for body in bodies)

    def health(self) -> tuple[bool, str]:
        return True, "fake"

    def ripe(self) -> list[tuple[str, dict[str, str]]]:
        now = self.clock.monotonic()
        ripe = [(queue, body) for at, queue, body in self.queue if at <= now]
        self.queue = deque(each for each in self.queue if each[0] > now)
        return ripe


@dataclass
class FakeWorkbooks:
    """A bucket whose function works as soon as an object comes; not while it is `slow`."""

    objects: dict[str, bytes] = field(default_factory=dict)
    slow: bool = False

    def get(self, key: str) -> bytes | None:
        return self.objects.get(key)

    def put(self, key: str, content: bytes) -> None:
        self.objects[key] = content
        if not self.slow:
            work(self, key)

    def delete(self, key: str) -> None:
        self.objects.pop(key, None)

    def catch_up(self) -> None:
        self.slow = False
        for key in list(self.objects):
            work(self, key)


@dataclass
class Phone:
    """A responder's phone."""

    story: Story
    number: str
    seen: int = 0

    def messages(self) -> list[str]:
        return [sms.text for sms in self.story.provider.messages if sms.number == self.number]

    def expects(self, *words: str) -> str:
        """The next message, which must have come and hold all the words."""
        waiting = self.messages()[self.seen :]
        assert waiting, f"{self.number} got no message; expected {words}"
        self.seen += 1
        for word in words:
            assert word in waiting[0], f"{word!r} is not in {waiting[0]!r}"
        return waiting[0]

    def expects_nothing(self) -> None:
        assert self.messages()[self.seen :] == []

    def link(self) -> str:
        """The path of the link in the newest message that has one."""
        linked = [text for text in self.messages() if "https://112.test" in text]
        return linked[-1].split("https://112.test")[1].split()[0]

    def opens_link(self) -> Answer:
        return self.story.http("GET", self.link())

    def taps(self, status: str, reason: str = "") -> Answer:
        answer = self.story.http("POST", f"/api{self.link()}", {"status": status, "reason": reason})
        self.story.settle()
        return answer


@dataclass
class Answer:
    """An HTTP answer."""

    status: int
    body: Any
    headers: dict[str, str]
    text: str


class Story:
    """The world of one test; `finish` fails it if a message came that it did not expect, or something was left undone.

    `tampered` says that the story itself broke what is kept.
    """

    def __init__(self, now: str = START) -> None:
        self.clock = FakeClock(now)
        self.provider = FakeProvider()
        self.wakeups = FakeWakeups(self.clock)
        self.sign_ins = FakeSignIns()
        self.workbooks = FakeWorkbooks()
        self.world = World(
            settings=Settings.from_env(),
            clock=self.clock,
            sms=self.provider,
            wakeups=self.wakeups,
            sign_ins=self.sign_ins,
            workbooks=self.workbooks,
        )
        bootstrap.install(self.world)
        self.phones: dict[str, Phone] = {}
        self.tampered = False
        self._keys = 0

    def empty(self) -> None:
        """Start with no tables left from another story."""
        for model in tables.MODELS:
            if model.exists():
                model.delete_table()
        tables.create_missing()

    def seed(self) -> None:
        """A regency where everybody is on duty yesterday, today and tomorrow."""
        today = times.local_day(self.clock.now(), 7)
        days = [times.local_day(self.clock.now(), 7, shift) for shift in (-1, 0, 1)]
        shifts = [shift for day in days for shift in regency.shifts(day)]
        regency.load({**regency.nouns(), "shifts": shifts})
        assert today in days

    def finish(self) -> None:
        unexpected = {
            number: texts
            for number in {sms.number for sms in self.provider.messages}
            if (texts := self.phone_of(number).messages()[self.phone_of(number).seen :])
        }
        assert not unexpected, f"messages that nobody expected: {unexpected}"
        if not self.tampered:
            # Whatever a story did, the program must not have left anything behind that the auditor has to put right.
            counts = auditing.audit(self.world)
            assert not counts["repaired"] and not counts["failed"], counts

    def phone(self, person: str) -> Phone:
        return self.phone_of(regency.number_of(person))

    def phone_of(self, number: str) -> Phone:
        return self.phones.setdefault(number, Phone(self, number))

    def http(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        as_: str = "",
        query: Mapping[str, str | list[str]] | None = None,
        headers: dict[str, str] | None = None,
        key: str = "",
        raw: str | bytes | None = None,
        source: str = "203.0.113.7",
    ) -> Answer:
        """One request as API Gateway hands it to the function, the authorizer having passed the account.

        A PUT comes from somebody who has just read the thing, unless `headers` say which version was read.
        """
        if method == "PUT" and "if-match" not in (headers or {}):
            read = call_app("GET", path.partition("?")[0], as_="admin").body
            headers = {**(headers or {}), "if-match": str(read.get("v", ""))}
        return call_app(
            method, path, body, as_=as_, query=query, headers=headers, key=key, raw=raw, source=source
        )

    def desk(
        self, method: str, path: str, body: Any = None, *, as_: str = "operator", expect: int | None = None
    ) -> Any:
        """A request by somebody at the desk, with a key of its own; the body of an answer that must succeed."""
        self._keys += 1
        answer = self.http(method, path, body, as_=as_, key=f"key-{self._keys}")
        self.settle()
        assert answer.status == (expect or answer.status) and (expect or answer.status < 300), (
            answer.status,
            answer.body,
        )
        return answer.body

    def call(self, type_: str = "house_fire", district: str = "baamang", **more: Any) -> Any:
        """An emergency call, taken by the operator; the answer's body."""
        now = self.clock.now()
        incident = {"type": type_, "location": {"district": district, "landmark": "Pasar Sampit"}, **more}
        body = {
            "number": "+6281234567890",
            "channel": "phone",
            "class": "emergency",
            "received_at": times.plus(now, -30),
            "answered_at": times.plus(now, -20),
            "incident": incident,
        }
        return self.desk("POST", "/api/calls", body, expect=201)

    def incident(self, id_: str, as_: str = "operator") -> Any:
        answer = self.http("GET", f"/api/incidents/{id_}", as_=as_)
        assert answer.status == 200, answer.body
        return answer.body

    def deliver(
        self,
        bodies: Sequence[dict[str, str]],
        function: Callable[[World, dict[str, Any]], dict[str, Any]] = event_handlers.send_pages,
    ) -> dict[str, Any]:
        """Hand wake-ups to the page function, in batches of ten as SQS does; the last batch's answer."""
        answer: dict[str, Any] = {"batchItemFailures": []}
        for start in range(0, len(bodies), 10):
            records = [
                {"messageId": f"m{start + i}", "body": json.dumps(body)}
                for i, body in enumerate(bodies[start : start + 10])
            ]
            answer = function(self.world, {"Records": records})
        return answer

    def settle(self) -> None:
        """Let every wake-up that is due do its work."""
        while ripe := self.wakeups.ripe():
            self.deliver([body for queue, body in ripe if queue == "pages"])
            self.deliver([body for queue, body in ripe if queue == "bulk"], event_handlers.send_bulk)
            for number, body in enumerate(body for queue, body in ripe if queue == "timers"):
                record = {"messageId": f"t{number}", "body": json.dumps(body)}
                event_handlers.run_timers(self.world, {"Records": [record]})

    def send_notices(self) -> dict[str, int]:
        """What is no page, each minute on AWS."""
        return event_handlers.send_notices(self.world)

    def sweep(self) -> None:
        event_handlers.sweep(self.world)
        self.settle()

    def fast_forward(self, seconds: float, *, sweeping: bool = True) -> None:
        """Let time pass, the sweep running every minute as on AWS; minutes in which nothing is due are jumped over."""
        while seconds > 0:
            minutes = max(1, math.ceil(self._nothing_due_s(seconds) / 60))
            step = min(60.0 * minutes, seconds)
            self.clock.advance(step)
            seconds -= step
            self.settle()
            if sweeping:
                self.sweep()

    def _nothing_due_s(self, most: float) -> float:
        """For how long no wake-up ripens and nothing in the `due` index is to be done, at most so long."""
        now = self.clock.now()
        ripening = [at - self.clock.monotonic() for at, _, _ in self.wakeups.queue]
        due = [
            times.between(now, since) or 0.0
            for part in range(incidents.DUE_SHARDS)
            for *_, since in incidents.due("9999", part)
        ]
        return min([*ripening, *due, most])

    def audit(self) -> dict[str, int]:
        """What the auditor finds, and puts right, each five minutes on AWS."""
        counts = event_handlers.audit(self.world)
        self.settle()
        return counts

    def events(self, incident_id: str) -> list[str]:
        return [event.type for event in incidents.events(incident_id)]


def call_app(
    method: str,
    path: str,
    body: Any = None,
    *,
    as_: str = "",
    query: Mapping[str, str | list[str]] | None = None,
    headers: dict[str, str] | None = None,
    key: str = "",
    raw: str | bytes | None = None,
    source: str = "203.0.113.7",
) -> Answer:
    """Hand the application one API Gateway event and read its answer; a query's list is a repeated parameter."""
    path, _, in_path = path.partition("?")
    if in_path:
        query = {**dict(pair.split("=", 1) for pair in in_path.split("&")), **(query or {})}
    resource, parameters = _route(path)
    sent = raw if raw is not None else json.dumps(body) if body is not None else None
    all_headers = {"content-type": "application/json", **(headers or {})}
    repeated = {name: each if isinstance(each, list) else [each] for name, each in (query or {}).items()}
    if key:
        all_headers["idempotency-key"] = key
    context: dict[str, Any] = {"httpMethod": method, "resourcePath": resource, "path": path}
    context["identity"] = {"sourceIp": source}
    if as_:
        # An account of the seed by its name, or one that a story made by its own id.
        sub = as_ if as_.startswith("made-") else f"sub-{as_.replace('_', '-')}"
        context["authorizer"] = {"claims": {"sub": sub}}
    event = {
        "httpMethod": method,
        "path": path,
        "resource": resource,
        "headers": all_headers,
        "multiValueHeaders": {name: [value] for name, value in all_headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in repeated.items()} or None,
        "multiValueQueryStringParameters": repeated or None,
        "pathParameters": parameters,
        "stageVariables": None,
        "requestContext": context,
        "body": sent,
        "isBase64Encoded": False,
    }
    answer = application.app(event, None)
    text = answer["body"]
    answered = {**answer["headers"], **{k: v[0] for k, v in answer["multiValueHeaders"].items()}}
    is_json = "json" in answered.get("Content-Type", "")
    return Answer(answer["statusCode"], json.loads(text) if is_json and text else None, answered, text)


def _route(path: str) -> tuple[str, dict[str, str]]:
    parts = path.split("/")
    for resource in sorted(application.app.routes, key=lambda each: each.count("{")):
        wanted = resource.split("/")
        if len(wanted) == len(parts) and all(
            w == p or w.startswith("{") for w, p in zip(wanted, parts, strict=True)
        ):
            return resource, {w[1:-1]: p for w, p in zip(wanted, parts, strict=True) if w.startswith("{")}
    raise AssertionError(f"no route for {path}")


def form(**values: str) -> str:
    return urlencode(values)
