"""Who may call what: every route as every role, and nothing of another agency in what an agency's admin reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from chalice.app import CognitoUserPoolAuthorizer
from msgspec import to_builtins

import app as application
from chalicelib.domain.registry import Account, Target
from chalicelib.domain.registry import Label as NounLabel
from chalicelib.handlers.access import ACCESS
from tests.support import regency
from tests.world.harness import Answer, Story

PUBLIC = {
    "GET /api/health",
    "GET /api/config",
    "GET /api/openapi.json",
    "GET /r/{code}",
    "POST /api/r/{code}",
    "GET /r/{code}/duty",
    "GET /r/{code}/duty.ics",
    "POST /api/r/{code}/duty/test",
    "GET /r/{code}/duty/cannot",
    "GET /r/{code}/duty/swap",
    "POST /api/r/{code}/duty/answer",
    "POST /api/r/{code}/duty/cannot",
    "POST /api/r/{code}/duty/swap",
    "POST /api/inbound/sms",
    "POST /api/inbound/reports",
}
ROLES = {
    "operator": "operator",
    "supervisor": "supervisor",
    "leader": "leader",
    "auditor": "auditor",
    "admin": "admin",
    "agency_admin": "damkar_admin",
}
ROUTES = [f"{method} {path}" for path, methods in application.app.routes.items() for method in methods]
OWN = "damkar"
EXAMPLES = {
    "noun": "units",
    "id_": "nothing",
    "code": "0123456789abcdef",
    "agency_id": OWN,
    "month": "2026-12",
}
# What tells the other agencies' units, people and accounts from the damkar's.
FOREIGN = re.compile(
    r"psc|polres|airud|ambulans|perahu|citra|dewi|eko\b|fajar|pos_a|medic|police|"
    + "|".join(regency.number_of(person)[-3:] + '"' for person in ("citra", "dewi", "eko", "fajar")),
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def told(database: str) -> Iterator[Story]:
    """A regency with an account that was disabled, and an agency_admin who has no agency."""
    story = Story()
    story.empty()
    story.seed()
    extra = [
        Account(id="sub-gone", name="Gone", role="admin", disabled=True),
        Account(id="sub-stray", name="Stray", role="agency_admin"),
    ]
    target = Target(
        id="fire", label=NounLabel(id="Api", en="Fire"), seconds=900, source="Permendagri 114/2018"
    )
    regency.load({"accounts": extra, "targets": [target]})
    yield story


@pytest.fixture(scope="module")
def fire(told: Story) -> dict[str, Any]:
    """A fire that every agency had a part in, with pages failed, units swapped, lost and cancelled."""
    told.provider.refuses(regency.number_of("citra"))
    incident = told.call("house_fire")["incident"]
    told.fast_forward(30)
    told.provider.comes_back()
    path = f"/api/incidents/{incident['id']}/assignments"
    told.desk("POST", path, {"alarm": 2})
    by_unit = {each["unit_id"]: each["id"] for each in told.incident(incident["id"])["assignments"]}
    told.desk("POST", path, {"unit_id": "perahu_1", "instead_of": by_unit["polres_1"]})
    told.desk("POST", f"{path}/{by_unit['ambulans_2']}/status", {"status": "unable", "reason": "no_fuel"})
    told.phone("andi").taps("acknowledged")
    told.phone("andi").taps("on_scene")
    told.desk("POST", f"/api/incidents/{incident['id']}/notes", {"text": "Angin kencang"})
    whole: dict[str, Any] = told.incident(incident["id"])
    assert {each["agency_id"] for each in whole["assignments"]} == {"damkar", "psc", "polres", "airud"}
    assert {each["code"] for each in whole["attention"]} == {"shortfall", "page_failed"}
    return whole


def ask(told: Story, route: str, as_: str, **examples: str) -> Answer:
    method, path = route.split()
    for name in re.findall(r"\{(\w+)\}", path):
        path = path.replace(f"{{{name}}}", {**EXAMPLES, **examples}.get(name, "nothing"))
    query = {"type": "house_fire", "district": "baamang"} if path.endswith("/preview") else None
    query = {"date": "2026-11-23"} if path == "/api/calls" and method == "GET" else query
    query = {"agency_id": OWN} if path.endswith("/on-duty") else query
    days = {"from": "2026-11-23", "to": "2026-11-23", "by": "agency"}
    query = days if path.startswith("/api/reports/") else query
    return told.http(method, path, {} if method in ("POST", "PUT") else None, as_=as_, query=query, key="key")


def test_the_table_names_every_route_and_no_other() -> None:
    assert set(ROUTES) == set(ACCESS)


@pytest.mark.parametrize("route", ROUTES)
def test_a_route_is_public_by_name_or_guarded_by_the_user_pool(route: str) -> None:
    method, path = route.split()
    authorizer = application.app.routes[path][method].authorizer
    if route in PUBLIC:
        assert authorizer is None
        assert not ACCESS[route]
    else:
        assert isinstance(authorizer, CognitoUserPoolAuthorizer)
        assert ACCESS[route]


@pytest.mark.parametrize("route", ROUTES)
def test_each_role_may_call_what_the_table_says(told: Story, route: str) -> None:
    for role, account in ROLES.items():
        answer = ask(told, route, account)
        allowed = route in PUBLIC or role in ACCESS[route]
        assert (answer.status != 403) == allowed, (role, answer.status, answer.text)
        assert answer.status != 401 and answer.status < 500


@pytest.mark.parametrize("route", sorted(set(ROUTES) - PUBLIC))
def test_nobody_strangers_and_disabled_accounts_are_refused(told: Story, route: str) -> None:
    assert ask(told, route, "").status == 401
    assert ask(told, route, "a-stranger").status == 403
    refused = ask(told, route, "gone")
    assert refused.status == 403
    assert refused.body == {"code": "forbidden", "message": "this sign-in has no account here", "fields": {}}


@pytest.mark.parametrize("route", sorted(set(ROUTES) - PUBLIC))
def test_an_agency_admin_without_an_agency_reads_and_writes_nothing(told: Story, route: str) -> None:
    assert ask(told, route, "stray").status == 403


def test_no_agency_admin_is_made_without_an_agency(told: Story) -> None:
    body = {"id": "sub-made", "name": "Made", "role": "agency_admin"}
    refused = told.http("POST", "/api/registry/accounts", body, as_="admin")
    assert (refused.status, refused.body["fields"]) == (422, {"agency_id": "is required for an agency_admin"})


def test_the_token_cannot_say_its_own_role(told: Story) -> None:
    assert told.http("GET", "/api/me", as_="damkar_admin").body["role"] == "agency_admin"
    assert told.http("GET", "/api/me", as_="damkar_admin").body["agency_id"] == OWN


# -- what an agency's admin sees ---------------------------------------------------------------------------------------


def test_an_agency_reads_nothing_of_another_agency_in_an_incident(told: Story, fire: dict[str, Any]) -> None:
    foreign = {each["id"] for each in fire["assignments"] if each["agency_id"] != OWN}
    foreign |= {each["id"] for each in fire["pages"] if each["assignment_id"] in foreign}
    assert len(foreign) >= 8
    for path in ("/api/incidents", f"/api/incidents/{fire['id']}", "/api/incidents?date=2026-11-23"):
        text = told.http("GET", path, as_="damkar_admin").text
        assert fire["id"] in text
        assert not FOREIGN.findall(text)
        assert not [id_ for id_ in foreign if id_ in text]


def test_an_agency_reads_its_own_part_of_an_incident_in_full(told: Story, fire: dict[str, Any]) -> None:
    own = told.incident(fire["id"], as_="damkar_admin")
    assert [each["unit_id"] for each in own["crews"]] == ["damkar_1", "damkar_2"]
    assert [each["unit_id"] for each in own["assignments"]] == ["damkar_1", "damkar_2"]
    assert {each["name"] for each in own["pages"]} == {"Andi", "Budi"}
    assert own["plan"] == {}
    assert own["clocks"]["response_s"] == own["assignments"][0]["clocks"]["response_s"]
    types = [each["type"] for each in own["timeline"]]
    assert types[0] == "IncidentOpened"
    assert {"UnitAssigned", "PageAcknowledged", "UnitOnScene", "NoteAdded", "AlarmRaised"} <= set(types)


def test_an_agency_sees_an_incident_once_it_was_sent_there(told: Story, fire: dict[str, Any]) -> None:
    birth = told.call("childbirth")["incident"]
    assert told.http("GET", f"/api/incidents/{birth['id']}", as_="damkar_admin").status == 404
    board = told.http("GET", "/api/incidents", as_="damkar_admin").body["incidents"]
    assert [each["id"] for each in board] == [fire["id"]]


def test_an_agency_still_reads_nothing_of_others_when_the_incident_is_cancelled(told: Story) -> None:
    incident = told.call("house_fire", district="ketapang")["incident"]
    told.desk("POST", f"/api/incidents/{incident['id']}/assignments", {"unit_id": "damkar_2", "insist": True})
    told.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Palsu"})
    whole = told.incident(incident["id"])
    foreign = [each["id"] for each in whole["assignments"] if each["agency_id"] != OWN]
    text = told.http("GET", f"/api/incidents/{incident['id']}", as_="damkar_admin").text
    assert foreign and not [id_ for id_ in foreign if id_ in text]
    assert not FOREIGN.findall(text)


def test_an_agency_lists_only_its_own_units_people_stations_shifts_and_statuses(told: Story) -> None:
    for noun in ("units", "personnel", "stations"):
        items = told.http("GET", f"/api/registry/{noun}", as_="damkar_admin").body["items"]
        assert {each["agency_id"] for each in items} == {OWN}
    statuses = told.http("GET", "/api/units/status", as_="damkar_admin").body["units"]
    assert {each["agency_id"] for each in statuses} <= {OWN}
    whole = told.http("GET", "/api/registry", as_="damkar_admin").body
    assert {each["agency_id"] for each in whole["units"]} == {OWN}
    shifts = {"agency_id": OWN, "date": "2026-11-23"}
    listed = told.http("GET", "/api/registry/shifts", as_="damkar_admin", query=shifts).body["items"]
    assert {each["person_id"] for each in listed} == {"andi", "budi"}
    others = {**shifts, "agency_id": "psc"}
    assert told.http("GET", "/api/registry/shifts", as_="damkar_admin", query=others).status == 403


@pytest.mark.parametrize(
    "path",
    ["personnel/citra", "units/ambulans_1", "stations/pos_ambulans_1", "accounts/sub-admin", "accounts"],
)
def test_an_agency_cannot_open_what_is_anothers(told: Story, path: str) -> None:
    assert told.http("GET", f"/api/registry/{path}", as_="damkar_admin").status == 403


# -- what an agency's admin writes -------------------------------------------------------------------------------------


def _put(told: Story, noun: str, id_: str, **changes: Any) -> Answer:
    shown = told.http("GET", f"/api/registry/{noun}/{id_}", as_="admin").body
    body = {name: each for name, each in shown.items() if name != "v"}
    return told.http("PUT", f"/api/registry/{noun}/{id_}", {**body, **changes}, as_="damkar_admin")


@pytest.mark.parametrize(
    ("noun", "own", "foreign"),
    [
        ("personnel", "andi", "citra"),
        ("units", "damkar_1", "ambulans_1"),
        ("stations", "pos_damkar_1", "pos_polres_1"),
    ],
)
def test_an_agency_changes_its_own_and_moves_nothing_to_or_from_another(
    told: Story, noun: str, own: str, foreign: str
) -> None:
    assert _put(told, noun, own, name="Nama baru").status == 200
    assert _put(told, noun, own, agency_id="psc").status == 403
    assert _put(told, noun, foreign, agency_id=OWN).status == 403
    assert _put(told, noun, foreign, name="Nama baru").status == 403
    assert told.http("DELETE", f"/api/registry/{noun}/{foreign}", as_="damkar_admin").status == 403
    template = told.http("GET", f"/api/registry/{noun}/{foreign}", as_="admin").body
    made = {**{name: each for name, each in template.items() if name != "v"}, "id": "made"}
    assert told.http("POST", f"/api/registry/{noun}", made, as_="damkar_admin").status == 403
    assert told.http("GET", f"/api/registry/{noun}/made", as_="admin").status == 404


def test_an_agency_puts_its_unit_at_no_other_agencys_station(told: Story) -> None:
    refused = _put(told, "units", "damkar_1", station_id="pos_ambulans_1")
    assert (refused.status, refused.body["fields"]) == (422, {"station_id": "belongs to another agency"})


def test_an_agency_rosters_nobody_of_another_agency(told: Story) -> None:
    shift = {"id": "s1", "agency_id": OWN, "person_id": "andi", "starts_at": "2026-12-01T00:00:00Z"}
    shift |= {"ends_at": "2026-12-01T08:00:00Z", "unit_id": "damkar_1"}

    def post(**changes: str) -> tuple[int, dict[str, str]]:
        answer = told.http("POST", "/api/registry/shifts", {**shift, **changes}, as_="damkar_admin")
        return answer.status, answer.body.get("fields")

    assert post(person_id="citra") == (422, {"person_id": "belongs to another agency"})
    assert post(unit_id="ambulans_1") == (422, {"unit_id": "belongs to another agency"})
    assert post(agency_id="psc", person_id="citra", unit_id="ambulans_1")[0] == 403
    assert post()[0] == 201


@pytest.mark.parametrize("noun", sorted(set(regency.nouns()) - {"stations", "units", "personnel"}))
def test_an_agency_cannot_write_what_the_regency_keeps(told: Story, noun: str) -> None:
    first = to_builtins(regency.nouns()[noun][0])
    path = f"/api/registry/{noun}"
    assert told.http("POST", path, {**first, "id": "made"}, as_="damkar_admin").status == 403
    assert told.http("PUT", f"{path}/{first['id']}", first, as_="damkar_admin").status == 403
    assert told.http("DELETE", f"{path}/{first['id']}", as_="damkar_admin").status == 403


@pytest.mark.parametrize("account", ["operator", "supervisor", "leader", "auditor", "damkar_admin"])
def test_only_the_admin_makes_accounts(told: Story, account: str) -> None:
    body = {"id": "sub-made", "name": "Made", "role": "admin"}
    assert told.http("POST", "/api/registry/accounts", body, as_=account).status == 403
    own = {"id": f"sub-{account}", "name": "Me", "role": "admin"}
    assert told.http(
        "PUT", f"/api/registry/accounts/sub-{account.replace('_', '-')}", own, as_=account
    ).status in (400, 403)
    assert told.http("GET", "/api/registry/accounts/sub-made", as_="admin").status == 404


def test_an_agency_reports_for_its_own_crews_and_units_alone(told: Story, fire: dict[str, Any]) -> None:
    by_unit = {each["unit_id"]: each["id"] for each in fire["assignments"]}
    path = f"/api/incidents/{fire['id']}/assignments"
    status = {"status": "en_route"}
    refused = told.http("POST", f"{path}/{by_unit['ambulans_1']}/status", status, as_="damkar_admin")
    assert refused.status == 403
    answer = told.http("POST", f"{path}/{by_unit['damkar_2']}/status", status, as_="damkar_admin")
    assert answer.status == 200 and not FOREIGN.findall(answer.text)
    out = {"status": "NotAvailable", "reason": "no_fuel"}
    assert told.http("POST", "/api/units/ambulans_2/status", out, as_="damkar_admin").status == 403
    assert told.http("POST", "/api/units/damkar_1/status", out, as_="damkar_admin").status == 409


def test_an_agency_orders_nothing_of_the_desks_not_even_where_its_own_crews_are(
    told: Story, fire: dict[str, Any]
) -> None:
    """Named here once more: the table alone would allow whatever somebody put into it."""
    path = f"/api/incidents/{fire['id']}"
    call = {"class": "emergency", "channel": "phone", "received_at": told.clock.now()}
    before = told.events(fire["id"])
    for method, at, body in [
        ("POST", f"{path}/assignments", {"unit_id": "damkar_2"}),
        ("POST", f"{path}/assignments", {"alarm": 2}),
        ("POST", f"{path}/cancel", {"reason": "Salah lapor"}),
        ("POST", f"{path}/close", {"disposition": "done"}),
        ("POST", f"{path}/reopen", {"reason": "Ternyata benar"}),
        ("POST", f"{path}/notes", {"text": "Catatan"}),
        ("POST", f"{path}/set-aside", {"reason": "no_unit", "minutes": 30}),
        ("POST", f"{path}/take-up", {}),
        ("POST", f"{path}/reveal", {}),
        ("POST", f"{path}/legal-hold", {"reason": "Perkara"}),
        ("POST", f"{path}/legal-hold/lift", {"reason": "Perkara"}),
        ("POST", f"{path}/replies/dismiss", {"note_id": "01KAQW000000000000000GH0ST"}),
        ("POST", f"{path}/calls/{fire['calls_list'][0]['id']}/split", {}),
        ("POST", "/api/calls", {**call, "incident_id": fire["id"]}),
        ("GET", "/api/calls?date=2026-11-23", None),
        ("GET", "/api/loose-sms", None),
        ("POST", "/api/callers", {"number": "+6285200000042"}),
        ("GET", "/api/blocked-numbers", None),
        ("POST", "/api/blocked-numbers", {"number": "+6285200000042", "reason": "Palsu"}),
        ("GET", "/api/dispatch/preview?type=house_fire&district=baamang", None),
        ("GET", f"{path}/candidates", None),
        ("POST", "/api/privacy/erasure", {"number": "+6281234567890", "reason": "Minta"}),
        ("GET", "/api/privacy/records", None),
        ("POST", "/api/import/incidents", {"source": "buku", "incidents": []}),
    ]:
        answer = told.http(method, at, body, as_="damkar_admin", key="order")
        assert answer.status == 403, (at, answer.status, answer.text)
    assert told.events(fire["id"]) == before


# -- numbers -----------------------------------------------------------------------------------------------------------

# A hash that happens to begin like a number goes on with hex digits.
NUMBER = re.compile(r"(?<![0-9a-f])(?:\+?62|0)8\d{7,}(?![0-9a-f])")


@pytest.mark.parametrize("account", ["leader", "auditor"])
def test_leader_and_auditor_see_no_full_number_anywhere(
    told: Story, fire: dict[str, Any], account: str
) -> None:
    prank = {
        "number": "+6281234567890",
        "channel": "phone",
        "class": "prank",
        "received_at": told.clock.now(),
    }
    told.desk("POST", "/api/calls", prank, expect=201)
    seen = 0
    for route in ROUTES:
        if not route.startswith("GET") or route in PUBLIC or route.endswith("/schema"):
            continue
        for noun in [*regency.nouns(), "targets"] if "{noun}" in route else ["units"]:
            first = to_builtins(regency.nouns().get(noun, [Account(id="fire", name="-", role="admin")])[0])[
                "id"
            ]
            answer = ask(told, route, account, noun=noun, id_=first, incident_id=fire["id"])
            if answer.status == 200:
                seen += 1
                assert not NUMBER.findall(answer.text), (route, noun)
    assert seen > 20
    numbers = {each["number"] for each in told.incident(fire["id"], as_=account)["calls_list"]}
    assert numbers == {"…890"}


def test_the_desk_sees_whom_to_ring(told: Story, fire: dict[str, Any]) -> None:
    for account in ("operator", "supervisor", "admin"):
        whole = told.incident(fire["id"], as_=account)
        assert whole["calls_list"][0]["number"] == "+6281234567890"
        assert {each["number"] for each in whole["pages"]} >= {regency.number_of("andi")}


def test_an_agency_sees_its_own_peoples_numbers_where_it_keeps_them(
    told: Story, fire: dict[str, Any]
) -> None:
    assert told.http("GET", "/api/registry/personnel/andi", as_="damkar_admin").body[
        "phone"
    ] == regency.number_of("andi")
    assert told.incident(fire["id"], as_="damkar_admin")["calls_list"][0]["number"] == "…890"
