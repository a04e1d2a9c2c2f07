"""Whose delivery report is taken in, what of it is kept, and what the auditor makes of the pages."""

from __future__ import annotations

import json
from collections.abc import Callable

import msgspec
import pytest

from chalicelib.models import incidents, page_codes
from chalicelib.models.tables import IncidentItem
from chalicelib.services.watch import auditing
from tests.world.harness import Answer, Story
from tests.world.provider import birth, page_of, post, reports, set_up, versions


@pytest.fixture
def story(story: Story) -> Story:
    """A regency whose provider tells what became of each message."""
    return set_up(story)


# -- whose report ------------------------------------------------------------------------------------------------------


def test_a_message_by_its_providers_id_alone_is_known_where_that_is_asked_for(story: Story) -> None:
    unknown = json.dumps({"outcome": "delivered", "message_id": "message-1"})
    assert post(story, unknown).status == 404
    set_up(story, sms_message_ids=True)
    incident = birth(story)
    assert post(story, unknown).body == {"result": "applied"}
    assert page_of(story, incident)["status"] == "delivered"


def test_an_id_that_two_modems_gave_to_two_pages_says_nothing_of_either_unless_the_phone_is_named(
    story: Story,
) -> None:
    set_up(story, sms_message_ids=True)
    incident = birth(story)
    page = story.incident(incident["id"])["pages"][0]
    other = msgspec.structs.replace(
        incidents.read_page(incident["id"], page["id"])[0], id="01KAQW0000000000000000TEST"
    )
    page_codes.keep_message("message-1", other, story.clock.now())
    told = {"outcome": "delivered", "message_id": "message-1"}
    assert post(story, json.dumps(told)).status == 404
    assert page_of(story, incident)["status"] == "sent"


def test_a_report_with_its_phone_is_of_the_page_to_that_phone(story: Story) -> None:
    set_up(story, sms_message_ids=True)
    first, second = birth(story), story.call("childbirth")["incident"]
    story.phone("dewi").expects("Melahirkan")
    pages = [
        incidents.read_page(one["id"], story.incident(one["id"])["pages"][0]["id"])[0]
        for one in (first, second)
    ]
    assert pages[0].number != pages[1].number
    page_codes.keep_message("17", pages[0], story.clock.now())
    page_codes.keep_message("17", pages[1], story.clock.now())
    told = {"outcome": "delivered", "message_id": "17", "to": pages[1].number}
    assert post(story, json.dumps(told)).body == {"result": "applied"}
    known = [page_of(story, first, "citra"), page_of(story, second, "dewi")]
    assert [page["status"] for page in known] == ["sent", "delivered"]
    assert post(story, json.dumps({**told, "to": "+628999000111"})).status == 404


def test_a_report_about_nothing_of_ours_is_refused_and_writes_nothing_of_an_incident(story: Story) -> None:
    incident = birth(story)
    before = versions(incident)
    for reference in (
        "01KAQW0000000000000000TEST",
        incident["id"],
        story.phone("citra").link()[3:],
        "x" * 64,
    ):
        answer = post(story, json.dumps({"outcome": "failed", "reference": reference}))
        assert (answer.status, list(answer.body["fields"])) == (404, ["reference"])
    assert versions(incident) == before


@pytest.mark.parametrize(
    "forge",
    [
        lambda story, raw: post(story, raw, secret="another secret of the same length, or so"),
        lambda story, raw: post(story, raw, age_s=301),
        lambda story, raw: post(story, raw, age_s=-301),
        lambda story, raw: story.http("POST", "/api/inbound/reports", raw=raw),
        lambda story, raw: story.http("POST", "/api/inbound/reports", raw=raw, as_="admin"),
    ],
    ids=["another secret", "too old", "from the future", "unsigned", "signed in instead"],
)
def test_a_report_that_is_not_signed_is_refused(story: Story, forge: Callable[[Story, str], Answer]) -> None:
    incident = birth(story)
    raw = json.dumps({"outcome": "failed", "reference": page_of(story, incident)["id"]})
    answer = forge(story, raw)
    assert (answer.status, answer.body["code"]) == (403, "forbidden")
    assert page_of(story, incident)["status"] == "sent"


