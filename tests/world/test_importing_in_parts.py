"""A past incident too large for one transaction: seen by nobody before it is whole, and finished by whoever comes next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.ids import id_of_row
from chalicelib.domain.incident import Importing
from chalicelib.models import facts, incidents, off_board, staging
from chalicelib.models.conflicts import Unconfirmed
from chalicelib.models.tables import IncidentItem
from chalicelib.models.transactions import Transaction
from chalicelib.services.evidence import retention
from infra.history import __main__ as history
from infra.verify import verify
from infra.verify.walk import walk
from tests.world.harness import Story
from tests.world.test_importing import DeskOf, Died, at, imported, row, send, unit

UNITS = 60
STEPS = ("requested", "acknowledged", "en_route", "on_scene", "ready", "cleared")
# Sixty assignments with six events each in five, and then the incident, its calls and its last event.
TRANSACTIONS = 6


def big(key: str = "1", units: int = UNITS, **more: Any) -> dict[str, Any]:
    """A wildfire with so many units, each with all its steps."""
    crews = [
        unit(
            f"armada-{n:02d}", **{step: at(f"08:{n % 30 + 2 + 4 * m:02d}:00") for m, step in enumerate(STEPS)}
        )
        for n in range(units)
    ]
    return row(key, units=crews, **more)


def seen(story: Story, incident_id: str) -> list[str]:
    """Every reader that shows something of an incident."""
    ask: dict[str, Callable[[], bool]] = {
        "itself": lambda: story.http("GET", f"/api/incidents/{incident_id}", as_="operator").status != 404,
        "the day": lambda: bool(incidents.of_day("2026-11-20")),
        "the board": lambda: bool(story.http("GET", "/api/incidents", as_="operator").body["incidents"]),
        "reports": lambda: bool(list(facts.of_days("2026-11-20", "2026-11-20"))),
        "a person's data": lambda: incident_id in look_up(story),
        "the auditor": lambda: story.audit()["incidents"] > 0,
    }
    return [name for name, shows in ask.items() if shows()]


def look_up(story: Story) -> str:
    body = {"number": "+6281234567890", "reason": "Diminta sendiri"}
    answer = story.http("POST", "/api/privacy/access", body, as_="admin")
    assert answer.status == 200, answer.body
    return answer.text


class Fault:
    """What becomes of the transactions of an import: the one at `at` meets it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int, what: str) -> None:
        self.committed = 0
        self.seen = 0
        commit = Transaction.commit

        def behave(transaction: Transaction) -> None:
            number = self.seen
            self.seen += 1
            if number == at and what == "died before":
                raise Died
            commit(transaction)
            self.committed += 1
            if number == at:
                raise Died if what == "died after" else Unconfirmed("no answer")

        monkeypatch.setattr(Transaction, "commit", behave)


@pytest.fixture
def known(story: Story) -> Story:
    """The registry knows the units, so that the import writes nothing but the incident."""
    imported(
        story,
        big(
            "0", opened_at=at("08:01:00", "2026-11-19"), calls=[{"received_at": at("08:00:00", "2026-11-19")}]
        ),
    )
    return story


def test_sixty_units_with_six_steps_each_come_in_whole(story: Story) -> None:
    (result,) = imported(story, big())
    assert (result["result"], result["assignments"], result["events"]) == ("imported", UNITS, 6 * UNITS + 3)
    whole = story.incident(result["incident_id"])
    assert len(whole["assignments"]) == UNITS
    assert all(set(each["milestones"]) == set(STEPS) for each in whole["assignments"])
    assert whole["chain"]["ok"] and verify(result["incident_id"])[1] == []
    query = {"from": "2026-11-20", "to": "2026-11-20", "by": "agency"}
    report = story.http("GET", "/api/reports/response-times", as_="leader", query=query).body
    assert report["all"]["units"]["response"]["n"] == UNITS
    assert staging.read(result["incident_id"]) is None


