"""The standing link to a person's own duty: made when it is first sent, followed without a sign-in, withdrawn by the next generation."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import ids, standing_link
from ...domain.registry import Person
from ...domain.standing_link import StandingLink
from ...errors import NotFound
from ...models import standing_links
from ...models.registry import Snapshot
from ...observability import logger
from ..abuse import limits
from ..changes.retrying import Try, retried


def current(world: World, person: Person) -> StandingLink:
    """A person's link for the phone that they have now, made if there is none."""
    secret = world.settings.link_secret

    def attempt(each: Try) -> StandingLink:
        found, known = standing_links.read(person.id)
        if found and found.is_for(person.phone) and found.link == _fingerprint(secret, found):
            return found
        return _next(world, person, found, known, each.now)

    return retried(world, attempt)


def address_of(world: World, person: Person) -> str:
    """The address of a person's own page, for the phone that they have now."""
    code = standing_link.code_of(world.settings.link_secret, person.id, current(world, person).generation)
    return f"{world.settings.public_url}{path_of(code)}"


def path_of(code: str) -> str:
    """Where a person's own page stands."""
    return f"/r/{code}/duty"


def withdraw(world: World, person: Person, by: str) -> int:
    """Let no link that was sent to a person lead anywhere any more; the generation that comes next, when it is sent."""

    def attempt(each: Try) -> int:
        found, known = standing_links.read(person.id)
        return _next(world, person, found, known, each.now).generation

    generation = retried(world, attempt)
    logger.info("standing link withdrawn", extra={"person": person.id, "by": by, "generation": generation})
    return generation


class Own(NamedTuple):
    """Whose link was followed, and the link."""

    person: Person
    link: StandingLink

    def calendar_path(self, world: World) -> str:
        """Where the person's calendar stands."""
        code = standing_link.calendar_code_of(
            world.settings.link_secret, self.person.id, self.link.generation
        )
        return f"/r/{code}/duty.ics"


def follow(world: World, registry: Snapshot, code: str, source: str) -> Own:
    """Whose link a code is.

    NotFound for a wrong one and, alike, for one that was withdrawn, is for another phone than the person's, or of somebody who is
    retired; TooMany for many wrong ones. Costs a query and a read.
    """
    return _own(world, registry, standing_links.by_fingerprint(ids.fingerprint(code)), source)


def follow_calendar(world: World, registry: Snapshot, code: str, source: str) -> Own:
    """As `follow`, by the code of a calendar."""
    return _own(world, registry, standing_links.by_calendar(ids.fingerprint(code)), source)


def _own(world: World, registry: Snapshot, found: StandingLink | None, source: str) -> Own:
    if found is None:
        limits.wrong_link(world, source)
        raise NotFound("this link leads nowhere")
    person = registry.people.get(found.person_id)
    if person is None or registry.gone(person) or not found.is_for(person.phone):
        raise NotFound("this link leads nowhere")
    return Own(person, found)


def keep(world: World, link: StandingLink, **noted: str) -> None:
    """Keep beside a link what it was last used for; nothing if another generation stands there by now."""

    def attempt(each: Try) -> None:
        found, known = standing_links.read(link.person_id)
        if found and found.link == link.link:
            standing_links.save(replace(found, **noted), known)

    retried(world, attempt)


def _fingerprint(secret: str, link: StandingLink) -> str:
    return ids.fingerprint(standing_link.code_of(secret, link.person_id, link.generation))


def _next(world: World, person: Person, before: StandingLink | None, known: int, now: str) -> StandingLink:
    made = standing_link.of_generation(
        world.settings.link_secret,
        person.id,
        before.generation + 1 if before else 1,
        person.phone,
        world.mint.salt(),
        now,
    )
    standing_links.save(made, known)
    return made
