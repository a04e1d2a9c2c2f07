"""Beginning and ending a round; each role has its own."""

from __future__ import annotations

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import callout, practice_stories, times
from ...domain.call import Call
from ...domain.callout import Sending
from ...domain.decision import Decision
from ...domain.dispatch import Pick
from ...domain.events import Draft, incident_opened
from ...domain.incident import Location
from ...domain.practice import LASTS_S, OF_CREWS, ROUNDS, Round, Run, Sms, code_of
from ...domain.practice_stories import Story
from ...domain.registry import DESK, Account, Unit
from ...errors import Forbidden, Unprocessable
from ...faults import Fault
from ...models import practices
from ...models.registry import Snapshot
from ..abuse import limits
from ..changes.ordering import order
from ..changes.retrying import Try, retried
from ..registry.phone_numbers import refused_page, refused_phone
from ..response import assigning, dispatching, intake
from ..response.assigning import Choice
from ..response.intake import NewIncident
from .rehearsal import PLAYER, Rehearsal, changed

SMS_AN_HOUR = 6


def rounds_of(account: Account) -> list[Round]:
    """What a role may practise: who takes no calls learns what a crew does."""
    return [each for each in ROUNDS if account.role in DESK or each in OF_CREWS]


def reachable(registry: Snapshot, account: Account) -> bool:
    """Whether the account's own person has a phone that an SMS may go to."""
    number = own_number(registry, account)
    refused = refused_page(number, registry.regency) or refused_phone(number, registry.regency, sms=True)
    return bool(number) and not refused


def own_number(registry: Snapshot, account: Account) -> str:
    """The one number that practice may send to, '' for none: of the person who the account says to be."""
    person = registry.people.get(account.person_id or "")
    return "" if person is None or registry.gone(person) else person.phone


def start(
    world: World, registry: Snapshot, account: Account, round_: Round, *, story_id: str, sms: bool
) -> Rehearsal:
    """Begin a round in place of the account's last one; Unprocessable without a type, a unit or a phone that it needs."""
    if round_ not in rounds_of(account):
        raise Forbidden("another role practises this")
    if sms and round_ not in OF_CREWS:
        raise Unprocessable("only a crew gets an SMS", Fault("sms", "no_own_phone"))
    if sms and not reachable(registry, account):
        raise Unprocessable("this account has no phone of its own", Fault("sms", "no_own_phone"))
    story = _story(registry, story_id)
    if sms:
        limits.hourly(world, f"practice-sms:{account.id}", SMS_AN_HOUR, "practice sends no more SMS")

    def attempt(each: Try) -> Rehearsal:
        _, known = practices.of_account(account.id)
        rehearsal = Rehearsal(
            world, registry, account, _begun(world, registry, account, round_, story, each.now)
        )
        if round_ != "call_taker":
            _open(rehearsal, story, each.now)
        if round_ in OF_CREWS:
            _call_crew(rehearsal, each.now)
        elif round_ == "dispatcher" and not rehearsal.run.assignments:
            # Nobody is on duty now: one is sent as a dispatcher would.
            choice = Choice(unit_id=_unit(rehearsal).id)
            chosen = assigning.assigned(world, rehearsal.registry, rehearsal.loaded, choice, each.now)
            rehearsal.take(chosen, PLAYER, each.now)
        if sms:
            rehearsal.run = replace(rehearsal.run, sms=Sms(state="waiting", at=each.now))
        for page in rehearsal.run.pages.values() if round_ in OF_CREWS else ():
            practices.name_link(code_of(world.settings.link_secret, page.id), rehearsal.run, each.now)
        practices.save(rehearsal.run, known, each.now)
        return rehearsal

    rehearsal = retried(world, attempt)
    if sms:
        _wait(world, account.id)
    return rehearsal


def end(world: World, registry: Snapshot, account: Account) -> Rehearsal:
    """End the account's round before its hour has passed."""

    def ended(rehearsal: Rehearsal, now: str) -> None:
        rehearsal.run = replace(rehearsal.run, ended_at=now)

    return changed(world, registry, account, ended)


