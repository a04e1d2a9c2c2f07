"""Pages: none lost, none to the wrong phone, none later than it must be."""

from __future__ import annotations

import threading

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from chalicelib.domain.registry import SmsTemplate
from chalicelib.errors import SmsRefused, SmsUnavailable
from chalicelib.gateways.sms import Sms
from chalicelib.models import registry_writes
from tests.support import regency as seeded
from tests.world.harness import Incident, Story


def _birth(story: Story) -> Incident:
    incident: Incident = story.call("childbirth")["incident"]
    return incident


def _page(story: Story, incident: Incident) -> Incident:
    page: Incident = story.incident(incident["id"])["pages"][0]
    return page


def test_a_page_without_any_wake_up_leaves_by_the_sweep(story: Story) -> None:
    story.wakeups.lost = True
    incident = _birth(story)
    story.phone("citra").expects_nothing()
    story.wakeups.lost = False
    story.fast_forward(60)
    story.phone("citra").expects("Melahirkan")
    assert _page(story, incident)["status"] == "sent"
    assert "PagesSent" in story.events(incident["id"])


def test_the_same_wake_up_ten_times_sends_one_message(story: Story) -> None:
    incident = _birth(story)
    story.phone("citra").expects("Melahirkan")
    story.deliver([{"incident": incident["id"], "page": _page(story, incident)["id"]}] * 10)
    story.fast_forward(300)
    assert story.events(incident["id"]).count("PagesSent") == 1


def test_a_provider_that_is_down_is_tried_again_until_it_is_back(story: Story) -> None:
    story.provider.goes_down()
    incident = _birth(story)
    story.fast_forward(120)
    story.phone("citra").expects_nothing()
    story.provider.comes_back()
    story.fast_forward(120)
    story.phone("citra").expects("Melahirkan")
    outcomes = [attempt["outcome"] for attempt in _page(story, incident)["attempts"]]
    assert outcomes[-1] == "sent"
    assert set(outcomes[:-1]) == {"retry"}


def test_a_page_too_old_to_help_expires_and_the_desk_sees_it(story: Story) -> None:
    story.provider.goes_down()
    incident = _birth(story)
    story.fast_forward(1860)
    story.provider.comes_back()
    story.fast_forward(120)
    # Who is next is asked at once.
    story.phone("dewi").expects("Melahirkan")
    assert _page(story, incident)["status"] == "expired"
    assert story.incident(incident["id"])["attention"][-1]["code"] == "page_expired"
    assert "PagesExpired" in story.events(incident["id"])


def test_a_refused_number_is_not_tried_again_and_the_desk_sees_it(story: Story) -> None:
    story.provider.refuses(story.phone("citra").number)
    incident = _birth(story)
    story.fast_forward(300)
    page = _page(story, incident)
    story.phone("dewi").expects("Melahirkan")
    assert (page["status"], len(page["attempts"])) == ("failed", 1)
    assert story.incident(incident["id"])["attention"][-1]["code"] == "page_failed"


@pytest.mark.parametrize(
    ("phone", "why"),
    [
        ("+19005551234", "the number is of a country that is not allowed"),
        ("+628091234567", "the number is a premium-rate number"),
    ],
)
def test_a_number_that_an_older_release_let_in_costs_nothing_and_the_next_crew_is_paged(
    story: Story, phone: str, why: str
) -> None:
    citra = story.world.registry.current().people["citra"]
    registry_writes.write(
        [(registry_writes.item_of("personnel", replace(citra, phone=phone)), 1)], stamp=seeded.stamped()
    )
    incident = _birth(story)
    story.phone("dewi").expects("Melahirkan")
    page = _page(story, incident)
    assert (page["status"], [each["detail"] for each in page["attempts"]]) == ("failed", [why])
    assert story.incident(incident["id"])["attention"][-1]["code"] == "page_failed"


def test_a_crash_between_claim_and_provider_sends_the_page_once_the_claim_lapses(story: Story) -> None:
    def crash(sms: Sms) -> None:
        raise RuntimeError("the process died")

    story.provider.failing = crash
    incident = _birth(story)
    assert _page(story, incident)["status"] == "sending"
    story.provider.comes_back()
    story.fast_forward(120)
    story.phone("citra").expects("Melahirkan")
    assert _page(story, incident)["attempts"][-1]["maybe_repeat"] is True


def test_a_crew_whose_call_out_may_have_left_is_told_of_the_cancellation(story: Story) -> None:
    story.provider.goes_down()
    incident = _birth(story)
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})
    story.provider.comes_back()
    story.fast_forward(180)
    story.phone("citra").expects("BATAL")
    assert _page(story, incident)["status"] == "expired"


def test_a_broken_template_is_refused_and_one_that_got_in_keeps_no_page_from_leaving(story: Story) -> None:
    broken = SmsTemplate(id="page_id", kind="page", language="id", body="{nonsense}")
    refused = story.http("PUT", "/api/registry/sms-templates/page_id", to_builtins(broken), as_="admin")
    assert (refused.status, list(refused.body["fields"])) == (422, ["body"])
    registry_writes.write([(registry_writes.item_of("sms-templates", broken), 1)], stamp=seeded.stamped())
    _birth(story)
    story.phone("citra").expects("Melahirkan", "/r/")


def test_a_drill_runs_the_whole_flow_and_says_so(story: Story) -> None:
    incident = story.call("childbirth", drill=True)["incident"]
    story.phone("citra").expects("LATIHAN", "Melahirkan")
    assert incident["drill"] is True
    assert "LATIHAN" in story.phone("citra").opens_link().text


