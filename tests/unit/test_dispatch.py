"""Who is sent: nobody twice, nobody who cannot, the nearest first, and every shortfall says whom it looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.dispatch import Duty, Pick, Shortfall, attendance, meet_needs
from chalicelib.domain.duty import Stretch
from chalicelib.domain.plans import choose_plan, needs_at
from chalicelib.domain.registry import (
    Agency,
    HeldCertification,
    Label,
    Level,
    Need,
    NeededCertification,
    Person,
    ResponsePlan,
    Station,
    Unit,
)
from chalicelib.domain.scene import Scene
from chalicelib.domain.units import Held, UnitState, engage
from tests.support.things import NOW

TODAY = "2026-11-23"
AGENCIES = ("damkar", "psc")
CAPABILITIES = ("fire", "rescue")
NAME = Label(id="x", en="x")

SCENE = Scene(
    type_id="house_fire",
    category="fire",
    terrain="land",
    district="baamang",
    lat=-2.5,
    lng=112.9,
    now=NOW,
    today=TODAY,
)


Picks = tuple[Pick, ...]
Shortfalls = tuple[Shortfall, ...]


@dataclass(frozen=True)
class Case:
    needs: list[Need]
    scene: Scene
    duty: Duty
    sent: frozenset[str]

    def answer(self) -> tuple[Picks, Shortfalls]:
        return meet_needs(self.needs, self.scene, self.duty, sent=self.sent)

    def need(self, pick: Pick | Shortfall) -> Need:
        return next(need for need in self.needs if need.id == pick.need_id)

    def unit(self, pick: Pick) -> Unit:
        return next(unit for unit in self.duty.units if unit.id == pick.unit_id)


def shift(person: str, agency: str, unit: str | None, **more: Any) -> Stretch:
    return Stretch(
        agency_id=agency,
        person_id=person,
        unit_id=unit,
        starts_at="2026-11-22T17:00:00.000Z",
        ends_at="2026-11-23T17:00:00.000Z",
        day="2026-11-23",
        by="pattern",
        **more,
    )


@st.composite
def cases(draw: Any) -> Case:
    """A small regency at one moment: some units out, some people double on the roster, some certificates lapsed."""
    units, people, shifts, stations = [], {}, [], {}
    for agency in AGENCIES:
        members = [f"{agency}_p{n}" for n in range(draw(st.integers(0, 5)))]
        for id_ in members:
            held = draw(st.lists(st.sampled_from(["2026-11-22", TODAY, "2027-01-01"]), max_size=1))
            people[id_] = Person(
                id=id_,
                agency_id=agency,
                name=id_,
                phone="+62811000100",
                certifications=[HeldCertification("water_rescue", day) for day in held],
            )
        for n in range(draw(st.integers(0, 3))):
            id_ = f"{agency}_u{n}"
            stations[f"s_{id_}"] = Station(
                id=f"s_{id_}",
                agency_id=agency,
                name=id_,
                district_id="baamang",
                lat=draw(st.floats(-3, -2)),
                lng=112.9,
            )
            units.append(
                Unit(
                    id=id_,
                    agency_id=agency,
                    station_id=f"s_{id_}",
                    callsign=id_.upper(),
                    name=id_,
                    terrains=draw(st.sampled_from([["land"], ["water"], ["land", "water"]])),
                    capabilities=draw(st.lists(st.sampled_from(CAPABILITIES), unique=True)),
                    min_crew=draw(st.integers(1, 3)),
                    retired=draw(st.sampled_from([False, False, False, True])),
                )
            )
            crew = draw(st.lists(st.sampled_from(members), max_size=3, unique=True)) if members else []
            shifts += [shift(person, agency, id_) for person in crew]
        on_call = draw(st.lists(st.sampled_from(members), max_size=4, unique=True)) if members else []
        shifts += [shift(person, agency, None) for person in on_call]
    states = {}
    for unit in units:
        what = draw(st.sampled_from(["never sent", "free", "free", "out of service", "busy"]))
        if what == "free":
            states[unit.id] = UnitState(unit_id=unit.id, agency_id=unit.agency_id)
        if what == "out of service":
            states[unit.id] = UnitState(unit_id=unit.id, agency_id=unit.agency_id, primary="NotAvailable")
        if what == "busy":
            crew = sorted({each.person_id for each in shifts if each.unit_id == unit.id})
            asked = Held(incident_id="I0", assignment_id="A0", secondary="Dispatched", people=tuple(crew))
            states[unit.id] = engage(UnitState(unit_id=unit.id, agency_id=unit.agency_id), asked, NOW)
    needs = [
        Need(
            id=f"need{n}",
            agencies=draw(
                st.sampled_from([["damkar"], ["psc"], ["damkar", "psc"], ["psc", "retired", "damkar"]])
            ),
            capability=draw(st.none() | st.sampled_from(CAPABILITIES)),
            terrain=draw(st.none() | st.sampled_from(["land", "water"])),
            units=draw(st.integers(1, 3)),
            people=draw(st.integers(1, 3)),
            certifications=draw(
                st.lists(
                    st.sampled_from(
                        [
                            NeededCertification("water_rescue", "warn"),
                            NeededCertification("water_rescue", "block"),
                        ]
                    ),
                    max_size=1,
                )
            ),
        )
        for n in range(draw(st.integers(1, 4)))
    ]
    agencies = {id_: Agency(id=id_, name=id_, short_name=id_, phone="+62811000999") for id_ in AGENCIES}
    sent = (
        frozenset(draw(st.lists(st.sampled_from([unit.id for unit in units]), max_size=2)))
        if units
        else frozenset()
    )
    scene = replace(SCENE, terrain=draw(st.sampled_from(["land", "water"])))
    return Case(
        needs,
        scene,
        Duty(agencies=agencies, units=units, stations=stations, people=people, on_duty=shifts, states=states),
        sent,
    )


Promise = Callable[[Case, Picks, Shortfalls], None]
PROMISES: list[Promise] = []


def promise(holds: Promise) -> Promise:
    """What holds of every answer: to make a regency costs more than to look at an answer, so each is looked at for all of them."""
    PROMISES.append(holds)
    return holds


@promise
def no_unit_goes_twice(case: Case, picks: Picks, shortfalls: Shortfalls) -> None:
    gone = [pick.unit_id for pick in picks]
    assert len(gone) == len(set(gone))
    assert not case.sent & set(gone)


@promise
def nobody_is_called_twice(case: Case, picks: Picks, shortfalls: Shortfalls) -> None:
    called = [person for pick in picks for person in pick.people]
    assert len(called) == len(set(called))


@promise
def nobody_is_called_who_is_out_with_another_unit(case: Case, picks: Picks, shortfalls: Shortfalls) -> None:
    out = {person for state in case.duty.states.values() if state.busy for person in state.people}
    assert not out & {person for pick in picks for person in pick.people}


@promise
def whoever_goes_can_and_may(case: Case, picks: Picks, shortfalls: Shortfalls) -> None:
    for pick in picks:
        need, unit = case.need(pick), case.unit(pick)
        state = case.duty.states.get(unit.id)
        assert not unit.retired
        assert unit.agency_id == pick.agency_id
        assert unit.agency_id in need.agencies
        assert (need.terrain or case.scene.terrain) in unit.terrains
        assert need.capability is None or need.capability in unit.capabilities
        assert state is None or (not state.busy and state.primary != "NotAvailable")


@promise
def a_crew_is_large_enough_on_duty_and_of_the_units_own_agency(
    case: Case, picks: Picks, shortfalls: Shortfalls
) -> None:
    for pick in picks:
        need, unit = case.need(pick), case.unit(pick)
        assert len(pick.people) >= max(unit.min_crew, need.people)
        rostered = {
            each.person_id
            for each in case.duty.on_duty
            if each.agency_id == unit.agency_id and each.unit_id in (None, unit.id)
        }
        assert set(pick.people) <= rostered


@promise
def a_lapsed_certificate_blocks_or_warns_as_the_plan_says(
    case: Case, picks: Picks, shortfalls: Shortfalls
) -> None:
    for pick in picks:
        for wanted in case.need(pick).certifications:
            held = [
                day.expires_on for person in pick.people for day in case.duty.people[person].certifications
            ]
            valid = any(day >= TODAY for day in held)
            assert valid or wanted.expired == "warn"
            assert valid == (not pick.warnings)


@promise
def what_is_missing_is_what_was_asked_less_what_goes(
    case: Case, picks: Picks, shortfalls: Shortfalls
) -> None:
    missing = {each.need_id: each.missing for each in shortfalls}
    for need in case.needs:
        gone = sum(pick.need_id == need.id for pick in picks)
        assert need.units - gone == missing.get(need.id, 0)


@promise
def a_shortfall_names_every_unit_that_was_looked_at_with_its_reason(
    case: Case, picks: Picks, shortfalls: Shortfalls
) -> None:
    for shortfall in shortfalls:
        need = case.need(shortfall)
        of_agencies = {
            unit.id for unit in case.duty.units if unit.agency_id in need.agencies and not unit.retired
        }
        going = {pick.unit_id for pick in picks if pick.need_id == need.id}
        assert {each.unit_id for each in shortfall.considered} == of_agencies - going
        assert all(each.reason for each in shortfall.considered)
        assert shortfall.reason


@promise
def the_nearest_fit_unit_of_an_agency_goes_first(case: Case, picks: Picks, shortfalls: Shortfalls) -> None:
    for need in case.needs:
        for agency in AGENCIES:
            away = [
                pick.distance_km or 0.0
                for pick in picks
                if (pick.need_id, pick.agency_id) == (need.id, agency)
            ]
            assert away == sorted(away)


@promise
def an_agency_further_down_the_list_goes_only_when_those_before_have_nobody_left(
    case: Case, picks: Picks, shortfalls: Shortfalls
) -> None:
    for need in case.needs:
        order = [need.agencies.index(pick.agency_id) for pick in picks if pick.need_id == need.id]
        assert order == sorted(order)
        for pick in picks:
            if pick.need_id == need.id:
                assert ("fallback_agency" in pick.reasons) == (pick.agency_id != need.agencies[0])


@promise
def the_same_moment_gets_the_same_answer(case: Case, picks: Picks, shortfalls: Shortfalls) -> None:
    assert case.answer() == (picks, shortfalls)


@given(cases())
@settings(max_examples=300)
def test_of_every_answer_all_that_is_promised_holds(case: Case) -> None:
    picks, shortfalls = case.answer()
    for holds in PROMISES:
        holds(case, picks, shortfalls)


def one_unit(min_crew: int, own: int, on_call: int) -> Duty:
    people = {
        f"p{n}": Person(id=f"p{n}", agency_id="damkar", name="x", phone="+62811000100")
        for n in range(own + on_call)
    }
    unit = Unit(
        id="u",
        agency_id="damkar",
        station_id="s",
        callsign="U",
        name="u",
        terrains=["land"],
        min_crew=min_crew,
    )
    shifts = [shift(id_, "damkar", "u" if n < own else None) for n, id_ in enumerate(people)]
    agency = Agency(id="damkar", name="x", short_name="x", phone="+62811000999")
    return Duty(
        agencies={"damkar": agency}, units=[unit], stations={}, people=people, on_duty=shifts, states={}
    )


def test_those_on_call_make_up_what_a_need_asks_beyond_the_units_own_crew() -> None:
    need = Need(id="n", agencies=["damkar"], people=3)
    picks, shortfalls = meet_needs([need], SCENE, one_unit(min_crew=1, own=1, on_call=4))
    assert not shortfalls
    assert len(picks[0].people) == 3


def test_nobody_is_called_from_home_while_the_units_own_crew_suffices() -> None:
    picks, _ = meet_needs([Need(id="n", agencies=["damkar"])], SCENE, one_unit(min_crew=1, own=2, on_call=3))
    assert picks[0].people == ("p0", "p1")


def test_nobody_is_called_who_is_still_out_where_their_unit_was_before_it_went_on_with_others() -> None:
    state = UnitState(unit_id="other", agency_id="damkar")
    for incident_id, person in (("I1", "p1"), ("I2", "somebody")):
        asked = Held(
            incident_id=incident_id, assignment_id=incident_id, secondary="Dispatched", people=(person,)
        )
        state = engage(state, asked, NOW)
    duty = replace(one_unit(min_crew=2, own=1, on_call=2), states={"other": state})
    (pick,), _ = meet_needs([Need(id="n", agencies=["damkar"])], SCENE, duty)
    assert pick.people == ("p0", "p2")


def test_an_ambulance_ashore_answers_a_boat_accident_when_the_need_says_land() -> None:
    at_sea = replace(SCENE, terrain="water")
    ashore, _ = meet_needs([Need(id="n", agencies=["damkar"], terrain="land")], at_sea, one_unit(1, 1, 0))
    assert len(ashore) == 1
    _, shortfalls = meet_needs([Need(id="n", agencies=["damkar"])], at_sea, one_unit(1, 1, 0))
    assert shortfalls[0].reason == "wrong_terrain"


def plan(id_: str, **more: Any) -> ResponsePlan:
    need = Need(id=f"{id_}_need", agencies=["damkar"])
    return ResponsePlan(id=id_, label=NAME, levels=[Level([need])], policy_id="normal", **more)


SPECIFIC = [
    plan("z_type_district_terrain", type_id="house_fire", districts=["baamang"], terrain="land"),
    plan("y_type_district", type_id="house_fire", districts=["baamang"]),
    plan("x_type_terrain", type_id="house_fire", terrain="land"),
    plan("w_type", type_id="house_fire"),
    plan("v_category_district", category="fire", districts=["baamang"]),
    plan("u_category_terrain", category="fire", terrain="land"),
    plan("t_category", category="fire"),
    plan("s_district", districts=["baamang"]),
    plan("a_anything"),
]
FOREIGN = [
    plan("0_other_type", type_id="flood"),
    plan("1_other_category", category="health"),
    plan("2_other_terrain", type_id="house_fire", terrain="water"),
    plan("3_other_district", type_id="house_fire", districts=["ketapang"]),
]


@given(
    st.lists(st.sampled_from(SPECIFIC), unique_by=lambda each: each.id),
    st.permutations(FOREIGN),
    st.randoms(),
)
def test_the_most_specific_plan_that_fits_wins(
    fitting: list[ResponsePlan], foreign: list[ResponsePlan], chance: Any
) -> None:
    plans = fitting + foreign
    chance.shuffle(plans)
    chosen = choose_plan(plans, SCENE)
    assert chosen == (min(fitting, key=SPECIFIC.index) if fitting else None)


def test_among_equals_the_plans_id_decides() -> None:
    assert choose_plan([plan("b", type_id="house_fire"), plan("a", type_id="house_fire")], SCENE) == plan(
        "a", type_id="house_fire"
    )


def test_where_nobody_knows_the_place_a_plan_for_certain_districts_is_only_better_than_none() -> None:
    nowhere = replace(SCENE, district="", lat=None, lng=None)
    upriver = plan("upriver", type_id="house_fire", districts=["ketapang"])
    anywhere = plan("anywhere", category="fire")
    assert choose_plan([upriver, anywhere], nowhere) == anywhere
    assert choose_plan([upriver], nowhere) == upriver
    assert choose_plan([upriver], SCENE) is None


def test_a_plan_answers_only_the_levels_it_has() -> None:
    one = plan("p")
    assert needs_at(one, 1) == one.levels[0].needs
    assert needs_at(one, 0) == needs_at(one, 2) == []
    assert attendance(one, 1, SCENE, one_unit(1, 1, 0)).picks[0].unit_id == "u"
