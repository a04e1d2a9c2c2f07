"""Events of units: who is asked to come, what they report, and who is asked when nobody answers."""

from __future__ import annotations

from msgspec import Struct, field

from ..dispatch import Considered
from .content import Content, Instant, OfAssignment, Reason


class UnitAssigned(OfAssignment, frozen=True, kw_only=True):
    """A unit is asked to come, with its people, for a need of the plan; `because` of which assignment, raised level or person.

    Who is asked because of `silence` is asked `beside` an assignment. `untimed`: the logbook does not say when.
    """

    agency: str
    unit: str
    need: str
    level: int
    people: tuple[str, ...]
    reasons: tuple[str, ...]
    because: str
    untimed: bool = False
    beside: str = ""


class DispatchShortfall(Content, frozen=True, kw_only=True):
    """A need that could not be met in full, with the units that were looked at; `more` were, beyond those named."""

    need_id: str
    missing: int
    reason: str
    considered: tuple[Considered, ...]
    more: int = 0
    level: int
    because: str


class OwedUnits(Struct, frozen=True, kw_only=True):
    """Units of a need that are being ordered."""

    need: str
    level: int
    units: int


class UnitsBeingOrdered(Content, frozen=True, kw_only=True):
    """What is being ordered from now on, all of it; nothing once the last of it is sent or told as missing."""

    owed: tuple[OwedUnits, ...]


class AlarmRaised(Content, frozen=True, kw_only=True):
    """The next level of the plan is asked for."""

    level: int


class Reported(OfAssignment, frozen=True, kw_only=True):
    """A crew reports a step, itself or through the desk.

    `before` is the status that it left; one more acknowledgement, which moves nothing, names the `status` in which it was
    given. An answer by a page or an SMS names the page, the person, and who else has that phone. `claimed`: when it happened
    was told by a person, and is not when the message came.
    """

    unit: str
    before: str = field(name="from", default="")
    status: str = ""
    reason: Reason = ""
    late_entry: bool = False
    page: str = ""
    person: str = ""
    also: tuple[str, ...] = ()
    claimed: bool = False


class UnitAcknowledged(Reported, frozen=True, kw_only=True):
    """The crew has heard and comes, as the desk was told."""


class PageAcknowledged(Reported, frozen=True, kw_only=True):
    """The crew has heard and comes, as somebody answered a page; `late` once another goes, and whoever answers is not needed."""

    late: bool = False


class UnitEnRoute(Reported, frozen=True, kw_only=True):
    """The crew is on the way."""


class UnitOnScene(Reported, frozen=True, kw_only=True):
    """The crew has arrived."""


class UnitReady(Reported, frozen=True, kw_only=True):
    """The crew works."""


class UnitCleared(Reported, frozen=True, kw_only=True):
    """The crew is done and free again."""


class UnitUnable(Reported, frozen=True, kw_only=True):
    """The crew cannot come."""


class UnitCancelled(Reported, frozen=True, kw_only=True):
    """The crew is called off; `because` it was `taken` for another incident before it had answered."""

    because: str = ""


class PageDeclined(OfAssignment, frozen=True, kw_only=True):
    """Somebody whom the escalation asked cannot help, which says nothing of the crew."""

    unit: str
    page: str
    person: str
    also: tuple[str, ...] = ()
    reason: Reason


class LateReportReceived(OfAssignment, frozen=True, kw_only=True):
    """A report that changed nothing: `reported` in the `status` that stood, again or too late.

    `stood_down`: it answers the message that tells somebody that they are not needed.
    """

    unit: str
    status: str
    page: str = ""
    person: str = ""
    also: tuple[str, ...] = ()
    reported: str
    repeated: bool
    reason: Reason = ""
    claimed: bool = False
    stood_down: bool = False


class AssignmentEscalated(OfAssignment, frozen=True, kw_only=True):
    """Nobody has answered: the next stage is asked, or the desk must ring; `skipped` stages had nobody."""

    unit: str
    to: str
    people: tuple[str, ...]
    skipped: tuple[str, ...]
    status: str


class CrewHeard(OfAssignment, frozen=True, kw_only=True):
    """A crew has not answered and is not silent either, so that nobody is asked beside it: a `link` was opened, a `reply` came."""

    unit: str
    sign: str
    at: Instant


class CallNotAnswered(OfAssignment, frozen=True, kw_only=True):
    """The desk rang a person of the crew, '' for its agency, and nobody picked up: so many times by now."""

    unit: str
    person: str
    times: int = 1
