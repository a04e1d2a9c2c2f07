"""How many requests finding what is over takes: bounded for each answer, and the same whatever is kept outside of its days."""

from __future__ import annotations

import pytest

from chalicelib.domain import ids, times
from chalicelib.domain.call import Call
from chalicelib.domain.incident import Incident, Location
from chalicelib.domain.looking_back import Search
from chalicelib.models import incidents, past
from chalicelib.models.tables import IncidentItem
from chalicelib.services.response import looking_back
from chalicelib.services.response.looking_back import Found
from tests.contract.regency_on_moto import DESK, Regency
from tests.world.requests import watched

HOURS = 7
TODAY = "2026-11-23"
CALLER = "+6281234567890"


def filled(days: int, each: int, *, last: int = 0) -> None:
    """So many ended incidents with a call each on so many days, the last of them `last` days ago."""
    with IncidentItem.batch_write() as batch:
        for ago in range(last, last + days):
            for number in range(each):
                at = times.plus("2026-11-23T05:00:00.000Z", -ago * 86400 - number)
                incident, call = ended(at, number)
                batch.save(incidents.incident_item(incident, 1, at, HOURS))
                batch.save(incidents.part_item(incident.id, f"C#{call.id}", call, 1))


def ended(at: str, number: int) -> tuple[Incident, Call]:
    id_ = ids.ulid(at, number.to_bytes(10, "big"))
    incident = Incident(
        id=id_,
        type="theft",
        category="security",
        priority=3,
        terrain="land",
        location=Location(district="baamang", landmark=f"Toko {number}"),
        narrative="",
        status="closed",
        drill=False,
        received_at=at,
        answered_at=at,
        opened_at=at,
        closed_at=at,
    )
    call = Call(
        id=id_, number=CALLER, channel="phone", kind="emergency", received_at=at, answered_at=at, taken_by="",
        incident_id=id_,
    )  # fmt: skip
    return incident, call


def asked(regency: Regency, wanted: Search, after: str | None = None) -> tuple[Found, dict[str, int]]:
    """What a search finds, and its requests by operation."""
    registry = regency.registry
    with watched() as seen:
        found = looking_back.search(regency.world, registry, wanted, after)
    return found, {each: seen.operations.count(each) for each in set(seen.operations)}


def to_the_end(regency: Regency, wanted: Search) -> tuple[list[str], list[dict[str, int]]]:
    after, ids_found, requests = None, [], []
    while True:
        found, counts = asked(regency, wanted, after)
        ids_found += [each.id for each in found.incidents]
        requests.append(counts)
        if (after := found.next) is None:
            return ids_found, requests


@pytest.fixture
def _a_tenth(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every bound a tenth of what it is, as moto takes seconds to take in thousands of items."""
    monkeypatch.setattr(past, "OF_A_PART", past.OF_A_PART // 10)
    for name in ("READ_MOST", "SHOWN_MOST", "ASKED_MOST"):
        monkeypatch.setattr(looking_back, name, getattr(looking_back, name) // 10)


def test_a_day_costs_the_same_requests_whatever_is_kept_on_other_days(regency: Regency) -> None:
    filled(1, 30)
    day = Search(from_=TODAY, to=TODAY)
    found, before = asked(regency, day)
    assert len(found.incidents) == 30 and before == {"Query": 8, "BatchGetItem": 1}
    filled(40, 3, last=1)
    again, after = asked(regency, day)
    assert [each.id for each in again.incidents] == [each.id for each in found.incidents]
    assert after == before


def test_31_days_are_searched_with_eight_days_a_request(regency: Regency) -> None:
    filled(31, 8)
    found, requests = to_the_end(regency, Search(from_="2026-10-24", to=TODAY, text="toko 7"))
    assert len(found) == 31
    assert [each["Query"] for each in requests] == [64, 64, 64, 56]
    assert [each["BatchGetItem"] for each in requests] == [8, 8, 8, 7]


@pytest.mark.usefixtures("_a_tenth")
@pytest.mark.parametrize("text", ["", "nowhere"])
def test_a_day_of_very_many_incidents_is_searched_whole_in_bounded_requests(
    regency: Regency, text: str
) -> None:
    filled(1, 190)
    found, requests = to_the_end(regency, Search(from_=TODAY, to=TODAY, text=text))
    assert len(set(found)) == len(found) == (0 if text else 190)
    # A stretch has 80 at most here, and the last one of a request begins before 80 were read.
    assert max(each["Query"] for each in requests) <= 2 * 8
    assert (len(requests) > 3) == (not text), "ten are shown at a time"


@pytest.mark.usefixtures("_a_tenth")
def test_a_number_is_looked_for_in_so_many_incidents_a_request(regency: Regency) -> None:
    filled(3, 7)
    after, found, queries = None, 0, []
    while True:
        with watched() as seen:
            part = looking_back.search_number(
                regency.world, DESK, Search(from_="2026-11-21", to=TODAY), CALLER, "Surat 1", after
            )
        found += len(part.incidents)
        queries.append(seen.operations.count("Query"))
        if (after := part.next) is None:
            break
    assert found == 21
    assert max(queries) <= looking_back.ASKED_MOST + 3 * 8 + 3, (
        "calls of ten incidents, stretches, loose calls"
    )


def test_calls_without_an_incident_are_a_query_a_day(regency: Regency) -> None:
    with watched() as seen:
        looking_back.loose_calls(regency.world, Search(from_="2026-10-24", to=TODAY), False, None)
    assert seen.operations == ["Query"] * 31
