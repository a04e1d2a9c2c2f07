"""The three tables and their keys.

An item is its keys, `v` (raised by every write, the condition of the next) and `doc`, the domain's value as JSON: what is
read and written together stands together, and only what an index or a condition needs is an attribute of its own.
"""

from __future__ import annotations

from typing import Any, Self

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.connection.table import TableConnection
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection
from pynamodb.models import Model

from ..config import tables
from .connection import shared

TABLES = tables()


class _Meta:
    billing_mode = "PAY_PER_REQUEST"


class _Table(Model):
    """A table by the connection that all share.

    Its attributes are texts, whole numbers and flags under their own names: knowing that, items are read and written in a
    fifth of the time that PynamoDB's own way takes, which asks every attribute of every item how it wants to be treated.
    """

    @classmethod
    def _get_connection(cls) -> TableConnection:
        made = super()._get_connection()
        if made.connection is not shared():
            shared().add_meta_table(made.get_meta_table())
            made.connection = shared()
        return made

    @classmethod
    def _instantiate(cls, attribute_values: dict[str, dict[str, Any]]) -> Self:
        made = cls.__new__(cls)
        made.attribute_values = {name: attribute.default for name, attribute in cls._attributes.items()}
        for name, value in attribute_values.items():
            ((kind, held),) = value.items()
            made.attribute_values[name] = int(held) if kind == "N" else held
        return made

    def serialize(self, null_check: bool = True) -> dict[str, dict[str, Any]]:
        found = {name: value for name, value in self.attribute_values.items() if value is not None}
        return {name: _written(value) for name, value in found.items()}


def _written(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        return {"S": value}
    return {"BOOL": value} if isinstance(value, bool) else {"N": str(value)}


def as_known(version: int) -> Condition:
    """That an incident's or the registry's item is as it was read; 0 that there is none."""
    return IncidentItem.v == version if version else IncidentItem.pk.does_not_exist()


class OpenIndex(GlobalSecondaryIndex["IncidentItem"]):
    """The board: open incidents in the order of their opening, and the version of each."""

    class Meta(_Meta):
        index_name = "open"
        projection = IncludeProjection(["v"])

    open_key = UnicodeAttribute(hash_key=True)
    pk = UnicodeAttribute(range_key=True)


class DueIndex(GlobalSecondaryIndex["IncidentItem"]):
    """Whatever somebody must look at again, by when; what the sweep reads."""

    class Meta(_Meta):
        index_name = "due"
        projection = IncludeProjection(["bulk"])

    due_key = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)
    bulk = BooleanAttribute(null=True)


class DayIndex(GlobalSecondaryIndex["IncidentItem"]):
    """The incidents opened on a local day."""

    class Meta(_Meta):
        index_name = "day"
        projection = KeysOnlyProjection()

    day_key = UnicodeAttribute(hash_key=True)
    pk = UnicodeAttribute(range_key=True)


class LinkIndex(GlobalSecondaryIndex["IncidentItem"]):
    """A page, and which assignment it calls out, by the fingerprint of its link's code."""

    class Meta(_Meta):
        index_name = "link"
        projection = IncludeProjection(["assignment"])

    link = UnicodeAttribute(hash_key=True)


class IncidentItem(_Table):
    """Everything of an incident: `#`, `A#`, `C#`, `N#`, `P#` and, sorting last, its events `~<seq>`.

    Beside them stand calls without an incident (`D#<day>`), the reply codes of pages (`K#<code>`), which paging drill an
    agency has or had last (`G#<agency>`) and, where they are asked for, the messages of pages (`M#<fingerprint of the
    provider's id>`).
    """

    class Meta(_Meta):
        table_name = f"{TABLES}-incidents"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    v = NumberAttribute(default=1)
    doc = UnicodeAttribute()
    open_key = UnicodeAttribute(null=True)
    due_key = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    bulk = BooleanAttribute(null=True)
    day_key = UnicodeAttribute(null=True)
    link = UnicodeAttribute(null=True)
    assignment = UnicodeAttribute(null=True)

    open_index = OpenIndex()
    due_index = DueIndex()
    day_index = DayIndex()
    link_index = LinkIndex()


class RegistryItem(_Table):
    """The registry: nouns under `R`, what changes by the minute under `LIVE`, shifts by agency and local day.

    `V#<partition>` holds the records of each thing's versions, `L#` the logs that name them all; `head` is the last of a thing's, and,
    of a counter, its log's (domain/versions.py). A release before 0.6.0 drops it.
    """

    class Meta(_Meta):
        table_name = f"{TABLES}-registry"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    v = NumberAttribute(default=1)
    doc = UnicodeAttribute(default="")
    head = UnicodeAttribute(null=True)


class KeyItem(_Table):
    """Idempotency keys: fingerprint of (caller, route, key) with the body's hash and the result's ids; and counts."""

    class Meta(_Meta):
        table_name = f"{TABLES}-keys"

    pk = UnicodeAttribute(hash_key=True)
    body = UnicodeAttribute()
    result = UnicodeAttribute()
    expires_at = NumberAttribute()
    times = NumberAttribute(null=True)


MODELS: tuple[type[Model], ...] = (IncidentItem, RegistryItem, KeyItem)


def create_missing() -> list[str]:
    """Create the tables that do not exist yet (embedded stack and tests); the names of those created."""
    created = []
    for model in MODELS:
        if not model.exists():
            model.create_table(wait=True)
            created.append(model.Meta.table_name)
    return created
