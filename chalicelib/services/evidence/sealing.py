"""Seals: once an hour the ends of all chains that changed go where whoever may write in the database cannot reach.

The bucket says which seal is the last; the database only remembers it, to notice if somebody changed one or the other. A run
that dies anywhere loses nothing: the next one goes on from the `until` of the last seal that was written.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...bootstrap import World
from ...domain import chain, seals, times
from ...domain.looking_back import DAYS_MOST
from ...domain.seals import Head, RecordsHead, Seal
from ...gateways.seals import Seals
from ...models import counters, heartbeats, incidents, off_board, privacy, ring_backs
from ...models.heartbeats import Heartbeat
from ...observability import logger
from ...version import VERSION

NAME = "seal"
EVERY_S = 3600
# The indexes lag, and a change is written up to some seconds after its instant: what is younger is not claimed to be whole.
MARGIN_S = 600
# How far back the first seal looks, and one whose predecessor cannot be read or lies ahead.
BEGIN_S = 24 * 3600
# A seal of so many changes has some 130 KB.
CHANGES_MOST = 1000
READ_AT_ONCE = 100
# Lambda gives the function a minute.
LONGEST_S = 40.0

COUNTED = ("incidents", "seals", "unfinished", "failed")


class SealDoubted(Exception):
    """The last seal in the store is not the one that was written: somebody changed the store, or the database."""


def seal(world: World) -> dict[str, int]:
    """Seal whatever changed, in as many seals as it takes, and write the heartbeat; {} where no seals are kept.

    SealDoubted, once all is sealed, if the seal before was tampered with; whatever the store raises if it refuses.

    Costs one query of the board, one of the changes for each UTC day, one read for a hundred incidents, one for who was rung back, one query of the registry's counters; of the store one look, one
    read and one write.
    """
    if world.seals is None:
        return {}
    began = world.clock.monotonic()
    counts = dict.fromkeys(COUNTED, 0)
    known = heartbeats.heartbeats((NAME,)).get(NAME)
    resume = known.resume if known else ""
    try:
        number, content, doubted = _last(world.seals, resume)
        more = True
        while more and not counts["unfinished"]:
            made, more = _make(world, number, content, resume if doubted and not counts["seals"] else "")
            content, number = seals.encode(made), made.number
            if not world.seals.write(number, content) and world.seals.read(number) != content:
                # Another run was first. Its seal says the same, and its heartbeat follows.
                logger.warning("sealed by another run", extra={"seal": number})
                return counts
            counts["seals"] += 1
            counts["incidents"] += len(made.incidents)
            counts["unfinished"] = int(more and world.clock.monotonic() - began > LONGEST_S)
    except Exception:
        counts["failed"] = 1
        heartbeats.beat(NAME, Heartbeat(at=world.clock.now(), counts=counts, resume=resume))
        raise
    counts["failed"] = int(doubted)
    resume = f"{number} {chain.digest(content)}"
    heartbeats.beat(NAME, Heartbeat(at=world.clock.now(), counts=counts, resume=resume))
    if doubted:
        raise SealDoubted("the last seal is not the one that was written: python -m infra.verify --seals")
    return counts


def remembered(resume: str) -> tuple[int, str]:
    """The number and the hash of the last seal as a heartbeat has them, (0, '') if it has none."""
    number, _, digest = resume.partition(" ")
    return (int(number), digest) if number.isdecimal() else (0, "")


def _last(store: Seals, resume: str) -> tuple[int, bytes, bool]:
    """The last seal's number and content, and whether the one that the database remembers is another; (0, b'') before any."""
    number, digest = remembered(resume)
    content = store.read(number) if number else None
    doubted = bool(number) and (content is None or chain.digest(content) != digest)
    if doubted:
        logger.error("the last seal is not the one that was written", extra={"seal": number})
        number, content = 0, None
    last = store.last(number)
    if last != number:
        # A run died before its heartbeat.
        content = store.read(last)
    return last, content or b"", doubted


def _make(world: World, number: int, content: bytes, doubted: str) -> tuple[Seal, bool]:
    """The seal that follows one, and whether there is more than fits into it.

    It keeps a doubt for good, as the next heartbeat remembers this seal.
    """
    now = world.clock.now()
    whole = times.plus(now, -MARGIN_S)
    since = _since(content, now, whole)
    # The board first: what leaves it meanwhile is among the changes.
    ids = set(incidents.open_ids())
    changed = off_board.since(since, now, CHANGES_MOST)
    ids |= {incident_id for _, incident_id in changed}
    more = len(changed) == CHANGES_MOST and changed[-1][0] < whole
    head, _ = privacy.head()
    made = Seal(
        number=number + 1,
        prev=chain.digest(content) if content else "",
        at=now,
        since=since,
        until=changed[-1][0] if more else whole,
        records=RecordsHead(seq=head.seq, head=head.hash),
        incidents=list(_heads(sorted(ids))),
        doubted=doubted,
        release=VERSION,
        ring_backs=_rung_back(world, now, since),
        registry=[Head(id=name, seq=end.seq, head=end.hash) for name, end in counters.logs().items()],
    )
    return made, more


def _rung_back(world: World, now: str, since: str) -> list[Head]:
    """The ends of the chains of ringing back that changed since an instant: one read."""
    hours = world.settings.utc_offset_hours
    # The day of the call may be over by the time it is taken, and tomorrow's are no harm.
    days = [times.local_day(now, hours, -ago) for ago in range(-1, DAYS_MOST + 2)]
    found = ring_backs.heads(days)
    return [Head(id=day, seq=end.seq, head=end.hash) for day, end in sorted(found.items()) if end.at >= since]


def _since(content: bytes, now: str, whole: str) -> str:
    try:
        until = seals.decode(content).until
    except ValueError:
        until = ""
    # A clock that was set back says nothing of when the last seal was made.
    return until if "" < until <= whole else times.plus(now, -BEGIN_S)


def _heads(ids: list[str]) -> Iterable[Head]:
    for start in range(0, len(ids), READ_AT_ONCE):
        found = incidents.several(ids[start : start + READ_AT_ONCE])
        for incident_id in sorted(found):
            yield Head(id=incident_id, seq=found[incident_id].seq, head=found[incident_id].head)
