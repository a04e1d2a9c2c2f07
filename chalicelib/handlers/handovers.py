"""Calls that change desks before they are logged."""

from __future__ import annotations

from ..services.response import handing_over
from .answers.handovers import Colleague, Colleagues, HandoverAnswer, Handovers
from .bodies.fields import EndBody
from .bodies.handovers import HandoverBody, HandoversQuery
from .http import Answers, Api, Context, Takes

api = Api(__name__)
# Three of them stand in one item.
DRAFT_MOST = 16 * 1024


@api.on("GET", "/api/handovers", takes=Takes(query=HandoversQuery), answers=Answers(Handovers))
def list_handovers(context: Context) -> Handovers:
    """The drafts of calls that wait for you; with `to`, what became of those that you handed to somebody."""
    found = handing_over.at_desk(context.world, context.user, context.query.to)
    return Handovers(handovers=[HandoverAnswer.of(each, context.registry, context.user) for each in found])


@api.on("GET", "/api/handovers/colleagues", answers=Answers(Colleagues))
def list_colleagues(context: Context) -> Colleagues:
    """Who else takes calls, by name."""
    found = handing_over.colleagues(context.registry, context.user)
    return Colleagues(colleagues=[Colleague(id=each.id, name=each.name) for each in found])


@api.on(
    "POST",
    "/api/handovers",
    takes=Takes(HandoverBody, creates=True, largest=DRAFT_MOST),
    answers=Answers(HandoverAnswer, status=201),
)
def hand_over(context: Context) -> HandoverAnswer:
    """Hand the draft of a call to a colleague; it is kept for an hour, and erased then."""
    body: HandoverBody = context.body
    key = context.actor.key
    assert key is not None
    made = handing_over.hand_over(context.world, context.registry, context.user, key, body.to, body.draft)
    return HandoverAnswer.of(made, context.registry, context.user)


@api.on(
    "POST",
    "/api/handovers/{account_id}/{handover_id}/take",
    takes=Takes(EndBody),
    answers=Answers(HandoverAnswer),
)
def take(context: Context, account_id: str, handover_id: str) -> HandoverAnswer:
    """Take a call that waits for you, or back one that nobody has taken; the same again answers the same."""
    taken = handing_over.take(context.world, context.user, account_id, handover_id)
    return HandoverAnswer.of(taken, context.registry, context.user)
