"""Every change of the registry stands in its history: who, when, why, what was before; and each version can be put back."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec import to_builtins

from chalicelib.models import registry_writes, versions
from chalicelib.models.tables import RegistryItem
from tests.support import regency as seeded
from tests.world.harness import Answer, Story

TARGET = {
    "id": "response",
    "label": {"id": "Waktu tanggap", "en": "Response time"},
    "seconds": 900,
    "source": "PU 20/2009",
}
PATH = "/api/registry/targets/response"


def history(story: Story, path: str = PATH, as_: str = "admin", **query: str) -> Any:
    answer = story.http("GET", f"{path}/history", as_=as_, query=query)
    assert answer.status == 200, answer.body
    return answer.body


def makes(story: Story, **more: Any) -> Answer:
    return story.http("POST", "/api/registry/targets", {**TARGET, **more}, as_="admin")


def changes(
    story: Story, path: str = PATH, as_: str = "admin", match: int | None = None, **fields: Any
) -> Answer:
    value = story.http("GET", path, as_="admin").body
    headers = {"if-match": str(match or value.pop("v"))}
    value.pop("v", None)
    return story.http("PUT", path, {**value, **fields}, as_=as_, headers=headers)


def spare(story: Story, **more: Any) -> str:
    """A unit that nobody's shift names, by its path."""
    unit = next(each for each in map(to_builtins, seeded.nouns()["units"]) if each["id"] == "damkar_1")
    unit = {**unit, "id": "spare", "callsign": "CADANGAN", **more}
    assert story.http("POST", "/api/registry/units", unit, as_="admin").status == 201
    return "/api/registry/units/spare"


def puts_back(
    story: Story, v: int, match: int, path: str = PATH, as_: str = "admin", why: str = ""
) -> Answer:
    headers = {"if-match": str(match)}
    return story.http("POST", f"{path}/restore", {"v": v, "why": why}, as_=as_, headers=headers)


def test_a_target_of_one_second_and_back_leaves_two_versions_with_who_and_why(story: Story) -> None:
    makes(story, why="Peraturan baru")
    story.clock.advance(60)
    assert changes(story, seconds=1, why="Uji coba").status == 200
    assert changes(story, seconds=900).status == 200
    told = history(story)
    assert told["whole"] and not told["more"]
    newest, middle, first = told["versions"]
    assert (first["v"], first["change"], first["why"], first["before"]) == (
        1,
        "created",
        "Peraturan baru",
        None,
    )
    assert middle["by"] == {"id": "sub-admin", "name": "Admin"}
    assert middle["at"].startswith("2026-11-23T03:01:00")
    assert (middle["why"], middle["before"]["seconds"], middle["after"]["seconds"]) == ("Uji coba", 900, 1)
    assert (newest["v"], newest["why"], newest["after"]) == (3, None, first["after"])


def test_the_reason_stands_in_the_history_and_in_the_thing_itself_not(story: Story) -> None:
    assert "why" not in makes(story, why="Peraturan baru").body
    assert "why" not in story.http("GET", PATH, as_="admin").body
    assert "Peraturan" not in RegistryItem.get("R", "targets#response").doc


def test_a_change_sent_again_is_one_version(story: Story) -> None:
    for _ in range(2):
        assert makes(story).body["v"] == 1
    for _ in range(2):
        assert changes(story, match=1, seconds=600).body["v"] == 2
    assert [each["v"] for each in history(story)["versions"]] == [2, 1]


def test_of_two_editors_the_second_leaves_no_version(story: Story) -> None:
    makes(story)
    assert changes(story, seconds=600).status == 200
    assert changes(story, match=1, seconds=700).status == 409
    assert [each["v"] for each in history(story)["versions"]] == [2, 1]


def test_a_version_put_back_is_a_new_one_that_names_it(story: Story) -> None:
    makes(story)
    changes(story, seconds=1)
    assert puts_back(story, 1, match=1).status == 409
    for _ in range(2):
        back = puts_back(story, 1, match=2, why="Salah ketik")
        assert (back.status, back.body) == (200, {"v": 3, **story.http("GET", PATH, as_="admin").body})
    newest = history(story)["versions"][0]
    assert (newest["change"], newest["of"], newest["why"]) == ("put_back", 1, "Salah ketik")
    assert newest["after"]["seconds"] == 900


def test_what_would_break_the_rules_is_not_put_back(story: Story) -> None:
    stations = map(to_builtins, seeded.nouns()["stations"])
    station = next(each for each in stations if each["agency_id"] == "damkar")
    assert story.http("POST", "/api/registry/stations", {**station, "id": "lama"}, as_="admin").status == 201
    spare(story, station_id="lama")
    path = "/api/registry/units/spare"
    assert changes(story, path, station_id=station["id"]).status == 200
    assert story.http("DELETE", "/api/registry/stations/lama", as_="admin").status == 200
    refused = puts_back(story, 1, match=2, path=path)
    assert (refused.status, refused.body["fields"]) == (422, {"station_id": "stations has no 'lama'"})
    assert [each["v"] for each in history(story, path)["versions"]] == [2, 1]


