"""What the scheduled functions tell CloudWatch, whose alarms stand in infra/application.yaml."""

from __future__ import annotations

import json

import pytest

from tests.support import regency
from tests.world.harness import Story

Gauges = dict[str, float]


@pytest.fixture
def on_lambda(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "kentongan-trial-sweep")


def told(capsys: pytest.CaptureFixture[str]) -> Gauges:
    """All gauges since the last look, the newest of each name."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    return {
        metric["Name"]: line[metric["Name"]][0]
        for line in lines
        for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    }


@pytest.mark.usefixtures("on_lambda")
def test_a_quiet_regency_tells_of_heartbeats_and_of_nothing_else(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    story.sweep()
    story.audit()
    assert told(capsys) == {
        "Swept": 1,
        "PagesUnsent": 0,
        "OldestDueSeconds": 0,
        "Audited": 1,
        "CallOutsUnanswered": 0,
        "IncidentsUncovered": 0,
        "AuditFindings": 0,
    }


@pytest.mark.usefixtures("on_lambda")
def test_pages_that_do_not_leave_are_told_of_after_a_minute_with_their_age(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    story.wakeups.lost = True
    story.call("childbirth")
    story.clock.advance(59)
    story.sweep()
    assert told(capsys)["PagesUnsent"] == 0
    story.clock.advance(31)
    story.sweep()
    gauges = told(capsys)
    assert gauges["PagesUnsent"] == 1
    assert 89 <= gauges["OldestDueSeconds"] <= 92
    story.wakeups.lost = False
    story.sweep()
    story.phone("citra").expects("Melahirkan")
    story.sweep()
    assert told(capsys)["PagesUnsent"] == 0


@pytest.mark.usefixtures("on_lambda")
def test_pages_that_the_provider_does_not_take_are_told_of_however_often_they_are_tried_again(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    story.provider.goes_down()
    story.call("childbirth")
    for _ in range(5):
        story.fast_forward(60)
        told(capsys)
        story.clock.advance(61)
        story.sweep()
        assert told(capsys)["PagesUnsent"] == 1
    story.provider.comes_back()
    story.fast_forward(120)
    story.phone("citra").expects("Melahirkan")
    assert told(capsys)["PagesUnsent"] == 0


def test_each_page_that_the_provider_refuses_for_good_is_told_of(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    story.provider.refuses(regency.number_of("citra"))
    story.call("childbirth")
    story.fast_forward(300)
    story.phone("dewi").expects("Melahirkan")
    lines = [line for line in capsys.readouterr().out.splitlines() if '"PagesRefused":[1.0]' in line]
    assert len(lines) == 1


def test_each_try_that_meets_a_provider_that_takes_nothing_of_ours_is_told_of(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    story.provider.bars()
    story.call("childbirth")
    story.provider.comes_back()
    story.fast_forward(60)
    story.phone("citra").expects("Melahirkan")
    lines = capsys.readouterr().out.splitlines()
    assert len([line for line in lines if '"PagesBarred":[1.0]' in line]) == 1
    assert not [line for line in lines if '"PagesRefused"' in line]


@pytest.mark.usefixtures("on_lambda")
@pytest.mark.parametrize(("drill", "uncovered"), [(False, 1), (True, 0)])
def test_an_incident_to_which_nobody_is_coming_is_told_of_until_somebody_is_sent_but_no_drill(
    story: Story, capsys: pytest.CaptureFixture[str], drill: bool, uncovered: int
) -> None:
    incident = story.call("theft", drill=drill)["incident"]
    story.fast_forward(240)
    story.audit()
    assert told(capsys)["IncidentsUncovered"] == uncovered
    story.desk("POST", f"/api/incidents/{incident['id']}/assignments", {"unit_id": "polres_1"})
    story.phone("eko").expects("Pencurian")
    story.audit()
    assert told(capsys)["IncidentsUncovered"] == 0


@pytest.mark.usefixtures("on_lambda")
@pytest.mark.parametrize(("drill", "unanswered"), [(False, 1), (True, 0)])
def test_a_call_out_that_nobody_answers_is_told_of_until_the_desk_rings_but_no_drill(
    story: Story, capsys: pytest.CaptureFixture[str], drill: bool, unanswered: int
) -> None:
    call = story.call("childbirth", drill=drill)
    for crew in ("citra", "dewi"):
        story.fast_forward(7260)
        story.phone(crew).expects("Melahirkan")
    story.fast_forward(7260)
    told(capsys)
    story.audit()
    assert told(capsys)["CallOutsUnanswered"] == unanswered
    assignment = call["assignments"][0]["id"]
    path = f"/api/incidents/{call['incident']['id']}/assignments/{assignment}/status"
    story.desk("POST", path, {"status": "acknowledged"})
    story.audit()
    assert told(capsys)["CallOutsUnanswered"] == 0


def test_the_embedded_stack_fills_no_log_with_them(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    story.sweep()
    assert told(capsys) == {}