def test_a_second_run_changes_nothing_and_another_text_is_named(story: Story) -> None:
    (first,) = imported(story, big())
    before = sorted((item.pk, item.sk, item.v, item.doc) for item in IncidentItem.scan())
    assert imported(story, big())[0] == {**first, "result": "unchanged"}
    assert imported(story, big(narrative="Api besar"))[0]["result"] == "different"
    assert imported(story, big(units=2))[0]["result"] == "different"
    assert sorted((item.pk, item.sk, item.v, item.doc) for item in IncidentItem.scan()) == before


@pytest.mark.parametrize("number", range(TRANSACTIONS))
@pytest.mark.parametrize(
    ("what", "again"),
    [
        ("died before", "the same"),
        ("died after", "the same"),
        ("died after", "corrected"),
        ("died after", "corrected to a small one"),
    ],
)
def test_a_run_that_dies_at_any_transaction_shows_nothing_and_the_next_one_finishes(
    known: Story, monkeypatch: pytest.MonkeyPatch, what: str, number: int, again: str
) -> None:
    with monkeypatch.context() as broken:
        fault = Fault(broken, number, what)
        with pytest.raises(Died):
            send(known, big())
    last = fault.committed == TRANSACTIONS
    incident_id = incidents_id()
    if not last:
        assert seen(known, incident_id) == []
        assert told_to_seals() == []
        known.clock.advance(20)
    rows = {
        "the same": big(),
        "corrected": big(units=UNITS - 7, narrative="Asap tebal sekali"),
        "corrected to a small one": big(units=2),
    }
    (result,) = imported(known, rows[again])
    if last:
        assert result["result"] == ("unchanged" if again == "the same" else "different")
    else:
        assert result["result"] == "imported"
        assert result["assignments"] == len(rows[again]["units"])
    assert verify(incident_id) == (result["events"], [])
    assert staging.read(incident_id) is None
    assert walk(None, True, None) == 0


def incidents_id() -> str:
    return id_of_row("buku-2026", "1")


def told_to_seals() -> list[str]:
    """The imported incident, if its changes are told to whoever seals."""
    told = off_board.since("2026-11-01T00:00:00.000Z", "2026-12-31T00:00:00.000Z", 10_000)
    return [each for _, each in told if each == incidents_id()]


