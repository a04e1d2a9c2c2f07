"""A provider that reports on its messages: what it posts, and what the stories ask of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from msgspec import to_builtins

from chalicelib import bootstrap
from chalicelib.domain import times
from chalicelib.domain.registry import EscalationPolicy, EscalationStep
from chalicelib.handlers.inbound import signature
from chalicelib.models import incidents
from chalicelib.models.tables import IncidentItem
from tests.support import regency
from tests.world.harness import Answer, Incident, Story

SECRET = "the secret that a provider and we share, in tests"


def set_up(story: Story, **more: Any) -> Story:
    """The story with settings changed, and a secret shared with its provider."""
    settings = replace(story.world.settings, **{"inbound_secret": SECRET, **more})
    story.world = replace(story.world, settings=settings)
    bootstrap.install(story.world)
    return story


def post(story: Story, raw: str, *, age_s: int = 0, secret: str = SECRET) -> Answer:
    seconds = times.milliseconds(story.clock.now()) // 1000 - age_s
    headers = {"x-kentongan-signature": signature(secret, seconds, raw.encode())}
    return story.http("POST", "/api/inbound/reports", raw=raw, headers=headers)


def reports(story: Story, outcome: str, page: Incident | str, **more: str) -> str:
    """What becomes of a report about a page."""
    reference = page if isinstance(page, str) else page["id"]
    answer = post(story, json.dumps({"outcome": outcome, "reference": reference, **more}))
    story.settle()
    assert answer.status == 200, answer.text
    return str(answer.body["result"])


def policy(story: Story, *steps: tuple[int, str], **more: Any) -> None:
    found = EscalationPolicy(
        id="normal",
        label=regency.label("Biasa"),
        steps=[EscalationStep(after_s=after_s, to=to) for after_s, to in steps],  # type: ignore[arg-type]
        **{"silence": regency.SILENCE, **more},
    )
    story.desk("PUT", "/api/registry/escalation-policies/normal", to_builtins(found), as_="admin")


def head(story: Story, agency: str, person: str) -> None:
    found = story.http("GET", f"/api/registry/agencies/{agency}", as_="admin").body
    found.pop("v")
    story.desk("PUT", f"/api/registry/agencies/{agency}", {**found, "head_id": person}, as_="admin")


def birth(story: Story) -> Incident:
    """A childbirth to which Citra of the PSC is called; her page has left."""
    incident: Incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    return incident


def pages(story: Story, incident: Incident, person: str = "citra") -> list[Incident]:
    return [each for each in story.incident(incident["id"])["pages"] if each["person_id"] == person]


def page_of(story: Story, incident: Incident, person: str = "citra") -> Incident:
    return pages(story, incident, person)[-1]


def marks(story: Story, incident: Incident) -> list[str]:
    return [mark["code"] for mark in story.incident(incident["id"])["attention"]]


def versions(incident: Incident) -> dict[str, int]:
    found = IncidentItem.query(incidents.pk_of(incident["id"]), consistent_read=True)
    return {item.sk: int(item.v) for item in found}
