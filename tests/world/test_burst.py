"""One disaster and 300 people: nobody is lost or paged twice, and somebody else's fire does not wait for them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib import bootstrap
from chalicelib.domain import times
from chalicelib.domain.registry import Person, Shift
from chalicelib.errors import SmsUnavailable
from chalicelib.gateways.sms import Sms
from chalicelib.handlers import events as event_handlers
from chalicelib.models import incidents
from chalicelib.services.pages.pacing import BULK_WORKERS
from tests.support import regency
from tests.world.harness import START, Story

CROWD = 300
RATE = 20.0


def many(agency: str, unit: str, count: int) -> list[str]:
    """So many people on duty with a unit beside its one; their numbers."""
    people = [
        Person(id=f"relawan_{n}", agency_id=agency, name=f"Relawan {n}", phone=f"+62812{n:08d}", demo=True)
        for n in range(count)
    ]
    shifts = [
        Shift(
            id=person.id,
            agency_id=agency,
            person_id=person.id,
            unit_id=unit,
            starts_at=times.plus(START, -3600),
            ends_at=times.plus(START, 6 * 3600),
        )
        for person in people
    ]
    regency.load({"personnel": people, "shifts": shifts})
    return [person.phone for person in people]


@pytest.fixture
def crowd(story: Story) -> list[str]:
    """Three hundred people on duty with the only boat; their numbers."""
    return many("airud", "perahu_1", CROWD)


class Unsettled:
    """While it lasts, wake-ups wait."""

    def __init__(self, story: Story) -> None:
        self._story = story

    def __enter__(self) -> None:
        self._settle = self._story.settle
        self._story.settle = lambda: None  # type: ignore[method-assign]

    def __exit__(self, *_: object) -> None:
        self._story.settle = self._settle  # type: ignore[method-assign]


def _expect_once(story: Story, numbers: list[str]) -> None:
    story.phone("fajar").expects("Tenggelam")
    for number in numbers:
        story.phone_of(number).expects("Tenggelam")
        story.phone_of(number).expects_nothing()


def test_three_hundred_people_are_each_paged_once_within_the_providers_rate(
    story: Story, crowd: list[str]
) -> None:
    sent_at: list[str] = []
    story.provider.failing = lambda sms: sent_at.append(story.clock.now())
    incident = story.call("drowning", terrain="water")["incident"]
    _expect_once(story, crowd)
    # The workers' batches run one after the other here, each at its part of nine tenths of the rate. The story's
    # clock jumps to the end of a batch's waiting before its first message is noted.
    bulk = sorted(sent_at)[10:]
    took = times.between(bulk[0], bulk[-1]) or 0
    assert (
        (len(bulk) - 10) * BULK_WORKERS / (0.9 * RATE) - 0.1
        <= took
        <= len(bulk) * BULK_WORKERS / (0.9 * RATE) + 5
    )
    assert {page["status"] for page in story.incident(incident["id"])["pages"]} == {"sent"}


def test_a_new_incidents_first_pages_overtake_the_burst(story: Story, crowd: list[str]) -> None:
    with Unsettled(story):
        story.call("drowning", terrain="water")
        story.call("childbirth")
    story.settle()
    texts = [sms.text for sms in story.provider.messages]
    assert "Melahirkan" in texts[10], "it comes after the ten that the first incident sends at once"
    story.phone("citra").expects("Melahirkan")
    _expect_once(story, crowd)


def test_a_burst_whose_wake_ups_were_all_lost_leaves_by_the_sweep(story: Story, crowd: list[str]) -> None:
    story.wakeups.lost = True
    story.call("drowning", terrain="water")
    story.wakeups.lost = False
    story.clock.advance(60)
    story.sweep()
    _expect_once(story, crowd)


def test_a_burst_that_is_woken_again_and_again_is_sent_once(story: Story, crowd: list[str]) -> None:
    with Unsettled(story):
        incident = story.call("drowning", terrain="water")["incident"]
        for _ in range(3):
            story.clock.advance(60)
            story.sweep()
    assert len(story.wakeups.queue) > 3 * CROWD
    story.settle()
    _expect_once(story, crowd)
    pages = story.incident(incident["id"])["pages"]
    assert not any(attempt["maybe_repeat"] for page in pages for attempt in page["attempts"])


def test_a_burst_called_off_half_way_stops_and_whoever_was_called_hears_of_it(
    story: Story, crowd: list[str]
) -> None:
    called: list[str] = []

    def call_off_at_the_hundredth(sms: Sms) -> None:
        called.append(sms.number)
        if len(called) == 100:
            path = f"/api/incidents/{opened['id']}/cancel"
            answer = story.http("POST", path, {"reason": "Sudah selamat"}, as_="operator", key="cancel")
            assert answer.status == 200, answer.body

    story.provider.failing = call_off_at_the_hundredth
    with Unsettled(story):
        opened = story.call("drowning", terrain="water")["incident"]
    story.settle()
    story.provider.failing = None
    story.fast_forward(120)
    for number in called[:100]:
        story.phone_of(number).expects("Tenggelam")
    reached = {sms.number for sms in story.provider.messages}
    for number in reached:
        while story.phone_of(number).messages()[story.phone_of(number).seen :]:
            story.phone_of(number).expects("BATAL")
    assert len(reached) < CROWD / 2


def test_a_page_whose_turn_comes_after_its_incident_was_called_off_does_not_leave(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = many("airud", "perahu_1", 12)
    with Unsettled(story):
        opened = story.call("drowning", terrain="water")["incident"]
        sleep = story.clock.sleep

        def called_off_meanwhile(seconds: float) -> None:
            """The first page of the burst waits for its turn within the provider's rate."""
            if seconds > 0:
                monkeypatch.setattr(story.clock, "sleep", sleep)
                path = f"/api/incidents/{opened['id']}/cancel"
                answer = story.http("POST", path, {"reason": "Sudah selamat"}, as_="operator", key="cancel")
                assert answer.status == 200, answer.body
            sleep(seconds)

        story.deliver([body for queue, body in story.wakeups.ripe() if queue == "pages"])
        first = [sms.number for sms in story.provider.messages]
        waiting = {regency.number_of("fajar"), *crew} - set(first)
        assert (len(first), len(waiting)) == (10, 3)
        monkeypatch.setattr(story.clock, "sleep", called_off_meanwhile)
        whole = incidents.load_state(opened["id"])
        assert whole is not None
        bulk = [page.id for page in whole.pages.values() if page.number in waiting]
        story.deliver([{"incident": opened["id"], "page": each} for each in bulk], event_handlers.send_bulk)
    assert story.clock.sleep == sleep, "the desk has called it off"
    story.fast_forward(120)
    late = [sms.text for sms in story.provider.messages if sms.number in waiting]
    # The very first had its turn already.
    assert len([text for text in late if "BATAL" not in text]) <= 1
    for number in {sms.number for sms in story.provider.messages}:
        story.phone_of(number).seen = len(story.phone_of(number).messages())


