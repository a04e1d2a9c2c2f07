"""Heads of the trails, kept outside: what was written anew or taken away is found, what came later is no break."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import msgspec
import pytest

from chalicelib import bootstrap
from chalicelib.domain.events import Event
from chalicelib.handlers import events as event_handlers
from chalicelib.models import incidents
from chalicelib.models.tables import IncidentItem
from chalicelib.services.heads import KeptHead
from infra import heads as checking
from infra import verify
from tests.world.harness import Story


@dataclass
class Bucket:
    """A place where nothing can be changed."""

    files: dict[str, bytes] = field(default_factory=dict)

    def keep(self, name: str, content: bytes) -> None:
        assert name not in self.files
        self.files[name] = content

    def heads(self) -> set[KeptHead]:
        lines = [line for content in self.files.values() for line in content.splitlines()]
        return {msgspec.json.decode(line, type=KeptHead) for line in lines}


@pytest.fixture
def bucket(story: Story) -> Bucket:
    kept = Bucket()
    story.world = replace(story.world, heads=kept)
    bootstrap.install(story.world)
    return kept


def birth(story: Story) -> str:
    """An incident that has ended."""
    id_ = str(story.call("childbirth")["incident"]["id"])
    story.phone("citra").expects("Melahirkan")
    story.phone("citra").taps("acknowledged")
    story.phone("citra").taps("cleared")
    story.desk("POST", f"/api/incidents/{id_}/close", {"disposition": "done"})
    return id_


def broken(bucket: Bucket) -> list[str]:
    return [head.chain for head in checking.compare(bucket.heads())]


def test_each_day_the_heads_of_what_ended_and_of_what_is_open_are_kept(story: Story, bucket: Bucket) -> None:
    ended = birth(story)
    opened = story.call("house_fire")["incident"]["id"]
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran")
        story.phone(person).taps("acknowledged")
    assert event_handlers.keep_heads(story.world) == {"heads": 2}
    (name,) = bucket.files
    assert name.startswith("heads/2026-11-23/2026-11-23T03:")
    assert {head.chain for head in bucket.heads()} == {ended, opened}
    assert broken(bucket) == []


def test_an_incident_that_stays_open_longer_than_the_days_that_are_looked_at_is_kept_too(
    story: Story, bucket: Bucket
) -> None:
    opened = story.call("childbirth")["incident"]["id"]
    story.phone("citra").expects("Melahirkan")
    story.phone("citra").taps("acknowledged")
    story.clock.advance(30 * 24 * 3600)
    event_handlers.keep_heads(story.world)
    assert {head.chain for head in bucket.heads()} == {opened}


def test_what_is_added_later_breaks_nothing(story: Story, bucket: Bucket) -> None:
    ended = birth(story)
    event_handlers.keep_heads(story.world)
    story.desk("POST", f"/api/incidents/{ended}/reopen", {"reason": "Kembali sakit"})
    story.desk("POST", f"/api/incidents/{ended}/cancel", {"reason": "Salah lapor"})
    event_handlers.keep_heads(story.world)
    assert len(bucket.heads()) == 2
    assert broken(bucket) == []


def test_a_chain_that_was_written_all_anew_is_found_though_it_holds_in_itself(
    story: Story, bucket: Bucket
) -> None:
    ended = birth(story)
    event_handlers.keep_heads(story.world)
    rewrite(ended, actor="sub-somebody-else")
    story.tampered = True
    assert verify.verify(ended)[1] == []
    assert broken(bucket) == [ended]


def test_an_incident_that_is_gone_with_all_its_items_is_found(story: Story, bucket: Bucket) -> None:
    ended = birth(story)
    event_handlers.keep_heads(story.world)
    for item in IncidentItem.query(incidents.pk_of(ended), consistent_read=True):
        item.delete()
    story.tampered = True
    assert broken(bucket) == [ended]


def test_the_record_of_who_looked_up_whose_data_has_its_head_kept(story: Story, bucket: Bucket) -> None:
    birth(story)
    request = {"number": "+6281234567890", "reason": "Surat 12/2026"}
    story.desk("POST", "/api/privacy/access", request, as_="admin")
    event_handlers.keep_heads(story.world)
    assert "privacy" in {head.chain for head in bucket.heads()}
    assert broken(bucket) == []


def test_without_a_bucket_nothing_is_kept(story: Story) -> None:
    birth(story)
    assert event_handlers.keep_heads(story.world) == {}


def rewrite(incident_id: str, actor: str) -> None:
    """Say of every event that somebody else did it, with new hashes and a new head, as whoever owns the table could."""
    previous = ""
    for item in _items(incident_id):
        event = msgspec.json.decode(item.doc, type=Event)
        event = msgspec.structs.replace(event, actor=actor, prev=previous, hash="")
        event = msgspec.structs.replace(event, hash=incidents.hash_of(event))
        previous = event.hash
        item.doc = msgspec.json.encode(event).decode()
        item.save()
    state = IncidentItem.get(incidents.pk_of(incident_id), "#", consistent_read=True)
    held = msgspec.json.decode(state.doc)
    state.doc = msgspec.json.encode({**held, "head": previous}).decode()
    state.save()


def _items(incident_id: str) -> Iterator[IncidentItem]:
    yield from IncidentItem.query(
        incidents.pk_of(incident_id), IncidentItem.sk > incidents.event_key(0), consistent_read=True
    )
