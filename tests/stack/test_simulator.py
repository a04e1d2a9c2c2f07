"""The phone simulator's own answers, and its store."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.registry import Agency, Person
from infra.local.phones import Phones
from infra.local.simulator import Simulator
from infra.local.static import Answer

AGENCY = Agency(id="damkar", name="Dinas Pemadam Kebakaran", short_name="Damkar", phone="+628110009001")
ANDI = Person(id="andi", agency_id="damkar", name="Andi <b>", phone="+628110001001")
GONE = Person(id="gone", agency_id="damkar", name="Gone", phone="+628110001002", retired=True)


class Sent(list[tuple[str, str]]):
    """A modem that remembers what it was given."""

    def __call__(self, number: str, text: str) -> Answer:
        self.append((number, text))
        return Answer(200, {}, b'{"result": "applied"}')


@pytest.fixture
def phones(tmp_path: Path) -> Phones:
    store = Phones(tmp_path / "phones.sqlite")
    store.create()
    return store


def ask(phones: Phones, path: str, query: str = "") -> Any:
    answer = Simulator(phones, lambda: ([ANDI, GONE], [AGENCY]), Sent())(path, query)
    assert answer is not None
    return json.loads(answer.body)


def test_messages_of_one_phone_or_of_all_after_an_id(phones: Phones) -> None:
    phones.receive("+628110001001", "satu é 火", "m1")
    phones.receive("+628110001002", "dua", "m2")
    phones.receive("+628110001001", "tiga", "m3")
    everything = ask(phones, "/simulator/api/messages")
    assert [message["body"] for message in everything["messages"]] == ["satu é 火", "dua", "tiga"]
    assert everything["last"] == 3
    assert ask(phones, "/simulator/api/messages", "after=3") == {"messages": [], "last": 3}
    # With the plus encoded, bare (a blank to parse_qs), or left out.
    for number in ("%2B628110001001", "+628110001001", "628110001001"):
        found = ask(phones, "/simulator/api/messages", f"number={number}&after=1")
        assert [message["body"] for message in found["messages"]] == ["tiga"]
        assert found["messages"][0]["message_id"] == "m3"


def test_an_id_from_before_a_reset_is_corrected(phones: Phones) -> None:
    phones.receive("+628110001001", "baru", "m1")
    assert ask(phones, "/simulator/api/messages", "after=99") == {"messages": [], "last": 1}


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "%F0%9D%9F%99", "9" * 30])
def test_an_id_that_is_none_is_refused(phones: Phones, after: str) -> None:
    assert ask(phones, "/simulator/api/messages", f"after={after}")["code"] == "invalid"


def test_phones_have_names_and_the_retired_have_none(phones: Phones) -> None:
    assert ask(phones, "/simulator/api/people") == {
        "people": {"+628110001001": {"name": "Andi <b>", "agency": "Damkar"}}
    }


def test_two_processes_may_write_and_read_at_once(phones: Phones, tmp_path: Path) -> None:
    others = [Phones(tmp_path / "phones.sqlite") for _ in range(4)]

    def write(index: int) -> None:
        others[index % 4].receive("+628110001001", str(index), f"m{index}")
        phones.messages()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(200)))
    assert sorted(int(message.body) for message in phones.messages()) == list(range(200))


@pytest.mark.parametrize(
    "path", ["/simulator", "/simulator/", "/simulator/simulator.js", "/simulator/simulator.css"]
)
def test_its_page_and_what_the_page_needs(phones: Phones, path: str) -> None:
    answer = Simulator(phones, lambda: ([], []), Sent())(path, "")
    assert answer is not None
    assert answer.status == 200
    assert b"innerHTML" not in answer.body
    assert b"style=" not in answer.body


@pytest.mark.parametrize(
    "path", ["/simulator/nothing", "/simulator/../simulator.py", "/simulatorx", "/simulator/api"]
)
def test_nothing_else(phones: Phones, path: str) -> None:
    assert Simulator(phones, lambda: ([], []), Sent())(path, "") is None


def test_what_is_typed_into_a_phone_is_handed_in(phones: Phones) -> None:
    sent = Sent()
    simulator = Simulator(phones, lambda: ([ANDI], [AGENCY]), sent)
    body = json.dumps({"number": ANDI.phone, "text": "7K2M ya"}).encode()
    assert simulator.reply("application/json; charset=utf-8", body).body == b'{"result": "applied"}'
    assert sent == [(ANDI.phone, "7K2M ya")]
    # A page of another origin can post text without asking, and must not speak for a phone.
    assert simulator.reply("text/plain", body).status == 415
    for bad in (
        b"",
        b"{",
        b"[]",
        b'{"number": "x", "text": "ya"}',
        b'{"number": "+628110001001", "text": ""}',
    ):
        assert simulator.reply("application/json", bad).status == 400
    assert len(sent) == 1


def test_phones_that_cannot_be_read_are_said_to_be(tmp_path: Path) -> None:
    answer = Simulator(Phones(tmp_path / "gone" / "phones.sqlite"), lambda: ([], []), Sent())(
        "/simulator/api/messages", ""
    )
    assert answer is not None and answer.status == 503
    assert json.loads(answer.body)["code"] == "phones_unavailable"
