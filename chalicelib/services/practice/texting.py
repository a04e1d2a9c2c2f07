"""The one SMS of practice: to the account's own person, behind every page and every word to a caller, at most once."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import page as machine
from ...domain import times
from ...domain.ids import link_code
from ...domain.page import Attempt
from ...domain.practice import Run, Sms, code_of
from ...errors import SmsRefused, SmsUnavailable
from ...gateways import sms as gateway
from ...models import incidents, keys, practices
from ...models.conflicts import ConditionFailed, Passing
from ...models.keys import Count
from ...models.registry import Snapshot
from ...observability import logger
from ..changes.retrying import Try, retried
from ..pages.composing import compose
from . import rounds
from .rehearsal import PROVIDER, Rehearsal

# Later than this whoever practises has opened the page beside.
LATEST_S = 600
A_DAY = 100
AT_ONCE = 5


def send_texts(world: World) -> int:
    """Send what waits, unless anything real does; how many left. One read where nothing waits."""
    try:
        return _send_some(world)
    except Passing:
        # No alarm of ours rises for practice.
        logger.warning("SMS of practice not looked at")
        return 0


def _send_some(world: World) -> int:
    waiting, known = practices.waiting()
    if not waiting:
        return 0
    now = world.clock.now()
    if incidents.sms_wait(times.plus(now, machine.LONGEST_RETRY_S)) or world.sms_limit_near():
        return 0
    registry, sent = world.registry.current(), 0
    turn, rest = waiting[:AT_ONCE], waiting[AT_ONCE:]
    try:
        # Before the first of them: who is taken out and then lost has the page's address on the screen.
        practices.put_waiting(rest, known, now)
    except ConditionFailed:
        return 0
    for account_id in turn:
        try:
            sent += _send(world, registry, account_id)
        except Exception:
            logger.exception("practice SMS not sent", extra={"account": account_id})
    return sent


def _send(world: World, registry: Snapshot, account_id: str) -> int:
    account, now = registry.accounts.get(account_id), world.clock.now()
    run, known = practices.of_account(account_id)
    if account is None or account.disabled or run is None or run.over(now):
        return 0
    page = next(iter(run.pages.values()), None)
    late = run.sms.state != "waiting" or (times.between(run.sms.at, now) or 0) > LATEST_S
    if late or page is None or not _in_budget(world, now):
        return 0
    number = rounds.own_number(registry, account) if rounds.reachable(registry, account) else ""
    if not number:
        return 0
    # Claimed first: nobody gets it twice.
    practices.save(replace(run, sms=Sms(state="sending", at=now)), known, now)
    rehearsal = Rehearsal(world, registry, account, run)
    incident = rehearsal.loaded.incident
    text, _ = compose(world, rehearsal.registry, incident, page)
    secret = world.settings.link_secret
    text = text.replace(link_code(secret, page.id), code_of(secret, page.id))
    state: Literal["sent", "failed"] = "sent"
    try:
        world.sms.send(gateway.Sms(number=number, text=text, page_id=page.id, demo=rehearsal.own.demo))
    except (SmsRefused, SmsUnavailable) as error:
        logger.warning("practice SMS not taken", extra={"account": account_id, "why": error.message})
        state = "failed"
    _write_down(world, account_id, run.id, state)
    return int(state == "sent")


def _in_budget(world: World, now: str) -> bool:
    """Count one of the day; whether it may leave. It is not the budget of word to callers."""
    day = times.local_day(now, world.settings.utc_offset_hours)
    return keys.add(Count(what=f"practice-sms\n{day}", kept_s=2 * 86400), now) <= A_DAY


def _write_down(world: World, account_id: str, run_id: str, state: Literal["sent", "failed"]) -> None:
    def attempt(each: Try) -> None:
        run, known = practices.of_account(account_id)
        if run is not None and run.id == run_id:
            practices.save(_with_sms(run, state, each.now), known, each.now)

    retried(world, attempt)


def _with_sms(run: Run, state: Literal["sent", "failed"], now: str) -> Run:
    after = replace(run, sms=Sms(state=state, at=now))
    page = next(iter(run.pages.values()))
    if state == "failed" or page.status != "pending":
        return after
    there = machine.sent(page, Attempt(at=now, provider=PROVIDER, outcome="sent"), "", page.salt)
    return replace(after, pages={**run.pages, page.id: machine.evidenced(there)})
