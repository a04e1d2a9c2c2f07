"""Who certifies and what trains: issuers and trainings in the registry, and certificates that say by whom and under which number."""

from __future__ import annotations

from typing import Any

from tests.world.harness import Story
from tests.world.test_cancelling import edit

ISSUER = {"id": "basarnas", "name": "Basarnas"}
TRAINING = {
    "id": "water",
    "label": {"id": "Penyelamatan di air", "en": "Water rescue"},
    "issuer_id": "basarnas",
    "grants": [{"certification_id": "water_rescue", "months": 36}],
}
HELD = {
    "certification_id": "water_rescue",
    "expires_on": "2027-12-31",
    "issuer_id": "basarnas",
    "number": "SAR/112/2024",
}


def keeps(story: Story, noun: str, thing: dict[str, Any], as_: str = "admin") -> Any:
    return story.http("POST", f"/api/registry/{noun}", thing, as_=as_)


def test_a_certificate_says_who_issued_it_and_its_number_and_an_import_that_says_neither_keeps_both(
    story: Story,
) -> None:
    assert keeps(story, "issuers", ISSUER).status == 201
    edit(story, "personnel", "fajar", certifications=[HELD])
    person = story.http("GET", "/api/registry/personnel/fajar", as_="admin").body
    head = "Nama\tHP\tPenyelamatan air"
    sheet = {"noun": "personnel", "agency_id": person["agency_id"]}
    sheet["text"] = f"{head}\n{person['name']}\t{person['phone']}\t31-12-2029"
    begun = story.desk("POST", "/api/imports", sheet, as_="admin", expect=201)
    body = {"seen": begun["digest"]}
    story.desk("POST", f"/api/imports/{begun['id']}/commit", body, as_="admin")
    (held,) = story.http("GET", "/api/registry/personnel/fajar", as_="admin").body["certifications"]
    assert held == {**HELD, "expires_on": "2029-12-31"}


def test_an_issuer_is_retired_and_not_removed_and_what_names_it_still_does(story: Story) -> None:
    assert keeps(story, "issuers", ISSUER).status == 201
    assert keeps(story, "trainings", TRAINING).status == 201
    refused = story.http("DELETE", "/api/registry/issuers/basarnas", as_="admin")
    assert (refused.status, refused.body["fields"]) == (409, {"id": "retire it instead"})
    edit(story, "issuers", "basarnas", retired=True)
    assert story.http("GET", "/api/registry/trainings/water", as_="admin").body["issuer_id"] == "basarnas"


def test_a_training_grants_each_certificate_once_and_only_such_as_there_are(story: Story) -> None:
    assert keeps(story, "issuers", ISSUER).status == 201
    twice = {**TRAINING, "grants": [*TRAINING["grants"], {"certification_id": "water_rescue"}]}
    assert keeps(story, "trainings", twice).body["fields"] == {"grants[1].certification_id": "is given twice"}
    unknown = {**TRAINING, "issuer_id": "pmi", "grants": [{"certification_id": "flying"}]}
    assert keeps(story, "trainings", unknown).body["fields"] == {
        "issuer_id": "issuers has no 'pmi'",
        "grants[0].certification_id": "certifications has no 'flying'",
    }


def test_issuers_and_trainings_are_the_regencys_to_keep(story: Story) -> None:
    assert keeps(story, "issuers", ISSUER, as_="damkar_admin").status == 403
    assert keeps(story, "trainings", {**TRAINING, "issuer_id": None}, as_="damkar_admin").status == 403
