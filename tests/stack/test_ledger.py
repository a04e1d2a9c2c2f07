"""The ledger of a drill sees each thing that could be lost, doubled or sent astray: it is broken by itself here."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain import ids
from tests.stack.ledger import Detail, Ledger, doubled, page_faults, unsettled

SECRET = "a secret for links"
CODE = ids.link_code(SECRET, "p1")
WHOLE: Detail = {
    "id": "i1",
    "label": "7F3K",
    "status": "closed",
    "chain": {"ok": True},
    "calls_list": [{"id": "c1"}],
    "notes": [{"text": "api besar"}],
    "assignments": [
        {"id": "a1", "callsign": "Damkar 1", "status": "en_route", "milestones": {"en_route": "10:00"}}
    ],
    "pages": [
        {
            "id": "p1",
            "kind": "page",
            "because": "",
            "assignment_id": "a1",
            "number": "+628110001001",
            "status": "sent",
            "acknowledged_at": "10:00",
            "attempts": [{"maybe_repeat": False}],
        }
    ],
    "timeline": [
        {"seq": 1, "type": "IncidentOpened", "hash": "h1", "data": {}},
        {"seq": 2, "type": "PagesSent", "hash": "h2", "data": {"pages": [{"page": "p1"}]}},
    ],
}
SMS = {"number": "+628110001001", "body": f"112 Kebakaran http://localhost/r/{CODE} Balas: 7K2M YA"}
Change = Callable[[Detail], object]


@pytest.fixture
def ledger() -> Ledger:
    kept = Ledger(SECRET)
    kept.told(WHOLE)
    kept.call("c1", "i1")
    kept.note("i1", "api besar")
    kept.tapped(CODE)
    return kept


def changed(change: Change) -> Detail:
    detail = copy.deepcopy(WHOLE)
    change(detail)
    return detail


def test_nothing_is_missed_when_all_is_there(ledger: Ledger) -> None:
    known, tapped = ledger.snapshot()
    assert not list(ledger.lost(known["i1"], tapped, WHOLE))
    assert not list(doubled(known["i1"], WHOLE))
    assert not list(unsettled(WHOLE))
    assert not page_faults(ledger, [WHOLE], [SMS])


LOST: dict[str, tuple[Change, str]] = {
    "event": (lambda it: it["timeline"].pop(), "7F3K: event 2"),
    "event rewritten": (lambda it: it["timeline"][0].update(hash="other"), "7F3K: event 1"),
    "call": (lambda it: it["calls_list"].clear(), "7F3K: call c1"),
    "note": (lambda it: it["notes"].clear(), "7F3K: note api besar"),
    "step": (lambda it: it["assignments"][0]["milestones"].clear(), "7F3K: ('a1', 'en_route')"),
    "page": (lambda it: it["pages"].clear(), "7F3K: page p1"),
    "sending": (lambda it: it["pages"][0].update(status="pending"), "7F3K: page p1"),
    "answer": (lambda it: it["pages"][0].update(acknowledged_at=None), "7F3K: the answer to page p1"),
    "end": (lambda it: it.update(status="open"), "7F3K: that it was closed"),
    "chain": (lambda it: it["chain"].update(ok=False), "7F3K: its chain"),
}


@pytest.mark.parametrize(("change", "missing"), LOST.values(), ids=LOST.keys())
def test_what_is_lost_is_named(ledger: Ledger, change: Change, missing: str) -> None:
    known, tapped = ledger.snapshot()
    assert list(ledger.lost(known["i1"], tapped, changed(change))) == [missing]


DOUBLED: dict[str, tuple[Change, str]] = {
    "call": (lambda it: it["calls_list"].append({"id": "c2"}), "7F3K: call c2"),
    "note": (lambda it: it["notes"].append({"text": "api besar"}), "7F3K: note api besar"),
    "opening": (lambda it: it["timeline"].append(it["timeline"][0]), "7F3K: IncidentOpened"),
}


@pytest.mark.parametrize(("change", "twice"), DOUBLED.values(), ids=DOUBLED.keys())
def test_what_a_repeat_did_twice_is_named(ledger: Ledger, change: Change, twice: str) -> None:
    known, _ = ledger.snapshot()
    assert list(doubled(known["i1"], changed(change))) == [twice]


def no_change(detail: Detail) -> None:
    pass


def expired(detail: Detail) -> None:
    detail["pages"][0].update(status="expired")
    detail.update(status="open")


STRAY: dict[str, tuple[Change, list[dict[str, str]], str]] = {
    "on no phone": (no_change, [], "is sent and on no phone"),
    "on a wrong phone": (no_change, [SMS, {**SMS, "number": "+628110001002"}], "that nobody ordered"),
    "twice in silence": (no_change, [SMS, SMS], "came 2 times, nobody says so"),
    "not sent though wanted": (expired, [], "expired although its crew is expected"),
    "refused": (lambda it: it["pages"][0].update(status="failed"), [SMS], "failed"),
    "nobody's": (no_change, [SMS, {**SMS, "body": "112 lain"}], "that nobody ordered"),
}


@pytest.mark.parametrize(("change", "messages", "fault"), STRAY.values(), ids=STRAY.keys())
def test_a_page_gone_astray_is_named(
    ledger: Ledger, change: Change, messages: list[dict[str, Any]], fault: str
) -> None:
    [found] = page_faults(ledger, [changed(change)], messages)
    assert fault in found


def test_a_repeat_that_says_so_is_no_fault(ledger: Ledger) -> None:
    said = changed(lambda it: it["pages"][0]["attempts"].append({"maybe_repeat": True}))
    assert not page_faults(ledger, [said], [SMS, SMS])


def test_a_page_is_settled_when_an_event_tells_its_end() -> None:
    untold = changed(lambda it: it["timeline"].pop())
    assert list(unsettled(untold)) == ["7F3K: page p1 sent"]
