"""An escalation tried to its end: who would be paged at which minute for one incident while nobody answers at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from . import escalation
from .assignment import Assignment
from .dispatch import Duty, Pick, meet_needs, people_out
from .registry import EscalationPolicy, Need
from .scene import Scene
from .times import between, plus
from .trying import NeedAnswered, Reachable
from .unheard import BECAUSE
from .units import UnitState

# `crew`: its first SMS. `stage`: a step of the policy. `beside`: the next unit is asked beside a silent crew. `desk`: it is told to
# ring. `nobody_beside`: it is told at once, as no other unit is fit.
TurnKind = Literal["crew", "stage", "beside", "desk", "nobody_beside"]


class Turn(Struct, frozen=True, kw_only=True):
    """What happens `after_s` seconds after the first SMS for the sake of one unit's silence, and whom it pages.

    `empty` are steps passed over as there is nobody of that kind, `told` those whose people were all paged already; `again`:
    in a repeated round. `beside` is the silent unit beside which this one is asked.
    """

    after_s: int
    kind: TurnKind
    pick: Pick
    to: str = ""
    people: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    again: bool = False
    beside: str = ""


def turns(
    needs: Sequence[NeedAnswered],
    scene: Scene,
    duty: Duty,
    reachable: Reachable,
    policy: EscalationPolicy | None,
    silence_s: int | None,
) -> tuple[Turn, ...]:
    """Every turn of what is sent at once, in the order of time, until the desk has been told of each crew."""
    return tuple(_Rehearsal(scene, duty, reachable, policy, silence_s).run(needs))


class _Rehearsal:
    """One incident that nobody answers, from minute to minute, by the rules that a real one follows."""

    def __init__(
        self,
        scene: Scene,
        duty: Duty,
        reachable: Reachable,
        policy: EscalationPolicy | None,
        silence_s: int | None,
    ) -> None:
        self._scene = scene
        # Two silent crews' needs would ask one unit away from each other.
        self._duty = replace(duty, loose=frozenset())
        self._reachable = reachable
        self._policy = policy
        self._silence_s = silence_s
        self._crews: dict[str, Assignment] = {}
        self._picks: dict[str, Pick] = {}
        self._needs: dict[str, Need] = {}
        self._turns: list[Turn] = []

    def run(self, needs: Sequence[NeedAnswered]) -> list[Turn]:
        for each in needs:
            for pick in each.picks:
                self._needs[pick.unit_id] = each.need
                self._ask(pick, self._scene.now)
        while due := self._next():
            at, _, unit_id = due
            crew = self._crews[unit_id]
            if crew.silent_at == at:
                self._silent(crew, at)
            else:
                self._stage(crew, at)
        return self._turns

    def _next(self) -> tuple[str, int, str] | None:
        """The next thing that is due: when, of which crew in the order of asking; silence is looked at before a stage."""
        due = [
            (min(at for at in (crew.due_at, crew.silent_at) if at), n, unit_id)
            for n, (unit_id, crew) in enumerate(self._crews.items())
            if crew.due_at or crew.silent_at
        ]
        return min(due, default=None)

    def _ask(self, pick: Pick, now: str, beside: str = "") -> None:
        crew = Assignment(
            id=pick.unit_id,
            incident_id="tried",
            agency_id=pick.agency_id,
            unit_id=pick.unit_id,
            callsign=pick.callsign,
            need_id=pick.need_id,
            level=1,
            status="requested",
            people=pick.people,
            because=BECAUSE if beside else "",
            beside=beside,
        )
        crew = escalation.begin(crew, self._policy, now)
        if self._silence_s is not None and not beside:
            crew = replace(crew, silent_at=plus(now, self._silence_s))
        self._crews[pick.unit_id] = crew
        self._picks[pick.unit_id] = pick
        out = UnitState(
            unit_id=pick.unit_id, agency_id=pick.agency_id, assignment_id=pick.unit_id, people=pick.people
        )
        self._duty = replace(self._duty, states={**self._duty.states, pick.unit_id: out})
        kind: TurnKind = "beside" if beside else "crew"
        self._tell(now, kind, pick.unit_id, people=pick.people, beside=beside)

    def _silent(self, crew: Assignment, now: str) -> None:
        self._crews[crew.id] = replace(crew, silent_at=None)
        need = self._needs[crew.id]
        if any(each.because == BECAUSE and each.need_id == need.id for each in self._crews.values()):
            return
        sent = frozenset(self._crews)
        picks, _ = meet_needs([replace(need, units=1)], self._scene, self._duty, sent=sent)
        for pick in picks:
            self._needs[pick.unit_id] = need
            self._ask(pick, now, beside=crew.id)
        if not picks:
            self._tell(now, "nobody_beside", crew.id)

    def _stage(self, crew: Assignment, now: str) -> None:
        people = self._candidates(crew)
        phones = self._reachable.phones
        told = {phones[person] for each in self._crews.values() for person in each.paged if person in phones}
        after, stage = escalation.next_stage(crew, self._policy, people, phones, told, now)
        self._crews[crew.id] = after
        steps = len(self._policy.steps) if self._policy else 0
        self._tell(
            now,
            "desk" if stage.to == "desk" else "stage",
            crew.id,
            to=stage.to,
            people=stage.people,
            empty=tuple(dict.fromkeys(to for to in stage.skipped if not people[to])),
            told=tuple(dict.fromkeys(to for to in stage.skipped if people[to])),
            again=stage.to != "desk" and after.step > steps,
        )

    def _candidates(self, crew: Assignment) -> Mapping[str, tuple[str, ...]]:
        out = people_out(self._duty) - set(crew.people)
        agency = self._duty.agencies.get(crew.agency_id)
        people, _, accounts = self._reachable
        return escalation.candidates(agency, self._duty.on_duty, people, accounts, out)

    def _tell(self, now: str, kind: TurnKind, unit_id: str, **more: object) -> None:
        after_s = round(between(self._scene.now, now) or 0)
        self._turns.append(Turn(after_s=after_s, kind=kind, pick=self._picks[unit_id], **more))  # type: ignore[arg-type]
