"""SMS that are no page: the word back to a caller."""

from __future__ import annotations

from ..services.notices import telling
from .answers.incidents import IncidentDetail
from .bodies.fields import EndBody
from .http import Answers, Api, Context, Takes
from .incidents import show

api = Api(__name__)


@api.on(
    "POST",
    "/api/incidents/{incident_id}/calls/{call_id}/word-back",
    takes=Takes(EndBody, creates=True),
    answers=Answers(IncidentDetail, status=201),
)
def tell_caller(context: Context, incident_id: str, call_id: str) -> IncidentDetail:
    """Send whoever made a call one SMS that help is being sent; 409 says why they cannot be told."""
    telling.tell_caller(context.world, context.registry, context.actor, incident_id, call_id)
    return show(context, incident_id)
