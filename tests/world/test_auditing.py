"""The auditor: each thing that it looks for is broken by itself, and a regency that is well hears nothing of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from chalicelib.domain import audit as rules
from chalicelib.domain import times
from chalicelib.domain.registry import EscalationPolicy, EscalationStep
from chalicelib.domain.units import UnitState
from chalicelib.handlers import events as event_handlers
from chalicelib.models import counters, incidents, unit_states
from chalicelib.models.tables import IncidentItem, RegistryItem
from chalicelib.services.pages import replying
from chalicelib.services.pages.messages import Message
from chalicelib.services.watch.auditing import COUNTED
from tests.support import regency
from tests.world.harness import Incident, Story
from tests.world.requests import requests_of


def _audit(story: Story) -> dict[str, Any]:
    counts = event_handlers.audit(story.world)
    story.settle()
    return counts


def _birth(story: Story) -> Incident:
    """An incident with one crew, which has its page."""
    incident: Incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    return incident


def _alter(incident: Incident, sk: str, *, indexed: bool = True, **fields: Any) -> None:
    """Break an item of an incident behind the program's back."""
    item = IncidentItem.get(incidents.pk_of(incident["id"]), sk, consistent_read=True)
    item.doc = json.dumps({**json.loads(item.doc), **fields})
    if not indexed:
        item.due_key = item.due_at = None
    item.save()


def _alter_unit(unit_id: str, /, **fields: Any) -> None:
    item = RegistryItem.get(counters.LIVE, unit_states.unit_key(unit_id), consistent_read=True)
    item.doc = json.dumps({**json.loads(item.doc), **fields})
    item.v += 1
    item.save()


def _unit(unit_id: str) -> Any:
    return unit_states.all_unit_states()[0][unit_id]


def _marks(story: Story, incident: Incident) -> list[tuple[str, str]]:
    return [(mark["code"], mark["detail"]) for mark in story.incident(incident["id"])["attention"]]


def _repaired(story: Story, incident: Incident) -> list[str]:
    return [
        each
        for event in story.incident(incident["id"])["timeline"]
        if event["type"] == "AuditRepaired"
        for each in event["data"]["repaired"]
    ]


def _health(story: Story) -> tuple[int, Any]:
    answer = story.http("GET", "/api/health")
    return answer.status, answer.body


def _crew_reports(story: Story, incident: Incident, status: str) -> None:
    path = f"/api/incidents/{incident['id']}/assignments/{incident['assignments'][0]['id']}/status"
    story.desk("POST", path, {"status": status})


def test_a_healthy_regency_gets_no_mark_no_repair_and_no_event_in_an_hour(story: Story) -> None:
    fire = story.call("house_fire")["incident"]
    for person, steps in {"andi": ("acknowledged", "en_route", "on_scene"), "citra": ("en_route",)}.items():
        story.phone(person).expects("Kebakaran")
        for step in steps:
            story.phone(person).taps(step)
    story.phone("eko").expects("Kebakaran")
    ended = story.call("childbirth")["incident"]
    story.phone("dewi").expects("Melahirkan")
    story.desk("POST", f"/api/incidents/{ended['id']}/cancel", {"reason": "Salah lapor"})
    story.phone("dewi").expects("BATAL")
    before = story.events(fire["id"]), story.events(ended["id"])
    for _ in range(12):
        story.fast_forward(299)
        counts = _audit(story)
        assert counts == {**dict.fromkeys(COUNTED, 0), "incidents": 1}
    assert (story.events(fire["id"]), story.events(ended["id"])) == before
    assert _marks(story, fire) == []


@pytest.mark.parametrize("status", ["pending", "sending"])
def test_a_page_that_fell_out_of_the_due_index_is_put_back_and_leaves(story: Story, status: str) -> None:
    story.wakeups.lost = True
    incident: Incident = story.call("childbirth")["incident"]
    page = story.incident(incident["id"])["pages"][0]["id"]
    claimed = story.clock.now() if status == "sending" else None
    _alter(incident, f"P#{page}", indexed=False, status=status, due_at=None, claimed_at=claimed)
    story.wakeups.lost = False
    story.fast_forward(600)
    story.phone("citra").expects_nothing()
    _audit(story)
    story.sweep()
    story.phone("citra").expects("Melahirkan")
    assert _repaired(story, incident) == [f"page_due:{page}:{incident['assignments'][0]['id']}"]


