"""Standing down those who are not needed any more: woken by their crew's timer, redriven by the sweep, ordered once."""

from __future__ import annotations

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import standing_down
from ...domain.decision import Decision
from ...models import incidents
from ...models.change import Change
from ...models.registry import Snapshot
from ..changes.ordering import order
from ..changes.writing import must


def stand_down(world: World, registry: Snapshot, incident_id: str, assignment_id: str, now: str) -> Change:
    """Order what tells people that they are not needed, if that is due for one assignment."""
    # Whoever is needed for any crew is not to be told.
    loaded = must(incidents.load_state(incident_id), incident_id)
    before = loaded.assignments[assignment_id]
    if not standing_down.due(before, now):
        return Change(loaded, Decision(incident=loaded.incident))
    decision = Decision(incident=loaded.incident, quiet=True)
    kept = {**loaded.assignments, assignment_id: replace(before, recall_at=None)}
    handed = standing_down.handed_on(loaded.incident, kept.values(), now)
    decision.assignments += {each.id: each for each in (kept[assignment_id], *handed)}.values()
    orders = standing_down.to_tell(loaded.incident, loaded.assignments, loaded.pages.values(), now)
    order(world, registry, decision, orders, now)
    return Change(loaded, decision)
