"""How a notice leaves: only while no page waits, within its day's budget, as long as the spend limit is far, and at most once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from ...bootstrap import World
from ...domain import page as machine
from ...domain import times
from ...domain.notice import Notice
from ...gateways.sms import Sms
from ...models import incidents, notices
from ...models.conflicts import ConditionFailed, Passing
from ..changes.retrying import Try, retried
from ..pages.handing import hand_over
from . import budget

Held = Literal["pages", "limit", "budget"]


class Leaving(NamedTuple):
    """What leaves: the message, the text that is kept of it, why its number is refused ('' if it is not), and of which budget."""

    sms: Sms
    kept: str
    refused: str
    budget: str


def held(world: World, now: str, of: str) -> Held | None:
    """Why no notice of a budget leaves now, None if one may."""
    # As far ahead as a page that waits for its next try, a burst's turn or its worker may stand.
    if incidents.sms_wait(times.plus(now, machine.LONGEST_RETRY_S)):
        return "pages"
    if budget.spent(world, now, of):
        return "budget"
    return "limit" if world.sms_limit_near() else None


def leave(world: World, notice: Notice, version: int, leaving: Leaving) -> bool:
    """Claim a notice and hand it over; whether what became of it is final."""
    now = world.clock.now()
    claimed = machine.claim(notice, now, world.mint.id())
    # Before the claim: who cannot count must leave no notice of which nobody knows whether it left.
    budget.spend(world, now, leaving.budget)
    if not _take(claimed, version):
        return False
    become = hand_over(
        world, claimed, leaving.sms, kept=leaving.kept, refused=leaving.refused, maybe_repeat=False
    )
    after = _write_down(world, claimed, version + 1, become)
    # Nothing else of ours wants its turn at the provider now; the next notice keeps to its rate.
    world.clock.sleep(1 / world.settings.sms_per_second)
    return after is not None and after.status != "pending"


def _read(notice: Notice) -> tuple[Notice, int] | None:
    return notices.read(notice.id, notices.PEOPLES if notice.person_id else notices.CALLERS)


def _take(claimed: Notice, version: int) -> bool:
    """Write a claim; whether it stands, also when its answer was lost."""
    try:
        notices.save(claimed, version)
    except Passing as error:
        found = _read(claimed)
        if found is not None and found[0] == claimed:
            return True
        if isinstance(error, ConditionFailed):
            return False
        raise
    return True


def _write_down(
    world: World, claimed: Notice, version: int, become: Callable[[Notice], Notice]
) -> Notice | None:
    """Write what became of a claimed notice, also when a delivery report came meanwhile; None if the claim is not ours any more."""
    written = [become(claimed)]

    def attempt(each: Try) -> Notice | None:
        known = version
        if each.failed:
            found = _read(claimed)
            if found is None:
                return None
            current, known = found
            if current == written[-1]:
                return current
            if (current.status, current.claim_id) != ("sending", claimed.claim_id):
                return None
            written.append(become(current))
        notices.save(written[-1], known)
        return written[-1]

    return retried(world, attempt)