def test_the_desk_works_on_the_incident_while_the_burst_leaves(story: Story, crowd: list[str]) -> None:
    done: list[int] = []

    def write_a_note(sms: Sms) -> None:
        number = len(done)
        done.append(number)
        if number % 50 == 0:
            path = f"/api/incidents/{opened['id']}/notes"
            answer = story.http("POST", path, {"text": f"Catatan {number}"}, as_="operator", key=f"n{number}")
            assert answer.status == 201, answer.body

    story.provider.failing = write_a_note
    with Unsettled(story):
        opened = story.call("drowning", terrain="water")["incident"]
    story.settle()
    _expect_once(story, crowd)
    whole = story.incident(opened["id"])
    assert len(whole["notes"]) == 7
    assert whole["chain"]["ok"]


def test_a_provider_that_throttles_half_of_the_burst_gets_all_of_it_later(
    story: Story, crowd: list[str]
) -> None:
    refused: set[str] = set()

    def throttle_each_second_one_once(sms: Sms) -> None:
        if int(sms.number[-1]) % 2 and sms.number not in refused:
            refused.add(sms.number)
            raise SmsUnavailable("too many messages")

    story.provider.failing = throttle_each_second_one_once
    story.call("drowning", terrain="water")
    story.fast_forward(120)
    _expect_once(story, crowd)
    assert len(refused) >= CROWD / 2


def test_a_modem_of_one_message_in_four_seconds_gets_no_more_than_that(
    story: Story, crowd: list[str]
) -> None:
    slow = replace(story.world, settings=replace(story.world.settings, sms_per_second=0.25))
    story.world = slow
    bootstrap.install(slow)
    sent_at: list[str] = []
    story.provider.failing = lambda sms: sent_at.append(story.clock.now())
    story.call("drowning", terrain="water")
    bulk = sorted(sent_at)[10:]
    assert (times.between(bulk[0], bulk[-1]) or 0) >= (len(bulk) - 10) * BULK_WORKERS / (0.9 * 0.25) - 0.1
    for number in sorted({sms.number for sms in story.provider.messages}):
        story.phone_of(number).expects("Tenggelam")


def test_a_phone_that_waited_for_two_incidents_gets_the_newest_first(story: Story) -> None:
    story.provider.goes_down()
    story.call("childbirth")
    theft = story.call("theft")["incident"]
    story.desk("POST", f"/api/incidents/{theft['id']}/assignments", {"unit_id": "ambulans_1", "insist": True})
    story.provider.comes_back()
    story.wakeups.queue.clear()
    story.clock.advance(120)
    story.sweep()
    story.phone("citra").expects("Pencurian")
    story.phone("citra").expects("Melahirkan")


def test_a_burst_leaves_by_and_by_though_no_queue_can_be_reached(story: Story, crowd: list[str]) -> None:
    sent_at: list[str] = []
    story.provider.failing = lambda sms: sent_at.append(story.clock.now())
    story.wakeups.down = True
    story.call("drowning", terrain="water")
    story.fast_forward(300)
    _expect_once(story, crowd)
    # One worker's part of the rate, since the others may still have what they were woken for.
    assert (times.between(sent_at[0], sent_at[-1]) or 0) > CROWD / RATE


def test_whoever_takes_over_is_called_before_all_who_are_called_off(story: Story) -> None:
    crew = many("airud", "perahu_1", 12)
    incident = story.call("drowning", terrain="water")["incident"]
    _expect_once(story, crew)
    before = len(story.provider.messages)
    path = f"/api/incidents/{incident['id']}/assignments"
    body = {"unit_id": "damkar_1", "instead_of": incident["assignments"][0]["id"]}
    story.desk("POST", path, body, expect=201)
    after = [sms.number for sms in story.provider.messages[before:]]
    assert regency.number_of("andi") in after[:10], "it waits for nobody's cancellation"
    story.phone("andi").expects("Tenggelam")
    for number in [regency.number_of("fajar"), *crew]:
        story.phone_of(number).expects("BATAL")


def test_every_crew_of_an_incident_is_among_the_first_however_many_go_with_one(story: Story) -> None:
    crew = many("damkar", "damkar_1", 12)
    story.call("house_fire")
    first = {sms.number for sms in story.provider.messages[:10]}
    assert {regency.number_of("citra"), regency.number_of("eko")} < first
    for number in [*map(regency.number_of, ("andi", "citra", "eko")), *crew]:
        story.phone_of(number).expects("Kebakaran rumah")
