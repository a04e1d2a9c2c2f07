"""Coverage: measured beside all requests when what decides it has changed, kept, and told each agency of its own part."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain import times
from chalicelib.models import coverages
from chalicelib.services.duty import covering
from tests.world.harness import Story
from tests.world.test_duty import at, on_patterns
from tests.world.test_duty_sheets import DECEMBER, ROWS, cell, codes, filled, publishes, writes

DAY_S = 24 * 3600


def coverage(story: Story, agency: str = "psc", as_: str = "psc_admin", **query: str) -> Any:
    answer = story.http("GET", "/api/duty/coverage", as_=as_, query={"agency_id": agency, **query})
    assert answer.status == 200, answer.body
    return answer.body


def kinds(found: Any, plan_id: str = "health") -> dict[str, str]:
    """How a plan is answered, by the local time at which each stretch begins."""
    plan = next(each for each in found["plans"] if each["plan_id"] == plan_id)
    return {
        times.render(times.parse(times.plus(stretch["starts_at"], 7 * 3600)))[:16]: found["answers"][number][
            "kind"
        ]
        for stretch, number in zip(found["stretches"], plan["answers"], strict=True)
    }


def test_coverage_is_measured_once_and_again_when_what_decides_it_changes(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = coverage(story)
    assert (told["at"], told["renewing"], told["plans"]) == (None, True, [])
    story.send_notices()
    first = coverage(story)
    assert first["renewing"] is False and first["until_day"] == "2026-12-20"
    # Everybody has single shifts for three days, and nobody any later.
    assert kinds(first)["2026-11-23T00:00"] == "answered" and kinds(first)["2026-11-25T00:00"] == "unanswered"
    story.clock.advance(60)
    story.send_notices()
    assert coverage(story)["at"] == first["at"], "nothing has changed"
    on_patterns(story)
    assert coverage(story)["renewing"] is True and coverage(story)["at"] == first["at"]
    story.send_notices()
    second = coverage(story)
    assert second["renewing"] is False
    assert {kind for start, kind in kinds(second).items() if start >= "2026-11-26"} == {"answered"}
    # A text decides nothing.
    fields = {"id": "x", "kind": "caller", "language": "id", "body": "112 {label}"}
    story.desk("POST", "/api/registry/sms-texts", fields, as_="admin")
    assert coverage(story)["renewing"] is False


def test_a_new_day_is_a_new_measure(story: Story) -> None:
    story.send_notices()
    at(story, "2026-11-24", "00:01")
    assert coverage(story)["renewing"] is True
    story.send_notices()
    assert coverage(story)["until_day"] == "2026-12-21"


def test_a_night_that_a_published_sheet_leaves_blank_has_no_answer_and_says_why(story: Story) -> None:
    filled(story)
    writes(story, *(cell("dewi", day, "M", "P") for day in range(1, 32) if day != 6))
    assert publishes(story, "2026-12-01").status == 200
    story.send_notices()
    found = coverage(story, **{"from": "2026-12-06", "days": "2"})
    assert kinds(found) == {
        "2026-12-05T19:00": "answered",
        "2026-12-06T07:00": "answered",
        "2026-12-06T19:00": "unanswered",
        "2026-12-07T07:00": "answered",
        "2026-12-07T19:00": "answered",
    }
    plan = next(each for each in found["plans"] if each["plan_id"] == "health")
    (missing,) = found["answers"][plan["answers"][2]]["missing"]
    assert (missing["reason"], missing["capability"]["id"], missing["units"]) == ("no_crew", "ambulance", 1)
    (cause,) = missing["causes"]
    assert (cause["agency"], cause["number"], cause["callsigns"]) == ("Psc", 2, ["AMBULANS-1", "AMBULANS-2"])
    people = {each["callsign"]: each["people"] for each in found["units"]}
    assert people == {"AMBULANS-1": [0, 1, 0, 1, 0], "AMBULANS-2": [1, 1, 0, 0, 1]}


def test_an_agency_reads_its_own_coverage_alone(story: Story) -> None:
    story.send_notices()
    refused = story.http("GET", "/api/duty/coverage", as_="damkar_admin", query={"agency_id": "psc"})
    assert refused.status == 403
    assert story.http("GET", "/api/duty/coverage", as_="operator", query={"agency_id": "psc"}).status == 403
    unknown = story.http("GET", "/api/duty/coverage", as_="admin", query={"agency_id": "no"})
    assert (unknown.status, unknown.body["fields"]) == (422, {"agency_id": "unknown agency"})
    assert {each["plan_id"] for each in coverage(story, "airud", "leader")["plans"]} == {"water"}


def test_a_draft_is_measured_before_anybody_publishes_it(story: Story) -> None:
    on_patterns(story)
    writes(story, add=ROWS)
    writes(story, *(cell("citra", day, "P") for day in range(1, 32)))
    query = {"from": "2026-12-06", "days": "1"}
    found = story.http("GET", f"{DECEMBER}/coverage", as_="psc_admin", query=query).body
    assert kinds(found) == {
        "2026-12-06T00:00": "unanswered",
        "2026-12-06T07:00": "answered",
        "2026-12-06T19:00": "unanswered",
    }
    story.send_notices()
    assert set(kinds(coverage(story, **query)).values()) == {"answered"}, "a draft decides nothing"
    assert publishes(story, "2026-12-01", uncovered=41).status == 200
    story.send_notices()
    published = kinds(coverage(story, **query))
    assert [kind for _, kind in sorted(published.items())] == ["unanswered", "answered", "unanswered"]


def test_a_draft_is_tried_a_week_at_a_time_and_within_its_month(story: Story) -> None:
    codes(story)
    for query, status, field in (({"days": "8"}, 400, "days"), ({"from": "2027-01-01"}, 422, "from")):
        refused = story.http("GET", f"{DECEMBER}/coverage", as_="psc_admin", query=query)
        assert (refused.status, set(refused.body["fields"])) == (status, {field})
    found = story.http("GET", f"{DECEMBER}/coverage", as_="psc_admin", query={"from": "2026-12-30"}).body
    assert found["until_day"] == "2026-12-31"


def test_what_cannot_be_measured_stops_nothing_and_health_says_so(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any) -> None:
        raise OSError("no answer")

    monkeypatch.setattr(coverages, "save", breaks)
    assert story.send_notices()["failed"] == 0
    assert not story.http("GET", "/api/health").body["checks"]["duty"]["ok"]
    monkeypatch.undo()
    story.send_notices()
    assert story.http("GET", "/api/health").body["checks"]["duty"]["ok"]
    story.clock.advance(3600)
    assert not story.http("GET", "/api/health").body["checks"]["duty"]["ok"], "nobody has looked for an hour"


def test_what_another_release_kept_in_another_form_is_measured_anew(story: Story) -> None:
    story.send_notices()
    item = coverages._read(coverages._pk("psc"))
    assert item is not None
    item.result = '{"digest": 1}'
    item.save()
    assert coverage(story)["renewing"] is True


def test_too_little_time_says_until_when_it_was_measured(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(covering, "LONGEST_S", -1.0)
    story.send_notices()
    found = coverage(story)
    assert (found["renewing"], found["until_day"]) == (False, "2026-11-23")
