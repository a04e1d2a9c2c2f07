"""A running drill as traffic on the real stack: desks that take and follow up calls, crews that answer their phones.

A client whose request got no answer, or a 5xx, sends the same again with the same key, as the desk does. Whatever was
acknowledged to any of them goes into a ledger.
"""

from __future__ import annotations

import random
import re
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

import requests

from chalicelib.domain.assignment import active
from chalicelib.gateways.clock import SystemClock
from chalicelib.services.changes.retrying import UNANSWERED
from tests.stack.ledger import Ledger
from tests.stack_process import StackProcess

KINDS = ("house_fire", "childbirth", "traffic_accident", "flood", "brawl", "drowning")
DISTRICTS = ("baamang", "mentawa_baru_ketapang", "mentaya_hilir_selatan", "parenggean")
STEPS = ("acknowledged", "en_route", "on_scene", "cleared")
OPEN_AT_ONCE = 3
# Longer than any answer of a well stack; a request that waits as long hangs.
TIMEOUT_S = 60.0
PATIENCE_S = 240.0
LINK = re.compile(r"/r/([0-9A-Z]{16})")
REPLY = re.compile(r"(?:Balas|Reply): (\w{4}) ")

Detail = dict[str, Any]


@dataclass
class Refusals:
    """What clients got instead of an acknowledgement: how often nothing, how often what, after how long at most."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    unanswered: int = 0
    hung: int = 0
    said: dict[tuple[int, str, str], int] = field(default_factory=dict)
    longest_s: float = 0.0

    def no_answer(self, problem: requests.RequestException) -> None:
        with self.lock:
            self.unanswered += 1
            self.hung += isinstance(problem, requests.ReadTimeout)

    def answer(self, answer: requests.Response) -> None:
        body = answer.json()
        said = (answer.status_code, body["code"], body["message"])
        with self.lock:
            self.said[said] = self.said.get(said, 0) + 1
            self.longest_s = max(self.longest_s, answer.elapsed.total_seconds())

    def by_database(self) -> int:
        """How often a desk heard that the database takes no writes."""
        with self.lock:
            return sum(times for (_, _, why), times in self.said.items() if why == UNANSWERED)


class Client(ABC):
    """Sends requests until they are answered."""

    def __init__(self, drill: Drill, token: str, seed: int) -> None:
        self.drill = drill
        self.random = random.Random(seed)
        self._session = requests.Session()
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._requests = 0

    def insist(
        self, method: str, path: str, body: Any = None, *, keyed: bool = False, **query: Any
    ) -> requests.Response:
        """Send the same request, with one key, until it has an answer below 500; TimeoutError after four minutes."""
        headers = dict(self._headers)
        self._requests += 1
        if keyed:
            headers["Idempotency-Key"] = f"{self.random.getrandbits(64):x}-{self._requests}"
        url, began = self.drill.url + path, time.monotonic()
        while time.monotonic() - began < PATIENCE_S:
            sent_at = time.monotonic()
            try:
                answer = self._session.request(
                    method, url, json=body, params=query, headers=headers, timeout=TIMEOUT_S
                )
            except requests.RequestException as problem:
                self.drill.refusals.no_answer(problem)
            else:
                if answer.status_code < 500:
                    self.drill.answered(sent_at, method)
                    return answer
                self.drill.refusals.answer(answer)
            time.sleep(0.1)
        raise TimeoutError(f"{method} {path} was not answered within {PATIENCE_S:.0f} s")

    def run(self) -> None:
        """Act until the drill stops; what goes wrong is kept for the test."""
        try:
            while not self.drill.stopping.is_set():
                self.act()
                self.drill.stopping.wait(self.random.uniform(0.02, 0.2))
        except Exception as problem:
            self.drill.problems.append(f"{type(self).__name__}: {problem!r}")
            self.drill.stopping.set()

    @abstractmethod
    def act(self) -> None:
        """Do one thing."""


class Desk(Client):
    """An operator with a few open incidents of their own."""

    def __init__(self, drill: Drill, token: str, seed: int) -> None:
        super().__init__(drill, token, seed)
        self.mine: dict[str, Detail] = {}
        self._follow_ups: tuple[Callable[[Detail], None], ...] = (
            *(self.report,) * 5,
            self.note,
            self.note,
            self.join,
            self.assign,
            self.alarm,
            self.cancel,
            self.close,
        )

    def act(self) -> None:
        if not self.mine or (len(self.mine) < OPEN_AT_ONCE and self.random.random() < 0.4):
            self._taken(self.insist("POST", "/api/calls", self._call(incident=self._place()), keyed=True))
        else:
            self.random.choice(self._follow_ups)(self.random.choice(list(self.mine.values())))

    def _call(self, **about: Any) -> dict[str, Any]:
        return {
            "number": "+6281234567890",
            "channel": "phone",
            "class": "emergency",
            "received_at": SystemClock().now(),
            **about,
        }

    def _place(self) -> dict[str, Any]:
        location = {"district": self.random.choice(DISTRICTS), "landmark": f"Gang {self._requests}"}
        return {"type": self.random.choice(KINDS), "location": location, "drill": True}

    def _taken(self, answer: requests.Response) -> None:
        if answer.status_code != 409:
            self._must(answer, 201)
            taken = answer.json()
            self.drill.ledger.call(taken["call"]["id"], taken["call"]["incident_id"])
            self._learn(taken["incident"])

    def _must(self, answer: requests.Response, *wanted: int) -> None:
        assert answer.status_code in wanted, f"{answer.request.method} {answer.url}: {answer.text}"

    def _learn(self, detail: Detail) -> None:
        self.drill.ledger.told(detail)
        self.mine[detail["id"]] = detail
        if detail["status"] != "open":
            del self.mine[detail["id"]]

    def _follow(self, incident: Detail, path: str, body: Any, *, keyed: bool = False) -> int:
        """Send a follow-up and learn from its answer; 409 when the incident has moved on, perhaps by a lost first try."""
        answer = self.insist("POST", f"/api/incidents/{incident['id']}{path}", body, keyed=keyed)
        self._must(answer, 200, 201, 409, *((422,) if path == "/assignments" else ()))
        if answer.status_code >= 400:
            shown = self.insist("GET", f"/api/incidents/{incident['id']}")
            self._must(shown, 200)
            self._learn(shown.json())
        else:
            self._learn(answer.json())
        return answer.status_code

    def _out(self, incident: Detail) -> list[Detail]:
        return [each for each in incident["assignments"] if active(each["status"])]

    def report(self, incident: Detail) -> None:
        out = self._out(incident)
        if out:
            status = self.random.choices((*STEPS, "unable", "cancelled"), (4, 4, 4, 3, 1, 1))[0]
            reason = "no_fuel" if status == "unable" else ""
            path = f"/assignments/{self.random.choice(out)['id']}/status"
            self._follow(incident, path, {"status": status, "reason": reason})

    def note(self, incident: Detail) -> None:
        text = f"catatan {self.random.getrandbits(64):x}"
        if self._follow(incident, "/notes", {"text": text}, keyed=True) == 201:
            self.drill.ledger.note(incident["id"], text)

    def join(self, incident: Detail) -> None:
        self._taken(self.insist("POST", "/api/calls", self._call(incident_id=incident["id"]), keyed=True))

    def assign(self, incident: Detail) -> None:
        unit = self.random.choice(self.drill.units)
        self._follow(incident, "/assignments", {"unit_id": unit}, keyed=True)

    def alarm(self, incident: Detail) -> None:
        self._follow(incident, "/assignments", {"alarm": incident["level"] + 1}, keyed=True)

    def cancel(self, incident: Detail) -> None:
        self._follow(incident, "/cancel", {"reason": "latihan selesai"})

    def close(self, incident: Detail) -> None:
        for each in self._out(incident):
            self._follow(incident, f"/assignments/{each['id']}/status", {"status": "cleared"})
        self._follow(incident, "/close", {"disposition": self.drill.disposition})


class Crews(Client):
    """Everybody who was paged, reading the simulated phones: most tap the link, some answer by SMS, some not at all."""

    def __init__(self, drill: Drill, seed: int) -> None:
        super().__init__(drill, "", seed)
        self._read = 0

    def act(self) -> None:
        found = self.insist("GET", "/simulator/api/messages", after=self._read).json()
        for message in found["messages"]:
            code, reply = LINK.search(message["body"]), REPLY.search(message["body"])
            how = self.random.random()
            if code and how < 0.6:
                self._tap(code[1], "acknowledged")
                if how < 0.4:
                    self._tap(code[1], self.random.choice(("en_route", "on_scene", "cleared")))
            elif code and how < 0.65:
                self._tap(code[1], "unable", "no_fuel")
            elif code and reply and how < 0.8:
                text = {"number": message["number"], "text": f"{reply[1]} YA"}
                answer = self.insist("POST", "/simulator/api/replies", text)
                if answer.json().get("result") in ("applied", "late", "repeated"):
                    self.drill.ledger.tapped(code[1])
        self._read = found["last"]

    def _tap(self, code: str, status: str, reason: str = "") -> None:
        answer = self.insist("POST", f"/api/r/{code}", {"status": status, "reason": reason})
        assert answer.status_code == 200, answer.text
        self.drill.ledger.tapped(code)


class Drill:
    """Some desks and all crews at work until the block ends; `problems` must stay empty."""

    def __init__(self, stack: StackProcess, seed: int, desks: int = 3) -> None:
        self.url = stack.url
        self.ledger = Ledger(stack.stack.secrets()["link_secret"])
        self.refusals = Refusals()
        self.problems: list[str] = []
        self.stopping = threading.Event()
        self._answers = threading.Condition()
        self._written: list[tuple[float, float]] = []
        self.token = stack.token("operator")
        self.reader = Desk(self, self.token, seed)
        registry = self.reader.insist("GET", "/api/registry").json()
        self.units = [unit["id"] for unit in registry["units"]]
        self.disposition = registry["dispositions"][0]["id"]
        clients = [Desk(self, self.token, seed + 1 + number) for number in range(desks)]
        self._threads = [
            threading.Thread(target=client.run, name=f"client-{number}", daemon=True)
            for number, client in enumerate([*clients, Crews(self, seed)])
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        for thread in self._threads:
            thread.join(PATIENCE_S + TIMEOUT_S)
        assert not any(thread.is_alive() for thread in self._threads)

    def answered(self, sent_at: float, method: str) -> None:
        """Somebody got an answer below 500 to a request sent at that instant."""
        if method == "POST":
            with self._answers:
                self._written.append((sent_at, time.monotonic()))
                self._answers.notify_all()

    def wait_for_answers(self, count: int) -> None:
        """Wait until so many more writes were answered."""
        with self._answers:
            wanted = len(self._written) + count
            self._wait(lambda: len(self._written) >= wanted)

    def first_answer(self, since: float) -> float:
        """The instant (monotonic) of the first answer to a write that was sent after `since`; waits for it."""
        with self._answers:
            self._wait(lambda: any(sent_at > since for sent_at, _ in self._written))
            return min(answered_at for sent_at, answered_at in self._written if sent_at > since)

    def _wait(self, reached: Callable[[], bool]) -> None:
        done = self._answers.wait_for(lambda: reached() or bool(self.problems), PATIENCE_S)
        assert not self.problems, self.problems
        assert done, "nobody gets an answer any more"