@pytest.mark.parametrize("number", range(TRANSACTIONS))
def test_an_answer_lost_after_any_transaction_writes_nothing_twice(
    known: Story, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    Fault(monkeypatch, number, "answer lost")
    (result,) = imported(known, big())
    assert result["result"] == "imported"
    assert verify(result["incident_id"]) == (result["events"], [])
    assert staging.read(result["incident_id"]) is None


def test_two_that_bring_in_the_same_row_do_not_mix(known: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = Transaction.commit
    others: list[str] = []

    def another_comes_in_between(self: Transaction) -> None:
        commit(self)
        if not others:
            others.append("")
            others[0] = imported(known, big(narrative="Dari meja lain"))[0]["result"]

    monkeypatch.setattr(Transaction, "commit", another_comes_in_between)
    (result,) = imported(known, big())
    assert (others, result["result"]) == (["busy"], "imported")
    assert verify(result["incident_id"]) == (result["events"], [])


def test_one_that_was_taken_for_dead_writes_nothing_into_what_another_has_begun(
    known: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = Transaction.commit
    others: list[str] = []

    def another_takes_over(self: Transaction) -> None:
        commit(self)
        if len(others) == 0:
            others.append("")
            known.clock.advance(20)
            others[0] = imported(known, big(units=UNITS - 7))[0]["result"]

    monkeypatch.setattr(Transaction, "commit", another_takes_over)
    (result,) = imported(known, big())
    assert (others, result["result"]) == (["imported"], "different")
    assert result["assignments"] == UNITS - 7
    assert verify(result["incident_id"]) == (result["events"], [])
    assert staging.read(result["incident_id"]) is None


def test_an_import_that_nobody_finished_is_named_and_taken_back_after_a_week(
    known: Story, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as broken:
        Fault(broken, 2, "died after")
        with pytest.raises(Died):
            send(known, big())
    assert walk(None, True, None) == 0
    assert f"{incidents_id()}: an import that was not finished, from buku-2026" in capsys.readouterr().out
    assert walk(incidents_id(), True, None) == 0
    assert retention.erase(known.world)["imports"] == 0
    known.clock.advance(8 * 86400)
    assert retention.erase(known.world)["imports"] == 1
    assert [item.sk for item in IncidentItem.query(incidents.pk_of(incidents_id()))] == []
    assert imported(known, big())[0]["result"] == "imported"


def test_an_incident_cannot_be_hidden_as_an_import_that_was_not_finished(known: Story) -> None:
    known.tampered = True
    incident = known.call("theft")["incident"]
    known.phone("eko").messages()
    known.phone("eko").seen = 1
    item = IncidentItem.get(incidents.pk_of(incident["id"]), "#")
    item.delete()
    transaction = Transaction()
    stage = Importing(source="buku", command="x", at=known.clock.now())
    staging.hold(transaction, incident["id"], stage, 0)
    transaction.commit()
    assert "its own item is missing" in str(verify(incident["id"])[1])


def test_the_largest_that_is_taken_and_what_happens_beyond(story: Story) -> None:
    crews = [unit(f"u{n}", requested=at("08:02:00")) for n in range(151)]
    refused = send(story, row(units=crews))
    assert (refused.status, refused.body["fields"]) == (400, {"rows[0].units": "has more than 150 elements"})
    (result,) = imported(story, row(units=[with_steps(each) for each in crews[:150]]))
    assert (result["result"], result["assignments"]) == ("imported", 150)
    assert verify(result["incident_id"]) == (result["events"], [])
    whole = incidents.load(result["incident_id"])
    assert whole and len(incidents.as_json(whole.incident)) < 100_000


def with_steps(crew: dict[str, Any]) -> dict[str, Any]:
    return {**crew, "milestones": {step: at(f"08:{4 * m + 2:02d}:00") for m, step in enumerate(STEPS)}}


MAPPING = """
source: buku-karhutla
zone: 7
key: [tanggal, jam lapor, kejadian, kecamatan]
fields:
  received_at: {date: tanggal, time: jam lapor}
  requested: {date: tanggal, time: jam panggil, after: received_at}
  en_route: {date: tanggal, time: jam berangkat, after: requested}
  on_scene: {date: tanggal, time: jam tiba, after: en_route}
  cleared: {date: tanggal, time: jam selesai, after: on_scene}
  type: {always: house_fire}
  district: {always: baamang}
  agency: {always: damkar}
  unit: unit
"""


def test_a_logbooks_incident_of_twenty_three_units_comes_in_and_a_second_run_changes_nothing(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book, mapping = tmp_path / "buku.csv", tmp_path / "buku.yaml"
    mapping.write_text(MAPPING)
    columns = "tanggal;jam lapor;kejadian;kecamatan;unit;jam panggil;jam berangkat;jam tiba;jam selesai"
    rows = [
        f"7/4/2020;08.00;karhutla;Baamang;Armada {n};08.02;08.{5 + n:02d};08.{20 + n:02d};11.00"
        for n in range(23)
    ]
    book.write_text("\n".join([columns, *rows]) + "\n")

    def run() -> str:
        assert history.run(book, mapping, DeskOf(story)) == 0  # type: ignore[arg-type]
        return " ".join(capsys.readouterr().out.split())

    assert "23 23 assignments" in run()
    (fire,) = incidents.of_day("2020-04-07")
    assert len(fire.crews) == 23 and verify(fire.id) == (fire.seq, [])
    query = {"from": "2020-04-07", "to": "2020-04-07", "by": "agency"}
    report = story.http("GET", "/api/reports/response-times", as_="leader", query=query).body
    response = report["all"]["units"]["response"]
    assert (response["n"], response["p90_s"]) == (23, 60 * (20 + 20)), "its late ones are counted too"
    assert "0 23 assignments" in run()
