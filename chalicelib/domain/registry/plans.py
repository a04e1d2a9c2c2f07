"""What is sent to what, and how soon it is to be there."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from ..texts import LINE
from .fields import Category, Id, Label, Spoken, Terrain
from .questions import QUESTIONS_MOST, Question


class IncidentType(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What happened, below one of the seven national categories.

    By `words` callers name it, in any language. `like` are types by which others may report the same event; it holds both ways.
    A `catch_all` is offered when no other fits, and may be the same as anything. `tell_caller`: the desk may send whoever called
    an SMS that help is being sent; not where a message on that phone may endanger somebody.
    """

    id: Id
    category: Annotated[Category, Meta(title="Category")]
    label: Annotated[Label, Meta(title="Name")]
    priority: Annotated[
        int, Meta(ge=1, le=5, title="Priority", description="1 is the most urgent, 5 the least.")
    ] = 2
    terrain: Annotated[Terrain, Meta(title="Terrain")] = "land"
    eido_code: Annotated[str, Meta(max_length=16, pattern=LINE, title="EIDO code")] = ""
    words: Annotated[
        list[Spoken],
        Meta(
            max_length=150,
            title="Callers' words",
            description="One a line, in any language; the desk finds the type by them.",
        ),
    ] = field(default_factory=list)
    like: Annotated[
        list[Id],
        Meta(
            max_length=50,
            title="May be the same as",
            description="Types by which others may report the same event.",
        ),
    ] = field(default_factory=list)
    catch_all: Annotated[bool, Meta(title="Offered when no other fits")] = False
    tell_caller: Annotated[
        bool,
        Meta(
            title="Callers may be told by SMS",
            description="The desk may then send word that help is being sent; not where a message on that phone may endanger somebody.",
        ),
    ] = False
    questions: Annotated[
        list[Question],
        Meta(
            max_length=QUESTIONS_MOST,
            title="Questions",
            description="Asked at the desk in this order; one that is taken out is asked no more, and stays in old incidents.",
        ),
    ] = field(default_factory=list)


class NeededCertification(Struct, frozen=True, forbid_unknown_fields=True):
    """A certification the crew must hold among them; `expired` says whether a lapsed one warns or blocks."""

    certification_id: Annotated[Id, Meta(title="Certificate")]
    expired: Annotated[Literal["warn", "block"], Meta(title="If it has lapsed")] = "warn"


class Need(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a run card: `units` units, from the first agency of the list that has a fit one.

    `terrain` is where those units work if not where the incident is: an ambulance waits ashore for a boat accident.
    """

    id: Id
    agencies: Annotated[
        list[Id],
        Meta(
            min_length=1,
            title="Agencies, in this order",
            description="The first of them that has a fit unit sends it.",
            extra={"kind": "ordered"},
        ),
    ]
    capability: Annotated[Id | None, Meta(title="Capability")] = None
    terrain: Annotated[
        Terrain | None,
        Meta(
            title="Terrain",
            description="Only if it is another one than the incident's: an ambulance waits ashore.",
        ),
    ] = None
    units: Annotated[int, Meta(ge=1, le=20, title="Units")] = 1
    people: Annotated[int, Meta(ge=1, le=50, title="People")] = 1
    certifications: Annotated[list[NeededCertification], Meta(title="Certificates among the crew")] = field(
        default_factory=list
    )


class Level(Struct, frozen=True, forbid_unknown_fields=True):
    """What one alarm level adds to the levels before it."""

    needs: Annotated[list[Need], Meta(min_length=1, title="Needs")]


class ResponsePlan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A run card; the most specific one that matches type or category, terrain and district is used."""

    id: Id
    label: Annotated[Label, Meta(title="Name")]
    type_id: Annotated[Id | None, Meta(title="Incident type", description="Either a type or a category.")] = (
        None
    )
    category: Annotated[Category | None, Meta(title="Category")] = None
    terrain: Annotated[Terrain | None, Meta(title="Terrain", description="None: both.")] = None
    districts: Annotated[list[Id], Meta(title="Districts", description="None: everywhere.")] = field(
        default_factory=list
    )
    levels: Annotated[
        list[Level], Meta(min_length=1, title="Alarm levels", description="Each adds to those before it.")
    ]
    policy_id: Annotated[Id, Meta(title="Escalation policy")]
    on_call_km: Annotated[
        int,
        Meta(
            ge=0,
            le=500,
            title="A crew on call counts as so many km farther",
            description="A crew at its station is sent first if it is at most so much farther away.",
        ),
    ] = 5


class Target(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A response-time target with its legal source; the response's may run until the crew is ready to act (ADR 5)."""

    id: Id
    label: Annotated[Label, Meta(title="Name")]
    agency_id: Annotated[Id | None, Meta(title="Agency", description="None: all.")] = None
    type_id: Annotated[Id | None, Meta(title="Incident type", description="None: all.")] = None
    category: Annotated[Category | None, Meta(title="Category", description="None: all.")] = None
    clock: Annotated[
        Literal["answering", "processing", "handling", "turnout", "travel", "response"],
        Meta(title="Which time"),
    ] = "response"
    # Not a clock more: a release that knows six could read no target with a seventh (ADR 21).
    until_ready: Annotated[
        bool,
        Meta(
            title="Until the crew is ready to act",
            description="Of the response time alone: the fire service's ends when the crew begins to act; others' on arrival.",
        ),
    ] = False
    seconds: Annotated[int, Meta(ge=1, le=86400, title="Seconds")]
    source: Annotated[str, Meta(max_length=200, pattern=LINE, title="Legal source")]

    @property
    def measures(self) -> str:
        """Which of the reports' clocks it is about."""
        return "ready" if self.until_ready else self.clock

    def concerns(self, agency_id: str | None, type_id: str, category: str) -> bool:
        """Whether it is set for what an agency does at an incident; the agency is None where none had come yet."""
        return (
            self.agency_id in (None, agency_id)
            and self.type_id in (None, type_id)
            and self.category in (None, category)
        )