def test_there_is_no_putting_back_of_a_version_that_never_was(story: Story) -> None:
    makes(story)
    answer = puts_back(story, 7, match=1)
    assert (answer.status, answer.body["fields"]) == (404, {"v": "not found"})
    assert puts_back(story, 1, match=1, path="/api/registry/targets/none").status == 404


def test_a_removed_thing_keeps_its_history_and_made_anew_it_goes_on(story: Story) -> None:
    makes(story)
    assert story.http("DELETE", PATH, as_="admin").status == 200
    told = history(story)
    newest = told["versions"][0]
    assert (newest["v"], newest["change"], newest["after"]) == (2, "removed", None)
    assert told["whole"]
    for _ in range(2):
        assert makes(story, seconds=600).body["v"] == 3
    told = history(story)
    assert told["whole"]
    assert [(each["v"], each["change"]) for each in told["versions"]] == [
        (3, "created"),
        (2, "removed"),
        (1, "created"),
    ]
    assert changes(story, seconds=700).body["v"] == 4


def test_why_something_is_removed_stands_in_its_history_and_need_not_be_said(story: Story) -> None:
    makes(story)
    cluttered = story.http("DELETE", PATH, {"why": "Salah\nketik"}, as_="admin")
    assert (cluttered.status, list(cluttered.body["fields"])) == (400, ["why"])
    assert story.http("DELETE", PATH, {"why": "Target lama"}, as_="admin").status == 200
    assert history(story)["versions"][0]["why"] == "Target lama"
    makes(story)
    assert story.http("DELETE", PATH, as_="admin").status == 200
    assert history(story)["versions"][0]["why"] is None


def test_a_removed_thing_is_put_back(story: Story) -> None:
    makes(story)
    story.http("DELETE", PATH, as_="admin")
    for _ in range(2):
        back = puts_back(story, 1, match=2, why="Terhapus")
        assert (back.status, back.body["v"], back.body["seconds"]) == (200, 3, 900)
    assert story.http("GET", PATH, as_="admin").body["v"] == 3


def test_retiring_and_reinstating_are_named_so(story: Story) -> None:
    path = spare(story)
    changes(story, path, retired=True)
    changes(story, path, retired=False)
    told = [each["change"] for each in history(story, path)["versions"]]
    assert told == ["reinstated", "retired", "created"]


def test_long_histories_come_by_twenties(story: Story) -> None:
    makes(story)
    for seconds in range(1, 25):
        changes(story, seconds=seconds)
    first = history(story)
    assert ([each["v"] for each in first["versions"]], first["more"]) == ([*range(25, 5, -1)], True)
    rest = history(story, before="6")
    assert ([each["v"] for each in rest["versions"]], rest["more"]) == ([5, 4, 3, 2, 1], False)
    assert story.http("GET", f"{PATH}/history", as_="admin", query={"before": "0"}).status == 400


# -- who may see it ------------------------------------------------------------------------------------------------------


def test_an_agency_sees_the_history_of_its_own_alone(story: Story) -> None:
    path = "/api/registry/personnel/andi"
    assert history(story, path, as_="damkar_admin")["versions"][0]["after"]["phone"].startswith("+62")
    assert story.http("GET", f"{path}/history", as_="psc_admin").status == 403
    assert puts_back(story, 1, match=1, path=path, as_="psc_admin").status == 403


def test_what_somebody_was_in_another_agency_is_not_shown_to_the_new_one(story: Story) -> None:
    path = "/api/registry/personnel/andi"
    moved = changes(story, f"{path}", agency_id="psc")
    assert moved.status == 409
    value = story.http("GET", path, as_="admin").body
    headers = {"if-match": str(value.pop("v"))}
    story.http("PUT", f"{path}?end_shifts=true", {**value, "agency_id": "psc"}, as_="admin", headers=headers)
    newest, first = history(story, path, as_="psc_admin")["versions"]
    assert (newest["before"], newest["after"]["agency_id"], first["after"]) == (None, "psc", None)
    assert story.http("GET", f"{path}/history", as_="damkar_admin").status == 403


def test_whoever_reads_to_judge_sees_the_ends_of_numbers_alone(story: Story) -> None:
    path = "/api/registry/personnel/andi"
    changes(story, path, name="Andi Baru")
    for version in history(story, path, as_="leader")["versions"]:
        for value in (version["before"], version["after"]):
            assert value is None or value["phone"].startswith("…")


def test_the_history_of_an_account_is_for_whom_accounts_are(story: Story) -> None:
    path = "/api/registry/accounts/sub-operator"
    assert changes(story, path, role="supervisor", why="Naik jabatan").status == 200
    assert history(story, path, as_="auditor")["versions"][0]["before"]["role"] == "operator"
    assert story.http("GET", f"{path}/history", as_="leader").status == 403
    assert story.http("GET", f"{path}/history", as_="operator").status == 403


