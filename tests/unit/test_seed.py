"""The seed as stories: what a regency's file must hold, and how a broken one is answered."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from chalicelib.domain.duty import Stretch, of_day, on_duty
from chalicelib.domain.nearby import alike
from chalicelib.domain.references import references
from chalicelib.domain.registry import (
    Agency,
    District,
    IncidentType,
    Need,
    Person,
    Reason,
    ResponsePlan,
    SmsTemplate,
    Target,
    Unit,
)
from chalicelib.domain.sms import one_segment
from chalicelib.domain.times import parse, plus
from infra.seed.duty import DutyTurns, duties_of
from infra.seed.load import Seed, SeedError, read
from tests.support.duties import nouns_of, roster, stretches_of

KOTIM = Path(__file__).parents[2] / "infra/seed/kotim.yaml"
CATEGORIES = ("fire", "riot", "accident", "disaster", "health", "security", "other")
MONDAY = date(2026, 11, 23)
MONDAY_MIDNIGHT = "2026-11-22T17:00:00.000Z"
HOURS_OF_A_WEEK = [plus(MONDAY_MIDNIGHT, 3600 * hour) for hour in range(7 * 24)]
PLACE = "Depan SPBU Jl. Tjilik Riwut, Baamang Hulu, Baamang"
LINK = "https://kentongan.kotimkab.go.id/r/Ab3dEf9hJk"


@pytest.fixture(scope="module")
def seed() -> Seed:
    return read(KOTIM)


@pytest.fixture(scope="module")
def week(seed: Seed) -> list[Stretch]:
    return stretches_of(nouns_of(seed), MONDAY - timedelta(days=1), 8)


Break = Callable[[str, str], list[str]]


@pytest.fixture
def broken(tmp_path: Path) -> Break:
    """Reads the seed with one text replaced, and gives the errors."""

    def breaking(old: str, new: str) -> list[str]:
        text = KOTIM.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path = tmp_path / "kotim.yaml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(SeedError) as caught:
            read(path)
        return caught.value.errors

    return breaking


# The regency


def test_the_regency_has_its_seventeen_districts(seed: Seed) -> None:
    districts = seed.of(District)
    assert len(districts) == 17
    assert {district.code for district in districts} == {f"62.02.{n:02d}" for n in range(1, 18)}
    for district in districts:
        assert district.id == district.name.lower().replace(" ", "_")
        assert -3.4 < district.lat < -1.1 and 111.9 < district.lng < 113.3


def test_every_agency_has_units_and_a_head_of_its_own(seed: Seed) -> None:
    staffed = {unit.agency_id for unit in seed.of(Unit)}
    for agency in seed.of(Agency):
        assert agency.id in staffed and agency.head_id


def test_there_are_units_on_land_and_on_water(seed: Seed) -> None:
    assert {terrain for unit in seed.of(Unit) for terrain in unit.terrains} == {"land", "water"}


def test_agencies_units_and_people_are_all_demo(seed: Seed) -> None:
    assert all(agency.demo for agency in seed.of(Agency))
    assert all(unit.demo for unit in seed.of(Unit))
    assert all(person.demo for person in seed.of(Person))


def test_phone_numbers_are_of_the_fictitious_block_and_nobody_shares_one(seed: Seed) -> None:
    numbers = [person.phone for person in seed.of(Person)] + [agency.phone for agency in seed.of(Agency)]
    assert all(re.fullmatch(r"\+62811000\d{4}", number) for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_a_number_in_the_file_is_kept_in_e164_however_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "kotim.yaml"
    path.write_text(KOTIM.read_text(encoding="utf-8").replace('"+628110001023"', '"0811-0001-023"'))
    (wahyu,) = [person for person in read(path).of(Person) if person.id == "wahyu"]
    assert wahyu.phone == "+628110001023" and type(wahyu) is Person


def test_some_certifications_have_lapsed_so_that_warnings_can_be_seen(seed: Seed) -> None:
    lapsed = [
        (person.id, held.certification_id)
        for person in seed.of(Person)
        for held in person.certifications
        if held.expires_on < MONDAY.isoformat()
    ]
    assert ("siti", "water_rescue") in lapsed
    assert 10 <= len(lapsed) <= 30


def test_every_role_can_be_tried(seed: Seed) -> None:
    accounts = {account.id: (account.role, account.agency_id) for account in seed.accounts}
    assert accounts == {
        "operator": ("operator", None),
        "supervisor": ("supervisor", None),
        "admin_damkar": ("agency_admin", "damkar"),
        "admin_satpolairud": ("agency_admin", "satpolairud"),
        "bupati": ("leader", None),
        "auditor": ("auditor", None),
        "admin": ("admin", None),
    }


# What happens, and who is asked


def test_every_district_has_its_villages(seed: Seed) -> None:
    districts = seed.of(District)
    assert sum(len(district.villages) for district in districts) == 185
    assert all(district.villages for district in districts)


def test_every_type_is_found_by_what_callers_say_in_both_languages(seed: Seed) -> None:
    poor = [type_.id for type_ in seed.of(IncidentType) if len(type_.words) < 6]
    assert poor == []


def test_one_type_is_for_whatever_fits_no_other(seed: Seed) -> None:
    (catch_all,) = [type_ for type_ in seed.of(IncidentType) if type_.catch_all]
    assert catch_all.category == "other"


def test_types_are_alike_where_callers_may_mean_one_event(seed: Seed) -> None:
    types = {type_.id: type_ for type_ in seed.of(IncidentType)}
    same = [
        ("house_fire", "haze"),
        ("forest_fire", "house_fire"),
        ("drowning", "boat_accident"),
        ("brawl", "assault"),
    ]
    other = [
        ("snake_bite", "cardiac_arrest"),
        ("house_fire", "snake_bite"),
        ("childbirth", "stroke"),
        ("theft", "flood"),
    ]
    assert all(alike(types, *pair) for pair in same)
    assert not any(alike(types, *pair) for pair in other)


def test_every_category_has_types_and_a_plan_for_land_and_for_water(seed: Seed) -> None:
    for category in CATEGORIES:
        assert any(type_.category == category for type_ in seed.of(IncidentType))
        for terrain in ("land", "water"):
            plans = [
                plan for plan in seed.of(ResponsePlan) if (plan.category, plan.terrain) == (category, terrain)
            ]
            assert len(plans) == 1 and not plans[0].districts and len(plans[0].levels) >= 2


def test_a_house_fire_asks_for_a_pump_an_ambulance_and_a_patrol(seed: Seed) -> None:
    plan = next(plan for plan in seed.of(ResponsePlan) if plan.id == "house_fire")
    asked = [(need.agencies[0], need.capability, need.units) for need in plan.levels[0].needs]
    assert (plan.type_id, plan.terrain) == ("house_fire", "land")
    assert asked == [
        ("damkar", "fire_suppression", 1),
        ("psc119", "ambulance", 1),
        ("polres", "patrol", 1),
    ]


def test_the_reasons_a_crew_gives_most_often_are_there(seed: Seed) -> None:
    status = {reason.id: reason.unit_status for reason in seed.of(Reason)}
    assert status["vehicle_breakdown"] == "EquipmentIssues"
    assert status["no_fuel"] == "NoFuel"
    assert status["no_crew"] == "Unmanned"
    assert status["road_blocked"] == status["river_blocked"] == ""


def test_only_the_target_that_a_rule_sets_claims_a_source(seed: Seed) -> None:
    sources = {target.id: target.source for target in seed.of(Target)}
    assert sources.pop("fire_response").startswith("Permendagri 114/2018")
    assert set(sources.values()) == {"usulan, belum ditetapkan"}


# SMS


def test_pages_and_cancellations_exist_in_both_languages(seed: Seed) -> None:
    assert {(template.kind, template.language) for template in seed.of(SmsTemplate)} == {
        (kind, language) for kind in ("page", "cancelled") for language in ("id", "en")
    }


def test_every_message_keeps_a_long_place_and_its_link_in_one_segment(seed: Seed) -> None:
    assert len(LINK) == 45 and len(PLACE) == 50
    callsign = max((unit.callsign for unit in seed.of(Unit)), key=len)
    for template in seed.of(SmsTemplate):
        assert len(template.body) < 100
        type_ = max((getattr(each.label, template.language) for each in seed.of(IncidentType)), key=len)
        values = {"drill": "LATIHAN. ", "type": type_, "priority": "1", "place": PLACE, "unit": callsign}
        values["reply"] = ""
        text = one_segment(template.body, {**values, "link": LINK, "time": "23:59", "label": "KTM-7F3K"})
        assert len(text) <= 160
        assert type_ in text and PLACE in text and callsign in text and ".." not in text
        assert text.endswith(LINK) or template.kind == "cancelled"


def test_nothing_that_goes_into_an_sms_holds_a_word_that_carriers_filter(seed: Seed) -> None:
    texts = [template.body for template in seed.of(SmsTemplate)]
    texts += [text for type_ in seed.of(IncidentType) for text in (type_.label.id, type_.label.en)]
    texts += [unit.callsign for unit in seed.of(Unit)] + [district.name for district in seed.of(District)]
    for text in texts:
        assert not re.search(r"\b(kode|otp|pin|token|verifikasi)\b", text, re.IGNORECASE), text


# Duty


def test_somebody_of_every_agency_is_on_duty_at_each_hour_of_a_week(seed: Seed, week: list[Stretch]) -> None:
    agencies = {agency.id for agency in seed.of(Agency)}
    for hour in HOURS_OF_A_WEEK:
        assert {shift.agency_id for shift in on_duty(week, hour)} == agencies, hour


def test_every_unit_has_a_duty_pattern_and_crews_that_may_leave(seed: Seed) -> None:
    patterns = {pattern.unit_id: pattern for pattern in seed.duty if pattern.unit_id}
    for unit in seed.of(Unit):
        assert all(len(crew) >= unit.min_crew for crew in patterns[unit.id].crews if crew)


def test_a_few_units_stand_without_crew_at_night_so_that_shortfalls_can_be_seen(week: list[Stretch]) -> None:
    noon, night = (
        {shift.unit_id for shift in on_duty(week, instant)}
        for instant in ("2026-11-25T05:00:00.000Z", "2026-11-25T18:00:00.000Z")
    )
    assert noon - night == {"ambulans_2", "dishub_derek", "pmi_logistik"}
    assert night < noon


def test_nobody_is_on_two_duties_at_once(week: list[Stretch]) -> None:
    by_person: dict[str, list[Stretch]] = {}
    for shift in week:
        by_person.setdefault(shift.person_id, []).append(shift)
    for shifts in by_person.values():
        for one, other in combinations(shifts, 2):
            assert one.ends_at <= other.starts_at or other.ends_at <= one.starts_at, (one, other)


def days_of(turns: DutyTurns, first: date, days: int) -> list[list[tuple[str, str]]]:
    """Who begins when, on so many days."""
    made = duties_of([turns], {})
    found = roster(
        codes={each.code: each for each in made.codes},
        crews={each.id: each for each in made.crews},
        patterns=made.patterns,
    )
    return [
        sorted(
            (each.starts_at[11:16], each.person_id)
            for each in of_day(found, (first + timedelta(days=n)).isoformat())
        )
        for n in range(days)
    ]


def test_the_night_shift_crosses_midnight(seed: Seed) -> None:
    week = stretches_of(nouns_of(seed), MONDAY, 1)
    night = next(each for each in week if each.person_id == "candra")
    assert (night.starts_at, night.ends_at) == ("2026-11-23T12:00:00.000Z", "2026-11-24T00:00:00.000Z")
    assert (night.code, night.by) == ("M", "pattern")


def test_crews_on_a_24_hour_duty_take_every_other_day_wherever_the_range_begins() -> None:
    turns = DutyTurns(
        id="sar", agency_id="basarnas", unit_id="sar_1", starts=["07:00"], crews=[["haris"], ["jefri"]]
    )
    week = days_of(turns, MONDAY, 7)
    assert [len(day) for day in week] == [1] * 7
    assert all(one != other for one, other in pairwise(week))
    assert days_of(turns, MONDAY + timedelta(days=3), 1) == [week[3]]
    assert len(duties_of([turns], {}).patterns) == 1, "two crews of one cycle are one pattern"


def test_three_crews_on_two_turns_a_day_move_on_each_day() -> None:
    turns = DutyTurns(id="x", agency_id="x", starts=["07:00", "19:00"], crews=[["a"], ["b"], ["c"]])
    found = [person for day in days_of(turns, MONDAY, 3) for _, person in day]
    assert sorted(found[:3]) == ["a", "b", "c"] and found[:3] == found[3:]


def test_a_crew_that_never_ends_its_turn_and_whoever_stands_by_for_all_is_on_call(
    week: list[Stretch],
) -> None:
    readiness = {each.unit_id or each.agency_id: each.readiness for each in week}
    assert readiness["damkar_1"] == readiness["polres_samuda"] == "stationed"
    assert readiness["damkar_samuda"] == readiness["damkar"] == "on_call"


def test_turns_with_a_pause_between_them_are_refused() -> None:
    turns = DutyTurns(id="x", agency_id="x", starts=["00:00", "08:00", "16:00"], crews=[["a"], ["b"]])
    with pytest.raises(ValueError, match="a pause between"):
        duties_of([turns], {})


def test_the_seeds_duty_does_not_end(seed: Seed) -> None:
    nouns = nouns_of(seed)
    years = [len(stretches_of(nouns, date(year, 11, 23), 1)) for year in (2026, 2027, 2036)]
    assert years[0] > 70 and len(set(years)) == 1


def test_no_shift_is_longer_than_a_day(week: list[Stretch]) -> None:
    for each in week:
        assert timedelta() < parse(each.ends_at) - parse(each.starts_at) <= timedelta(days=1)


# A broken file


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        pytest.param(
            "sar_1: {agency_id: basarnas, station_id",
            "sar_1: {agency_id: basarna, station_id",
            "units sar_1: agency_id: agencies has no 'basarna'",
            id="a unit of an unknown agency",
        ),
        pytest.param(
            "{id: animal, agencies: [damkar], capability: animal_rescue}\n      - needs:\n"
            "          - {id: patrol, agencies: [polres, satpolpp], capability: patrol}\n\n",
            "{id: animal, agencies: [damkar], capability: animal_resque}\n\n",
            "response-plans wild_animal: levels[0].needs[0].capability: capabilities has no 'animal_resque'",
            id="a plan with an unknown capability",
        ),
        pytest.param(
            "crews: [[haris, ilham], [jefri, kevin]]",
            "crews: [[haris, ilham], [jefri, kelvin]]",
            "duty sar_1: crews[1]: personnel has no 'kelvin'",
            id="a duty of an unknown person",
        ),
        pytest.param(
            "crews: [[haris, ilham], [jefri, kevin]]",
            "crews: [[haris, ilham], [jefri, surya]]",
            "duty sar_1: crews[1]: 'surya' belongs to another agency",
            id="a duty of another agency's person",
        ),
        pytest.param(
            '"+628110001023"',
            '"+62811"',
            "personnel wahyu: phone: +62811 is no phone number",
            id="a number cut short",
        ),
        pytest.param(
            '"+628110001023"',
            '"+60123456789"',
            "personnel wahyu: phone: +60123456789 is of a country that is not allowed",
            id="a number of another country",
        ),
        pytest.param(
            "zone: Asia/Jakarta",
            "zone: Asia/Makassar",
            "regency kotim: zone: is not UTC+7",
            id="a zone that is not the hours'",
        ),
        pytest.param(
            "regency:\n  kotim:",
            "regency:\n  seruyan: {name: X, zone: Asia/Jakarta, area_code: '', countries: [ID]}\n  kotim:",
            "regency: expected one, got 2",
            id="two regencies",
        ),
        pytest.param(
            '"+628110001023"',
            '"+6281100010"',
            "personnel wahyu: phone: +6281100010 is no phone number",
            id="a number that nobody can have",
        ),
        pytest.param(
            "code: 62.02.17, name: Telaga Antang, ",
            "code: 62.02.17, ",
            "districts telaga_antang: name: Object missing required field `name`",
            id="a missing field",
        ),
        pytest.param(
            "name: Telaga Antang, lat: -1.5439",
            "name: Telaga Antang, lat: utara",
            "districts telaga_antang: lat: Expected `float`, got `str`",
            id="a wrong type",
        ),
        pytest.param(
            "name: Telaga Antang, lat",
            "name: Telaga Antang, luas: 3, lat",
            "districts telaga_antang: luas: Object contains unknown field `luas`",
            id="a field nobody knows",
        ),
        pytest.param(
            "surya: {agency_id: pmi",
            "ratna: {agency_id: pmi",
            "'ratna' stands here twice",
            id="the same id twice",
        ),
        pytest.param(
            "words: [sakit, sick]",
            "words: [sakit, bbm]",
            "reasons crew_unwell: words[1]: 'bbm' stands for no_fuel",
            id="a word for two reasons",
        ),
        pytest.param(
            "kapal karam, kapal terbalik",
            "kapal karam, Kapal  Karám",
            "incident-types boat_accident: words[2]: 'Kapal  Karám' stands here twice",
            id="a word twice at one type",
        ),
        pytest.param(
            "like: [wild_animal, poisoning]",
            "like: [wild_animal, racun]",
            "incident-types snake_bite: like[1]: incident-types has no 'racun'",
            id="like a type that is none",
        ),
        pytest.param(
            "villages: [Parebok, Basawang",
            "villages: [Parebok, Parebok",
            "districts teluk_sampit: villages[1]: 'Parebok' stands here twice",
            id="a village twice in one district",
        ),
        pytest.param("\nreasons:", "\nalasan:", "alasan: unknown section", id="a section nobody knows"),
        pytest.param(
            "{unit} kembali siaga. {time}",
            "{unit} kembali siaga. {jam}",
            "sms-templates cancelled_id: body: unknown placeholder {jam}",
            id="a placeholder nobody knows",
        ),
        pytest.param(
            "di {place}. {unit} {time} {link} {reply}",
            "di {place}. {unit} {time} kode {link} {reply}",
            "sms-templates page_id: body: carriers filter the word 'kode'",
            id="a word that carriers filter",
        ),
        pytest.param(
            "tree, agencies: [bpbd, damkar]",
            "tree, agencies: [bpbd, pmi]",
            "response-plans fallen_tree: levels[0].needs[0].agencies[1]: pmi has no unit for tree_clearing",
            id="an agency asked for what it cannot do",
        ),
    ],
)
def test_a_mistake_is_named_by_section_id_and_field(broken: Break, old: str, new: str, error: str) -> None:
    errors = broken(old, new)
    assert any(error in line for line in errors), errors
    assert all(line.startswith("kotim.yaml: ") for line in errors)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = KOTIM.read_text(encoding="utf-8")
    path = tmp_path / "kotim.yaml"
    path.write_text(
        text.replace("station_id: psc_samuda", "station_id: psc_sam").replace(
            "head_id: niko", "head_id: nico"
        )
    )
    with pytest.raises(SeedError) as caught:
        read(path)
    assert caught.value.errors == [
        "kotim.yaml: agencies basarnas: head_id: personnel has no 'nico'",
        "kotim.yaml: units ambulans_samuda: station_id: stations has no 'psc_sam'",
    ]


@pytest.mark.parametrize(
    "text", ["", "- a\n", "districts: []\n", "a: b: c\n", "\x00", "districts: {a: {}}\n"]
)
def test_a_file_that_is_no_seed_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "kotim.yaml"
    path.write_text(text)
    with pytest.raises(SeedError):
        read(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match=r"tiada\.yaml: No such file"):
        read(tmp_path / "tiada.yaml")


def test_references_are_found_at_any_depth() -> None:
    need = Need(id="boat", agencies=["satpolairud", "bpbd"], capability="water_rescue")
    assert list(references(need)) == [
        ("agencies[0]", "agencies", "satpolairud"),
        ("agencies[1]", "agencies", "bpbd"),
        ("capability", "capabilities", "water_rescue"),
    ]
