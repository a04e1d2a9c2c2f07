"""The OpenAPI document is the interface: Schemathesis sends what it allows and forbids, and every answer must fit it."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest
import schemathesis
from chalice.local import LambdaEventConverter, RouteMatcher
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

import app as application
from chalicelib.domain.duty import Change
from chalicelib.handlers import openapi
from chalicelib.handlers.access import ACCESS
from chalicelib.handlers.http import ROUTES
from chalicelib.services.duty import changing
from chalicelib.services.duty.changing import Who
from tests.support.workbooks import EXCELS
from tests.world.harness import Story
from tests.world.test_details import INSIDE

RELEASED = Path(__file__).parents[1] / "unit" / "released" / "events.jsonl"
StartResponse = Callable[[str, list[tuple[str, str]]], Any]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


class Gateway:
    """A WSGI application in API Gateway's place, which takes everybody for the account of `sub`."""

    def __init__(self, sub: str) -> None:
        self._events = LambdaEventConverter(RouteMatcher(list(application.app.routes)))
        self._sub = sub

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        headers = {
            name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")
        }
        if environ.get("CONTENT_TYPE"):
            headers["content-type"] = environ["CONTENT_TYPE"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        method, target = environ["REQUEST_METHOD"], environ["REQUEST_URI"]
        try:
            event = self._events.create_lambda_event(method, target, headers, body)
        except ValueError:
            start_response("404 Not Found", [("Content-Type", "application/json")])
            return [b'{"code": "not_found", "message": "there is nothing here", "fields": {}}']
        event["requestContext"]["authorizer"] = {"claims": {"sub": self._sub}}
        answer = application.app(event, None)
        found = [*answer["headers"].items(), *((k, v[0]) for k, v in answer["multiValueHeaders"].items())]
        start_response(f"{answer['statusCode']} -", found)
        return [answer["body"].encode()]


@pytest.fixture(scope="module")
def told(database: str) -> Iterator[Story]:
    """A regency with a fire, which Schemathesis may do with as it likes."""
    story = Story()
    story.empty()
    story.seed()
    story.call("house_fire")
    yield story


def test_every_route_is_described_with_whoever_may_call_it() -> None:
    described = {
        f"{method.upper()} {path}": operation
        for path, methods in openapi.document()["paths"].items()
        for method, operation in methods.items()
    }
    assert set(described) == set(ACCESS)
    for route, roles in ACCESS.items():
        assert bool(described[route]["security"]) == bool(roles)


def test_the_document_is_served(told: Story) -> None:
    answer = told.http("GET", "/api/openapi.json")
    assert answer.status == 200
    assert answer.text == msgspec.json.encode(openapi.document()).decode()


schema = schemathesis.openapi.from_dict(json.loads(msgspec.json.encode(openapi.document())))
# Methods that no route has are API Gateway's to refuse.
schema.config.phases.coverage.unexpected_methods = set()


CREW = "/api/incidents/{incident_id}/assignments/{assignment_id}"


# What later steps call the thing that a step made.
NAMED_BY_ITS_ANSWER = {
    "POST /api/workbooks": "workbook_id",
    "POST /api/sheets/{noun}/workbook": "workbook_id",
    "POST /api/duty/changes": "change_id",
    "POST /api/blocked-numbers": "block_id",
}


def asked(told: Story, key: str, fields: dict[str, Any]) -> str:
    """The id of a change of duty that somebody has asked for himself."""
    wanted = Change(id="", agency_id="damkar", kind="extra", person_id="andi", **fields)
    return changing.ask(told.world, told.world.registry.current(), wanted, key, Who.person("andi")).id


def test_the_main_answers_hold_what_the_document_says_and_nothing_else(told: Story) -> None:
    before = {
        "class": "emergency",
        "channel": "phone",
        "received_at": told.clock.now(),
        "number": "0811123456",
    }
    place = {"district": "ketapang"}
    fire = told.http("GET", "/api/incidents", as_="admin").body["incidents"][0]
    joined = told.desk("POST", "/api/calls", {**before, "incident_id": fire["id"]}, expect=201)
    parts = {
        "noun": "units",
        "id_": "damkar_1",
        "incident_id": fire["id"],
        "call_id": joined["call"]["id"],
        "unit_id": "perahu_1",
        "agency_id": "damkar",
        "month": "2026-12",
        "person_id": "andi",
    }
    parts |= {
        "assignment_id": joined["assignments"][0]["id"],
        "code": told.phone("citra").link().removeprefix("/r/"),
    }
    noted = told.desk("POST", f"/api/incidents/{fire['id']}/notes", {"text": "Asap"}, expect=201)
    note = noted["notes"][0]
    drill = told.desk("POST", "/api/drills", {"agency_id": "airud"}, as_="admin", expect=201)
    parts |= {"drill_id": drill["id"], "note_id": note["id"]}
    parts["first_call_id"] = noted["calls_list"][0]["id"]
    # Of the fire nobody may make that it waits.
    waiting = {"incident_id": told.call("theft")["incident"]["id"]}
    parts["doubled_id"] = told.call("theft")["incident"]["id"]
    split = {"incident": {"type": "childbirth", "location": place}}
    old = {"agency_id": "pmk", "unit_id": "pmk-1", "milestones": {"on_scene": "2026-11-20T08:20:00+07:00"}}
    past = {"key": "1", "type": "theft", "location": place, "units": [old]}
    past |= {"calls": [{"received_at": "2026-11-20T08:00:00+07:00", "number": "tidak ada"}]}
    out = {"status": "NotAvailable", "reason": "no_fuel"}
    days = {"from": "2026-11-01", "to": "2026-11-23"}
    boat = told.desk("GET", "/api/registry/units/perahu_1", as_="admin")
    boat = {**{name: each for name, each in boat.items() if name != "v"}, "retired": True}
    parts |= {"noun": "units", "id_": "perahu_1"}
    type_ = told.desk("GET", "/api/registry/incident-types/house_fire", as_="admin")
    type_ = {
        **{name: each for name, each in type_.items() if name != "v"},
        "tell_caller": True,
        "questions": [INSIDE],
    }
    told.desk("PUT", "/api/registry/incident-types/house_fire", type_, as_="admin")
    text = {"kind": "caller", "language": "id", "body": "{regency} — {label}"}
    sheet = {"noun": "personnel", "text": "Nama\tHP\nWati Lestari\t08123456788", "agency_id": "psc"}
    begun = told.desk("POST", "/api/imports", sheet, as_="admin", expect=201)
    parts["import_id"] = begun["id"]
    person = {"login": "siti", "name": "Siti", "role": "operator"}
    more = {"starts_at": "2026-11-24T03:00:00.000Z", "ends_at": "2026-11-24T06:00:00.000Z"}
    parts |= {name: asked(told, name.upper(), more) for name in ("asked_id", "unwanted_id")}
    extra = {"agency_id": "damkar", "kind": "extra", "person_id": "budi", "why": "Pawai", **more}
    steps: list[tuple[str, Any]] = [
        ("POST /api/incidents/{incident_id}/calls/{call_id}/split", split),
        ("POST /api/incidents/{incident_id}/calls/{first_call_id}/word-back", {}),
        ("POST /api/sms-texts/preview", text),
        ("POST /api/incidents/{incident_id}/notes", {"text": "Angin"}),
        ("POST /api/incidents/{incident_id}/replies/dismiss", {"note_id": note["id"]}),
        (
            "POST /api/incidents/{incident_id}/assignments/{assignment_id}/unanswered-calls",
            {"person_id": "andi"},
        ),
        ("POST /api/incidents/{incident_id}/amendments/preview", {"version": 1, "landmark": "Dermaga"}),
        ("POST /api/districts/boundaries", {"text": '{"type": "Polygon", "coordinates": []}'}),
        (
            "POST /api/incidents/{incident_id}/details",
            {"version": 1, "details": [{"question": "inside", "value": "no"}]},
        ),
        ("PATCH /api/incidents/{incident_id}", {"version": 1, "landmark": "Dermaga", "priority": 2}),
        ("POST /api/incidents/{incident_id}/assignments", {"alarm": 2}),
        ("POST /api/incidents/{incident_id}/assignments/{assignment_id}/status", {**out, "status": "unable"}),
        ("POST /api/r/{code}", {"status": "acknowledged"}),
        ("POST /api/units/{unit_id}/status", out),
        (f"POST {CREW}/correction-requests", {"reason": "Salah", "unable": "other_duty"}),
        ("GET /api/correction-requests", None),
        ("POST /api/incidents/{incident_id}/correction-requests/{request_id}/grant", {"reason": "Benar"}),
        (f"POST {CREW}/correction-requests", {"reason": "Salah", "unable": "no_fuel"}),
        ("POST /api/incidents/{incident_id}/correction-requests/{request_id}/decline", {"reason": "Tidak"}),
        (f"POST {CREW}/corrections", {"reason": "Rekaman", "unable": "no_fuel"}),
        ("POST /api/incidents/{incident_id}/notes/{note_id}/corrections", {"text": "Asap tebal"}),
        (
            "POST /api/incidents/{incident_id}/calls/{first_call_id}/corrections",
            {"reason": "Rekaman", "received_at": "2026-11-23T09:59:00+07:00"},
        ),
        ("GET /api/incidents/{incident_id}", None),
        ("GET /api/incidents/{incident_id}/candidates", None),
        ("GET /api/incidents", None),
        ("GET /api/drills/on-duty?agency_id=damkar", None),
        ("GET /api/duty?agency_id=damkar", None),
        ("GET /api/duty/ahead", None),
        ("GET /api/duty/coverage?agency_id=damkar", None),
        ("POST /api/duty/links/{person_id}", {}),
        ("GET /api/duty/links/{person_id}", None),
        ("DELETE /api/duty/links/{person_id}", None),
        ("POST /api/duty/changes", extra),
        ("GET /api/duty/changes?agency_id=damkar", None),
        ("GET /api/duty/changes/{agency_id}/{change_id}", None),
        ("POST /api/duty/changes/{agency_id}/{asked_id}/approve", {}),
        ("POST /api/duty/changes/{agency_id}/{unwanted_id}/refuse", {}),
        ("POST /api/duty/changes/{agency_id}/{change_id}/forget-why", {}),
        ("POST /api/duty/changes/{agency_id}/{change_id}/withdraw", {}),
        ("POST /api/duty/sheets/{agency_id}/{month}", {"add": [{"person_id": "andi"}]}),
        ("GET /api/duty/sheets/{agency_id}/{month}", None),
        ("GET /api/duty/sheets/{agency_id}/{month}/outlook", None),
        ("GET /api/duty/sheets/{agency_id}/{month}/coverage", None),
        ("POST /api/duty/sheets/{agency_id}/{month}/publish", {"v": 1, "first_day": "2026-12-01"}),
        ("GET /api/duty/sheets/{agency_id}/{month}/load", None),
        ("GET /api/duty/sheets/{agency_id}/{month}/history", None),
        ("POST /api/duty/sheets/{agency_id}/{month}/try", {"text": "Nama\t1\t2\t3\t4\t5\nAndi\tX\t\tP/M\n"}),
        ("POST /api/duty/sheets/{agency_id}/{month}/undo", {"v": 1}),
        ("GET /api/duty/sheets/{agency_id}/{month}/file", None),
        ("POST /api/duty/sheets/{agency_id}/{month}/workbook", {"language": "id"}),
        ("POST /api/drills", {"agency_id": "damkar"}),
        ("GET /api/drills/{drill_id}", None),
        ("POST /api/drills/{drill_id}/end", {}),
        ("GET /api/drills", None),
        ("POST /api/practice", {"round": "call_taker", "story": "fire"}),
        ("GET /api/practice/preview?type=house_fire&district=baamang", None),
        ("POST /api/practice/calls", {**before, "incident": {"type": "house_fire"}}),
        ("GET /api/practice/incident", None),
        ("GET /api/practice/candidates", None),
        ("POST /api/practice/assignments", {"unit_id": "perahu_1"}),
        ("POST /api/practice/assignments/{practised_id}/status", {"status": "acknowledged"}),
        ("POST /api/practice/cancel", {"reason": "Latihan"}),
        ("GET /api/practice", None),
        ("POST /api/practice/end", {}),
        ("GET /api/units/status", None),
        ("POST /api/incidents/{incident_id}/cancel", {"reason": "Palsu"}),
        ("POST /api/incidents/{incident_id}/reopen", {"reason": "Benar"}),
        ("POST /api/incidents/{incident_id}/set-aside", {"reason": "no_unit", "minutes": 30}),
        ("POST /api/incidents/{incident_id}/take-up", {}),
        ("POST /api/incidents/{incident_id}/close", {"disposition": "done"}),
        (
            "POST /api/incidents/{incident_id}/disposition",
            {"disposition": "false_alarm", "reason": "Keliru"},
        ),
        ("POST /api/incidents/{doubled_id}/duplicate", {"of": waiting["incident_id"], "reason": "Sama"}),
        ("POST /api/incidents/{incident_id}/reveal", {}),
        ("POST /api/incidents/{incident_id}/legal-hold", {"reason": "Perkara"}),
        ("POST /api/incidents/{incident_id}/legal-hold/lift", {"reason": "Selesai"}),
        ("POST /api/calls", {**before, "class": "prank"}),
        (
            "POST /api/calls/{call_id}/class",
            {"date": "2026-11-23", "class": "ghost", "reason": "Tidak tertawa"},
        ),
        ("GET /api/handovers/colleagues", None),
        ("POST /api/handovers", {"to": "sub-operator2", "draft": "{}"}),
        ("GET /api/handovers?to=sub-operator2", None),
        ("POST /api/handovers/{account_id}/{handover_id}/take", {}),
        ("POST /api/calls/{call_id}/ring-backs", {"day": "2026-11-23", "result": "not_reached"}),
        ("GET /api/calls?date=2026-11-23", None),
        ("GET /api/past/incidents?from=2026-11-01&to=2026-11-23", None),
        ("GET /api/past/calls?from=2026-11-01&to=2026-11-23", None),
        ("POST /api/past/numbers", {**days, "number": "0811123456", "reason": "Surat 18/2026"}),
        ("GET /api/loose-sms", None),
        ("POST /api/blocked-numbers", {"number": "0852 0000 0042", "reason": "Lapor palsu"}),
        ("POST /api/callers", {"number": "0852 0000 0042"}),
        ("GET /api/blocked-numbers", None),
        ("POST /api/privacy/access", {"number": "0852 0000 0042", "reason": "Surat 17/2026"}),
        ("DELETE /api/blocked-numbers/{block_id}", None),
        ("POST /api/privacy/access", {"number": "0811123456", "reason": "Surat 18/2026"}),
        ("POST /api/privacy/erasure", {"number": "0811123456", "reason": "Surat 18/2026"}),
        ("POST /api/privacy/calls", {"date": "2026-11-23", "reason": "Surat 18/2026"}),
        ("GET /api/privacy/records", None),
        ("GET /api/dispatch/preview?type=house_fire&district=baamang", None),
        ("GET /api/rules/try?type=house_fire&district=baamang", None),
        ("POST /api/registry/{noun}/{id_}/effect", boat),
        ("POST /api/import/incidents", {"source": "buku", "rows": [past]}),
        ("GET /api/reports/response-times?from=2026-11-01&to=2026-11-30&by=agency", None),
        ("GET /api/reports/figures?from=2026-11-01&to=2026-11-30&by=agency", None),
        ("GET /api/reports/cases?from=2026-11-01&to=2026-11-30&key=damkar&number=called", None),
        ("GET /api/registry/{noun}/{id_}/history", None),
        ("POST /api/imports", sheet),
        ("GET /api/imports/{import_id}", None),
        ("POST /api/imports/{import_id}/clarifications", {"clarified": {}}),
        ("POST /api/imports/{import_id}/commit", {"seen": begun["digest"]}),
        ("POST /api/imports/{import_id}/undo", {"why": "Salah"}),
        ("GET /api/imports", None),
        ("GET /api/sheets/{noun}", None),
        ("POST /api/workbooks", {"file": base64.b64encode(EXCELS).decode()}),
        ("GET /api/workbooks/{workbook_id}", None),
        ("POST /api/sheets/{noun}/workbook", {"language": "id"}),
        ("GET /api/workbooks/{workbook_id}/file", None),
        ("GET /api/configuration", None),
        ("POST /api/accounts", person),
        ("GET /api/accounts", None),
        ("GET /api/accounts/{account_id}", None),
        ("POST /api/accounts/{account_id}/invitation", {"email": "siti@example.id"}),
        ("POST /api/accounts/{account_id}/password", {}),
        ("POST /api/accounts/{account_id}/second-factor/forget", {}),
        ("PUT /api/accounts/{account_id}", {"name": "Siti Rahma", "role": "supervisor"}),
        ("POST /api/accounts/{account_id}/disable", {"why": "Pindah"}),
        ("POST /api/accounts/{account_id}/enable", {}),
        ("GET /api/accounts/{account_id}/last-act", None),
        ("GET /api/health", None),
        ("GET /api/me", None),
    ]
    shown = {route.name: route.answers.type for route in ROUTES if route.answers.type}
    named_so = {re.sub(r"first_call_id", "call_id", route.partition("?")[0]) for route, _ in steps}
    also = {
        "doubled_id": "incident_id",
        "practised_id": "assignment_id",
        "asked_id": "change_id",
        "unwanted_id": "change_id",
    }
    for alias, name in also.items():
        named_so = {each.replace(alias, name) for each in named_so}
    assert named_so == set(shown)
    for route, body in steps:
        method, path = route.split()
        named = parts | waiting if path.endswith(("/set-aside", "/take-up")) else parts
        for name in re.findall(r"\{(\w+)\}", path):
            path = path.replace(f"{{{name}}}", named[name])
        answer = told.desk(method, path, body, as_="admin")
        if path.endswith("/correction-requests") and method == "POST":
            parts["request_id"] = answer["notes"][-1]["id"]
        if route == "POST /api/practice/assignments":
            parts["practised_id"] = answer["assignments"][0]["id"]
        if route in NAMED_BY_ITS_ANSWER:
            parts[NAMED_BY_ITS_ANSWER[route]] = answer["id"]
        if route == "POST /api/handovers":
            parts.update(account_id=answer["to"], handover_id=answer["id"])
        if route == "POST /api/accounts":
            parts["account_id"] = answer["account"]["id"]
        if route == "POST /api/calls":
            parts["call_id"] = answer["call"]["id"]
        name = route.partition("?")[0].replace("first_call_id", "call_id")
        for alias, meant in also.items():
            name = name.replace(alias, meant)
        msgspec.convert(answer, shown[name])


@pytest.mark.filterwarnings("ignore")
@schema.parametrize()
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_fits_the_document(told: Story, case: schemathesis.Case[Any]) -> None:
    case.call_and_validate(checks=CHECKS, app=Gateway("sub-admin"))


def test_the_data_of_every_event_that_was_ever_written_are_as_the_document_says() -> None:
    document = openapi.document()
    answer = {"$ref": "#/components/schemas/EventAnswer", "components": document["components"]}
    valid = jsonschema_rs.validator_for(answer).is_valid
    shown = ("seq", "type", "occurred_at", "recorded_at", "source", "actor", "data", "hash")
    for line in RELEASED.read_text().splitlines():
        stored = json.loads(line)
        told = {"actor_name": "Sari", **{name: stored[name] for name in shown}}
        assert valid(told), line
        assert not valid({**told, "data": {}}), line
    assert valid({**told, "type": "PhotoAdded", "data": {"photo": "p1"}})