def test_a_shift_taken_off_the_roster_has_its_history(story: Story) -> None:
    day = {"agency_id": "psc", "date": "2026-11-23"}
    path = "/api/registry/shifts/citra-2026-11-23"
    assert story.http("DELETE", path, as_="psc_admin", query=day).status == 200
    newest, first = history(story, path, as_="psc_admin", **day)["versions"]
    assert (newest["change"], newest["before"]["person_id"]) == ("removed", "citra")
    assert (newest["by"]["id"], first["change"]) == ("sub-psc-admin", "created")
    assert story.http("GET", f"{path}/history", as_="damkar_admin", query=day).status == 403


# -- what no record tells of ---------------------------------------------------------------------------------------------


def an_older_release_writes(**fields: Any) -> None:
    """It knows no records: the item comes without its head, and the counter too."""
    item = RegistryItem.get("R", "targets#response")
    value = {**msgspec.json.decode(item.doc), **fields}
    doc = msgspec.json.encode(value).decode()
    RegistryItem(pk="R", sk="targets#response", v=item.v + 1, doc=doc).save()
    counter = RegistryItem.get("LIVE", "!version#nouns")
    parts = {**msgspec.json.decode(counter.doc), "targets": counter.v + 1}
    doc = msgspec.json.encode(parts).decode()
    RegistryItem(pk="LIVE", sk="!version#nouns", v=counter.v + 1, doc=doc).save()
    RegistryItem(pk="LIVE", sk="!version").update(actions=[RegistryItem.v.add(1)])


def test_a_version_of_an_older_release_is_named_and_the_history_goes_on(story: Story) -> None:
    makes(story)
    an_older_release_writes(seconds=800)
    an_older_release_writes(seconds=700)
    told = history(story)
    assert not told["whole"]
    assert [(each["v"], each["change"]) for each in told["versions"]] == [
        (3, "unrecorded"),
        (2, "unrecorded"),
        (1, "created"),
    ]
    assert told["versions"][0]["after"]["seconds"] == 700
    assert changes(story, seconds=600).body["v"] == 4
    told = history(story)
    assert not told["whole"]
    assert [(each["v"], each["change"], each["by"] is None) for each in told["versions"]] == [
        (4, "changed", False),
        (3, "unrecorded", True),
        (2, "unrecorded", True),
        (1, "created", False),
    ]
    assert told["versions"][0]["before"]["seconds"] == 700
    assert puts_back(story, 3, match=4).body["seconds"] == 700
    refused = puts_back(story, 2, match=5)
    assert (refused.status, refused.body["fields"]) == (422, {"v": "is erased or was never recorded"})


def test_what_was_never_recorded_shows_what_stands(story: Story) -> None:
    makes(story)
    item = RegistryItem.get("R", "targets#response")
    for record in RegistryItem.query("V#R", RegistryItem.sk.startswith("targets#response~")):
        record.delete()
    item.head = None
    item.save()
    told = history(story)
    assert (told["whole"], [each["change"] for each in told["versions"]]) == (False, ["unrecorded"])
    assert told["versions"][0]["after"]["seconds"] == 900


@pytest.mark.parametrize("field", ["value", "why"])
def test_a_history_whose_words_were_changed_does_not_hold(story: Story, field: str) -> None:
    makes(story, why="Peraturan baru")
    changes(story, seconds=600)
    assert history(story)["whole"]
    (first, *_) = RegistryItem.query("V#R", RegistryItem.sk.startswith("targets#response~"))
    kept = msgspec.json.decode(first.doc)
    first.doc = msgspec.json.encode(
        {**kept, field: kept[field].replace("900", "901").replace("baru", "lama")}
    ).decode()
    first.save()
    assert not history(story)["whole"]


def test_what_stands_other_than_recorded_is_not_whole(story: Story) -> None:
    makes(story)
    item = RegistryItem.get("R", "targets#response")
    item.doc = item.doc.replace("900", "1")
    item.save()
    assert not history(story)["whole"]


def test_nothing_of_the_registry_is_written_without_saying_by_whom(story: Story) -> None:
    with pytest.raises(ValueError, match="who writes"):
        registry_writes.write(
            [(registry_writes.item_of("targets", seeded.nouns()["districts"][0]), None)], stamp=None
        )


def test_a_record_is_never_written_over(story: Story) -> None:
    """Two writers who meet: whoever comes second has read an end of the chain that is no more."""
    makes(story)
    assert versions.last_of("R", "targets#response") is not None
    changes(story, seconds=600)
    keys = [item.sk for item in RegistryItem.query("V#R", RegistryItem.sk.startswith("targets#response~"))]
    assert keys == ["targets#response~00000001", "targets#response~00000002"]
