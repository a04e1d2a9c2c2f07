"""Large attendances in portions: what one transaction takes, the first unit of each need before the second of any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from .assignment import active
from .dispatch import Attendance, Pick, Shortfall
from .events import Draft, OwedUnits, UnitsBeingOrdered
from .incident import Incident, Owed

# An incident is one item of 400 KB at most: so many crews with all that the desk may be told of each still leave room for
# the pages that wait to be written.
UNITS_MOST = 150
# So many pages may wait to be written before the next units are sent, called off or asked for.
WAITING_MOST = 300
# The assignment, the unit's state and the event; the crew's first page comes beside them.
ITEMS_A_UNIT = 3


def being_called_off(incident: Incident) -> bool:
    """Whether an incident was cancelled and some of its crews are not yet."""
    return incident.status == "cancelled" and any(active(crew.status) for crew in incident.crews)


def unfinished(incident: Incident) -> bool:
    """Whether something was decided that no transaction holds yet: pages, units to send, crews to call off."""
    return bool(incident.unpaged or incident.owed) or being_called_off(incident)


def orders(before: Incident | None, after: Incident) -> bool:
    """Whether a change leaves something to be written after it that did not wait before."""
    return unfinished(after) and (before is None or _waiting(before) != _waiting(after))


def _waiting(incident: Incident) -> tuple[object, ...]:
    return incident.unpaged, incident.owed, being_called_off(incident), incident.unfinished_since


def since(incident: Incident, now: str) -> Incident:
    """The incident with the instant since when something of it is unfinished, none once all is written."""
    at = (incident.unfinished_since or now) if unfinished(incident) else ""
    return incident if at == incident.unfinished_since else replace(incident, unfinished_since=at)


class Portion(Struct, frozen=True, kw_only=True):
    """What is written now, and what is owed after it."""

    picks: tuple[Pick, ...]
    shortfalls: tuple[Shortfall, ...]
    owed: tuple[Owed, ...]


def portion(
    picks: Sequence[Pick], shortfalls: Sequence[Shortfall], level: int, room: int, items_a_page: int
) -> Portion:
    """As much of an attendance as `room` items take, each unit with its first page; each agency sent may need one item more."""
    turns = _turns(picks)
    firsts = [pick for turn, pick in turns if not turn]
    others = [pick for turn, pick in turns if turn]
    taken_picks: list[Pick] = []
    taken_shortfalls: list[Shortfall] = []
    owed: Counter[str] = Counter()
    pools: set[str] = set()
    steps: list[Pick | Shortfall] = [*firsts, *shortfalls, *others]
    for step in steps:
        cost = ITEMS_A_UNIT + items_a_page + (step.agency_id not in pools) if isinstance(step, Pick) else 1
        if cost > room:
            owed[step.need_id] += 1 if isinstance(step, Pick) else step.missing
            continue
        room -= cost
        if isinstance(step, Pick):
            pools.add(step.agency_id)
            taken_picks.append(step)
        else:
            taken_shortfalls.append(step)
    return Portion(
        picks=tuple(taken_picks),
        shortfalls=tuple(taken_shortfalls),
        owed=tuple(Owed(need_id=need_id, level=level, units=units) for need_id, units in owed.items()),
    )


def _turns(picks: Sequence[Pick]) -> list[tuple[int, Pick]]:
    """Picks in the order of their going, each with how many of its need go before it."""
    met: Counter[str] = Counter()
    turns: list[tuple[int, Pick]] = []
    for pick in picks:
        turns.append((met[pick.need_id], pick))
        met[pick.need_id] += 1
    return sorted(turns, key=lambda each: each[0])


def bounded(attendance: Attendance, crews: int) -> Attendance:
    """The attendance at an incident that has so many crews already: what it cannot take is a shortfall, and says so."""
    room = max(0, UNITS_MOST - crews)
    if len(attendance.picks) <= room:
        return attendance
    beyond = [pick for _, pick in _turns(attendance.picks)[room:]]
    full = [
        Shortfall(need_id=need_id, missing=units, reason="too_many_units", considered=())
        for need_id, units in Counter(pick.need_id for pick in beyond).items()
    ]
    picks = tuple(pick for pick in attendance.picks if pick not in beyond)
    return replace(attendance, picks=picks, shortfalls=(*attendance.shortfalls, *full))


def told(owed: Sequence[Owed]) -> Draft:
    """What is being ordered from now on, all of it; nothing once the last of it is sent or told as missing."""
    entries = tuple(OwedUnits(need=each.need_id, level=each.level, units=each.units) for each in owed)
    return Draft(UnitsBeingOrdered(owed=entries))