def test_a_page_whose_index_entry_alone_is_missing_is_put_back(story: Story) -> None:
    story.wakeups.lost = True
    incident: Incident = story.call("childbirth")["incident"]
    page = story.incident(incident["id"])["pages"][0]["id"]
    _alter(incident, f"P#{page}", indexed=False)
    story.wakeups.lost = False
    _audit(story)
    story.phone("citra").expects("Melahirkan")


def test_a_sent_page_of_which_no_event_speaks_gets_its_event(story: Story) -> None:
    incident = _birth(story)
    item = next(
        item
        for item in IncidentItem.query(incidents.pk_of(incident["id"]), consistent_read=True)
        if item.sk.startswith("~") and "PagesSent" in item.doc
    )
    # As if the outcome's event had never been written.
    before = IncidentItem.get(item.pk, f"~{int(item.sk[1:]) - 1:08d}", consistent_read=True)
    item.delete()
    _alter(incident, "#", seq=int(item.sk[1:]) - 1, head=json.loads(before.doc)["hash"])
    _audit(story)
    story.fast_forward(60)
    assert "PagesSent" in story.events(incident["id"])
    assert story.incident(incident["id"])["chain"]["ok"]


@pytest.mark.parametrize(("status", "type_"), [("failed", "PagesFailed"), ("expired", "PagesExpired")])
def test_a_page_that_did_not_leave_and_of_which_no_event_speaks_gets_its_event(
    story: Story, status: str, type_: str
) -> None:
    story.wakeups.lost = True
    incident: Incident = story.call("childbirth")["incident"]
    page = story.incident(incident["id"])["pages"][0]["id"]
    now = story.clock.now()
    _alter(incident, f"P#{page}", indexed=False, status=status, due_at=None, expires_at=now)
    story.wakeups.lost = False
    _audit(story)
    story.fast_forward(60)
    # Nobody else is left to wait for.
    story.phone("dewi").expects("Melahirkan")
    assert type_ in story.events(incident["id"])
    assert [code for code, _ in _marks(story, incident)] == [f"page_{status}"]


def test_a_page_that_was_refused_and_of_which_an_event_speaks_is_left_alone(story: Story) -> None:
    story.provider.refuses(regency.number_of("citra"))
    incident: Incident = story.call("childbirth")["incident"]
    story.fast_forward(60)
    story.phone("dewi").expects("Melahirkan")
    assert "PagesFailed" in story.events(incident["id"])
    assert _audit(story)["repaired"] == 0


def test_so_many_repairs_at_once_that_they_fit_a_transaction(story: Story) -> None:
    incident = _birth(story)
    found = incidents.load_audited(incident["id"])
    assert found is not None
    loaded, _, on_board = found
    (page,), (assignment,) = loaded.pages.values(), loaded.assignments.values()
    many = range(60)
    kept = rules.Audited(
        incident=loaded.incident,
        assignments={str(n): replace(assignment, id=str(n)) for n in many},
        pages={str(n): replace(page, id=str(n), status="pending") for n in many},
        events=tuple(loaded.events),
        due={},
        on_board=on_board,
        chain_holds=True,
        held=tuple(
            UnitState(
                unit_id=str(n),
                agency_id="psc",
                primary="NotAvailable",
                since=story.clock.now(),
                incident_id=incident["id"],
                assignment_id="nothing",
            )
            for n in many
        ),
    )
    decision = rules.examine(kept, story.clock.now())
    assert len(decision.pages) == len(decision.assignments) == len(decision.units) == rules.AT_ONCE


