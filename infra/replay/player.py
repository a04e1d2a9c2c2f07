"""Plays calls at their times through the desk: many incidents at once, the steps of each in their order."""

from __future__ import annotations

import heapq
import queue
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any

from tqdm import tqdm

from infra.local.stack import StackError

from . import mapping
from .desk import Desk, Gone, Refused
from .source import CityCall, UnitRow
from .sums import Sums

FINAL = frozenset({"cleared", "unable", "cancelled"})
SETTLED = frozenset({"sent", "delivered", "failed", "expired"})
SETTLE_S = 30.0

Step = Callable[[], None]


class Play:
    """One call on its way through the desk; `steps` are (seconds after the first call in the city's time, what)."""

    def __init__(
        self, call: CityCall, first: datetime, desk: Desk, registry: Mapping[str, Any], sums: Sums
    ) -> None:
        self._call = call
        self._desk = desk
        self._registry = registry
        self._sums = sums
        self._incident: dict[str, Any] = {}
        self._order: list[str] = []
        self._sent: dict[str, str] = {}
        self._over = False
        self.pages: Counter[str] = Counter()
        self.steps = self._plan(first)

    @property
    def incident_id(self) -> str:
        return str(self._incident.get("id", ""))

    @property
    def open(self) -> bool:
        return self._incident.get("status") == "open"

    def _plan(self, first: datetime) -> list[tuple[float, Step]]:
        call = self._call
        steps: list[tuple[datetime, Step]] = [(call.received, self._take)]
        for position, row in enumerate(call.units):
            steps.append((row.dispatched, partial(self._assign, position, row)))
            steps += [(at, partial(self._report, row, status)) for status, at in row.reports]
        steps.append((max(at for at, _ in steps), self._end))
        # Stable: at the same instant the call comes first, then each row's own order, then the end.
        return [((at - first).total_seconds(), step) for at, step in sorted(steps, key=lambda each: each[0])]

    def go(self) -> None:
        """Take the next step; a step that is refused is counted, and the play goes on with the next."""
        _, step = self.steps.pop(0)
        if not self._over:
            step()

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = self._desk.post(path, body)
        except Refused as refused:
            self._sums.failed(str(refused))
            raise
        self._seen(answer["incident"] if "call" in answer else answer)
        return answer

    def _seen(self, incident: dict[str, Any]) -> None:
        self._incident = incident
        self.pages = Counter(page["status"] for page in incident["pages"])

    def _take(self) -> None:
        call = self._call
        body = {
            "number": mapping.number(call.id),
            "channel": "phone",
            "class": "emergency",
            "received_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "incident": {
                "type": mapping.TYPES[call.type],
                "location": mapping.place(call.neighbourhood, call.id, self._registry["districts"]),
                "narrative": f"San Francisco {call.id}: {call.type}",
            },
        }
        try:
            taken = self._post("/api/calls", body)
        except Refused as refused:
            self._over = True
            for row in call.units:
                self._sums.left_out(row.id, f"the call was not taken: {refused}")
            return
        self._sums.add("calls posted")
        self._sums.add("incidents opened")
        self._order = [assignment["id"] for assignment in taken["assignments"]]
        self._sums.add("assignments by the plan", len(self._order))
        shortfalls = sum(event["type"] == "DispatchShortfall" for event in self._incident["timeline"])
        self._sums.add("needs of the plan that no unit could meet", shortfalls)

    def _assign(self, position: int, row: UnitRow) -> None:
        """Give the k-th row the k-th assignment of the plan, or a free unit in addition."""
        if position < len(self._order):
            self._sent[row.id] = self._order[position]
            return
        reason = "no unit was free to stand for it"
        try:
            states = self._desk.get("/api/units/status")["units"]
            terrain = self._incident["terrain"]
            for unit_id in mapping.free_units(row.unit_type, terrain, self._registry["units"], states):
                if self._add(unit_id, row):
                    return
        except Refused as refused:
            reason = f"no unit was added: {refused}"
        self._sums.left_out(row.id, reason)

    def _add(self, unit_id: str, row: UnitRow) -> bool:
        path = f"/api/incidents/{self.incident_id}/assignments"
        try:
            self._seen(self._desk.post(path, {"unit_id": unit_id}))
        except Refused as refused:
            if refused.status == 409 and "unit_id" in refused.fields:
                self._sums.add("units that another incident took first")
                return False
            self._sums.failed(str(refused))
            raise
        mine = [each["id"] for each in self._incident["assignments"] if each["unit_id"] == unit_id]
        self._sent[row.id] = max(mine)
        self._sums.add("assignments added for the city's units")
        return True

    def _report(self, row: UnitRow, status: str) -> None:
        if row.id in self._sent:
            self._status(self._sent[row.id], status)

    def _status(self, assignment_id: str, status: str) -> None:
        path = f"/api/incidents/{self.incident_id}/assignments/{assignment_id}/status"
        try:
            self._post(path, {"status": status})
        except Refused:
            return
        assignment = next(each for each in self._incident["assignments"] if each["id"] == assignment_id)
        applied = status in assignment["milestones"]
        self._sums.reported(status if applied else f"{status}, which changed nothing")

    def _end(self) -> None:
        """Clear whoever has no time of clearing, stand down whom the city did not send, and close."""
        mine = set(self._sent.values())
        for assignment in self._incident["assignments"]:
            if assignment["status"] not in FINAL:
                self._status(assignment["id"], "cleared" if assignment["id"] in mine else "cancelled")
        disposition = mapping.DISPOSITIONS.get(self._call.disposition, mapping.OTHER_DISPOSITION)
        try:
            closed = self._desk.post(f"/api/incidents/{self.incident_id}/close", {"disposition": disposition})
        except Refused as refused:
            if refused.status == 409 and refused.sent > 1 and refused.fields.get("id") == "closed":
                self.look()  # Its answer was lost, and closing has no key: the first try had done it.
            else:
                self._sums.failed(str(refused))
                return
        else:
            self._seen(closed)
        self._sums.add("incidents closed")
        if not self._incident["chain"]["ok"]:
            self._sums.add("incidents with a broken chain")

    def look(self) -> None:
        """See how the incident stands by now."""
        try:
            self._seen(self._desk.get(f"/api/incidents/{self.incident_id}"))
        except (Refused, Gone) as refused:
            self._sums.failed(str(refused))


