"""Records that a newer release wrote, met by this one after going back: the registry is read, decisions go on."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chalicelib.domain import escalation
from chalicelib.domain.registry import Agency, EscalationPolicy, EscalationStep, Label, Person
from chalicelib.domain.shapes import from_json
from chalicelib.models import registry, registry_writes
from chalicelib.models.registry import RegistryCache
from chalicelib.models.tables import RegistryItem
from tests.contract.faults import Faults
from tests.support import regency as seeded
from tests.support.things import incident

AGENCY = Agency(id="damkar", name="Damkar", short_name="Damkar", phone="+628110000001")


def newer(item: RegistryItem, **fields: Any) -> RegistryItem:
    """The item as a release with more fields would have written it."""
    item.doc = msgspec.json.encode({**msgspec.json.decode(item.doc), **fields}).decode()
    return item


def test_the_registry_is_read_with_fields_that_only_a_newer_release_knows(dynamodb: Faults) -> None:
    item = newer(registry_writes.item_of("agencies", AGENCY), radio={"channel": 3})
    registry_writes.write([(item, None)], stamp=seeded.stamped())
    assert RegistryCache().current().agencies == {"damkar": AGENCY}


def test_the_registry_is_read_with_nouns_that_only_a_newer_release_knows(dynamodb: Faults) -> None:
    item = registry_writes.item_of("agencies", AGENCY)
    other = RegistryItem(pk=registry.NOUN_PK, sk="hydrants#h1", v=1, doc='{"id":"h1"}')
    registry_writes.write([(item, None), (other, None)], stamp=seeded.stamped())
    assert RegistryCache().current().agencies == {"damkar": AGENCY}


def test_fields_are_left_out_at_any_depth() -> None:
    text = """{"id": "andi", "agency_id": "damkar", "name": "Andi", "phone": "+628110000011", "blood": "O",
        "certifications": [{"certification_id": "diver", "expires_on": "2029-12-31", "level": 2}]}"""
    person = from_json(text, Person)
    assert person.certifications[0].certification_id == "diver"
    with pytest.raises(msgspec.ValidationError):
        from_json(text.replace('"+628110000011"', "12"), Person)


def test_a_policy_kept_with_an_incident_is_read_with_newer_fields() -> None:
    label = Label(id="Biasa", en="Normal")
    step = EscalationStep(after_s=60, to="backup")
    policy = EscalationPolicy(id="normal", label=label, steps=[step], silence=[])
    kept = msgspec.to_builtins(policy)
    kept["steps"][0]["by"] = "voice"
    assert escalation.policy_of(incident(plan={"policy": {**kept, "quiet_hours": []}})) == policy