def _story(registry: Snapshot, story_id: str) -> Story:
    offered = {each.id: each for each in practice_stories.offered(registry.types)}
    if story_id not in offered:
        raise Unprocessable("there is no such story here", Fault("story", "no_story"))
    return offered[story_id]


def _begun(world: World, registry: Snapshot, account: Account, round_: Round, story: Story, now: str) -> Run:
    id_ = world.mint.id()
    at = int.from_bytes(world.clock.random(2), "big")
    district, village = practice_stories.place_of(registry.districts, at)
    return Run(
        id=id_,
        account_id=account.id,
        round=round_,
        story=story.id,
        started_at=now,
        ends_at=times.plus(now, LASTS_S),
        district=district,
        village=village,
    )


def _open(rehearsal: Rehearsal, story: Story, now: str) -> None:
    """Open the story's incident as somebody else would have: the plan sends, or for a crew's round nobody yet."""
    world, registry, run = rehearsal.world, rehearsal.registry, rehearsal.run
    place = Location(district=run.district, village=run.village, landmark=story.landmark)
    words = practice_stories.spoken(story, _district(rehearsal), run.village)
    narrative = " ".join(getattr(each, rehearsal.account.language) for each in words[:-1])
    new = NewIncident(type=rehearsal.types[0], location=place, narrative=narrative)
    call = Call(
        id=world.mint.id(),
        number="",
        channel="phone",
        kind="emergency",
        received_at=now,
        answered_at=now,
        taken_by=PLAYER.id,
        salt=world.mint.salt(),
    )
    incident = replace(intake.begun(world, registry, PLAYER, call, new), drill=True, opened_at=now)
    call = replace(call, incident_id=incident.id)
    if run.round in OF_CREWS:
        told = Draft(incident_opened(incident, call, ""))
        rehearsal.take(Decision(incident=incident, calls=[call], drafts=[told]), PLAYER, now)
    else:
        rehearsal.take(intake.opened(world, registry, incident, call).decision, PLAYER, now)


def _call_crew(rehearsal: Rehearsal, now: str) -> None:
    """Ask a crew of one: whoever practises."""
    unit = _unit(rehearsal)
    pick = Pick(
        need_id="dispatcher",
        agency_id=unit.agency_id,
        unit_id=unit.id,
        callsign=unit.callsign,
        people=(rehearsal.own.id,),
        distance_km=0,
        reasons=("dispatcher",),
    )
    decision = Decision(incident=rehearsal.loaded.incident)
    what = Sending(level=1, because="dispatcher", picks=(pick,))
    orders = callout.send(decision, what, now, rehearsal.world.mint)
    order(rehearsal.world, rehearsal.registry, decision, orders, now)
    rehearsal.take(decision, PLAYER, now)


def _unit(rehearsal: Rehearsal) -> Unit:
    """A unit of one's own agency, else the first that the plan would send, else any."""
    registry, own, incident = rehearsal.registry, rehearsal.own.agency_id, rehearsal.loaded.incident
    there = [each for _, each in sorted(registry.units.items()) if not registry.gone(each)]
    if not there:
        raise Unprocessable("there are no units yet", Fault("round", "no_units"))
    found = dispatching.preview(rehearsal.world, registry, incident.type, incident.terrain, incident.location)
    picked = [pick.unit_id for pick in found.attendance.picks] if found.attendance else []
    meant = [each for each in there if each.agency_id == own]
    meant += [registry.units[each] for each in picked]
    return (meant or there)[0]


def _district(rehearsal: Rehearsal) -> str:
    found = rehearsal.registry.districts.get(rehearsal.run.district)
    return found.name if found else ""


def _wait(world: World, account_id: str) -> None:
    """Put an account behind those whose SMS waits."""

    def attempt(each: Try) -> None:
        waiting, known = practices.waiting()
        others = [one for one in waiting if one != account_id]
        practices.put_waiting([*others, account_id][-practices.WAITING_MOST :], known, each.now)

    retried(world, attempt)
