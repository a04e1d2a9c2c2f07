"""Amending an incident, and what that would do."""

from __future__ import annotations

from msgspec import UNSET

from ..domain.amending import FIELDS
from ..domain.texts import honest
from ..errors import Invalid
from ..faults import Fault
from ..services.response import amending, amendment_preview, detailing
from .answers.amending import AmendmentPreview
from .answers.incidents import IncidentDetail
from .bodies.amending import AmendBody, DetailsBody
from .http import Answers, Api, Context, Takes
from .incidents import show
from .reading import unlike

api = Api(__name__)


@api.on(
    "PATCH",
    "/api/incidents/{incident_id}",
    takes=Takes(AmendBody, creates=True),
    answers=Answers(IncidentDetail),
    decides=True,
)
def amend(context: Context, incident_id: str) -> IncidentDetail:
    """Put an incident right, send and call off units for it, and tell its crews what has changed."""
    amending.amend(context.world, context.registry, context.actor, incident_id, _wanted(context.body))
    return show(context, incident_id)


@api.on(
    "POST",
    "/api/incidents/{incident_id}/details",
    takes=Takes(DetailsBody, creates=True),
    answers=Answers(IncidentDetail),
)
def record_details(context: Context, incident_id: str) -> IncidentDetail:
    """Keep what was said to questions of an open incident's type; what was said before stays in its notes."""
    body: DetailsBody = context.body
    said = {each.question: each.value for each in body.details}
    unlike([each.question for each in body.details], "details")
    detailing.record(
        context.world, context.registry, context.actor, incident_id, body.version, list(said.items())
    )
    return show(context, incident_id)


@api.on(
    "POST",
    "/api/incidents/{incident_id}/amendments/preview",
    takes=Takes(AmendBody),
    answers=Answers(AmendmentPreview),
    decides=True,
)
def preview(context: Context, incident_id: str) -> AmendmentPreview:
    """What an amendment would do now: whom the plan would send, and what crews would be told; nothing is written."""
    wanted = _wanted(context.body)
    found = amendment_preview.preview(context.world, context.registry, incident_id, wanted)
    return AmendmentPreview.of(found, context.registry)


def _wanted(body: AmendBody) -> amending.Amendment:
    """The fields that are given; Invalid for one coordinate without the other, a point without its half."""
    given = {name: getattr(body, name) for name in FIELDS}
    values = {name: each for name, each in given.items() if each is not UNSET}
    lacking = [
        name for name, other in (("lat", "lng"), ("lng", "lat")) if other in values and name not in values
    ]
    if "lat" in values and "lng" in values and (values["lat"] is None) != (values["lng"] is None):
        lacking = ["lat" if values["lat"] is None else "lng"]
    if lacking:
        raise Invalid("coordinates come in pairs", *(Fault(name, "required") for name in lacking))
    for name in ("village", "landmark", "narrative"):
        if name in values:
            values[name] = honest(values[name]).strip()
    return amending.Amendment(
        version=body.version,
        values=values,
        tell=body.tell,
        send=tuple(body.send),
        insist=body.insist,
        recall=tuple(body.recall),
    )
