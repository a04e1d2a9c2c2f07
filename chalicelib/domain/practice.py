"""A practice run: what one account rehearses for itself by a written story, and what was well of it.

It stands in no table of incidents: nobody else is asked, nothing is counted, and it is gone after a day (ADR 54).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from msgspec import Struct

from . import times
from .assignment import ORDER, Assignment, active
from .call import Call
from .ids import link_code
from .incident import Incident, PlanAnswer
from .note import Note
from .page import Page
from .units import UnitState

Round = Literal["call_taker", "dispatcher", "crew", "crew_unable"]
ROUNDS: tuple[Round, ...] = get_args(Round)
# Who is alone with a phone: the others sit at the desk's pages.
OF_CREWS = frozenset({"crew", "crew_unable"})
LASTS_S = 3600
KEPT_S = 24 * 3600
# No code of a page begins so: the alphabet of codes has no L.
MARK = "L"
SmsState = Literal["none", "waiting", "sending", "sent", "failed"]
StepState = Literal["waiting", "done", "missed"]


class Sms(Struct, frozen=True, kw_only=True):
    """The one SMS of a crew's round to the account's own phone."""

    state: SmsState = "none"
    at: str = ""


class Run(Struct, frozen=True, kw_only=True):
    """One round of one account; what an incident would have as items of its own stands in it.

    `links` are its events as they would be stored, `district` and `village` where its caller is, `unit` the crew's own.
    """

    id: str
    account_id: str
    round: Round
    story: str
    started_at: str
    ends_at: str
    district: str
    village: str = ""
    ended_at: str = ""
    incident: Incident | None = None
    assignments: dict[str, Assignment] = {}
    calls: dict[str, Call] = {}
    pages: dict[str, Page] = {}
    notes: dict[str, Note] = {}
    answers: list[PlanAnswer] = []
    units: dict[str, UnitState] = {}
    links: list[str] = []
    sms: Sms = Sms()

    def over(self, now: str) -> bool:
        """Whether it was ended, or its hour has passed."""
        return bool(self.ended_at) or now >= self.ends_at


class Step(Struct, frozen=True, kw_only=True):
    """What a round asks for, and what came of it; `detail` is a call sign or status that its words name.

    `took_s` runs from what made it due; `target_s` None: no time is asked of anybody.
    """

    id: str
    state: StepState
    took_s: int | None = None
    target_s: int | None = None
    detail: str = ""


def code_of(secret: str, page_id: str) -> str:
    """The code in the link of a practice page."""
    return MARK + link_code(secret, page_id)[1:]


def steps(run: Run, types: Iterable[str], *, until_ready: bool) -> list[Step]:
    """The steps of a round in their order, by what was done; `types` are those that fit its story, `until_ready`: its crew is
    asked when it begins to act.
    """
    if run.round == "call_taker":
        return _call_taker(run, frozenset(types))
    if run.round == "dispatcher":
        return _dispatcher(run)
    found = _crew(run)
    return found if until_ready else [each for each in found if each.id != "ready"]


def complete(found: Iterable[Step]) -> bool:
    """Whether nothing is left to do."""
    return all(step.state != "waiting" for step in found)


def _seconds(since: str, at: str) -> int:
    return max(0, round(times.between(since, at) or 0))


def _done(id_: str, since: str, at: str, target_s: int | None = None, detail: str = "") -> Step:
    """A step that was done at an instant, '' for not yet."""
    took = _seconds(since, at) if at and since else None
    return Step(id=id_, state="done" if at else "waiting", took_s=took, target_s=target_s, detail=detail)


def _judged(id_: str, well: bool, detail: str = "") -> Step:
    return Step(id=id_, state="done" if well else "missed", detail=detail)


def _call_taker(run: Run, types: frozenset[str]) -> list[Step]:
    incident = run.incident
    logged = _done("logged", run.started_at, incident.opened_at if incident else "", 90)
    if incident is None:
        return [
            logged,
            *(Step(id=each, state="waiting") for each in ("type", "district", "landmark", "sent")),
        ]
    place = incident.location
    return [
        logged,
        _judged("type", incident.type in types, incident.type),
        _judged("district", place.district == run.district, place.district),
        _judged("landmark", bool(place.landmark or place.village)),
        _judged("sent", bool(incident.crews)),
    ]


def _dispatcher(run: Run) -> list[Step]:
    crews = list(run.assignments.values())
    first = crews[0] if crews else None
    unable = first.milestones.get("unable", "") if first else ""
    asked = sorted(each.milestones["requested"] for each in crews[1:])
    following = next((at for at in asked if unable and at >= unable), "")
    by_hand = [
        each.milestones["requested"] for each in crews if each.need_id == "dispatcher" and each is not first
    ]
    more = next((at for at in sorted(by_hand) if following), "")
    arrived = min(
        (
            each.milestones[step]
            for each in crews
            for step in ("on_scene", "ready")
            if step in each.milestones
        ),
        default="",
    )
    ended = (run.incident.closed_at or "") if run.incident and run.incident.status != "open" else ""
    callsign = first.callsign if first else ""
    found = [
        _done("unable", run.started_at, unable, 60, callsign),
        _done("next", unable, following, 60),
        _done("more", following, more, 60),
        _done("arrived", more, max(arrived, more) if arrived and more else ""),
        _done("cancel", max(arrived, more), ended, 60),
    ]
    # Whoever cancelled before the end has done what was still asked for too late.
    over = bool(ended)
    return [_missed(each) if over and each.state == "waiting" else each for each in found]


def _missed(step: Step) -> Step:
    return Step(id=step.id, state="missed", target_s=step.target_s, detail=step.detail)


def _crew(run: Run) -> list[Step]:
    crew = next(iter(run.assignments.values()), None)
    page = next(iter(run.pages.values()), None)
    opened = (page.opened_at or "") if page else ""
    at = crew.milestones if crew else {}
    first = _done(
        "opened",
        "",
        opened or min(at.get(each, "") for each in at if each != "requested") if len(at) > 1 else opened,
    )
    begun = opened or run.started_at
    ended = crew is not None and not active(crew.status)
    if run.round == "crew_unable":
        unable = _done("unable", begun, at.get("unable", ""), 60, crew.reason if crew else "")
        return [first, _missed(unable) if ended and unable.state == "waiting" else unable]
    found, since = [first], begun
    for status, target in (
        ("acknowledged", 60),
        ("en_route", 120),
        ("on_scene", None),
        ("ready", None),
        ("cleared", None),
    ):
        found.append(_done(status, since, at.get(status, ""), target))
        since = at.get(status, since)
    later = max((ORDER.index(each) for each in at if each in ORDER), default=0)
    # A step that was passed over is not taken any more.
    return [
        _missed(each)
        if each.state == "waiting" and each.id != "opened" and (ended or ORDER.index(each.id) < later)
        else each
        for each in found
    ]