def playable(calls: Sequence[CityCall], registry: Mapping[str, Any], sums: Sums) -> list[CityCall]:
    """The calls whose type the regency knows; the rows of the others are left out."""
    known = {type_["id"] for type_ in registry["incident_types"]}
    found = []
    for call in calls:
        if mapping.TYPES.get(call.type) in known:
            found.append(call)
            continue
        for row in call.units:
            sums.left_out(row.id, f"no incident type stands for the city's {call.type or 'unnamed type'}")
    return found


def play(plays: Sequence[Play], speed: float, threads: int, desk: Desk, sums: Sums) -> str:
    """Take all steps at their times, `speed` times faster than the city did; why it ended early, '' if it did not.

    A step begins late when `threads` are busy or its incident's last step is not done; how late is counted.
    """
    began = time.monotonic()

    def due(each: Play) -> float:
        return began + each.steps[0][0] / speed

    waiting = [(due(each), number, each) for number, each in enumerate(plays)]
    heapq.heapify(waiting)
    done: queue.SimpleQueue[tuple[int, Play, Exception | None]] = queue.SimpleQueue()
    in_hand, ended = 0, False

    def work(at: float, number: int, each: Play) -> None:
        failure = None
        try:
            sums.lagged(time.monotonic() - at)
            each.go()
        except Exception as error:
            failure = error
        done.put((number, each, failure))

    total = sum(len(each.steps) for each in plays)
    pool = ThreadPoolExecutor(threads, thread_name_prefix="replay")
    with tqdm(total=total, desc="replay", unit=" steps", disable=None, smoothing=0) as bar:
        try:
            while waiting or in_hand:
                while waiting and waiting[0][0] <= time.monotonic():
                    pool.submit(work, *heapq.heappop(waiting))
                    in_hand += 1
                try:
                    pause = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
                    number, each, failure = done.get(timeout=pause)
                except queue.Empty:
                    continue
                in_hand -= 1
                bar.update()
                if failure is not None:
                    raise failure
                if each.steps:
                    heapq.heappush(waiting, (due(each), number, each))
            ended = True
        except KeyboardInterrupt:
            return "Ctrl-C"
        except (Gone, StackError) as gone:
            return str(gone)
        finally:
            # Whoever waits to send again gives up; what was sent is answered.
            if not ended:
                desk.stopped.set()
            pool.shutdown(wait=True, cancel_futures=True)
    return ""


def settle(plays: Sequence[Play]) -> None:
    """Wait until the pages of all incidents have come to something, 30 s at most."""
    deadline = time.monotonic() + SETTLE_S
    left = [each for each in plays if each.incident_id and each.pages.keys() - SETTLED]
    while left and time.monotonic() < deadline:
        for each in left:
            each.look()
        left = [each for each in left if each.pages.keys() - SETTLED]
        if left:
            time.sleep(0.5)