def test_without_a_secret_no_report_is_taken_in(story: Story) -> None:
    set_up(story, inbound_secret="")
    assert post(story, "{}", secret="").status == 404


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ("", "outcome"),
        ("{", "body"),
        ('{"outcome": "delivered"}', "reference"),
        ('{"outcome": "delivered", "reference": null}', "reference"),
        ('{"outcome": "read", "reference": "a"}', "outcome"),
        ('{"outcome": "delivered", "reference": ""}', "reference"),
        ('{"outcome": "delivered", "reference": "../a"}', "reference"),
        ('{"outcome": "delivered", "reference": 1}', "reference"),
        ('{"outcome": "delivered", "reference": "%s"}' % ("a" * 65), "reference"),
        ('{"outcome": "delivered", "message_id": ""}', "message_id"),
        ('{"outcome": "delivered", "message_id": "%s"}' % ("a" * 201), "message_id"),
        ('{"outcome": "delivered", "reference": "a", "at": "kemarin"}', "at"),
        ('{"outcome": "delivered", "reference": "a", "at": "2026-11-23T03:00:00"}', "at"),
        ('{"outcome": "delivered", "reference": "a", "detail": "%s"}' % ("a" * 201), "detail"),
        ('{"outcome": "delivered", "reference": "a", "status": "ok"}', "status"),
        ('{"outcome": "delivered", "reference": "a", "reference": "b"}', "reference"),
    ],
)
def test_a_signed_report_that_does_not_fit_is_refused_by_name(story: Story, raw: str, field: str) -> None:
    answer = post(story, raw)
    assert answer.status == 400 and field in answer.body["fields"], answer.text


@pytest.mark.parametrize(
    "detail", ["\u0000\u001b[31m", "a\u202eb", "0811-0001-02 off", "satu\ndua", "🚒" * 50, "\ud83d"]
)
def test_a_providers_own_words_are_kept_as_far_as_they_can_be_shown(story: Story, detail: str) -> None:
    incident = birth(story)
    reports(story, "failed", page_of(story, incident), detail=detail)
    story.phone("dewi").expects("Melahirkan")
    kept = page_of(story, incident)["attempts"][-1]["detail"]
    assert kept.isprintable() and "0811" not in kept


# -- the auditor -------------------------------------------------------------------------------------------------------


def test_a_delivered_page_is_nothing_to_put_right(story: Story) -> None:
    incident = birth(story)
    reports(story, "delivered", page_of(story, incident))
    story.sweep()
    counts = auditing.audit(story.world)
    assert (counts["repaired"], counts["marked"]) == (0, 0)


def test_a_delivered_page_of_which_no_event_speaks_gets_its_event(story: Story) -> None:
    incident = birth(story)
    reports(story, "delivered", page_of(story, incident))
    pk, seq = incidents.pk_of(incident["id"]), len(story.events(incident["id"]))
    # As if the page's outcome, which is the last event, had never been told.
    before = json.loads(IncidentItem.get(pk, f"~{seq - 1:08d}", consistent_read=True).doc)
    IncidentItem.get(pk, f"~{seq:08d}", consistent_read=True).delete()
    item = IncidentItem.get(pk, "#", consistent_read=True)
    item.doc = json.dumps({**json.loads(item.doc), "seq": seq - 1, "head": before["hash"]})
    item.save()
    assert "PagesSent" not in story.events(incident["id"])
    assert auditing.audit(story.world)["repaired"] == 1
    story.fast_forward(60)
    assert story.events(incident["id"]).count("PagesSent") == 1


def test_a_failure_that_only_the_page_knows_is_told_after_an_audit(story: Story) -> None:
    incident = birth(story)
    pk, sk = incidents.pk_of(incident["id"]), f"P#{page_of(story, incident)['id']}"
    item = IncidentItem.get(pk, sk, consistent_read=True)
    item.doc = json.dumps({**json.loads(item.doc), "status": "failed"})
    item.save()
    # That the page is due again, and how far its crew's call-outs got.
    assert auditing.audit(story.world)["repaired"] == 2
    story.fast_forward(60)
    story.phone("dewi").expects("Melahirkan")
    assert "PagesFailed" in story.events(incident["id"])
