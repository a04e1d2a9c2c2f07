"""Wrong links and floods of calls: bounded and counted, and a right link or a real call always gets through."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.domain import ids, times
from chalicelib.domain.limits import Limits
from chalicelib.models.tables import KeyItem
from chalicelib.services.abuse.limits import WRONG_LINKS_AN_HOUR
from tests.world.harness import Answer, Story, form
from tests.world.requests import requests_of

FORM = {"content-type": "application/x-www-form-urlencoded"}
NAT = "203.0.113.7"


def wrong_code(number: int) -> str:
    return ids.link_code("somebody else's secret, which is long enough", str(number))


def opens(story: Story, code: str, **more: Any) -> Answer:
    return story.http("GET", f"/r/{code}", **more)


def answers(story: Story, code: str, **more: Any) -> Answer:
    return story.http("POST", f"/api/r/{code}", {"status": "acknowledged"}, **more)


def answers_by_form(story: Story, code: str, **more: Any) -> Answer:
    return story.http("POST", f"/api/r/{code}", raw=form(status="acknowledged"), headers=FORM, **more)


def uses_up(story: Story, source: str = NAT) -> None:
    for number in range(WRONG_LINKS_AN_HOUR):
        assert opens(story, wrong_code(number), source=source).status == 404


@pytest.mark.parametrize("ask", [opens, answers, answers_by_form])
def test_wrong_links_from_one_address_are_answered_with_429_after_a_while(
    story: Story, ask: Callable[..., Answer]
) -> None:
    uses_up(story)
    refused = ask(story, wrong_code(99), source=NAT)
    assert refused.status == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    if ask is answers:
        assert refused.body["code"] == "too_many_requests"
    else:
        assert "html" in refused.headers["Content-Type"]
    assert ask(story, wrong_code(99), source="203.0.113.8").status != 429
    story.clock.advance(int(refused.headers["Retry-After"]))
    assert opens(story, wrong_code(99), source=NAT).status == 404


def test_a_right_link_works_from_an_address_that_has_sent_a_thousand_wrong_ones(story: Story) -> None:
    story.call("house_fire")
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")
    ends = [opens(story, wrong_code(number), source=NAT).status for number in range(1000)]
    assert (ends.count(404), ends.count(429)) == (WRONG_LINKS_AN_HOUR, 1000 - WRONG_LINKS_AN_HOUR)
    assert story.phone("andi").opens_link().status == 200
    assert story.phone("andi").taps("acknowledged").body["applied"]
    code = story.phone("citra").link().removeprefix("/r/")
    assert answers_by_form(story, code, source=NAT).headers["Location"] == f"/r/{code}?m=applied"


def test_wrong_links_leave_one_expiring_count_an_hour_however_many_they_are(story: Story) -> None:
    for number in range(200):
        opens(story, wrong_code(number), source=NAT)
    (kept,) = KeyItem.scan()
    assert NAT not in json.dumps(kept.serialize())
    assert int(kept.times or 0) == WRONG_LINKS_AN_HOUR + 1
    now = times.milliseconds(story.clock.now()) / 1000
    assert now < int(kept.expires_at) <= now + 2 * 3600


def test_a_limit_holds_in_every_process(story: Story) -> None:
    uses_up(story)
    bootstrap.install(replace(story.world, limits=Limits()))
    assert opens(story, wrong_code(99), source=NAT).status == 429


def test_one_customer_of_ipv6_is_one_source_whatever_address_is_taken(story: Story) -> None:
    for number in range(WRONG_LINKS_AN_HOUR):
        opens(story, wrong_code(number), source=f"2001:db8:1:2::{number:x}")
    assert opens(story, wrong_code(99), source="2001:db8:1:2:ffff::1").status == 429
    assert opens(story, wrong_code(99), source="2001:db8:1:3::1").status == 404


def test_an_address_that_the_client_makes_up_counts_for_nothing(story: Story) -> None:
    for number in range(WRONG_LINKS_AN_HOUR):
        headers = {"x-forwarded-for": f"198.51.100.{number}", "forwarded": f"for=198.51.100.{number}"}
        opens(story, wrong_code(number), source=NAT, headers=headers)
    assert opens(story, wrong_code(99), headers={"x-forwarded-for": "198.51.100.99"}).status == 429


def test_a_right_link_costs_no_request_more_and_a_refused_one_two_less(story: Story) -> None:
    story.call("house_fire")
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")
    story.phone("andi").opens_link()
    before = requests_of(story.phone("andi").opens_link)
    uses_up(story)
    assert requests_of(story.phone("andi").opens_link) == before
    assert requests_of(lambda: opens(story, wrong_code(98))) == ["Query", "UpdateItem"]
    assert requests_of(lambda: opens(story, wrong_code(99))) == ["Query"]
    assert requests_of(lambda: opens(story, "not-a-code")) == []


def test_a_dead_link_is_no_wrong_one(story: Story) -> None:
    incident = story.call("house_fire")["incident"]
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")
    path = story.phone("andi").link()
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Palsu"})
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("BATAL")
    story.fast_forward(25 * 3600, sweeping=False)
    ends = {story.http("GET", path, source=NAT).status for _ in range(WRONG_LINKS_AN_HOUR + 10)}
    assert ends == {404}


def test_what_is_refused_is_counted_in_the_log_without_codes_or_addresses(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(WRONG_LINKS_AN_HOUR + 3):
        opens(story, wrong_code(number), source=NAT)
    # What is sent after the first refusal makes neither the table nor the log grow.
    said = capsys.readouterr().out
    metrics = [json.loads(line) for line in said.splitlines() if '"_aws"' in line]
    assert sum("WrongLinks" in each for each in metrics) == WRONG_LINKS_AN_HOUR + 1
    assert sum("WrongLinkSources" in each for each in metrics) == 1
    assert NAT not in said and not any(wrong_code(number) in said for number in range(WRONG_LINKS_AN_HOUR))


# -- calls -------------------------------------------------------------------------------------------------------------


def logged(story: Story, as_: str, key: str) -> Answer:
    body = {"number": "", "channel": "phone", "class": "ghost", "received_at": story.clock.now()}
    return story.http("POST", "/api/calls", body, as_=as_, key=key)


def test_an_account_that_floods_is_held_back_and_every_other_takes_calls_as_before(story: Story) -> None:
    slow = replace(story.world, settings=replace(story.world.settings, calls_a_minute=20))
    bootstrap.install(slow)
    ends = [logged(story, "operator2", f"flood-{number}") for number in range(60)]
    assert {answer.status for answer in ends[:20]} == {201}
    assert ends[-1].status == 429 and ends[-1].body["code"] == "too_many_requests"
    story.call("house_fire")
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")
    story.clock.advance(int(ends[-1].headers["Retry-After"]))
    assert logged(story, "operator2", "flood-59").status == 201
    day = {"date": times.local_day(story.clock.now(), 7)}
    kept = story.http("GET", "/api/calls", as_="operator", query=day).body["calls"]
    assert len(kept) == sum(answer.status == 201 for answer in ends) + 1


def test_a_disasters_calls_are_far_from_the_bound(story: Story) -> None:
    """One person takes a call in five seconds at the very best; ten times that is still taken."""
    assert story.world.settings.calls_a_minute >= 120
    assert {logged(story, "operator", f"disaster-{number}").status for number in range(120)} == {201}
