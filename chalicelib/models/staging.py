"""Past incidents that no transaction takes whole: their parts under a stage that one writer holds, their own item last.

The first event stands as long as the stage does: so no transaction that would write the incident whole meets it unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from ..domain.incident import Importing
from .incidents import decode, event_key, pk_of
from .tables import IncidentItem, as_known
from .transactions import LIMIT, Put, Transaction

SK = "S"
INDEX = "importing"
FIRST = event_key(1)
# Beside the stage.
AT_ONCE = LIMIT - 1


def read(incident_id: str) -> tuple[Importing, int] | None:
    """Who is bringing an incident in, with the version of that item."""
    try:
        item = IncidentItem.get(pk_of(incident_id), SK, consistent_read=True)
    except IncidentItem.DoesNotExist:
        return None
    value: Importing = decode(item)
    return value, int(item.v)


def hold(transaction: Transaction, incident_id: str, stage: Importing, known: int) -> None:
    """Put the stage into a transaction, on condition that it is as it was known; 0 that nobody holds it."""
    item = IncidentItem(pk=pk_of(incident_id), sk=SK, v=known + 1, doc=msgspec.json.encode(stage).decode())
    item.due_key, item.due_at = INDEX, stage.at
    transaction.put(SK, item, as_known(known))


def leave(transaction: Transaction, incident_id: str, known: int) -> None:
    """Take the stage away with a transaction, on the same condition."""
    transaction.delete(SK, IncidentItem(pk=pk_of(incident_id), sk=SK), as_known(known))


def standing(incident_id: str) -> list[str]:
    """The sort keys of whatever stands in an incident's place beside the stage."""
    found = IncidentItem.query(pk_of(incident_id), consistent_read=True, attributes_to_get=["pk", "sk"])
    return [item.sk for item in found if item.sk != SK]


def clear(transaction: Transaction, incident_id: str, sort_keys: Iterable[str]) -> None:
    """Delete parts with a transaction."""
    for sk in sort_keys:
        transaction.delete(sk, IncidentItem(pk=pk_of(incident_id), sk=sk), None)


def parts_of(puts: Sequence[Put]) -> tuple[list[list[Put]], list[Put]]:
    """What is written before, in portions, and what is written last: the incident, its calls and facts, its last event.

    So nothing that a caller said stands there before the incident does.
    """
    events = [each for each in puts if each[0].startswith("~")]
    last = [each for each in puts if each[0] in ("#", "facts", events[-1][0]) or each[0].startswith("C#")]
    first = [each for each in puts if each not in last]
    first.sort(key=lambda each: each[0] != FIRST)
    return [first[start : start + AT_ONCE] for start in range(0, len(first), AT_ONCE)], last


def unfinished(before: str) -> Iterator[str]:
    """The ids of incidents of which some parts were written, the last of them before an instant."""
    found = IncidentItem.due_index.query(INDEX, IncidentItem.due_at <= before)
    return (item.pk[2:] for item in found)
