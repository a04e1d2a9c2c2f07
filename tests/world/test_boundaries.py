"""Boundaries of districts: read from a file, kept with the district, and what a map point is then of."""

from __future__ import annotations

import json
from typing import Any

from msgspec import to_builtins

from tests.support import regency
from tests.unit.test_boundaries import feature, star
from tests.world.harness import Story
from tests.world.test_cancelling import edit

PATH = "/api/districts/boundaries"


DISTRICTS: dict[str, Any] = {each["id"]: each for each in map(to_builtins, regency.nouns()["districts"])}
OTHER = next(each for each in DISTRICTS if each != "baamang")


def centre(id_: str) -> tuple[float, float]:
    return DISTRICTS[id_]["lng"], DISTRICTS[id_]["lat"]


def brings(story: Story, *features: dict[str, Any], as_: str = "admin") -> Any:
    text = json.dumps({"type": "FeatureCollection", "features": features})
    return story.http("POST", PATH, {"text": text}, as_=as_)


def bounds(story: Story, id_: str = "baamang") -> None:
    """A district gets a boundary of some 10 km around its centre."""
    line = star(12, at=centre(id_))
    (outline,) = brings(story, feature(line, nama=DISTRICTS[id_]["name"])).body["outlines"]
    assert (outline["district"], outline["faults"]) == (id_, [])
    edit(story, "districts", id_, boundary=outline["boundary"])


def called(story: Story, **location: Any) -> Any:
    """A house fire whose place is all that is given here."""
    incident = {"type": "house_fire", "location": {"landmark": "Pasar Sampit", **location}}
    now = story.clock.now()
    body = {"number": "", "channel": "app", "class": "emergency", "received_at": now, "incident": incident}
    made = story.desk("POST", "/api/calls", body, expect=201)["incident"]
    for person in ("andi", "citra", "eko"):
        story.phone(person).expects("Kebakaran rumah")
    return made


def test_a_point_within_a_boundary_is_of_that_district_where_nobody_named_one(story: Story) -> None:
    bounds(story)
    lng, lat = centre("baamang")
    query = {"type": "house_fire", "lat": str(lat + 0.02), "lng": str(lng)}
    preview = story.http("GET", "/api/dispatch/preview", as_="operator", query=query).body
    assert preview["lies"]["district"] == "baamang"
    districts = story.http("GET", "/api/registry", as_="operator").body["districts"]
    assert all("boundary" not in each for each in districts)
    assert 6000 < preview["lies"]["border_m"] < 8500
    assert called(story, lat=lat + 0.02, lng=lng)["district"] == "baamang"


def test_what_the_desk_names_stands_and_it_sees_where_the_point_lies(story: Story) -> None:
    bounds(story)
    lng, lat = centre("baamang")
    query = {"type": "house_fire", "district": OTHER, "lat": str(lat), "lng": str(lng)}
    preview = story.http("GET", "/api/dispatch/preview", as_="operator", query=query).body
    assert preview["lies"]["district"] == "baamang"
    assert called(story, district=OTHER, lat=lat, lng=lng)["district"] == OTHER


def test_where_no_boundary_has_a_point_or_two_have_nothing_is_guessed(story: Story) -> None:
    lng, lat = centre("baamang")
    query = {"type": "house_fire", "lat": str(lat), "lng": str(lng)}
    assert story.http("GET", "/api/dispatch/preview", as_="operator", query=query).body["lies"] is None
    bounds(story)
    held = story.http("GET", "/api/registry/districts/baamang", as_="admin").body["boundary"]
    edit(story, "districts", OTHER, boundary=held, lat=lat, lng=lng)
    assert story.http("GET", "/api/dispatch/preview", as_="operator", query=query).body["lies"] is None
    assert called(story, lat=lat, lng=lng)["district"] == ""


def test_a_boundary_is_checked_when_it_is_kept_whoever_made_it(story: Story) -> None:
    found = story.http("GET", "/api/registry/districts/baamang", as_="admin").body
    found.pop("v")
    path = "/api/registry/districts/baamang"
    bounds(story)
    ring = story.http("GET", path, as_="admin").body["boundary"][0]
    for boundary, fault in (
        (["~~~~~~~~"], {"boundary[0]": "has a wrong form"}),
        ([ring, ring], {"boundary": "has sides that cross"}),
        (["_p~iF~ps|U_ulLnnqC_mqNvxq`@"], {"boundary": "lies elsewhere than its district"}),
    ):
        refused = story.http("PUT", path, {**found, "boundary": boundary}, as_="admin")
        assert (refused.status, refused.body["fields"]) == (422, fault)


def test_a_file_is_read_by_the_regencys_admin_alone_and_writes_nothing(story: Story) -> None:
    before = story.http("GET", "/api/registry", as_="admin").body["version"]
    line = star(12, at=centre("baamang"))
    assert brings(story, feature(line), as_="supervisor").status == 403
    assert brings(story, feature(line)).status == 200
    refused = story.http("POST", PATH, {"text": "PK"}, as_="admin")
    assert (refused.status, refused.body["fields"]) == (400, {"text": "is no GeoJSON of polygons"})
    assert story.http("GET", "/api/registry", as_="admin").body["version"] == before
