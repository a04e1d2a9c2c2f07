"""Notices to people of the registry: what concerns their own duty, behind every page and every word to a caller, each told once."""

from __future__ import annotations

from typing import Literal

from ...bootstrap import World
from ...domain import notice as rules
from ...domain import page as machine
from ...domain import sms_texts
from ...domain.notice import Notice, Word
from ...domain.registry import Person
from ...domain.sms import one_segment
from ...errors import KentonganError
from ...gateways.sms import Sms
from ...models import notices
from ...models.conflicts import ConditionFailed
from ...models.registry import Snapshot
from ...observability import logger
from ..duty.own_link import address_of
from ..registry.phone_numbers import refused_page, refused_phone
from . import budget
from .leaving import Leaving, held, leave

AT_ONCE = 50
LONGEST_S = 20.0
Counted = Literal["settled", "held"]


def tell_person(world: World, person_id: str, word: Word, by: str) -> bool:
    """Order one SMS to a person; whether it is new: the same word is told once, also by two at once. Costs one write.

    Its text has the person's own number and language when it leaves, and may hold `{link}`, their own page.
    """
    try:
        notices.save(rules.to_person(person_id, word, by, world.clock.now()), 0)
    except ConditionFailed:
        return False
    return True


def what_became(person_id: str, kind: str, about: str) -> Notice | None:
    """What became of a word to a person, None if there was none or it is forgotten."""
    made = rules.to_person(person_id, Word(kind, about, {}), "", "2000-01-01T00:00:00.000Z")
    found = notices.read(made.id, notices.PEOPLES)
    return found[0] if found else None


def send_to_people(world: World) -> dict[str, int]:
    """Take each that is due a step further, until one is held back; one query where nothing is due."""
    began, counts = world.clock.monotonic(), {"due": 0, "settled": 0, "held": 0, "failed": 0}
    due = notices.due(world.clock.now(), AT_ONCE, notices.DUE_PEOPLE)
    counts["due"] = len(due)
    registry = world.registry.current() if due else None
    for id_ in due:
        # What holds one back holds back all.
        if registry is None or counts["held"] or world.clock.monotonic() - began > LONGEST_S:
            break
        try:
            counts[_look(world, registry, id_)] += 1
        except ConditionFailed:
            continue  # Somebody else has it in hand, or a report came.
        except Exception:
            logger.exception("notice not finished", extra={"notice": id_})
            counts["failed"] += 1
    return counts


def _look(world: World, registry: Snapshot, id_: str) -> Counted:
    found = notices.read(id_, notices.PEOPLES)
    if found is None:
        return "settled"  # The index is a moment behind.
    notice, version = found
    now, person = world.clock.now(), registry.people.get(notice.person_id)
    if notice.kind == rules.SHEET:
        return _tell_of_sheet(world, registry, notice, version)
    if rules.over(notice, now):
        notices.forget(notice, version)
        return "settled"
    step = machine.next_step(notice, now, wanted=person is not None and not registry.gone(person))
    if step == "send" and machine.may_have_left(notice):
        # A second one is worse than one that nobody knows to have left.
        step = "expire"
    if step == "expire":
        notices.save(rules.settled(machine.expired(notice, now)), version)
    elif step == "arrived":
        notices.save(rules.settled(machine.arrived(notice)), version)
    elif step == "evidence":
        notices.save(rules.settled(notice), version)
    elif step == "send" and person is not None:
        if why := held(world, now, budget.PEOPLE):
            logger.info("notice held back", extra={"notice": id_, "why": why})
            return "held"
        if leave(world, notice, version, _leaving(world, registry, notice, person)):
            _settle(id_)
    return "settled"


def _tell_of_sheet(world: World, registry: Snapshot, notice: Notice, version: int) -> Counted:
    """Order a word for each whose duty a sheet has changed; done anew after a death, each is still told once."""
    for person_id, duty in notice.values.items():
        if person_id in registry.people:
            tell_person(world, person_id, Word("duty_changed", notice.id, {"duty": duty}), notice.by)
    notices.forget(notice, version)
    return "settled"


def _settle(id_: str) -> None:
    found = notices.read(id_, notices.PEOPLES)
    if found is not None and found[0].status != "sending":
        notices.save(rules.settled(found[0]), found[1])


def _leaving(world: World, registry: Snapshot, notice: Notice, person: Person) -> Leaving:
    text = _wording(world, registry, notice, person)
    refused = refused_page(person.phone, registry.regency)
    refused = refused or refused_phone(person.phone, registry.regency, sms=True)
    sms = Sms(number=person.phone, text=text, page_id=notice.id, demo=person.demo)
    return Leaving(sms, "", refused, budget.PEOPLE)


def _wording(world: World, registry: Snapshot, notice: Notice, person: Person) -> str:
    """The text for a person: of the officers', or the program's own where theirs cannot be sent."""
    values = {"regency": registry.regency.name, **notice.values}
    *kept, own = sms_texts.bodies(registry.texts.values(), notice.kind, person.language)
    if any("{link}" in body for body in (*kept, own)):
        values["link"] = address_of(world, person)
    for body in kept:
        try:
            return one_segment(body, values)
        except KentonganError:
            logger.error("SMS template unusable", extra={"kind": notice.kind, "language": person.language})
    return one_segment(own, values)
