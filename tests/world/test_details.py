"""What the desk asks besides: an incident type's questions, what was said to them, and who sees it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from chalicelib.domain.details import read, standing
from chalicelib.domain.registry import Label, Option, Question
from chalicelib.models import incidents
from chalicelib.models.tables import IncidentItem
from chalicelib.services.evidence import retention
from infra import verify
from tests.world.harness import Answer, Incident, Story
from tests.world.test_cancelling import edit

CREWS = ("andi", "citra", "eko")
INSIDE = {
    "id": "inside",
    "label": {"id": "Masih ada orang di dalam?", "en": "Is anybody still inside?"},
    "kind": "yes_no",
    "required": True,
    "for_crew": True,
}
FLOORS = {"id": "floors", "label": {"id": "Berapa lantai?", "en": "How many floors?"}, "kind": "number"}
MADE_OF = {
    "id": "made_of",
    "label": {"id": "Bangunan dari apa?", "en": "What is it built of?"},
    "kind": "choice",
    "options": [
        {"id": "wood", "label": {"id": "Kayu", "en": "Wood"}},
        {"id": "stone", "label": {"id": "Beton", "en": "Concrete"}},
    ],
    "for_crew": True,
}
WHO = {"id": "who", "label": {"id": "Siapa yang dihubungi?", "en": "Whom to ring?"}}


def asks(story: Story, *questions: dict[str, Any], type_: str = "house_fire") -> None:
    """The admin has the desk ask these questions, in this order."""
    edit(story, "incident-types", type_, questions=list(questions))


def fire(story: Story, **said: str) -> Incident:
    """A house fire with what the caller said to each question."""
    given = [{"question": name, "value": value} for name, value in said.items()]
    incident: Incident = story.call("house_fire", details=given)["incident"]
    for person in CREWS:
        story.phone(person).expects("Kebakaran rumah")
    return incident


def records(story: Story, incident: Incident, version: int = 0, **said: str) -> Answer:
    """Somebody at the desk writes down what was said later, on what he has read."""
    given = [{"question": name, "value": value} for name, value in said.items()]
    body = {"version": version or story.incident(incident["id"])["version"], "details": given}
    path = f"/api/incidents/{incident['id']}/details"
    return story.http("POST", path, body, as_="operator", key=str(uuid4()))


def stands(incident: Incident) -> dict[str, str]:
    return {each["question"]: each["value"] for each in incident["details"]}


def test_what_was_said_stays_with_the_incident_and_no_event_holds_it(story: Story) -> None:
    asks(story, INSIDE, FLOORS, MADE_OF, WHO)
    incident = fire(story, who="Bu Siti 0812 5550 0199", made_of="wood", inside="yes")
    assert [each["question"] for each in incident["details"]] == ["inside", "made_of", "who"]
    assert stands(incident) == {"inside": "yes", "made_of": "wood", "who": "Bu Siti 0812 5550 0199"}
    opened, told = incident["timeline"][:2]
    assert (opened["type"], told["type"]) == ("IncidentOpened", "DetailsRecorded")
    assert told["data"]["questions"] == ["inside", "made_of", "who"]
    assert "Siti" not in str(incident["timeline"]) and "wood" not in str(incident["timeline"])
    assert story.incident(incident["id"])["details"] == incident["details"]
    assert verify.main(["--incident", incident["id"]]) == 0


def test_nothing_that_is_said_and_nothing_that_is_not_holds_help_up(story: Story) -> None:
    asks(story, INSIDE, FLOORS, MADE_OF)
    incident = fire(story, floors="dua atau tiga", made_of="bambu", gone="Pak Budi", inside=" ")
    assert stands(incident) == {"floors": "dua atau tiga", "made_of": "bambu"}
    assert {each["kind"] for each in incident["details"]} == {"text"}
    (call,) = incident["calls_list"]
    assert call["said"]["typed"]["details"] == "gone: Pak Budi"
    assert verify.main(["--incident", incident["id"]]) == 0


def test_the_crews_page_shows_what_is_for_crews_in_its_language(story: Story) -> None:
    asks(story, INSIDE, MADE_OF, WHO)
    incident = fire(story, inside="yes", made_of="wood", who="Bu Siti")
    page = story.phone("andi").opens_link().text
    assert "Masih ada orang di dalam? <b>Ya</b>" in page and "Bangunan dari apa? <b>Kayu</b>" in page
    assert "Siti" not in page
    assert records(story, incident, inside="no").status == 200
    assert "Masih ada orang di dalam? <b>Tidak</b>" in story.phone("andi").opens_link().text


def test_what_is_said_later_takes_the_place_of_what_was_and_both_stay_visible(story: Story) -> None:
    asks(story, INSIDE, FLOORS)
    incident = fire(story, inside="yes")
    now = records(story, incident, inside="no", floors="2").body
    assert stands(now) == {"inside": "no", "floors": "2"}
    assert [[each["value"] for each in note["details"]] for note in now["notes"]] == [["yes"], ["no", "2"]]
    back = records(story, incident, floors="").body
    assert stands(back) == {"inside": "no"}
    again = records(story, incident, inside="no")
    assert (again.status, len(again.body["notes"])) == (200, 3)
    assert verify.main(["--incident", incident["id"]]) == 0


def test_a_question_that_is_asked_no_more_stays_in_old_incidents_by_what_it_was_called(story: Story) -> None:
    asks(story, INSIDE, MADE_OF)
    incident = fire(story, inside="yes", made_of="stone")
    asks(story, {**INSIDE, "label": {"id": "Ada korban?", "en": "Anybody hurt?"}})
    told = {each["question"]: each for each in story.incident(incident["id"])["details"]}
    assert told["inside"]["label"]["id"] == "Masih ada orang di dalam?"
    assert (told["made_of"]["label"]["id"], told["made_of"]["option"]["en"]) == (
        "Bangunan dari apa?",
        "Concrete",
    )
    now = records(story, incident, made_of="Kayu, kata tetangga").body
    (detail,) = [each for each in now["details"] if each["question"] == "made_of"]
    assert (detail["kind"], detail["value"]) == ("text", "Kayu, kata tetangga")


def test_whoever_has_not_seen_what_another_wrote_down_is_told_and_overwrites_nothing(story: Story) -> None:
    asks(story, INSIDE, FLOORS)
    incident = fire(story)
    seen = story.incident(incident["id"])["version"]
    assert records(story, incident, version=seen, inside="yes").status == 200
    late = records(story, incident, version=seen, inside="no")
    assert (late.status, late.body["fields"]) == (409, {"details[0].value": "is now 'yes', and not 'no'"})
    assert records(story, incident, version=seen, floors="2").status == 200
    assert stands(story.incident(incident["id"])) == {"inside": "yes", "floors": "2"}


def test_of_this_incident_nobody_writes_down_what_is_not_asked_nor_once_it_is_over(story: Story) -> None:
    asks(story, INSIDE)
    incident = fire(story)
    unknown = records(story, incident, floors="2")
    assert (unknown.status, unknown.body["fields"]) == (
        422,
        {"details[0].question": "questions has no 'floors'"},
    )
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})
    for person in CREWS:
        story.phone(person).expects("BATAL")
    assert records(story, incident, inside="yes").status == 409


def test_what_was_said_is_erased_with_the_notes_and_the_trail_still_holds(story: Story) -> None:
    asks(story, INSIDE, WHO)
    incident = fire(story, who="Bu Siti 0812 5550 0199")
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "Salah lapor"})
    for person in CREWS:
        story.phone(person).expects("BATAL")
    days = story.world.settings.retention_days["notes"]
    for _ in range(days // 7 + 2):
        story.clock.advance(7 * 86400)
        retention.erase(story.world)
    gone = story.incident(incident["id"])
    assert (gone["details"], [note["details"] for note in gone["notes"]]) == ([], [[], []])
    assert verify.main(["--incident", incident["id"]]) == 0


@pytest.mark.parametrize("cheat", ["changed", "dropped", "moved"])
def test_verify_names_what_somebody_changed_of_it_past_the_system(
    story: Story, cheat: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asks(story, INSIDE, FLOORS)
    incident = fire(story, inside="yes", floors="2")
    (note,) = incidents.notes(incident["id"])
    item = next(each for each in IncidentItem.query(incidents.pk_of(incident["id"])) if note.id in each.sk)
    forged = {
        "changed": item.doc.replace('"value":"yes"', '"value":"no"'),
        "dropped": item.doc[: item.doc.index(',"details"')] + "}",
        "moved": item.doc.replace('"question":"inside"', '"question":"elsewhere"'),
    }[cheat]
    assert forged != item.doc
    item.doc = forged
    item.save()
    assert verify.main(["--incident", incident["id"]]) == 1
    assert f"note {note.id}" in capsys.readouterr().out


def test_a_question_is_checked_before_anybody_is_asked(story: Story) -> None:
    found = story.http("GET", "/api/registry/incident-types/house_fire", as_="admin").body
    found.pop("v")
    only = [{"id": "wood", "label": {"id": "Kayu", "en": "Wood"}}]
    wrong = [{**MADE_OF, "options": only}, INSIDE, INSIDE]
    path = "/api/registry/incident-types/house_fire"
    refused = story.http("PUT", path, {**found, "questions": wrong}, as_="admin")
    assert (refused.status, refused.body["fields"]) == (
        422,
        {"questions[0].options": "has fewer than 2 elements", "questions[2].id": "is given twice"},
    )


def test_of_what_was_recorded_the_last_stands_and_an_empty_one_takes_it_back() -> None:
    label = Label(id="Berapa orang?", en="How many people?")
    number = Question(id="people", label=label, kind="number")
    three, about, nothing = ([read(number, typed)] for typed in ("3", "kira-kira 5", ""))
    assert standing([three])["people"].kind == "number"
    assert standing([three, about])["people"].kind == "text"
    assert standing([three, about, nothing]) == {}


def test_a_choice_says_what_it_was_called_and_other_words_stay_words() -> None:
    wood = Option(id="wood", label=Label(id="Kayu", en="Wood"))
    question = Question(
        id="made_of", label=Label(id="Dari apa?", en="Of what?"), kind="choice", options=[wood]
    )
    assert (read(question, "wood").option, read(question, "wood").kind) == (wood.label, "choice")
    assert (read(question, "Kayu ulin").option, read(question, "Kayu ulin").kind) == (None, "text")
