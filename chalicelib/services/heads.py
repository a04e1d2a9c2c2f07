"""Keeps the heads of the audit trails, each day, where whoever can write to the database cannot reach.

A chain shows a change to whoever knows an old head of it. Somebody who may write every item can write a whole new chain, but
not the head that was kept before: `python -m infra.heads` compares.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct

from ..bootstrap import World
from ..domain.incident import Incident
from ..domain.times import local_day
from ..models import incidents, privacy

# What is written later than this into an incident that has ended is covered no more: an erasure, a hold.
DAYS = 8
PRIVACY = "privacy"


class KeptHead(Struct, frozen=True, kw_only=True):
    """The last link of a chain at some time; `chain` is an incident's id, or `privacy`."""

    chain: str
    seq: int
    hash: str


def keep(world: World) -> dict[str, int]:
    """Keep the heads of all open incidents, of those of the last days and of the privacy records; how many."""
    if world.heads is None:
        return {}
    now, offset = world.clock.now(), world.settings.utc_offset_hours
    found: dict[str, Incident] = {}
    for back in range(DAYS):
        found |= {each.id: each for each in incidents.of_day(local_day(now, offset, -back))}
    found |= incidents.several([each for each in incidents.open_ids() if each not in found])
    heads = [KeptHead(chain=id_, seq=each.seq, hash=each.head) for id_, each in sorted(found.items())]
    last, _ = privacy.head()
    if last.seq:
        heads.append(KeptHead(chain=PRIVACY, seq=last.seq, hash=last.hash))
    # Its own name at each run: a second one, after an answer that was lost, adds a file and takes nothing away.
    world.heads.keep(
        f"heads/{local_day(now, offset)}/{now}.jsonl", msgspec.json.Encoder().encode_lines(heads)
    )
    return {"heads": len(heads)}
