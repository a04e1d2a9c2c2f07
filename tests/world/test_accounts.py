"""Accounts: who is let in, who is let in no more, and that whoever dies in between leaves nobody with more than was meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.errors import Conflict
from chalicelib.models.tables import MODELS, RegistryItem
from chalicelib.services.registry import keeping
from chalicelib.services.registry.keeping import Hand
from tests.support import regency
from tests.world.harness import Answer, Story
from tests.world.test_verify_whole import verified

SITI = {"login": "siti", "name": "Siti Rahma", "role": "operator"}
DAMKAR = {"login": "rudi", "name": "Rudi", "role": "agency_admin", "agency_id": "damkar"}
OWN = "Kata-Sandi-Sendiri-1"


@pytest.fixture(autouse=True)
def _signed_in(story: Story) -> None:
    for each in ("admin", "operator", "supervisor", "damkar-admin", "psc-admin"):
        story.sign_ins.has(f"sub-{each}", each, email=f"{each}@112.test")


def post(story: Story, path: str = "", body: Any = None, as_: str = "admin") -> Answer:
    return story.http("POST", f"/api/accounts{path}", {} if body is None else body, as_=as_)


def invited(story: Story, body: dict[str, Any] = SITI, as_: str = "admin") -> dict[str, Any]:
    answer = post(story, "", body, as_)
    assert answer.status == 201, answer.text
    made: dict[str, Any] = answer.body
    return made


def of(story: Story, id_: str, as_: str = "admin") -> Any:
    return story.http("GET", f"/api/accounts/{id_}", as_=as_).body


def listed(story: Story, as_: str = "admin") -> dict[str, Any]:
    answer = story.http("GET", "/api/accounts", as_=as_)
    assert answer.status == 200, answer.text
    return {each["id"]: each for each in answer.body["accounts"]}


def history(story: Story, id_: str) -> list[tuple[str, str, str]]:
    path = f"/api/registry/accounts/{id_}/history"
    found = story.http("GET", path, as_="auditor").body["versions"]
    return [(each["change"], each["by"]["id"], each["why"] or "") for each in found]


# -- inviting ----------------------------------------------------------------------------------------------------------


def test_whoever_is_invited_signs_in_by_the_password_that_was_told_once_and_chooses_another(
    story: Story,
) -> None:
    made = invited(story)
    assert made["mailed"] is False
    id_, password = made["account"]["id"], made["password"]
    assert made["account"]["sign_in"]["state"] == "temporary"
    assert story.sign_ins.signs_in("siti", password, OWN) == id_
    assert story.http("GET", "/api/me", as_=id_).body["role"] == "operator"
    assert of(story, id_)["sign_in"]["state"] == "own"
    assert history(story, id_) == [("created", "sub-admin", "")]


def test_an_invitation_by_mail_shows_nobody_the_password(story: Story) -> None:
    story.sign_ins.mailing = True
    made = invited(story, {**SITI, "email": "siti@example.id"})
    assert (made["mailed"], made["password"]) == (True, None)
    assert story.sign_ins.mails == [("siti@example.id", "siti")]


def test_without_an_address_or_where_nothing_is_mailed_an_officer_hands_the_password_over(
    story: Story,
) -> None:
    story.sign_ins.mailing = True
    assert invited(story)["password"]
    story.sign_ins.mailing = False
    made = invited(story, {**SITI, "login": "sari", "email": "sari@example.id"})
    assert story.sign_ins.signs_in("sari", made["password"], OWN) == made["account"]["id"]


def test_neither_password_nor_address_stands_in_any_table(story: Story) -> None:
    made = invited(story, {**SITI, "email": "siti.rahma@example.id"})
    again = post(story, f"/{made['account']['id']}/password").body
    texts = [str(item.attribute_values) for model in MODELS for item in model.scan()]
    assert len(texts) > 50
    for secret in (made["password"], again["password"], "siti.rahma@example.id"):
        assert not [each for each in texts if secret in each]


def test_an_orphans_old_address_gets_no_invitation_that_was_not_addressed_to_it(story: Story) -> None:
    story.sign_ins.mailing = True
    story.sign_ins.has("made-orphan", "siti", email="bekas@example.id")
    made = invited(story)
    assert made["account"]["id"] == "made-orphan"
    assert (story.sign_ins.mails, made["mailed"]) == ([], False)
    assert story.sign_ins.signs_in("siti", made["password"], OWN) == "made-orphan"


def test_what_the_registry_would_refuse_makes_no_sign_in(story: Story) -> None:
    answer = post(story, "", {**DAMKAR, "agency_id": "atlantis"})
    assert (answer.status, answer.body["fields"]) == (422, {"agency_id": "agencies has no 'atlantis'"})
    needless = post(story, "", {**SITI, "agency_id": "damkar"})
    assert needless.status == 422
    assert story.sign_ins.calls == []


def test_a_login_that_is_somebodys_is_refused_and_his_password_stays(story: Story) -> None:
    answer = post(story, "", {**SITI, "login": "supervisor"})
    assert (answer.status, answer.body["fields"]) == (409, {"login": "is somebody's already"})
    assert story.sign_ins.signs_in("supervisor", "Rahasia-Sekali-2026") == "sub-supervisor"


def test_no_login_is_by_what_the_sign_in_service_knows_somebody_else(story: Story) -> None:
    """It takes either where it asks for a user: what was done to one would be done to the other."""
    for as_ in ("admin", "damkar_admin"):
        refused = post(story, "", {**DAMKAR, "login": "sub-admin"}, as_)
        assert (refused.status, refused.body["faults"][0]["code"]) == (409, "login_taken")
    assert story.sign_ins.calls == []


def test_the_same_invitation_again_is_an_invitation_again_until_somebody_has_signed_in(story: Story) -> None:
    first, second = invited(story), invited(story)
    assert first["account"]["id"] == second["account"]["id"]
    assert story.sign_ins.signs_in("siti", first["password"], OWN) is None
    assert story.sign_ins.signs_in("siti", second["password"], OWN)
    assert post(story, "", SITI).status == 409
    assert post(story, "", {**SITI, "role": "supervisor"}).status == 409


def test_who_dies_before_the_account_stands_leaves_a_sign_in_that_may_nothing_and_inviting_again_completes_it(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(keeping, "put", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            post(story, "", SITI)
    (orphan,) = [each for each in story.sign_ins.users.values() if each.sign_in.login == "siti"]
    assert story.sign_ins.signs_in("siti", orphan.password, OWN) == orphan.sign_in.id
    refused = story.http("GET", "/api/me", as_=orphan.sign_in.id)
    assert (refused.status, refused.body["message"]) == (403, "this sign-in has no account here")
    made = invited(story)
    assert made["account"]["id"] == orphan.sign_in.id
    assert story.sign_ins.signs_in("siti", OWN) is None
    assert story.sign_ins.signs_in("siti", made["password"], OWN) == orphan.sign_in.id
    assert story.http("GET", "/api/me", as_=orphan.sign_in.id).status == 200


@pytest.mark.parametrize("call", ["make", "find", "set_password", "mail_invitation"])
def test_where_the_sign_in_service_breaks_off_the_same_once_more_is_all_that_is_needed(
    story: Story, call: str
) -> None:
    wish = {**SITI, "email": "siti@example.id"}
    story.sign_ins.away = {call}
    answer = post(story, "", wish)
    assert (answer.status, answer.body["code"]) == (503, "unanswered")
    story.sign_ins.away = set()
    made = invited(story, wish)
    assert story.sign_ins.signs_in("siti", made["password"], OWN) == made["account"]["id"]
    assert len(story.sign_ins.users) == 6


# -- out at once -------------------------------------------------------------------------------------------------------


def test_a_disabled_account_is_out_at_its_next_request_and_signs_in_no_more(story: Story) -> None:
    made = invited(story)
    id_ = made["account"]["id"]
    story.sign_ins.signs_in("siti", made["password"], OWN)
    assert story.http("GET", "/api/incidents", as_=id_).status == 200
    answer = post(story, f"/{id_}/disable", {"why": "Pindah tugas"})
    assert (answer.status, answer.body["disabled"], answer.body["sign_in"]["state"]) == (200, True, "closed")
    # The token is as good as it was.
    assert story.http("GET", "/api/incidents", as_=id_).status == 403
    assert story.sign_ins.signs_in("siti", OWN) is None
    assert story.sign_ins.users[id_].sessions == 0
    assert history(story, id_)[0] == ("changed", "sub-admin", "Pindah tugas")


def test_who_is_disabled_while_the_sign_in_service_is_away_is_out_all_the_same(story: Story) -> None:
    id_ = invited(story)["account"]["id"]
    story.sign_ins.away = {"*"}
    assert post(story, f"/{id_}/disable").status == 503
    assert story.http("GET", "/api/me", as_=id_).status == 403
    story.sign_ins.away = set()
    again = post(story, f"/{id_}/disable")
    assert (again.status, again.body["v"], again.body["sign_in"]["state"]) == (200, 2, "closed")


def test_who_is_enabled_again_is_let_in_once_both_say_so(story: Story) -> None:
    id_ = invited(story)["account"]["id"]
    post(story, f"/{id_}/disable")
    story.sign_ins.away = {"open"}
    assert post(story, f"/{id_}/enable").status == 503
    assert story.http("GET", "/api/me", as_=id_).status == 403
    story.sign_ins.away = set()
    answer = post(story, f"/{id_}/enable", {"why": "Kembali"})
    assert (answer.status, answer.body["disabled"], answer.body["sign_in"]["state"]) == (
        200,
        False,
        "temporary",
    )
    assert story.http("GET", "/api/me", as_=id_).status == 200


def test_an_account_whose_agency_is_retired_may_do_nothing_until_it_has_another(story: Story) -> None:
    agency = {"id": "desa", "name": "Relawan desa", "short_name": "Desa", "phone": "0531 21112"}
    assert story.http("POST", "/api/registry/agencies", agency, as_="admin").status == 201
    shown = invited(story, {**DAMKAR, "agency_id": "desa"})["account"]
    assert story.http("GET", "/api/accounts", as_=shown["id"]).status == 200
    retired = story.http("PUT", "/api/registry/agencies/desa", {**agency, "retired": True}, as_="admin")
    assert retired.status == 200, retired.text
    for method, path in (("GET", "/api/me"), ("GET", "/api/accounts"), ("GET", "/api/incidents")):
        refused = story.http(method, path, as_=shown["id"])
        assert (refused.status, refused.body["fields"]) == (403, {"agency_id": "retired"}), path
    body = {name: shown[name] for name in ("name", "role", "person_id", "language")}
    path, header = f"/api/accounts/{shown['id']}", {"if-match": "1"}
    moved = story.http("PUT", path, {**body, "agency_id": "damkar"}, as_="admin", headers=header)
    assert moved.status == 200, moved.text
    assert story.http("GET", "/api/me", as_=shown["id"]).status == 200


def test_nothing_is_done_to_the_sign_in_of_a_disabled_account_but_to_enable_it(story: Story) -> None:
    id_ = invited(story)["account"]["id"]
    post(story, f"/{id_}/disable")
    story.sign_ins.calls.clear()
    for path in ("password", "invitation", "second-factor/forget"):
        answer = post(story, f"/{id_}/{path}")
        assert (answer.status, answer.body["fields"]) == (409, {"id": "is disabled"}), path
    assert story.sign_ins.calls == []


# -- passwords, second factors -----------------------------------------------------------------------------------------


def test_a_new_password_is_on_record_before_it_is_made_and_ends_every_session(story: Story) -> None:
    story.sign_ins.users["sub-operator"].sessions = 2
    story.sign_ins.away = {"set_password"}
    assert post(story, "/sub-operator/password").status == 503
    assert history(story, "sub-operator")[0] == ("changed", "sub-admin", "Kata sandi sementara baru")
    assert story.sign_ins.signs_in("operator", "Rahasia-Sekali-2026")
    story.sign_ins.away = set()
    handed = post(story, "/sub-operator/password").body
    assert story.sign_ins.signs_in("operator", "Rahasia-Sekali-2026") is None
    assert story.sign_ins.users["sub-operator"].sessions == 0
    assert story.sign_ins.signs_in("operator", handed["password"], OWN) == "sub-operator"


def test_an_invitation_goes_again_to_another_address_until_somebody_has_signed_in(story: Story) -> None:
    story.sign_ins.mailing = True
    id_ = invited(story, {**SITI, "email": "salah@example.id"})["account"]["id"]
    again = post(story, f"/{id_}/invitation", {"email": "siti@example.id"})
    assert (again.status, again.body["mailed"], again.body["password"]) == (200, True, None)
    assert story.sign_ins.mails[-1] == ("siti@example.id", "siti")
    assert history(story, id_)[0] == ("changed", "sub-admin", "Undangan dikirim ulang")
    assert story.sign_ins.signs_in("siti", "Dari-Surel-2026", OWN)
    refused = post(story, f"/{id_}/invitation")
    assert (refused.status, refused.body["fields"]) == (409, {"id": "has chosen a password already"})


def test_a_second_factor_that_is_nobodys_duty_is_taken_off(story: Story) -> None:
    story.sign_ins.users["sub-operator"].second_factor = True
    assert of(story, "sub-operator")["second_factor"] is True
    answer = post(story, "/sub-operator/second-factor/forget")
    assert (answer.status, answer.body["password"]) == (200, None)
    assert of(story, "sub-operator")["second_factor"] is False
    assert history(story, "sub-operator")[0] == ("changed", "sub-admin", "Faktor kedua hilang")


def test_where_everybody_must_have_a_second_factor_who_lost_it_gets_another_sign_in_under_the_same_login(
    story: Story,
) -> None:
    story.sign_ins.demanding = True
    story.sign_ins.users["sub-operator"].second_factor = True
    answer = post(story, "/sub-operator/second-factor/forget").body
    new = answer["account"]["id"]
    assert new != "sub-operator" and answer["account"]["sign_in"]["login"] == "operator"
    assert answer["account"]["sign_in"]["email"] == "operator@112.test"
    assert story.http("GET", "/api/me", as_="operator").status == 403
    assert story.sign_ins.signs_in("operator", answer["password"], OWN) == new
    assert story.http("GET", "/api/me", as_=new).body["role"] == "operator"
    shown = listed(story)
    assert shown["sub-operator"]["disabled"] and shown["sub-operator"]["sign_in"] is None
    assert {shown[each]["name"] for each in ("sub-operator", new)} == {shown[new]["name"]}


def test_who_dies_while_a_lost_second_factor_is_replaced_leaves_nobody_in_and_an_invitation_completes_it(
    story: Story,
) -> None:
    story.sign_ins.demanding = True
    story.sign_ins.away = {"make"}
    assert post(story, "/sub-operator/second-factor/forget").status == 503
    assert story.http("GET", "/api/me", as_="operator").status == 403
    assert "sub-operator" not in story.sign_ins.users
    story.sign_ins.away = set()
    made = invited(story, {**SITI, "login": "operator"})
    assert story.sign_ins.signs_in("operator", made["password"], OWN) == made["account"]["id"]


# -- the last admin ----------------------------------------------------------------------------------------------------


def test_nobody_takes_their_own_access_away_however_many_admins_there_are(story: Story) -> None:
    invited(story, {**SITI, "role": "admin"})
    own = of(story, "sub-admin")
    fields = {name: own[name] for name in ("name", "role", "agency_id", "person_id", "language")}
    header = {"if-match": str(own["v"])}
    for answer in (
        post(story, "/sub-admin/disable"),
        story.http(
            "PUT", "/api/accounts/sub-admin", {**fields, "role": "auditor"}, as_="admin", headers=header
        ),
        story.http(
            "PUT",
            "/api/registry/accounts/sub-admin",
            {**fields, "id": "sub-admin", "disabled": True},
            as_="admin",
        ),
    ):
        assert (answer.status, answer.body["fields"]) == (409, {"id": "is your own"})
    assert story.sign_ins.users["sub-admin"].enabled
    named = story.http(
        "PUT", "/api/accounts/sub-admin", {**fields, "name": "Bu Ani"}, as_="admin", headers=header
    )
    assert named.status == 200


def test_no_account_is_ever_removed_what_it_did_names_it(story: Story) -> None:
    id_ = invited(story)["account"]["id"]
    refused = story.http("DELETE", f"/api/registry/accounts/{id_}", as_="admin")
    assert (refused.status, refused.body["fields"]) == (409, {"id": "disable it instead"})


def test_two_admins_who_disable_each_other_at_once_leave_one(story: Story) -> None:
    second = invited(story, {**SITI, "role": "admin"})["account"]["id"]
    # Both have read the registry before either writes.
    seen = story.world.registry.current()
    first, other = seen.accounts["sub-admin"], seen.accounts[second]
    off = replace(other, disabled=True)
    keeping.put(story.world, seen, "accounts", off, known=1, hand=Hand("sub-admin"))
    off = replace(first, disabled=True)
    with pytest.raises(Conflict) as refused:
        keeping.put(story.world, seen, "accounts", off, known=1, hand=Hand(second))
    assert refused.value.fields == {"id": "is the last admin"}
    assert story.http("GET", "/api/me", as_="admin").status == 200


# -- an agency's admin -------------------------------------------------------------------------------------------------


def test_an_agencys_admin_keeps_the_admins_of_its_agency_and_sees_no_others(story: Story) -> None:
    made = invited(story, DAMKAR, as_="damkar_admin")
    assert set(listed(story, "damkar_admin")) == {"sub-damkar-admin", made["account"]["id"]}
    assert set(listed(story, "psc_admin")) == {"sub-psc-admin"}
    path = f"/{made['account']['id']}"
    assert post(story, f"{path}/disable", as_="psc_admin").status == 403
    assert post(story, f"{path}/disable", as_="damkar_admin").status == 200
    assert post(story, f"{path}/enable", as_="damkar_admin").status == 200
    assert story.http("GET", f"/api/accounts{path}/last-act", as_="psc_admin").status == 403


@pytest.mark.parametrize(
    "wish",
    [
        {"role": "admin", "agency_id": None},
        {"role": "operator", "agency_id": None},
        {"agency_id": "psc"},
    ],
    ids=str,
)
def test_an_agencys_admin_invites_nobody_higher_and_nobody_elsewhere(
    story: Story, wish: dict[str, Any]
) -> None:
    assert post(story, "", {**DAMKAR, **wish}, as_="damkar_admin").status == 403
    made = invited(story, DAMKAR, as_="damkar_admin")["account"]
    body = {name: made[name] for name in ("name", "role", "agency_id", "person_id", "language")}
    raised = story.http(
        "PUT",
        f"/api/accounts/{made['id']}",
        {**body, **wish},
        as_="damkar_admin",
        headers={"if-match": str(made["v"])},
    )
    assert raised.status == 403
    assert len(story.sign_ins.users) == 6


def test_an_agencys_admin_does_nothing_to_whoever_is_above(story: Story) -> None:
    for path in ("disable", "enable", "password", "invitation", "second-factor/forget"):
        assert post(story, f"/sub-admin/{path}", as_="damkar_admin").status == 403
    assert story.http("GET", "/api/accounts/sub-admin", as_="damkar_admin").status == 403
    assert story.sign_ins.calls == []


# -- the list ----------------------------------------------------------------------------------------------------------


def test_while_the_sign_in_service_is_away_the_accounts_are_listed_and_said_to_be_unknown(
    story: Story,
) -> None:
    story.sign_ins.away = {"*"}
    answer = story.http("GET", "/api/accounts", as_="admin").body
    assert answer["known"] is False
    assert len(answer["accounts"]) == len(regency.ACCOUNTS)
    assert {each["sign_in"] for each in answer["accounts"]} == {None}


def test_another_role_counts_from_the_next_request_over_the_version_that_was_read(story: Story) -> None:
    before = of(story, "sub-operator2")
    body = {name: before[name] for name in ("name", "role", "agency_id", "person_id", "language")}
    path = "/api/accounts/sub-operator2"
    assert story.http("GET", "/api/correction-requests", as_="operator2").status == 403
    assert story.http("PUT", path, body, as_="admin", headers={"if-match": ""}).status == 428
    raised = {**body, "role": "supervisor", "why": "Naik jabatan"}
    headers = {"if-match": str(before["v"])}
    first = story.http("PUT", path, raised, as_="admin", headers=headers)
    assert first.status == 200
    assert story.http("GET", "/api/correction-requests", as_="operator2").status == 200
    assert story.http("PUT", path, raised, as_="admin", headers=headers).body == first.body
    assert story.http("PUT", path, body, as_="admin", headers=headers).status == 409
    assert history(story, "sub-operator2")[0] == ("changed", "sub-admin", "Naik jabatan")


def test_what_was_done_to_accounts_holds_before_the_checker(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    id_ = invited(story)["account"]["id"]
    post(story, f"/{id_}/password")
    post(story, f"/{id_}/disable")
    post(story, f"/{id_}/enable")
    assert [each[0] for each in history(story, id_)] == ["changed", "changed", "changed", "created"]
    code, told = verified(capsys, "--all")
    assert code == 0, told
    item = RegistryItem.get("R", f"accounts#{id_}")
    item.doc = item.doc.replace('"operator"', '"admin"')
    item.save()
    code, told = verified(capsys, "--all")
    assert code == 1 and f"accounts/{id_}" in told


# -- what somebody did last --------------------------------------------------------------------------------------------


def did(story: Story, account: str, as_: str = "admin") -> Any:
    return story.http("GET", f"/api/accounts/{account}/last-act", as_=as_).body


@pytest.fixture
def nobody(story: Story) -> Iterator[None]:
    """Whoever is paged in these stories is not their subject."""
    yield
    for each in regency.PEOPLE:
        phone = story.phone(each)
        phone.seen = len(phone.messages())


def test_what_somebody_did_last_is_read_from_the_trail(story: Story, nobody: None) -> None:
    nothing = did(story, "sub-operator2")
    assert (nothing["at"], nothing["searched_to"]) == (None, "2026-11-10")
    fire = story.call()["incident"]
    story.desk("POST", f"/api/incidents/{fire['id']}/notes", {"text": "Asap"})
    last = did(story, "sub-operator")
    assert (last["where"], last["type"], last["incident_id"]) == ("incident", "NoteAdded", fire["id"])
    story.fast_forward(3600)
    silent = {"channel": "phone", "class": "ghost", "received_at": story.clock.now()}
    story.desk("POST", "/api/calls", silent, expect=201)
    assert did(story, "sub-operator")["where"] == "call"
    invited(story)
    assert did(story, "sub-admin")["where"] == "registry"


def test_an_incident_that_began_the_day_before_does_not_hide_what_was_done_to_it_today(
    story: Story, nobody: None
) -> None:
    fire = story.call("theft")["incident"]
    story.fast_forward(18 * 3600, sweeping=False)
    silent = {"channel": "phone", "class": "ghost", "received_at": story.clock.now()}
    story.desk("POST", "/api/calls", silent, expect=201)
    story.fast_forward(60, sweeping=False)
    story.desk("POST", f"/api/incidents/{fire['id']}/cancel", {"reason": "Palsu"})
    last = did(story, "sub-operator")
    assert (last["type"], last["searched_to"]) == ("IncidentCancelled", "2026-11-23")
