"""Incidents marked as a drill: the whole flow, and LATIHAN in all that leaves the house."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.domain.registry import EscalationStep, SmsTemplate
from chalicelib.models import registry as store
from tests.support import regency
from tests.world.harness import Story


def alter(noun: str, id_: str, **fields: Any) -> None:
    """Change a thing of the registry behind the interface's back."""
    thing = next(each for each in regency.nouns()[noun] if each.id == id_)  # type: ignore[attr-defined]
    store.write([(store.item_of(noun, replace(thing, **fields)), 1)])


def test_every_message_of_a_drill_says_so_from_call_out_to_cancellation(story: Story) -> None:
    alter("escalation-policies", "normal", steps=[EscalationStep(after_s=120, to="on_duty")])
    drill = story.call("childbirth", drill=True)["incident"]
    story.phone("citra").expects("LATIHAN", "Melahirkan")
    story.fast_forward(150)
    story.phone("dewi").expects("LATIHAN", "Melahirkan")
    assert "LATIHAN" in story.phone("dewi").opens_link().text
    story.phone("citra").taps("unable", "no_fuel")
    story.phone("dewi").expects("LATIHAN", "Melahirkan")
    story.desk("POST", f"/api/incidents/{drill['id']}/cancel", {"reason": "Latihan selesai"})
    while story.phone("dewi").messages()[story.phone("dewi").seen :]:
        story.phone("dewi").expects("LATIHAN", "BATAL")
    assert all("LATIHAN" in sms.text for sms in story.provider.messages)


@pytest.mark.parametrize("kind", ["page", "cancelled"])
def test_a_template_that_forgets_the_drill_cannot_hide_it(story: Story, kind: str) -> None:
    bodies = {"page": "112 {type} {link}", "cancelled": "BATAL {label}"}
    body = SmsTemplate(id=f"{kind}_id", kind=kind, language="id", body=bodies[kind])  # type: ignore[arg-type]
    store.write([(store.item_of("sms-templates", body), 1)])
    drill = story.call("childbirth", drill=True)["incident"]
    story.phone("citra").expects("LATIHAN. ", "Melahirkan")
    story.desk("POST", f"/api/incidents/{drill['id']}/cancel", {"reason": "Latihan selesai"})
    story.phone("citra").expects("LATIHAN. ", "BATAL")
    story.call("childbirth")
    assert "LATIHAN" not in story.phone("citra").expects("Melahirkan")


def test_board_detail_and_neighbours_say_that_it_is_a_drill(story: Story) -> None:
    drill = story.call("childbirth", drill=True)["incident"]
    story.phone("citra").expects("LATIHAN")
    (row,) = story.http("GET", "/api/incidents", as_="operator").body["incidents"]
    assert row["drill"] is True and story.incident(drill["id"])["drill"] is True
    query = {"type": "childbirth", "district": "baamang"}
    near = story.http("GET", "/api/dispatch/preview", as_="operator", query=query).body["nearby"]
    assert [(each["id"], each["drill"]) for each in near] == [(drill["id"], True)]