def test_an_ended_incident_that_is_still_on_the_board_leaves_it_with_all_that_hung_on_it(
    story: Story,
) -> None:
    incident = _birth(story)
    assignment = incident["assignments"][0]["id"]
    item = IncidentItem.get(incidents.pk_of(incident["id"]), "#", consistent_read=True)
    item.doc = json.dumps({**json.loads(item.doc), "status": "closed", "closed_at": story.clock.now()})
    item.save()
    story.fast_forward(60)
    _audit(story)
    assert incidents.open_ids() == []
    assert not _unit("ambulans_1").busy
    assert incidents.load_audited(incident["id"])[1] == {}  # type: ignore[index]
    assert _repaired(story, incident) == [
        f"assignment_due:{assignment}",
        f"unit_freed:ambulans_1:{assignment}",
        "board",
    ]
    assert _marks(story, incident) == []


@pytest.mark.parametrize("status", ["unanswered", "cleared"])
def test_an_ended_incident_gets_no_mark(story: Story, status: str) -> None:
    incident = _birth(story)
    assignment = incident["assignments"][0]["id"]
    _alter(incident, f"A#{assignment}", status=status)
    _alter(incident, "#", status="closed", closed_at=story.clock.now())
    story.fast_forward(rules.UNCOVERED_S + 60)
    _audit(story)
    assert _marks(story, incident) == []


def test_an_assignment_whose_escalation_was_lost_is_escalated(story: Story) -> None:
    incident = _birth(story)
    assignment = incident["assignments"][0]["id"]
    _alter(incident, f"A#{assignment}", indexed=False, due_at=None)
    _audit(story)
    story.phone("dewi").expects("Melahirkan")
    assert _repaired(story, incident) == [f"assignment_due:{assignment}"]


def test_too_few_acknowledgements_and_no_timer_go_on_looking(story: Story) -> None:
    step = EscalationStep(after_s=7200, to="on_duty")
    policy = EscalationPolicy(
        id="normal", label=regency.label("Biasa"), acknowledgements=2, steps=[step], silence=regency.SILENCE
    )
    path = "/api/registry/escalation-policies/normal"
    story.desk("PUT", path, to_builtins(policy), as_="admin")
    incident = _birth(story)
    story.phone("citra").taps("acknowledged")
    _alter(incident, f"A#{incident['assignments'][0]['id']}", indexed=False, due_at=None)
    _audit(story)
    story.phone("dewi").expects("Melahirkan")


def test_a_timer_that_no_longer_has_anything_to_do_is_forgotten(story: Story) -> None:
    incident = _birth(story)
    sk = f"A#{incident['assignments'][0]['id']}"
    story.phone("citra").taps("en_route")
    item = IncidentItem.get(incidents.pk_of(incident["id"]), sk, consistent_read=True)
    item.due_key, item.due_at = "due#0", story.clock.now()
    item.save()
    _audit(story)
    assert not [each for part in range(8) for each in incidents.due("2030-01-01T00:00:00.000Z", part)]


def test_orders_that_nobody_would_write_are_written(story: Story) -> None:
    incident = _birth(story)
    order = {"assignment_id": incident["assignments"][0]["id"], "person_id": "dewi"}
    _alter(incident, "#", unpaged=[order])
    story.fast_forward(300)
    story.phone("dewi").expects_nothing()
    _audit(story)
    story.phone("dewi").expects("Melahirkan")
    assert _repaired(story, incident) == ["orders_due"]


def test_an_incident_that_fell_off_the_board_comes_back_through_its_unit(story: Story) -> None:
    incident = _birth(story)
    item = IncidentItem.get(incidents.pk_of(incident["id"]), "#", consistent_read=True)
    item.open_key = None
    item.save()
    assert incidents.open_ids() == []
    _audit(story)
    assert incidents.open_ids() == [incident["id"]]
    assert _repaired(story, incident) == ["board"]


def test_a_crew_that_nobody_answered_for_is_marked_again_if_its_mark_was_lost(story: Story) -> None:
    incident = _birth(story)
    story.fast_forward(7260)
    story.phone("dewi").expects("Melahirkan")
    story.fast_forward(7260)
    marks = _marks(story, incident)
    assert marks == [("no_acknowledgement", incident["assignments"][0]["id"])]
    _alter(incident, "#", attention=[])
    marks.append(("audit", "nobody"))
    _audit(story)
    assert _marks(story, incident) == marks
    _audit(story)
    assert _marks(story, incident) == marks


