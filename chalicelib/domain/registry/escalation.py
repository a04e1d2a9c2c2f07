"""Whom else to page, and when."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from .fields import Id, Label


class EscalationStep(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to page when nobody has acknowledged `after_s` seconds after the step before."""

    after_s: Annotated[int, Meta(ge=10, le=86400, title="Seconds after the step before")]
    to: Annotated[Literal["on_duty", "backup", "head", "supervisor"], Meta(title="Who is paged")]


class SilentCrew(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long after a crew's first SMS left its silence has the next fit unit asked beside it, at one priority."""

    priority: Annotated[int, Meta(ge=1, le=5, title="Priority")]
    after_s: Annotated[int, Meta(ge=10, le=86400, title="Seconds of silence")]


def _silence() -> list[SilentCrew]:
    """What a policy that says nothing of silence means, as all did before it could be said."""
    return [SilentCrew(priority=1, after_s=60), SilentCrew(priority=2, after_s=180)]


class EscalationPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long to wait for an acknowledgement, and for how many; `silence` names the priorities at which one unit a need is
    asked beside a silent crew, none: never; `stand_down`: whoever is not needed any more is told.
    """

    id: Id
    label: Annotated[Label, Meta(title="Name")]
    acknowledgements: Annotated[
        int, Meta(ge=1, le=50, title="Answers needed", description="So many people of a crew must answer.")
    ] = 1
    page_expires_s: Annotated[
        int,
        Meta(
            ge=60,
            le=86400,
            title="Seconds until a page expires",
            description="One that could not be sent until then is not sent any more.",
        ),
    ] = 1800
    repeat: Annotated[int, Meta(ge=0, le=10, title="How often all steps are repeated")] = 0
    steps: Annotated[list[EscalationStep], Meta(title="Steps")] = field(default_factory=list)
    silence: Annotated[
        list[SilentCrew],
        Meta(
            max_length=5,
            title="When a crew is silent",
            description="The next fit unit is asked beside it, at these priorities; none: never.",
        ),
    ] = field(default_factory=_silence)
    stand_down: Annotated[bool, Meta(title="Tell those who are not needed any more")] = True
