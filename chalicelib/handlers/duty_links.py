"""The standing links to people's own duty, by their agency's officers: sent by SMS, withdrawn."""

from __future__ import annotations

from ..domain.registry import Person
from ..errors import NotFound
from ..faults import Fault
from ..services.duty import own_link, sending_link
from .access import must_own
from .answers.duty import LinkAnswer
from .http import Answers, Api, Context

api = Api(__name__)
LINK = "/api/duty/links/{person_id}"


@api.on("GET", LINK, answers=Answers(LinkAnswer))
def show(context: Context, person_id: str) -> LinkAnswer:
    """Whether somebody has a link to their own duty, and what became of the SMS with it; never the link."""
    return LinkAnswer.of(sending_link.standing(_person(context, person_id)))


@api.on("POST", LINK, answers=Answers(LinkAnswer))
def send(context: Context, person_id: str) -> LinkAnswer:
    """Send somebody the link to their own duty by SMS; once a day the same link, however often it is asked for."""
    person = _person(context, person_id)
    sending_link.send(context.world, person, context.actor.id)
    return LinkAnswer.of(sending_link.standing(person))


@api.on("DELETE", LINK, answers=Answers(LinkAnswer))
def withdraw(context: Context, person_id: str) -> LinkAnswer:
    """Let no link that somebody was sent lead anywhere any more, as when a phone is lost; the next SMS brings another."""
    person = _person(context, person_id)
    own_link.withdraw(context.world, person, context.actor.id)
    return LinkAnswer.of(sending_link.standing(person))


def _person(context: Context, person_id: str) -> Person:
    person = context.registry.people.get(person_id)
    if person is None or context.registry.gone(person):
        raise NotFound("no such person", Fault("person_id", "not_found"))
    must_own(context.user, person.agency_id)
    return person