def test_a_crew_of_which_too_few_answered_is_marked_again_if_its_mark_was_lost(story: Story) -> None:
    step = EscalationStep(after_s=60, to="on_duty")
    policy = EscalationPolicy(
        id="normal", label=regency.label("Biasa"), acknowledgements=3, steps=[step], silence=regency.SILENCE
    )
    path = "/api/registry/escalation-policies/normal"
    story.desk("PUT", path, to_builtins(policy), as_="admin")
    incident = _birth(story)
    story.phone("citra").taps("acknowledged")
    story.fast_forward(61, sweeping=False)
    story.phone("dewi").expects("Melahirkan")
    _audit(story)
    assert _marks(story, incident) == []
    story.fast_forward(61, sweeping=False)
    marks = _marks(story, incident)
    assert marks == [("no_acknowledgement", incident["assignments"][0]["id"])]
    _alter(incident, "#", attention=[])
    _audit(story)
    assert _marks(story, incident) == marks
    # The desk's word is enough for the whole crew.
    _crew_reports(story, incident, "acknowledged")
    assert _marks(story, incident) == []
    _audit(story)
    assert _repaired(story, incident) == [f"call_now:{incident['assignments'][0]['id']}"]


def _unclear_reply(story: Story, id_: str) -> None:
    number = regency.number_of("citra")
    message = Message(provider="generic", id=id_, number=number, sender=number, text="bagaimana ini?")
    assert replying.receive(story.world, story.world.registry.current(), message) == "desk"


def test_a_reply_that_nobody_reads_is_pointed_out_until_somebody_does(story: Story) -> None:
    incident = _birth(story)
    assignment = incident["assignments"][0]["id"]
    _unclear_reply(story, "m1")
    story.fast_forward(rules.UNREAD_S - 60)
    _audit(story)
    assert _marks(story, incident) == [("reply", assignment)]
    _unclear_reply(story, "m2")
    story.fast_forward(120)
    _audit(story)
    _audit(story)
    unread = ("reply_unread", assignment)
    assert _marks(story, incident) == [("reply", assignment)] * 2 + [unread]
    assert story.events(incident["id"]).count("AuditMarked") == 1
    # What the crew does next has not been read by anybody either.
    story.phone("citra").taps("acknowledged")
    assert unread in _marks(story, incident)
    notes = [mark["note"] for mark in story.incident(incident["id"])["attention"] if mark["code"] == "reply"]
    path = f"/api/incidents/{incident['id']}/replies/dismiss"
    story.desk("POST", path, {"note_id": notes[1]})
    assert _marks(story, incident) == [("reply", assignment), unread]
    story.desk("POST", path, {"note_id": notes[0]})
    assert _marks(story, incident) == []
    _unclear_reply(story, "m3")
    story.fast_forward(rules.UNREAD_S + 60)
    _audit(story)
    assert _marks(story, incident) == [("reply", assignment), unread]
    _crew_reports(story, incident, "en_route")
    assert _marks(story, incident) == []


def test_work_overdue_is_driven_and_marked_until_it_is_done(story: Story) -> None:
    story.wakeups.lost = True
    incident: Incident = story.call("childbirth")["incident"]
    story.wakeups.lost = False
    story.fast_forward(600, sweeping=False)
    story.phone("citra").expects_nothing()
    assert _audit(story)["overdue"] == 1
    story.phone("citra").expects("Melahirkan")
    # Until this very audit nobody had been asked.
    assert _marks(story, incident) == [("audit", "overdue"), ("audit", "nobody")]
    _audit(story)
    assert _marks(story, incident) == []


def test_work_overdue_is_driven_though_the_sweep_runs(story: Story) -> None:
    story.wakeups.lost = True
    story.call("childbirth")
    story.fast_forward(240)
    story.wakeups.lost = False
    story.phone("citra").expects_nothing()
    assert _audit(story)["overdue"] == 1
    story.phone("citra").expects("Melahirkan")