def test_the_kept_text_does_not_hold_the_links_code(story: Story) -> None:
    incident = _birth(story)
    text = story.phone("citra").expects("/r/")
    code = text.split("/r/")[1].split()[0]
    assert code not in str(story.incident(incident["id"]))
    assert _page(story, incident)["body"].endswith("/r/*")


def test_a_failed_page_is_off_the_board_once_the_crew_was_reached_by_radio(story: Story) -> None:
    story.provider.refuses(story.phone("citra").number)
    incident = _birth(story)
    path = f"/api/incidents/{incident['id']}/assignments/{incident['assignments'][0]['id']}/status"
    story.phone("dewi").expects("Melahirkan")
    assert story.incident(incident["id"])["attention"][-1]["code"] == "page_failed"
    assert story.desk("POST", path, {"status": "acknowledged"})["attention"] == []


def test_a_message_that_the_provider_may_have_taken_is_sent_again_and_marked_as_a_repeat(
    story: Story,
) -> None:
    def slow(sms: Sms) -> None:
        story.provider.messages.append(sms)
        story.provider.comes_back()
        raise SmsUnavailable("no answer in time")

    story.provider.failing = slow
    incident = _birth(story)
    story.fast_forward(60)
    story.phone("citra").expects("Melahirkan")
    story.phone("citra").expects("Melahirkan")
    assert [each["maybe_repeat"] for each in _page(story, incident)["attempts"]] == [False, True]


def test_a_message_that_the_provider_surely_did_not_take_is_no_repeat(story: Story) -> None:
    def busy(sms: Sms) -> None:
        story.provider.comes_back()
        raise SmsUnavailable("429", may_be_taken=False)

    story.provider.failing = busy
    incident = _birth(story)
    story.fast_forward(60)
    story.phone("citra").expects("Melahirkan")
    assert [each["maybe_repeat"] for each in _page(story, incident)["attempts"]] == [False, False]


def _cancel(story: Story, incident: Incident) -> None:
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})


def test_a_cancellation_does_not_wait_for_the_next_try_of_the_call_out(story: Story) -> None:
    def slow(sms: Sms) -> None:
        raise SmsUnavailable("come back in an hour", retry_after_s=3600)

    story.provider.failing = slow
    incident = _birth(story)
    story.provider.comes_back()
    _cancel(story, incident)
    for _ in range(4):
        story.fast_forward(3, sweeping=False)
    story.phone("citra").expects("BATAL")
    assert _page(story, incident)["status"] == "expired"


def test_a_crew_that_a_dead_worker_may_have_reached_is_told_of_the_cancellation(story: Story) -> None:
    def crash(sms: Sms) -> None:
        raise RuntimeError("the process died")

    def busy(sms: Sms) -> None:
        raise SmsUnavailable("429", retry_after_s=120, may_be_taken=False)

    story.provider.failing = crash
    incident = _birth(story)
    story.provider.failing = busy
    story.fast_forward(60)
    story.provider.comes_back()
    _cancel(story, incident)
    story.fast_forward(180)
    story.phone("citra").expects("BATAL")


def test_a_crew_whose_worker_died_with_the_message_in_hand_is_told_of_a_cancellation_that_comes_next(
    story: Story,
) -> None:
    """Nothing but the claim says that it may be on the phone: no try was ever written down."""

    def crash(sms: Sms) -> None:
        story.provider.messages.append(sms)
        raise RuntimeError("the process died")

    story.provider.failing = crash
    incident: Incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    story.provider.comes_back()
    _cancel(story, incident)
    story.fast_forward(180)
    story.phone("citra").expects("BATAL")
    assert _page(story, incident)["attempts"] == []


def test_a_crew_whose_expired_page_may_have_left_is_told_of_the_cancellation(story: Story) -> None:
    story.provider.goes_down()
    incident = _birth(story)
    story.fast_forward(1900)
    story.provider.comes_back()
    page = _page(story, incident)
    assert page["status"] == "expired"
    story.fast_forward(60)
    story.phone("dewi").expects("Melahirkan")
    timeline = story.incident(incident["id"])["timeline"]
    assert (
        next(e for e in timeline if e["type"] == "PagesExpired")["data"]["pages"][0]["may_have_left"] is True
    )
    _cancel(story, incident)
    story.fast_forward(60)
    story.phone("citra").expects("BATAL")
    story.phone("dewi").expects("BATAL")


def test_a_crew_whose_number_was_refused_gets_no_cancellation(story: Story) -> None:
    def refuse(sms: Sms) -> None:
        # The desk cancels while the provider thinks.
        story.provider.comes_back()
        _cancel(story, incident_of_board(story))
        raise SmsRefused("the number does not exist")

    def incident_of_board(story: Story) -> Incident:
        board: Incident = story.http("GET", "/api/incidents", as_="operator").body["incidents"][0]
        return board

    story.provider.failing = refuse
    incident = _birth(story)
    story.fast_forward(180)
    story.phone("citra").expects_nothing()
    assert [page["status"] for page in story.incident(incident["id"])["pages"]] == ["failed", "expired"]


def test_a_slow_message_does_not_hold_back_the_other_phones(story: Story) -> None:
    others = threading.Barrier(3, timeout=240)

    def together(sms: Sms) -> None:
        others.wait()

    story.provider.failing = together
    story.call("house_fire")
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")
