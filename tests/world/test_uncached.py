"""No cache on the way, CloudFront's edges among them, may keep any answer: whatever route, whoever asks, whatever comes of it."""

from __future__ import annotations

import re

import pytest

from chalicelib.handlers.http import ROUTES, Route
from chalicelib.models.registry import RegistryCache
from tests.world.harness import Story


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


def ask(story: Story, route: Route, as_: str) -> tuple[int, str | None]:
    path = re.sub(r"{\w+}", "nothing", route.path)
    body: dict[str, str] | None = None if route.method == "GET" else {}
    answer = story.http(route.method, path, body, as_=as_, key="a-key")
    return answer.status, answer.headers.get("Cache-Control")


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_whatever_a_route_answers_is_kept_nowhere(story: Story, route: Route) -> None:
    for as_ in ("admin", "leader", ""):
        status, kept = ask(story, route, as_)
        assert kept == "no-store", (as_, status)


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_nor_is_an_answer_that_failed(story: Story, route: Route, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(cache: RegistryCache) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(RegistryCache, "current", fail)
    monkeypatch.setattr(RegistryCache, "current_with_states", fail)
    assert ask(story, route, "admin")[1] == "no-store"
