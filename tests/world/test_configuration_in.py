"""The whole configuration out, changed by hand, in again, and taken back; by an admin alone, and without anybody's account."""

from __future__ import annotations

import re
from typing import Any

from tests.world.harness import Answer, Story
from tests.world.test_sheets import commits, undoes
from tests.world.test_workbooks import brings, looks


def taken_out(story: Story) -> str:
    return str(story.http("GET", "/api/configuration", as_="admin").body["text"])


def tries(story: Story, text: str, as_: str = "admin") -> Answer:
    workbook_id = brings(story, text.encode(), as_=as_)
    assert looks(story, workbook_id, as_=as_)["state"] == "read"
    body = {"noun": "configuration", "workbook": {"id": workbook_id, "sheet": 0}}
    return story.http("POST", "/api/imports", body, as_=as_, key=workbook_id)


def without_its_moment(text: str) -> str:
    return text.partition("\n")[2]


def test_what_is_taken_out_and_brought_in_again_changes_nothing(story: Story) -> None:
    seen = tries(story, taken_out(story)).body
    assert set(seen["counts"]) == {"same", "not_read"} and seen["refusals"] == []


def test_a_changed_configuration_is_shown_imported_and_taken_back_whole(story: Story) -> None:
    before = taken_out(story)
    changed = (
        before.replace('"Baamang"', '"Baamang Baru"')
        .replace("\nduty: {}", "\n")
        .replace("capabilities:\n", 'capabilities:\n  "drone": {"label":{"id":"Drone","en":"Drone"}}\n')
    )
    seen = tries(story, changed + "\nduty: {}\n").body
    assert (seen["counts"]["new"], seen["counts"]["changed"]) == (1, 1), seen["refusals"]
    assert [(each["label"], each["changes"][0]["field"]) for each in seen["changed"]] == [
        ("districts: Baamang Baru", "name")
    ]
    assert taken_out(story) != changed
    told = commits(story, seen, as_="admin")
    assert (told.status, told.body["left"]) == (200, []), told.body
    after = taken_out(story)
    assert '"Baamang Baru"' in after and '"drone"' in after
    assert undoes(story, seen, as_="admin").body["left"] == []
    assert without_its_moment(taken_out(story)) == without_its_moment(before)


def test_accounts_stay_as_they_are_whatever_a_file_says_of_them(story: Story) -> None:
    listed = story.http("GET", "/api/registry/accounts", as_="admin").body["items"]
    text = taken_out(story).replace(
        "accounts: {}", 'accounts:\n  "sub-admin": {"name":"Lain","role":"operator","disabled":true}'
    )
    seen = tries(story, text).body
    assert seen["counts"].keys() == {"same", "not_read"}
    assert [each["kind"] for each in seen["not_read"] if each["label"].startswith("accounts")] == [
        "not_taken"
    ]
    assert story.http("GET", "/api/registry/accounts", as_="admin").body["items"] == listed


def test_what_breaks_a_rule_is_refused_with_the_rule_and_can_be_left_out(story: Story) -> None:
    text = re.sub(r'"station_id":"\w+"', '"station_id":"tidak_ada"', taken_out(story), count=1)
    seen = tries(story, text).body
    codes: Any = {(each["code"], each["values"].get("code")) for each in seen["refusals"]}
    assert codes == {("rule", "unknown")}
    assert commits(story, seen, as_="admin").status == 422


def test_an_agencys_admin_brings_no_configuration(story: Story) -> None:
    assert tries(story, taken_out(story), as_="damkar_admin").status == 403


def test_a_configuration_is_no_list_of_people_and_a_list_no_configuration(story: Story) -> None:
    workbook_id = brings(story, taken_out(story).encode(), as_="admin")
    body = {"noun": "personnel", "workbook": {"id": workbook_id, "sheet": 0}}
    assert story.http("POST", "/api/imports", body, as_="admin", key="a").status == 422
    body = {"noun": "configuration", "text": "Nama\tNo HP"}
    assert story.http("POST", "/api/imports", body, as_="admin", key="b").status == 400
