"""Sending a person the link to their own duty, and what became of it."""

from __future__ import annotations

from typing import NamedTuple

from ...bootstrap import World
from ...domain import times
from ...domain.notice import Notice, Word
from ...domain.registry import Person
from ...domain.standing_link import StandingLink
from ...models import standing_links
from ..notices.people import tell_person, what_became
from .own_link import current, keep

KIND = "duty_link"


class Standing(NamedTuple):
    """A person's link, None where none was made for the phone that they have, and the last SMS that was ordered with it."""

    link: StandingLink | None
    notice: Notice | None


def send(world: World, person: Person, by: str) -> None:
    """Order the SMS with a person's link, once a local day and generation."""
    link = current(world, person)
    day = times.local_day(world.clock.now(), world.settings.utc_offset_hours)
    about = f"{link.generation} {day}"
    keep(world, link, sent=about)
    tell_person(world, person.id, Word(KIND, about, {}), by)


def standing(person: Person) -> Standing:
    """What stands of a person's link."""
    link, _ = standing_links.read(person.id)
    if link is None or not link.is_for(person.phone):
        return Standing(None, None)
    return Standing(link, what_became(person.id, KIND, link.sent) if link.sent else None)
