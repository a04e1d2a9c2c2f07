"""Drafts of the registry, as an officer has one open, and what they would change."""

from __future__ import annotations

from typing import Any

from tests.world.harness import Story


def draft_of(story: Story, noun: str, id_: str, **changed: Any) -> dict[str, Any]:
    thing: dict[str, Any] = story.http("GET", f"/api/registry/{noun}/{id_}", as_="admin").body
    return {**{name: each for name, each in thing.items() if name != "v"}, **changed}


def effect_of(story: Story, noun: str, draft: dict[str, Any], **query: str) -> dict[str, Any]:
    answer = story.http("POST", f"/api/registry/{noun}/{draft['id']}/effect", draft, as_="admin", query=query)
    assert answer.status == 200, answer.text
    found: dict[str, Any] = answer.body
    return found
