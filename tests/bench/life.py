"""What the life of one incident asks of DynamoDB, SQS and Lambda: counted, not timed.

The incident is the one that the cost is reckoned by: a call, previewed twice, with three crews of one person, three pages; each crew opens its
link, acknowledges, and reports en route, on scene and cleared by it, as a browser does (a form, answered by the page again);
the escalation's timers run out meanwhile; the desk closes it. No SMS gateway takes replies, as on AWS alone.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from msgspec import Struct

from chalicelib.domain import times
from chalicelib.handlers import events
from tests.bench.figures import Figure, Figures
from tests.support.dynamo import dynamodb
from tests.world.harness import Answer, FakeWakeups, Story, form
from tests.world.provider import policy
from tests.world.requests import Requests, watched

CREWS = ("andi", "citra", "eko")
LIFE = ("preview", "intake", "send_pages", "open_link", "acknowledge", "run_timers", "report_status", "close")
FORM = {"content-type": "application/x-www-form-urlencoded"}
# SQS bills a request for each ten messages sent, each receipt and each deletion; a receipt may bring several messages.
SQS_BATCH = 10


class Use(Struct):
    """A use case: how often it ran in one incident's life, and all that it asked for then together."""

    name: str
    times: int = 0
    requests: Counter[str] = Counter()
    rcu: float = 0.0
    wcu: float = 0.0
    invocations: int = 0
    sqs_messages: int = 0
    sqs_sends: int = 0
    cpu_s: float = 0.0

    def add(self, found: Requests, sent: list[int], cpu_s: float) -> None:
        """Add one run."""
        self.times += 1
        self.requests = self.requests + Counter(found.operations)
        self.rcu += found.rcu
        self.wcu += found.wcu
        self.invocations += 1
        self.sqs_messages += sum(sent)
        self.sqs_sends += sum(-(-each // SQS_BATCH) for each in sent)
        self.cpu_s += cpu_s


class Ledger:
    """Use cases by name, in the order in which they first ran."""

    def __init__(self) -> None:
        self.uses: dict[str, Use] = {}

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Whatever runs meanwhile is one run of this use case, by one invocation of Lambda."""
        sent: list[int] = []
        really = FakeWakeups.send

        def note(self: FakeWakeups, queue: str, bodies: Sequence[dict[str, str]], delay_s: int = 0) -> None:
            sent.append(len(bodies))
            really(self, queue, bodies, delay_s)

        began = time.process_time()
        with patch.object(FakeWakeups, "send", note), watched() as found:
            yield
        self.uses.setdefault(name, Use(name)).add(found, sent, time.process_time() - began)


def life(story: Story, together: bool = True) -> Ledger:
    """One incident from its call to its end; whether SQS delivers the three pages in one batch or one by one."""
    policy(story, (180, "on_duty"), (120, "backup"))
    # The process knows the registry already, as one does that has answered before.
    story.http("GET", "/api/me", as_="operator")
    ledger = Ledger()
    incident = _call(story, ledger)
    pages = [body for queue, body in story.wakeups.ripe() if queue == "pages"]
    assert len(pages) == len(CREWS)
    for batch in [pages] if together else [[each] for each in pages]:
        with ledger.of("send_pages"):
            story.deliver(batch)
    for crew in CREWS:
        story.phone(crew).expects("Pasar Sampit")
        _look(story, ledger, crew)
        _report(story, ledger, crew, "acknowledged")
    story.clock.advance(200)
    for queue, body in story.wakeups.ripe():
        assert queue == "timers"
        with ledger.of("run_timers"):
            story.deliver([body], events.run_timers)
    for status in ("en_route", "on_scene", "cleared"):
        for crew in CREWS:
            story.clock.advance(120)
            _report(story, ledger, crew, status)
    with ledger.of("close"):
        path = f"/api/incidents/{incident}/close"
        _must(story.http("POST", path, {"disposition": "done"}, as_="operator", key="close"))
    assert not story.wakeups.queue, "something is left to be done"
    return ledger


def _call(story: Story, ledger: Ledger) -> str:
    now = story.clock.now()
    location = {"district": "baamang", "landmark": "Pasar Sampit"}
    body = {
        "number": "+6281234567890",
        "channel": "phone",
        "class": "emergency",
        "received_at": now,
        "answered_at": now,
        "incident": {"type": "house_fire", "location": location, "narrative": "Api dari dapur"},
    }
    # The desk looks ahead once type and district are known, and again when the place is set.
    for _ in range(2):
        with ledger.of("preview"):
            query = {"type": "house_fire", "district": "baamang"}
            _must(story.http("GET", "/api/dispatch/preview", query=query, as_="operator"))
    _change_a_roster(story)
    with ledger.of("preview_after_a_roster_changed"):
        _must(story.http("GET", "/api/dispatch/preview", query=query, as_="operator"))
    with ledger.of("intake"):
        answer = _must(story.http("POST", "/api/calls", body, as_="operator", key="call"))
    assert (len(answer["assignments"]), len(answer["pages"])) == (3, 3)
    return str(answer["incident"]["id"])


def _change_a_roster(story: Story) -> None:
    """An officer puts somebody of an agency that is asked on duty, now and on this day: the next to look must read it."""
    now = story.clock.now()
    shift = {
        "id": "gita-now",
        "agency_id": "psc",
        "person_id": "gita",
        "starts_at": now,
        "ends_at": times.plus(now, 60),
    }
    _must(story.http("POST", "/api/registry/shifts", shift, as_="admin"))
    _must(story.http("DELETE", "/api/registry/shifts/gita-now", query=_day_of(shift), as_="admin"))


def _day_of(shift: dict[str, str]) -> dict[str, str]:
    return {"agency_id": shift["agency_id"], "date": times.local_day(shift["starts_at"], 7)}


def _report(story: Story, ledger: Ledger, crew: str, status: str) -> None:
    """A crew presses a button of its page, and the browser follows the answer back to the page."""
    path = f"/api{story.phone(crew).link()}"
    with ledger.of("acknowledge" if status == "acknowledged" else "report_status"):
        answer = story.http("POST", path, raw=form(status=status), headers=FORM)
    assert answer.headers["Location"].endswith("m=applied"), answer.headers
    _look(story, ledger, crew)


def _look(story: Story, ledger: Ledger, crew: str) -> None:
    with ledger.of("open_link"):
        assert story.phone(crew).opens_link().status == 200


def _must(answer: Answer) -> Any:
    assert answer.status < 300, answer.text
    return answer.body


def around(story: Story) -> Ledger:
    """What runs whether or not anything happens: schedules and an open board; with one incident open, and none."""
    ledger = Ledger()

    def look(suffix: str) -> None:
        runs: dict[str, Callable[[], Any]] = {
            "sweep": lambda: events.sweep(story.world),
            "audit": lambda: events.audit(story.world),
            "board": lambda: story.http("GET", "/api/incidents", query={"state": "open"}, as_="operator"),
        }
        for name, run in runs.items():
            with ledger.of(name + suffix):
                run()

    story.http("GET", "/api/me", as_="operator")
    # The day's first sweep freezes who is on duty on it.
    events.sweep(story.world)
    look("_idle")
    incident = story.call()["incident"]["id"]
    with ledger.of("read_incident"):
        story.incident(incident)
    look("_one_open")
    return ledger


def uses() -> dict[str, Use]:
    """The use cases of a life by name; `send_pages_one_by_one` is another way in which its pages may leave."""
    found = [_of_own(tell) for tell in (life, lambda story: life(story, together=False), around)]
    one_life, apart, others = found
    apart["send_pages"].name = "send_pages_one_by_one"
    return {**one_life, "send_pages_one_by_one": apart["send_pages"], **others}


def _of_own(tell: Callable[[Story], Ledger]) -> dict[str, Use]:
    story = Story()
    story.empty()
    story.seed()
    return tell(story).uses


def counted() -> Figures:
    """The figures of a life, and what each use case has of them."""
    with dynamodb():
        all_ = uses()
    of_life = [use for name, use in all_.items() if name in LIFE]
    figures = {
        "requests_per_incident": _total(
            of_life, lambda each: each.requests.total(), "DynamoDB, call to close"
        ),
        "wcu_per_incident": _total(of_life, lambda each: each.wcu, "write capacity units"),
        "rcu_per_incident": _total(of_life, lambda each: each.rcu, "read capacity units"),
        "sqs_messages_per_incident": _total(of_life, lambda each: each.sqs_messages),
        "sqs_sends_per_incident": _total(of_life, lambda each: each.sqs_sends, "SendMessageBatch"),
        "invocations_per_incident": _total(of_life, lambda each: each.invocations, "Lambda, HTTP and SQS"),
    }
    for name, use in all_.items():
        made = ", ".join(f"{count} {operation}" for operation, count in sorted(use.requests.items()))
        figures[f"{name}_requests"] = Figure(use.requests.total(), says=f"{use.times}x: {made}")
        figures[f"{name}_wcu"] = Figure(use.wcu)
        figures[f"{name}_rcu"] = Figure(use.rcu)
    return figures


def _total(uses: Sequence[Use], of: Callable[[Use], float], says: str = "") -> Figure:
    return Figure(round(sum(map(of, uses)), 1), says=says)
