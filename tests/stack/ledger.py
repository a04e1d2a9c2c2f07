"""Everything that was acknowledged in a drill, and what of it is missing, doubled or unasked for afterwards."""

from __future__ import annotations

import copy
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain import ids
from chalicelib.domain.assignment import active

Detail = dict[str, Any]


@dataclass
class Known:
    """What clients were told of one incident; events by their place, with their hash."""

    events: dict[int, str] = field(default_factory=dict)
    calls: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    milestones: dict[tuple[str, str], str] = field(default_factory=dict)
    pages: dict[str, bool] = field(default_factory=dict)
    ended: str = ""

    def count(self) -> int:
        things = (self.events, self.calls, self.notes, self.milestones, self.pages)
        return 1 + sum(len(each) for each in things) + bool(self.ended)


class Ledger:
    """What was acknowledged, by incident; safe for many threads."""

    def __init__(self, link_secret: str) -> None:
        self._secret = link_secret
        self._lock = threading.Lock()
        self._known: dict[str, Known] = {}
        self._tapped: set[str] = set()

    def told(self, detail: Detail) -> None:
        """Take in an incident as the interface answered it."""
        with self._lock:
            known = self._known.setdefault(detail["id"], Known())
            known.events.update({each["seq"]: each["hash"] for each in detail["timeline"]})
            for each in detail["assignments"]:
                steps = each["milestones"].items()
                known.milestones.update({(each["id"], status): at for status, at in steps})
            for page in detail["pages"]:
                known.pages[page["id"]] = known.pages.get(page["id"], False) or page["status"] == "sent"
            if detail["status"] != "open":
                known.ended = detail["status"]

    def call(self, call_id: str, incident_id: str) -> None:
        with self._lock:
            self._known.setdefault(incident_id, Known()).calls.add(call_id)

    def note(self, incident_id: str, text: str) -> None:
        with self._lock:
            self._known.setdefault(incident_id, Known()).notes.add(text)

    def tapped(self, code: str) -> None:
        """An answer by this link, or by SMS to its page, was acknowledged."""
        with self._lock:
            self._tapped.add(code)

    def count(self) -> int:
        """How many things were acknowledged: incidents, calls, events, steps, pages, notes, answers."""
        with self._lock:
            return sum(known.count() for known in self._known.values()) + len(self._tapped)

    def snapshot(self) -> tuple[dict[str, Known], set[str]]:
        """What was acknowledged until now: an answer to a question that is asked later must hold all of it."""
        with self._lock:
            return copy.deepcopy(self._known), set(self._tapped)

    def code(self, page_id: str) -> str:
        """The link's code of a page, as its message holds it."""
        return ids.link_code(self._secret, page_id)

    def lost(self, known: Known, tapped: set[str], detail: Detail) -> Iterator[str]:
        """What of the acknowledged things an incident no longer holds."""
        name = detail["label"]
        found = {each["seq"]: each["hash"] for each in detail["timeline"]}
        yield from (f"{name}: event {seq}" for seq, hash_ in known.events.items() if found.get(seq) != hash_)
        yield from (f"{name}: call {each}" for each in known.calls - _ids(detail["calls_list"]))
        yield from (f"{name}: note {each}" for each in known.notes - _texts(detail))
        steps = {
            (each["id"], status): at
            for each in detail["assignments"]
            for status, at in each["milestones"].items()
        }
        yield from (f"{name}: {key}" for key, at in known.milestones.items() if steps.get(key) != at)
        pages = {page["id"]: page for page in detail["pages"]}
        for page_id, was_sent in known.pages.items():
            if page_id not in pages or (was_sent and pages[page_id]["status"] != "sent"):
                yield f"{name}: page {page_id}"
        for page_id, page in pages.items():
            if self.code(page_id) in tapped and not page["acknowledged_at"]:
                yield f"{name}: the answer to page {page_id}"
        if known.ended and known.ended != detail["status"]:
            yield f"{name}: that it was {known.ended}"
        if not detail["chain"]["ok"]:
            yield f"{name}: its chain"


def doubled(known: Known, detail: Detail) -> Iterator[str]:
    """What a repeated request did a second time, once every request was acknowledged in the end."""
    name = detail["label"]
    yield from (f"{name}: call {each}" for each in _ids(detail["calls_list"]) - known.calls)
    texts = Counter(note["text"] for note in detail["notes"])
    yield from (f"{name}: note {text}" for text, times in texts.items() if times > 1)
    types = Counter(event["type"] for event in detail["timeline"])
    for type_ in ("IncidentOpened", "IncidentCancelled", "IncidentClosed"):
        if types[type_] > 1:
            yield f"{name}: {type_}"


def unsettled(detail: Detail) -> Iterator[str]:
    """Pages of an incident that have not come to their end, or whose end no event tells."""
    told = {
        entry["page"]
        for event in detail["timeline"]
        if event["type"] in ("PagesSent", "PagesFailed", "PagesExpired")
        for entry in event["data"]["pages"]
    }
    for page in detail["pages"]:
        if page["status"] in ("pending", "sending") or page["id"] not in told:
            yield f"{detail['label']}: page {page['id']} {page['status']}"


def page_faults(ledger: Ledger, details: Iterable[Detail], messages: list[dict[str, Any]]) -> list[str]:
    """Pages that are said to be sent and are on no phone, on a wrong one, or twice without saying so; unordered ones."""
    on_phones: dict[str, list[str]] = {}
    for message in messages:
        on_phones.setdefault(message["number"], []).append(message["body"])
    left = Counter((message["number"], message["body"]) for message in messages)
    faults = []
    for detail in details:
        callsigns = {each["id"]: each["callsign"] for each in detail["assignments"]}
        expected = {
            each["id"]
            for each in detail["assignments"]
            if detail["status"] == "open" and active(each["status"])
        }
        for page in detail["pages"]:
            # Who is not needed is told so with the time at which that was decided.
            label = f" {detail['label']} " if page["because"] else f" {detail['label']}:"
            called_off = (label, callsigns.get(page["assignment_id"], ""))
            parts = (f"/r/{ledger.code(page['id'])}",) if page["kind"] == "page" else called_off
            arrived = [
                text for text in on_phones.get(page["number"], []) if all(part in text for part in parts)
            ]
            for text in arrived:
                left.pop((page["number"], text), None)
            maybe = any(attempt["maybe_repeat"] for attempt in page["attempts"])
            if page["status"] == "sent" and not arrived:
                faults.append(f"{detail['label']}: page {page['id']} is sent and on no phone")
            if page["kind"] == "page" and len(arrived) > 1 and not maybe:
                faults.append(
                    f"{detail['label']}: page {page['id']} came {len(arrived)} times, nobody says so"
                )
            if page["status"] == "failed":
                faults.append(f"{detail['label']}: page {page['id']} failed")
            if page["status"] == "expired" and page["kind"] == "page" and page["assignment_id"] in expected:
                faults.append(f"{detail['label']}: page {page['id']} expired although its crew is expected")
    return faults + [f"a message that nobody ordered: {body}" for _, body in left]


def _ids(values: Iterable[Detail]) -> set[str]:
    return {each["id"] for each in values}


def _texts(detail: Detail) -> set[str]:
    return {note["text"] for note in detail["notes"]}
