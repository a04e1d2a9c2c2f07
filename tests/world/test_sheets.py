"""An agency's own sheet on its way into the registry: tried, clarified, imported, gone on with, taken back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from chalicelib.domain.versions import Brought
from chalicelib.models import brought
from tests.support import regency
from tests.support.registry_faults import before_the_second, dying_after_one_write
from tests.world.harness import Answer, Story

# As an agency keeps it: titles, sections, a head again, a count, a signature.
LISTED = "\n".join(
    [
        "DAFTAR PERSONEL DAMKAR",
        "No\tNama\tNo. HP\tNIP\tMasa berlaku\t",
        "REGU I\t\t\t\t\t",
        "1\tH. Rusdi Amin, S.Sos\t8123456701\t19800101 200501 1 001\t\t",
        "2\tSiti Nur'aini\t0812-3456-702\t\t\t",
        "3\tSuparman\t8,12E+10\t\t\t",
        "4\tAndi\t0811 000 100\t\t\t",
        "Jumlah\t4\t\t\t\t",
        "\t\tSampit, 3 Januari 2027\t\t\t",
        "\t\tKepala Dinas\t\t\t",
    ]
)


def brings(story: Story, text: str = LISTED, as_: str = "damkar_admin", **more: Any) -> Any:
    answer = begins(story, text, as_, **more)
    assert answer.status == 201, answer.body
    return answer.body


def begins(story: Story, text: str, as_: str, **more: Any) -> Answer:
    story._keys += 1
    body = {"noun": "personnel", "text": text, **more}
    return story.http("POST", "/api/imports", body, as_=as_, key=f"sheet-{story._keys}")


def clarify(story: Story, preview: Any, as_: str = "damkar_admin", **given: Any) -> Any:
    path = f"/api/imports/{preview['id']}/clarifications"
    answer = story.http("POST", path, {"clarified": given}, as_=as_)
    assert answer.status == 200, answer.body
    return answer.body


def commits(story: Story, preview: Any, as_: str = "damkar_admin", **more: Any) -> Answer:
    body = {"seen": preview["digest"], **more}
    return story.http("POST", f"/api/imports/{preview['id']}/commit", body, as_=as_)


def undoes(story: Story, preview: Any, as_: str = "damkar_admin") -> Answer:
    return story.http("POST", f"/api/imports/{preview['id']}/undo", {"why": "Berkas salah"}, as_=as_)


def people(story: Story) -> dict[str, Any]:
    listed = story.http("GET", "/api/registry/personnel", as_="damkar_admin").body["items"]
    return {each["name"]: each for each in listed}


def test_an_agencys_sheet_is_tried_repaired_and_imported_as_it_was_tried(story: Story) -> None:
    before = people(story)
    seen = brings(story)
    assert seen["counts"] == {"not_read": 6, "new": 2, "refused": 1, "same": 1}
    assert seen["bins"] == "tttnnrsttt"
    (refused,) = seen["refusals"]
    assert (refused["at"], refused["written"], refused["code"]) == ("C6", "8,12E+10", "phone_rounded")
    assert people(story) == before
    told = commits(story, seen)
    assert (told.status, told.body["fields"]) == (422, {"without_refused": "1 rows are refused"})
    seen = clarify(story, seen, cells={"C6": "0812 3456 703"})
    assert seen["counts"]["new"] == 3
    told = commits(story, seen)
    assert told.status == 200, told.body
    assert (told.body["made"]["new"], told.body["left"], told.body["more"]) == (3, [], False)
    after = people(story)
    assert after.keys() - before.keys() == {"H. Rusdi Amin, S.Sos", "Siti Nur'aini", "Suparman"}
    assert after["Suparman"]["phone"] == "+628123456703"
    assert after["H. Rusdi Amin, S.Sos"]["nip"] == "198001012005011001"
    again = brings(story, LISTED.replace("8,12E+10", "08123456703"))
    assert again["counts"] == {"not_read": 6, "same": 4}


def test_without_the_refused_rows_the_rest_is_imported(story: Story) -> None:
    told = commits(story, brings(story), without_refused=True)
    assert (told.status, told.body["made"]["new"], told.body["made"]["left_out"]) == (200, 2, 1)
    assert "Suparman" not in people(story)


def test_a_wrong_import_is_taken_back_whole_and_listed_as_such(story: Story) -> None:
    before = people(story)
    seen = brings(story)
    commits(story, seen, without_refused=True)
    assert undoes(story, seen).status == 200
    after = people(story)
    assert {name: each["phone"] for name, each in after.items()} == {
        name: each["phone"] for name, each in before.items()
    }
    (listed,) = story.http("GET", "/api/imports", as_="damkar_admin").body["imports"]
    assert (listed["state"], listed["by"], listed["new"]) == ("undone", "Damkar_Admin", 2)
    assert commits(story, seen, without_refused=True).status == 409


def test_who_was_changed_since_is_not_taken_back(story: Story) -> None:
    seen = brings(story)
    commits(story, seen, without_refused=True)
    siti = people(story)["Siti Nur'aini"]
    told = {**{name: each for name, each in siti.items() if name != "v"}, "phone": "0812 3456 799"}
    path = f"/api/registry/personnel/{siti['id']}"
    changed = story.http("PUT", path, told, as_="damkar_admin", headers={"if-match": str(siti["v"])})
    assert changed.status == 200, changed.body
    left = undoes(story, seen).body["left"]
    assert [(each["label"], each["faults"][0]["code"]) for each in left] == [
        ("Siti Nur'aini", "changed_meanwhile")
    ]
    assert "Siti Nur'aini" in people(story)
    assert "H. Rusdi Amin, S.Sos" not in people(story)


def test_an_import_that_died_goes_on_with_what_was_seen(story: Story) -> None:
    rows = "\n".join(f"Orang {chr(65 + n % 26)}{chr(97 + n // 26)}\t0812000{n:05}" for n in range(120))
    seen = brings(story, f"Nama\tNo HP\n{rows}")
    assert seen["counts"]["new"] == 120
    with dying_after_one_write():
        commits(story, seen)
    some = len(people(story))
    (listed,) = story.http("GET", "/api/imports", as_="damkar_admin").body["imports"]
    assert (2 < some < 122, listed["state"]) == (True, "writing")
    told = commits(story, seen)
    assert (told.status, told.body["made"]["state"], told.body["left"]) == (200, "done", [])
    assert len(people(story)) == 122


def test_an_import_that_is_taken_back_while_it_is_written_leaves_nobody_behind(story: Story) -> None:
    before = people(story)
    rows = "\n".join(f"Orang {chr(65 + n % 26)}{chr(97 + n // 26)}\t0812000{n:05}" for n in range(120))
    seen = brings(story, f"Nama\tNo HP\n{rows}")
    with before_the_second(lambda: undoes(story, seen)):
        refused = commits(story, seen)
    assert (refused.status, refused.body["faults"][0]["code"]) == (409, "import_undone")
    (listed,) = story.http("GET", "/api/imports", as_="damkar_admin").body["imports"]
    assert (listed["state"], people(story)) == ("undone", before)


def test_what_was_written_while_an_import_was_taken_back_is_taken_back_too(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = people(story)
    seen = brings(story)
    commits(story, seen, without_refused=True)
    things, hidden = brought.things_of, [True]

    def but_the_last_at_first(found: Iterable[Brought]) -> list[Any]:
        # As an undo has looked whose eyes the last chunk was not yet before.
        there = things(found)
        return there[:-1] if hidden and hidden.pop() else there

    monkeypatch.setattr(brought, "things_of", but_the_last_at_first)
    assert undoes(story, seen).status == 200
    assert people(story) == before


def test_a_commit_that_is_sent_again_writes_nothing_again(story: Story) -> None:
    seen = brings(story)
    first = commits(story, seen, without_refused=True)
    before = people(story)
    again = commits(story, seen, without_refused=True)
    assert (again.status, again.body["made"]) == (200, first.body["made"])
    assert people(story) == before


def test_what_would_do_something_else_by_now_is_looked_at_again(story: Story) -> None:
    seen = brings(story)
    taken = {"id": "rusdi", "agency_id": "damkar", "name": "Rusdi Amin", "phone": "08123456701"}
    assert story.http("POST", "/api/registry/personnel", taken, as_="damkar_admin").status == 201
    refused = commits(story, seen, without_refused=True)
    assert (refused.status, list(refused.body["fields"])) == (409, ["seen"])
    now = story.http("GET", f"/api/imports/{seen['id']}", as_="damkar_admin").body
    assert now["counts"] == {"not_read": 6, "new": 1, "changed": 1, "refused": 1, "same": 1}
    assert commits(story, now, without_refused=True).status == 200


def test_two_agencies_import_at_once_and_neither_sees_the_others(story: Story) -> None:
    ours = brings(story)
    theirs = brings(story, "Nama\tNo HP\nWati Lestari\t0812 3456 788", as_="psc_admin")
    for path, body in (("clarifications", {"clarified": {}}), ("commit", {"seen": "0" * 32}), ("undo", {})):
        refused = story.http("POST", f"/api/imports/{ours['id']}/{path}", body, as_="psc_admin")
        assert refused.status == (404 if path == "undo" else 403)
    assert story.http("GET", f"/api/imports/{ours['id']}", as_="psc_admin").status == 403
    assert commits(story, theirs, as_="psc_admin").status == 200
    assert commits(story, ours, without_refused=True).status == 200
    assert undoes(story, ours, as_="psc_admin").status == 403
    listed = story.http("GET", "/api/imports", as_="psc_admin").body["imports"]
    assert [each["id"] for each in listed] == [theirs["id"]]
    assert len(story.http("GET", "/api/imports", as_="admin").body["imports"]) == 2


def test_what_the_regencys_admin_brings_for_an_agency_and_others_is_not_the_agencys_to_see_or_take_back(
    story: Story,
) -> None:
    text = "Nama\tNo HP\tInstansi\nWati Lestari\t0812 3456 788\t\nRusdi Amin\t0812 3456 789\tDamkar"
    mixed = brings(story, text, as_="admin", agency_id="psc")
    for path, body in (("clarifications", {"clarified": {}}), ("commit", {"seen": mixed["digest"]})):
        refused = story.http("POST", f"/api/imports/{mixed['id']}/{path}", body, as_="psc_admin")
        assert refused.status == 403
    assert commits(story, mixed, as_="admin").status == 200
    assert story.http("GET", f"/api/imports/{mixed['id']}", as_="psc_admin").status == 403
    assert undoes(story, mixed, as_="psc_admin").status == 403
    assert story.http("GET", "/api/imports", as_="psc_admin").body["imports"] == []
    assert "Rusdi Amin" in people(story)
    assert undoes(story, mixed, as_="admin").status == 200
    assert "Rusdi Amin" not in people(story)


def test_an_agencys_admin_brings_in_nobody_for_another(story: Story) -> None:
    assert begins(story, LISTED, "damkar_admin", agency_id="psc").status == 403
    assert begins(story, LISTED, "operator").status == 403
    other = brings(story, "Nama\tNo HP\tInstansi\nWati Lestari\t0812 3456 788\tPsc")
    assert [each["code"] for each in other["refusals"]] == ["other_agency"]


def test_a_sheet_that_is_none_says_so(story: Story) -> None:
    assert begins(story, "", "damkar_admin").body["fields"] == {"text": "is empty"}
    assert begins(story, "\n" * 6000, "damkar_admin").status == 400
    strange = brings(story, "Menu kantin\nSoto\nRawon")
    assert sorted((each["kind"], each["field"]) for each in strange["asked"]) == [
        ("missing", "name"),
        ("missing", "phone"),
    ]
    assert commits(story, strange).status == 422


def test_what_is_exported_comes_back_as_the_same(story: Story) -> None:
    for noun, who in (
        ("personnel", "damkar_admin"),
        ("units", "admin"),
        ("stations", "admin"),
        ("personnel", "admin"),
    ):
        for language in ("id", "en"):
            file = story.http("GET", f"/api/sheets/{noun}", as_=who, query={"language": language})
            assert file.status == 200, file.body
            back = brings(story, file.body["text"], as_=who, noun=noun)
            assert (back["asked"], back["counts"].keys()) == ([], {"not_read", "same"}), back["refusals"]
    assert story.http("GET", "/api/sheets/accounts", as_="admin").status == 404
    assert (
        story.http("GET", "/api/sheets/units", as_="damkar_admin", query={"agency_id": "psc"}).status == 403
    )


def test_the_whole_configuration_is_the_admins_alone(story: Story) -> None:
    file = story.http("GET", "/api/configuration", as_="admin")
    assert file.body["name"] == "kotim.yaml"
    assert '"citra": {"agency_id":"psc"' in file.body["text"]
    assert "sub-admin" not in file.body["text"]
    for who in ("damkar_admin", "supervisor", "auditor"):
        assert story.http("GET", "/api/configuration", as_=who).status == 403


def test_a_unit_that_would_leave_a_plan_without_anybody_is_refused_by_the_rule(story: Story) -> None:
    boat = story.http("GET", "/api/registry/units/perahu_1", as_="admin").body
    text = f"ID\tCallsign\tNama unit\tPos\tMedan\nperahu_1\t{boat['callsign']}\t{boat['name']}\t{boat['station_id']}\tdarat"
    seen = brings(story, text, as_="admin", noun="units", agency_id="airud")
    (refused,) = seen["refusals"]
    assert (refused["code"], refused["values"]["code"]) == ("rule", "no_unit")


def test_numbers_of_another_agency_are_told_to_no_agencys_admin(story: Story) -> None:
    citra = regency.number_of("citra")
    seen = brings(story, f"Nama\tNo HP\nCitra\t{citra}")
    assert seen["counts"] == {"not_read": 1, "new": 1}