def test_a_page_that_a_provider_keeps_refusing_to_take_is_marked_until_it_leaves(story: Story) -> None:
    story.provider.goes_down()
    incident: Incident = story.call("childbirth")["incident"]
    story.fast_forward(170)
    _audit(story)
    assert _marks(story, incident) == []
    story.fast_forward(20)
    assert _audit(story)["repaired"] == 0
    assert _marks(story, incident) == [("audit", "overdue"), ("audit", "nobody")]
    story.provider.comes_back()
    story.fast_forward(120)
    story.phone("citra").expects("Melahirkan")
    _audit(story)
    assert _marks(story, incident) == []


def test_a_page_that_no_longer_matters_to_a_crew_that_has_answered_is_not_marked(story: Story) -> None:
    story.provider.goes_down()
    incident: Incident = story.call("childbirth")["incident"]
    _crew_reports(story, incident, "acknowledged")
    story.fast_forward(240)
    _audit(story)
    assert _marks(story, incident) == []
    story.provider.comes_back()
    story.fast_forward(120)
    story.phone("citra").expects("Melahirkan")


def test_a_sweep_that_does_not_run_is_done_by_the_auditor(story: Story) -> None:
    story.sweep()
    story.fast_forward(100, sweeping=False)
    story.wakeups.lost = True
    story.call("childbirth")
    story.wakeups.lost = False
    story.fast_forward(70, sweeping=False)
    assert _audit(story)["overdue"] == 0
    story.phone("citra").expects_nothing()
    story.fast_forward(15, sweeping=False)
    # Nothing is overdue yet; that nobody sweeps is enough.
    assert _audit(story)["overdue"] == 0
    story.phone("citra").expects("Melahirkan")


@pytest.mark.parametrize("status", ["acknowledged", "en_route", "on_scene", "ready"])
def test_a_crew_without_movement_is_marked_once_until_it_moves(story: Story, status: str) -> None:
    incident = _birth(story)
    _crew_reports(story, incident, status)
    story.fast_forward(rules.STILL_S[status] - 60)
    _audit(story)
    assert _marks(story, incident) == []
    story.fast_forward(120)
    _audit(story)
    _audit(story)
    assert _marks(story, incident) == [("no_movement", incident["assignments"][0]["id"])]
    assert story.events(incident["id"]).count("AuditMarked") == 1
    _crew_reports(story, incident, "cleared")
    _audit(story)
    assert _marks(story, incident) == []


def test_an_incident_without_any_crew_that_nobody_closes_is_marked_until_a_unit_is_sent(story: Story) -> None:
    incident = _birth(story)
    _crew_reports(story, incident, "cleared")
    story.fast_forward(rules.UNCOVERED_S - 60)
    _audit(story)
    assert _marks(story, incident) == []
    for pause in (120, 60, 1800):
        story.fast_forward(pause)
        _audit(story)
        assert _marks(story, incident) == [("audit", "nobody")]
    story.desk("POST", f"/api/incidents/{incident['id']}/assignments", {"unit_id": "ambulans_2"})
    story.phone("dewi").expects("Melahirkan")
    _audit(story)
    assert _marks(story, incident) == []


def test_a_changed_event_is_raised_and_never_repaired(story: Story) -> None:
    incident = _birth(story)
    _alter(incident, "~00000001", actor="somebody-else")
    _audit(story)
    _audit(story)
    assert _marks(story, incident) == [("audit", "chain")]
    assert story.events(incident["id"]).count("AuditMarked") == 1


def test_a_unit_held_by_an_assignment_that_is_over_is_freed(story: Story) -> None:
    incident = _birth(story)
    held = to_builtins(_unit("ambulans_1"))
    _crew_reports(story, incident, "cleared")
    _alter_unit("ambulans_1", **held)
    _audit(story)
    assert (_unit("ambulans_1").primary, _unit("ambulans_1").busy) == ("Available", False)
    assert _repaired(story, incident) == [f"unit_freed:ambulans_1:{held['assignment_id']}"]


def test_a_unit_held_by_an_incident_that_has_ended_is_freed(story: Story) -> None:
    incident = _birth(story)
    held = to_builtins(_unit("ambulans_1"))
    _crew_reports(story, incident, "cleared")
    story.desk("POST", f"/api/incidents/{incident['id']}/close", {"disposition": "done"})
    _alter_unit("ambulans_1", **held)
    _audit(story)
    assert not _unit("ambulans_1").busy
    assert story.incident(incident["id"])["chain"]["ok"]


