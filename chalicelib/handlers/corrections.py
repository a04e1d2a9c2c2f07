"""Putting right what was recorded wrongly, and asking for it."""

from __future__ import annotations

from ..domain.correcting import CALL_TIMES, STEPS
from ..errors import Invalid
from ..faults import Fault
from ..services.changes.writing import Actor
from ..services.response import correcting, correction_requests
from .access import SUPERVISORS, bound_agency
from .answers.calls import CallAnswer
from .answers.corrections import CorrectionRequests
from .answers.incidents import IncidentDetail
from .bodies.corrections import (
    AskBody,
    CallCorrectionBody,
    ClassBody,
    CrewCorrectionBody,
    DispositionBody,
    GrantBody,
    StepTimes,
)
from .bodies.fields import ReasonBody
from .bodies.incidents import NoteBody
from .http import Answers, Api, Context, Takes
from .incidents import show
from .reading import instant

api = Api(__name__)
OF_CREW = "/api/incidents/{incident_id}/assignments/{assignment_id}"
OF_REQUEST = "/api/incidents/{incident_id}/correction-requests/{request_id}"


@api.on("POST", f"{OF_CREW}/corrections", takes=Takes(CrewCorrectionBody), answers=Answers(IncidentDetail))
def correct_crew(context: Context, incident_id: str, assignment_id: str) -> IncidentDetail:
    """Put right when a crew did what, or why it could not come."""
    body: CrewCorrectionBody = context.body
    times = _times(body.times)
    if not times and not body.unable:
        raise Invalid("nothing is put right", Fault("times", "any_of_these"), Fault("unable", "any_of_these"))
    wrong = correcting.Crew(assignment_id=assignment_id, times=times, unable=body.unable, insist=body.insist)
    correcting.correct_crew(context.world, context.registry, context.actor, incident_id, wrong, body.reason)
    return show(context, incident_id)


@api.on(
    "POST",
    f"{OF_CREW}/correction-requests",
    takes=Takes(AskBody, creates=True),
    answers=Answers(IncidentDetail, status=201),
)
def ask(context: Context, incident_id: str, assignment_id: str) -> IncidentDetail:
    """Ask a supervisor to put right a crew's step or reason."""
    body: AskBody = context.body
    times = _times(body.times)
    if len(times) + bool(body.unable) != 1:
        raise Invalid(
            "ask for one thing at a time", Fault("times", "one_of_these"), Fault("unable", "one_of_these")
        )
    wrong = correcting.Crew(assignment_id=assignment_id, times=times, unable=body.unable)
    actor = Actor(id=context.actor.id, agency=bound_agency(context.user), key=context.actor.key)
    correction_requests.ask(context.world, context.registry, actor, incident_id, wrong, body.reason)
    return show(context, incident_id)


@api.on("POST", f"{OF_REQUEST}/grant", takes=Takes(GrantBody), answers=Answers(IncidentDetail))
def grant(context: Context, incident_id: str, request_id: str) -> IncidentDetail:
    """Put right what somebody asked for."""
    body: GrantBody = context.body
    ruling = correction_requests.Ruling(request_id=request_id, word=body.reason, insist=body.insist)
    correction_requests.grant(context.world, context.registry, context.actor, incident_id, ruling)
    return show(context, incident_id)


@api.on("POST", f"{OF_REQUEST}/decline", takes=Takes(ReasonBody), answers=Answers(IncidentDetail))
def decline(context: Context, incident_id: str, request_id: str) -> IncidentDetail:
    """Leave as it was what somebody asked to be put right."""
    ruling = correction_requests.Ruling(request_id=request_id, word=context.body.reason)
    correction_requests.decline(context.world, context.actor, incident_id, ruling)
    return show(context, incident_id)


@api.on("GET", "/api/correction-requests", answers=Answers(CorrectionRequests))
def waiting(context: Context) -> CorrectionRequests:
    """What somebody asks to be put right and waits for an answer, oldest first."""
    found, more = correction_requests.waiting()
    return CorrectionRequests.of(found, context.registry, more=more)


@api.on(
    "POST",
    "/api/incidents/{incident_id}/calls/{call_id}/corrections",
    takes=Takes(CallCorrectionBody),
    answers=Answers(IncidentDetail),
)
def correct_call(context: Context, incident_id: str, call_id: str) -> IncidentDetail:
    """Put right when a call was received and answered, or its class."""
    body: CallCorrectionBody = context.body
    moments = {name: getattr(body, name) for name in CALL_TIMES}
    times = {name: instant(at, name) for name, at in moments.items() if at}
    if not times and not body.kind:
        raise Invalid(
            "nothing is put right", *(Fault(name, "any_of_these") for name in (*CALL_TIMES, "class"))
        )
    wrong = correcting.OfCall(call_id=call_id, times=times, kind=body.kind, insist=body.insist)
    correcting.correct_call(context.world, context.actor, incident_id, wrong, body.reason)
    return show(context, incident_id)


@api.on("POST", "/api/calls/{call_id}/class", takes=Takes(ClassBody), answers=Answers(CallAnswer))
def correct_class(context: Context, call_id: str) -> CallAnswer:
    """Put right the class of a call that opened no incident."""
    body: ClassBody = context.body
    day = body.date.isoformat()
    call = correcting.correct_class(context.world, context.actor, (day, call_id), body.kind, body.reason)
    return CallAnswer.of(call, context.user, needed=False)


@api.on(
    "POST",
    "/api/incidents/{incident_id}/disposition",
    takes=Takes(DispositionBody),
    answers=Answers(IncidentDetail),
)
def correct_disposition(context: Context, incident_id: str) -> IncidentDetail:
    """Put right how a closed incident had ended."""
    body: DispositionBody = context.body
    correcting.correct_disposition(
        context.world, context.registry, context.actor, incident_id, body.disposition, body.reason
    )
    return show(context, incident_id)


@api.on(
    "POST",
    "/api/incidents/{incident_id}/notes/{note_id}/corrections",
    takes=Takes(NoteBody),
    answers=Answers(IncidentDetail),
)
def correct_note(context: Context, incident_id: str, note_id: str) -> IncidentDetail:
    """Give a note another text; what it said stays beside it."""
    supervises = context.user.role in SUPERVISORS
    words = correcting.Words(note_id=note_id, text=context.body.text, supervises=supervises)
    correcting.correct_note(context.world, context.actor, incident_id, words)
    return show(context, incident_id)


def _times(body: StepTimes) -> dict[str, str]:
    moments = {step: getattr(body, step) for step in STEPS}
    return {step: instant(at, f"times.{step}") for step, at in moments.items() if at}
