"""What a desk does in practice: the decisions of the real use cases on a run that nobody else sees."""

from __future__ import annotations

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import assignment as machine
from ...domain.call import Call, Statement
from ...domain.incident import Location
from ...domain.practice import OF_CREWS
from ...domain.registry import Account, Terrain
from ...errors import Conflict, NotFound, Unprocessable
from ...faults import Fault
from ...models.registry import Snapshot
from ..changes.writing import Actor
from ..registry.units import must_reason
from ..response import assigning, choosing, dispatching, ending, following, intake
from ..response.assigning import Choice
from ..response.choosing import Choices
from ..response.dispatching import Preview, must_type
from ..response.following import CrewReport
from ..response.intake import NewCall, Taken
from .rehearsal import Rehearsal, changed, current


def seen(world: World, registry: Snapshot, account: Account) -> Rehearsal:
    """The account's own round with its incident; NotFound once it is over, or before a call has opened one."""
    found = _going_on(world, registry, account)
    found.loaded  # noqa: B018
    return found


def _going_on(world: World, registry: Snapshot, account: Account) -> Rehearsal:
    found = current(world, registry, account)
    if found is None or found.run.over(world.clock.now()):
        raise NotFound("no practice goes on", Fault("id", "no_practice"))
    return found


def preview(
    world: World, registry: Snapshot, account: Account, type_id: str, terrain: Terrain | None, place: Location
) -> tuple[Rehearsal, Preview]:
    """Who would be sent if every unit were free; no real incident is beside it, which nobody may join from here."""
    found = _going_on(world, registry, account)
    return found, replace(dispatching.preview(world, found.registry, type_id, terrain, place), nearby=[])


def candidates(world: World, registry: Snapshot, account: Account, need_id: str, instead_of: str) -> Choices:
    """Every unit that could be sent to the practice's own incident."""
    found = seen(world, registry, account)
    return choosing.choices_for(world, found.registry, found.loaded, need_id, instead_of)


def take_call(world: World, registry: Snapshot, account: Account, new: NewCall) -> tuple[Rehearsal, Taken]:
    """Take the story's call; an emergency opens the round's one incident, and the same again answers the same."""
    actor = Actor(id=account.id)
    if new.incident:
        must_type(registry, new.incident.type, "incident.type")
    if new.incident_id:
        raise Unprocessable("practice joins nothing real", Fault("incident_id", "no_incident"))
    call = Call(
        id=world.mint.id(),
        number="",
        channel=new.channel,
        kind=new.kind,
        received_at=new.received_at,
        answered_at=new.answered_at,
        taken_by=account.id,
        note=new.note,
        salt=world.mint.salt(),
        said=_without_number(new.said),
        doubts=tuple(each for each in new.doubts if not each.startswith("number_")),
    )

    def taken(rehearsal: Rehearsal, now: str) -> None:
        if rehearsal.run.round != "call_taker":
            raise Conflict("this round takes no call", Fault("id", "no_practice"))
        if new.incident is None or rehearsal.run.incident is not None:
            return
        registry = rehearsal.registry
        begun = intake.begun(world, registry, actor, call, replace(new.incident, drill=False))
        incident = replace(begun, drill=True, opened_at=now)
        first = replace(call, incident_id=incident.id)
        note = intake.asked_of(world, actor, new.incident, now)
        rehearsal.take(intake.opened(world, registry, incident, first, note=note).decision, actor, now)

    rehearsal = changed(world, registry, account, taken)
    if rehearsal.run.incident is None:
        return rehearsal, Taken(call=call, loaded=None, nearby=[])
    loaded = rehearsal.loaded
    return rehearsal, Taken(call=next(iter(loaded.calls.values())), loaded=loaded, nearby=[])


def assign(world: World, registry: Snapshot, account: Account, choice: Choice) -> Rehearsal:
    """Send one unit more, of the dispatcher's choice, to the practice's own incident."""
    assigning.must_unit(registry, choice.unit_id)

    def chosen(rehearsal: Rehearsal, now: str) -> None:
        decision = assigning.assigned(world, rehearsal.registry, rehearsal.loaded, choice, now)
        rehearsal.take(decision, Actor(id=account.id), now)

    return changed(world, registry, account, chosen)


def report(world: World, registry: Snapshot, account: Account, said: CrewReport) -> Rehearsal:
    """Record what a crew of the practice says by radio."""
    must_reason(registry, said.reason, needed=said.status == "unable")
    if said.occurred_at:
        machine.check_past(said.occurred_at, world.clock.now())
    actor = Actor(id=account.id, source="radio_entry")

    def heard(rehearsal: Rehearsal, now: str) -> None:
        if rehearsal.run.round in OF_CREWS:
            raise Conflict("a crew answers by its own page", Fault("id", "no_practice"))
        decision = following.reported(world, rehearsal.registry, actor, rehearsal.loaded, said, now)
        rehearsal.take(decision, actor, now)

    return changed(world, registry, account, heard)


def cancel(world: World, registry: Snapshot, account: Account, reason: str) -> Rehearsal:
    """Cancel the practice's own incident."""
    actor = Actor(id=account.id)

    def cancelled(rehearsal: Rehearsal, now: str) -> None:
        decision = ending.cancelled(world, rehearsal.registry, actor, rehearsal.loaded, reason, now)
        rehearsal.take(decision, actor, now)

    return changed(world, registry, account, cancelled)


def _without_number(said: Statement | None) -> Statement | None:
    """What was typed, but for a number: practice keeps nobody's."""
    if said is None:
        return None
    kept = {name: each for name, each in said.typed.items() if name != "number"}
    return replace(said, typed=kept)