def test_a_unit_whose_assignment_does_not_exist_is_freed(story: Story) -> None:
    incident = _birth(story)
    _alter_unit("ambulans_1", assignment_id="01KAQW000000000000000GH0ST")
    _audit(story)
    assert not _unit("ambulans_1").busy
    assert _repaired(story, incident) == ["unit_freed:ambulans_1:01KAQW000000000000000GH0ST"]


def test_a_unit_whose_incident_does_not_exist_is_freed_and_its_history_says_by_whom(story: Story) -> None:
    _birth(story)
    _alter_unit("ambulans_1", incident_id="01KAQW000000000000000GH0ST")
    assert _audit(story)["repaired"] == 1
    assert not _unit("ambulans_1").busy
    history = [json.loads(item.doc)["by"] for item in RegistryItem.query("H#unit#ambulans_1")]
    assert history == ["system:audit"]


def test_an_incident_that_cannot_be_read_keeps_no_other_from_being_checked(story: Story) -> None:
    story.tampered = True
    spoilt: Incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    other: Incident = story.call("house_fire")["incident"]
    for person in ("andi", "dewi", "eko"):
        story.phone(person).expects("Kebakaran")
    item = IncidentItem.get(
        incidents.pk_of(spoilt["id"]), f"A#{spoilt['assignments'][0]['id']}", consistent_read=True
    )
    item.doc = "{"
    item.save()
    _alter(other, "~00000001", actor="somebody-else")
    assert _audit(story)["failed"] == 1
    assert _marks(story, other) == [("audit", "chain")]
    assert not _health(story)[1]["checks"]["audit"]["ok"]


def test_what_an_audit_has_no_time_for_comes_first_in_the_next(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [story.call("theft")["incident"]["id"] for _ in range(3)]
    looked_at: list[str] = []
    real = incidents.load_audited

    def slow(incident_id: str) -> Any:
        looked_at.append(incident_id)
        story.clock.advance(15)
        return real(incident_id)

    monkeypatch.setattr(incidents, "load_audited", slow)
    # 25 seconds are enough for two of them.
    for expected in ([ids[0], ids[1]], [ids[2], ids[0]], [ids[1], ids[2]]):
        looked_at.clear()
        assert _audit(story)["incidents"] == 2
        assert looked_at == expected


@pytest.mark.parametrize(("name", "every_s"), [("sweep", 60), ("audit", 300)])
def test_health_turns_red_when_a_heartbeat_is_old(story: Story, name: str, every_s: int) -> None:
    assert not _health(story)[1]["checks"][name]["ok"]
    story.sweep()
    _audit(story)
    assert _health(story)[1]["status"] == "ok"

    def other() -> None:
        if name == "sweep":
            _audit(story)
        else:
            story.sweep()

    story.clock.advance(3 * every_s - 10)
    other()
    assert _health(story)[1]["checks"][name]["ok"]
    story.clock.advance(20)
    other()
    status, body = _health(story)
    assert (status, body["status"], body["checks"][name]["ok"]) == (200, "degraded", False)
    assert body["checks"]["audit" if name == "sweep" else "sweep"]["ok"]


def test_a_heartbeat_from_the_future_is_no_heartbeat() -> None:
    now = "2026-11-23T03:00:00.000Z"
    assert rules.silent(times.plus(now, 3600), 60, now)
    assert not rules.silent(times.plus(now, -170), 60, now)
    assert rules.silent(None, 60, now)


def test_an_audit_of_a_healthy_regency_costs_one_read_an_incident(story: Story) -> None:
    for _ in range(20):
        story.call("theft")
    story.sweep()
    done: list[dict[str, Any]] = []
    calls = requests_of(lambda: done.append(_audit(story)))
    assert done[0]["incidents"] == 20
    # The heartbeats, the units, the board, the paging drills, each incident, and the heartbeat written.
    assert sorted(calls) == ["BatchGetItem", "PutItem", *["Query"] * 23]
