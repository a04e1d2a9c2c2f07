"""What the registry's history holds of a person can be erased, on request and by age, and the chains hold afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest

from chalicelib import bootstrap
from chalicelib.handlers import events
from chalicelib.models import registry_writes
from chalicelib.models.conflicts import Unconfirmed
from chalicelib.models.tables import RegistryItem
from tests.world.harness import Story
from tests.world.test_verify_registry import said, whole
from tests.world.test_versions import changes, history

PATH = "/api/registry/personnel/fajar"
REQUEST = {"reason": "Surat 18/2026"}


def number_of(story: Story) -> str:
    return str(story.http("GET", PATH, as_="admin").body["phone"])


def leaves(story: Story) -> str:
    """Somebody retires and is written over; the number that was theirs."""
    number = number_of(story)
    value = story.http("GET", PATH, as_="admin").body
    headers = {"if-match": str(value.pop("v"))}
    value |= {"retired": True, "why": "Pensiun, tinggal di Jalan Melati"}
    story.http("PUT", f"{PATH}?end_shifts=true", value, as_="admin", headers=headers)
    assert changes(story, PATH, name="Mantan", phone="+628110000999").status == 200
    return number


def erases(story: Story, number: str) -> Any:
    answer = story.http("POST", "/api/privacy/erasure", {"number": number, **REQUEST}, as_="admin")
    assert answer.status == 200, answer.body
    return answer.body


def everything_held() -> str:
    return "\n".join(item.doc for item in RegistryItem.scan())


def test_what_was_written_over_is_erased_from_the_history_by_its_old_number(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    number = leaves(story)
    asked = story.http("POST", "/api/privacy/access", {"number": number, **REQUEST}, as_="admin").body
    assert [(each["v"], each["name"]) for each in asked["versions"]] == [(1, "Fajar"), (2, "Fajar")]
    assert erases(story, number)["versions"] == 2
    assert number not in everything_held() and "Melati" not in everything_held()
    told = history(story, PATH)
    assert told["whole"], "the chain holds"
    assert [(each["v"], each["erased"], each["after"] is None) for each in told["versions"]] == [
        (3, False, False),
        (2, True, True),
        (1, True, True),
    ]
    assert [each["why"] for each in told["versions"][1:]] == [None, None]
    refused = story.http("POST", f"{PATH}/restore", {"v": 1}, as_="admin", headers={"if-match": "3"})
    assert (refused.status, refused.body["fields"]) == (422, {"v": "is erased or was never recorded"})
    whole(capsys)
    assert erases(story, number)["versions"] == 0


def test_whoever_still_has_the_number_keeps_the_history(story: Story) -> None:
    changes(story, PATH, name="Fajar Baru")
    assert erases(story, number_of(story))["versions"] == 0
    assert not any(each["erased"] for each in history(story, PATH)["versions"])


def test_somebody_who_blanks_a_version_with_the_right_tools_is_told_of(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    number = leaves(story)
    erases(story, number)
    item = RegistryItem.get("V#R", "personnel#citra~00000001")
    item.doc = RegistryItem.get("V#R", "personnel#fajar~00000001").doc
    item.save()
    assert "personnel/citra" in said(capsys)


@pytest.mark.parametrize("written", [True, False])
def test_an_erasure_whose_answer_was_lost_is_done_once(
    story: Story, capsys: pytest.CaptureFixture[str], written: bool
) -> None:
    number = leaves(story)
    really = registry_writes.erase_values
    lost: list[bool] = []

    def loses(*arguments: Any) -> None:
        if not lost:
            lost.append(True)
            if written:
                really(*arguments)
            raise Unconfirmed("no answer")
        really(*arguments)

    with patch.object(registry_writes, "erase_values", loses):
        erases(story, number)
    assert number not in everything_held()
    whole(capsys)


def weeks_later(story: Story, weeks: int, **days: int) -> None:
    """Retention runs week after week, with other periods than are usual."""
    periods = {**story.world.settings.retention_days, **days}
    story.world = replace(story.world, settings=replace(story.world.settings, retention_days=periods))
    bootstrap.install(story.world)
    for _ in range(weeks):
        events.retention(story.world)
        story.clock.advance(7 * 24 * 3600)
    events.retention(story.world)


def test_earlier_versions_go_after_their_time_and_what_stands_stays(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    changes(story, PATH, name="Fajar Baru")
    changes(story, "/api/registry/units/perahu_1", name="Perahu Baru")
    weeks_later(story, 1, versions=14)
    assert not history(story, PATH)["versions"][1]["erased"]
    weeks_later(story, 2, versions=14)
    newest, first = history(story, PATH)["versions"]
    assert (newest["after"]["name"], newest["erased"], first["erased"]) == ("Fajar Baru", False, True)
    assert not history(story, "/api/registry/personnel/andi")["versions"][0]["erased"]
    assert not history(story, "/api/registry/units/perahu_1")["versions"][1]["erased"], "nobody's data"
    whole(capsys)


def test_a_roster_goes_with_its_history_after_its_time(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    day = {"agency_id": "psc", "date": "2026-11-23"}
    path = "/api/registry/shifts/citra-2026-11-23"
    assert story.http("DELETE", path, as_="psc_admin", query=day).status == 200
    weeks_later(story, 2, rosters=14)
    assert history(story, path, as_="psc_admin", **day)["versions"]
    weeks_later(story, 1, rosters=14)
    assert not [*RegistryItem.query("V#S#psc#2026-11-23"), *RegistryItem.query("S#psc#2026-11-23")]
    assert story.http("GET", f"{path}/history", as_="psc_admin", query=day).status == 404
    whole(capsys)
