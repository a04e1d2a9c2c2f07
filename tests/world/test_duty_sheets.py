"""The month sheet: filled in by two officers at once, published from a day that has not begun, and what dispatch makes of it."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.notice import SHEET
from chalicelib.models import notices
from tests.world.harness import Answer, Story
from tests.world.test_duty import at, code, keeps, on_duty, on_patterns, sent

DECEMBER = "/api/duty/sheets/psc/2026-12"
ROWS = [{"person_id": "citra", "unit_id": "ambulans_1"}, {"person_id": "dewi", "unit_id": "ambulans_2"}]


def cell(row: str, day: int, now: str, was: str = "") -> dict[str, Any]:
    return {"row": row, "day": f"2026-12-{day:02d}", "was": was, "now": now}


def writes(story: Story, *cells: dict[str, Any], as_: str = "psc_admin", **more: Any) -> Any:
    answer = story.http("POST", DECEMBER, {"cells": list(cells), **more}, as_=as_)
    assert answer.status == 200, answer.body
    return answer.body


def publishes(
    story: Story, first_day: str, v: int | None = None, as_: str = "psc_admin", **more: Any
) -> Answer:
    """Publish, and leave untold whom it concerns, of which test_sheets_told.py tells."""
    version = story.http("GET", DECEMBER, as_="admin").body["v"] if v is None else v
    body = {"v": version, "first_day": first_day, **more}
    answer = story.http("POST", f"{DECEMBER}/publish", body, as_=as_)
    tell_nobody()
    return answer


def tell_nobody() -> None:
    for id_ in notices.due("9999", 100, notices.DUE_PEOPLE):
        found = notices.read(id_, notices.PEOPLES)
        if found and found[0].kind == SHEET:
            notices.forget(*found)


def codes(story: Story, **more: Any) -> None:
    for text in ("P", "M", "L"):
        assert keeps(story, "shift-codes", code(text, **more)).status == 201


def filled(story: Story, text: str = "P", days: int = 31) -> None:
    """Citra and Dewi on duty all month."""
    codes(story)
    writes(story, add=ROWS)
    writes(story, *(cell(row, day, text) for row in ("citra", "dewi") for day in range(1, days + 1)))


def test_nothing_of_a_draft_is_known_to_dispatch_until_it_is_published(story: Story) -> None:
    filled(story)
    at(story, "2026-12-02", "08:00")
    assert on_duty(story) == {}
    assert publishes(story, "2026-12-03").status == 200
    assert on_duty(story) == {}, "the day that has begun stays as it was"
    at(story, "2026-12-03", "08:00")
    assert on_duty(story) == {"citra@ambulans_1": "sheet", "dewi@ambulans_2": "sheet"}
    incident = story.call("childbirth")["incident"]
    story.phone("citra").expects("Melahirkan")
    kept = story.incident(incident["id"])["plan"]["answers"][0]["picks"][0]
    assert kept["on_duty_by"] == {"citra": "sheet"}


def test_two_officers_fill_in_one_sheet_and_only_the_same_cell_is_a_conflict(story: Story) -> None:
    codes(story)
    assert writes(story, add=ROWS)["added"] == ["citra", "dewi"]
    writes(story, cell("citra", 1, "P"), cell("citra", 2, "M"), as_="psc_admin")
    # The other one has seen the sheet as it was before.
    found = writes(story, cell("citra", 1, "L"), cell("dewi", 1, "M"), as_="admin")
    assert found["conflicts"] == [{"row": "citra", "day": "2026-12-01", "was": "", "stands": "P", "now": "L"}]
    rows = {row["id"]: row["cells"] for row in story.http("GET", DECEMBER, as_="psc_admin").body["rows"]}
    assert rows == {"citra": "P,M", "dewi": "M"}


def test_the_same_save_again_changes_nothing_and_meets_nobody(story: Story) -> None:
    codes(story)
    body = {"add": [{**ROWS[0], "id": "citra"}], "cells": [cell("citra", 1, "P")]}
    first = story.http("POST", DECEMBER, body, as_="psc_admin").body
    assert story.http("POST", DECEMBER, body, as_="psc_admin").body == {**first, "wrote": False, "added": []}


def test_a_person_stands_in_two_rows_and_in_one_place(story: Story) -> None:
    codes(story)
    second = {"person_id": "citra", "unit_id": "ambulans_2"}
    assert writes(story, add=[ROWS[0], second])["added"] == ["citra", "citra~2"]
    writes(story, cell("citra", 5, "P@"), cell("citra~2", 5, "P"))
    assert publishes(story, "2026-12-01").status == 200
    at(story, "2026-12-05", "08:00")
    assert on_duty(story) == {"citra@ambulans_2": "sheet"}


def test_publishing_names_what_patterns_cover_and_the_sheet_leaves_blank(story: Story) -> None:
    on_patterns(story)
    writes(story, add=ROWS)
    writes(story, *(cell("citra", day, "P") for day in range(1, 32)))
    seen = story.http("GET", f"{DECEMBER}/outlook", as_="psc_admin", query={"first_day": "2026-12-20"}).body
    uncovered = {(each["person_id"], each["starts_at"][:10]) for each in seen["uncovered"]}
    assert len(uncovered) == len(seen["uncovered"]) == 16 and {who for who, _ in uncovered} == {
        "dewi",
        "gita",
    }
    moved = [
        (each["day"], [one["code"] for one in each["was"]], [one["code"] for one in each["now"]])
        for each in seen["moved"]
        if each["person_id"] == "citra"
    ]
    assert moved[:2] == [("2026-12-20", ["M"], ["P"]), ("2026-12-21", [], ["P"])]
    refused = publishes(story, "2026-12-20")
    assert (refused.status, refused.body["fields"]) == (
        409,
        {"uncovered": "leaves 16 duties blank that patterns have now"},
    )
    assert publishes(story, "2026-12-20", uncovered=16).status == 200
    at(story, "2026-12-19", "20:00")
    assert set(sent(story).values()) == {"pattern"}
    at(story, "2026-12-21", "08:00")
    assert on_duty(story) == {"citra@ambulans_1": "sheet"}
    at(story, "2027-01-01", "08:00")
    assert set(on_duty(story).values()) == {"pattern"}, "a month that nobody filled in is kept by the pattern"


def test_what_was_published_for_days_that_have_begun_never_changes(story: Story) -> None:
    filled(story)
    assert publishes(story, "2026-12-01").status == 200
    at(story, "2026-12-10", "08:00")
    for first_day in ("2026-12-09", "2026-12-10"):
        refused = publishes(story, first_day)
        assert (refused.status, refused.body["fields"]) == (422, {"first_day": "has begun already"})
    writes(story, *(cell("citra", day, "L", "P") for day in (9, 10, 11)))
    # Hours that change later are none of what was published.
    path = "/api/registry/shift-codes/psc-p"
    kept = story.http("GET", path, as_="admin").body
    kept.pop("v")
    story.desk("PUT", path, {**kept, "starts": "09:00"}, as_="psc_admin")
    assert publishes(story, "2026-12-11").status == 200
    for day, clock, people in (
        ("2026-12-09", "08:00", {"citra@ambulans_1", "dewi@ambulans_2"}),
        ("2026-12-10", "08:00", {"citra@ambulans_1", "dewi@ambulans_2"}),
        ("2026-12-11", "08:00", set()),
        ("2026-12-11", "09:00", {"dewi@ambulans_2"}),
    ):
        assert set(on_duty(story, at=f"{day}T{clock}:00+07:00")) == people, (day, clock)


def test_publishing_again_is_answered_alike_and_another_draft_is_not_published_unseen(story: Story) -> None:
    filled(story)
    version = story.http("GET", DECEMBER, as_="psc_admin").body["v"]
    first = publishes(story, "2026-12-01", version)
    again = publishes(story, "2026-12-01", version)
    assert first.status == again.status == 200 and first.body == again.body
    writes(story, cell("citra", 3, "L", "P"))
    stale = publishes(story, "2026-12-05", version)
    assert (stale.status, set(stale.body["fields"])) == (409, {"v"})


def test_a_code_a_unit_or_a_person_that_the_agency_does_not_have_is_refused_at_its_cell(story: Story) -> None:
    codes(story)
    writes(story, add=ROWS)
    wrong = {
        "add": [{"person_id": "andi"}, {"person_id": "gita", "unit_id": "damkar_1"}],
        "cells": [
            cell("citra", 1, "X"),
            cell("citra", 2, "P@perahu_1"),
            {**cell("citra", 3, "P"), "day": "2026-11-30"},
        ],
    }
    refused = story.http("POST", DECEMBER, wrong, as_="psc_admin")
    assert refused.status == 422
    assert refused.body["fields"] == {
        "add[0].person_id": "personnel has no 'andi'",
        "add[1].unit_id": "units has no 'damkar_1'",
        "cells[0].now": "the agency has no code 'X'",
        "cells[1].now": "units has no 'perahu_1'",
        "cells[2].day": "is no day of the calendar",
    }


def test_a_sheet_of_somebody_who_has_left_is_not_published(story: Story) -> None:
    filled(story)
    path = "/api/registry/personnel/dewi"
    kept = story.http("GET", path, as_="admin").body
    kept.pop("v")
    retired = {**kept, "retired": True}
    story.http("PUT", f"{path}?end_shifts=true", retired, as_="admin", headers={"if-match": "1"})
    refused = publishes(story, "2026-12-01")
    assert (refused.status, refused.body["fields"]) == (422, {"rows.dewi.person_id": "'dewi' is retired"})
    row = story.http("GET", DECEMBER, as_="admin").body["rows"][1]
    writes(story, drop=[{"row": "dewi", "was": row["cells"]}])
    assert publishes(story, "2026-12-01").status == 200


def test_a_sheet_with_a_unit_that_another_agency_has_by_now_is_not_published(story: Story) -> None:
    """Whoever stands in it would be on duty with nobody's unit, and be asked by nobody."""
    filled(story)
    path = "/api/registry/units/ambulans_1"
    kept = story.http("GET", path, as_="admin").body
    version = str(kept.pop("v"))
    moved = {**kept, "agency_id": "damkar", "station_id": "pos_damkar_1"}
    headers = {"if-match": version}
    assert story.http("PUT", f"{path}?end_shifts=true", moved, as_="admin", headers=headers).status == 200
    refused = publishes(story, "2026-12-01")
    assert (refused.status, refused.body["faults"][0]["code"]) == (422, "other_agency")


def test_an_agency_fills_in_its_own_sheet_alone_and_the_auditor_only_reads(story: Story) -> None:
    codes(story)
    assert story.http("POST", DECEMBER, {"add": ROWS}, as_="damkar_admin").status == 403
    assert story.http("GET", DECEMBER, as_="damkar_admin").status == 403
    assert story.http("GET", DECEMBER, as_="auditor").status == 200
    assert story.http("POST", DECEMBER, {"add": ROWS}, as_="auditor").status == 403
    assert story.http("GET", "/api/duty/sheets/psc/2026-13", as_="admin").status == 404
    assert story.http("GET", "/api/duty/sheets/psc/2031-01", as_="admin").status == 422


def test_the_history_tells_each_change_by_its_cells_and_not_the_whole_sheet(story: Story) -> None:
    filled(story)
    writes(story, cell("citra", 3, "L", "P"), why="Cuti")
    assert publishes(story, "2026-12-01", why="Disetujui kepala").status == 200
    found = story.http("GET", f"{DECEMBER}/history", as_="auditor").body
    assert [each["change"] for each in found["changes"]] == ["published", "saved", "saved", "saved"]
    published, leave, _, first = found["changes"]
    assert (published["first_day"], published["by"], published["why"]) == (
        "2026-12-01",
        "Psc_Admin",
        "Disetujui kepala",
    )
    assert leave["edits"] == {"cells": [cell("citra", 3, "L", "P")]} and leave["why"] == "Cuti"
    assert [each["id"] for each in first["edits"]["add"]] == ["citra", "dewi"]
    older = story.http("GET", f"{DECEMBER}/history", as_="auditor", query={"before": "2"}).body
    assert [each["seq"] for each in older["changes"]] == [1]


def test_a_single_shift_on_a_day_that_a_sheet_covers_would_be_no_duty_and_is_refused(story: Story) -> None:
    filled(story)
    assert publishes(story, "2026-12-10").status == 200
    shift = {"id": "gita", "agency_id": "psc", "person_id": "gita", "unit_id": "ambulans_1"}
    for day, status in ((9, 201), (10, 422)):
        times_ = {"starts_at": f"2026-12-{day:02d}T01:00:00Z", "ends_at": f"2026-12-{day:02d}T05:00:00Z"}
        answer = story.http("POST", "/api/registry/shifts", {**shift, "id": f"g{day}", **times_}, as_="admin")
        assert answer.status == status, answer.body
    assert answer.body["faults"][0]["code"] == "sheet_decides"


def test_twelve_weeks_of_hours_nights_and_days_off_are_told_of_what_counted_then(story: Story) -> None:
    on_patterns(story)
    found = story.http("GET", f"{DECEMBER}/load", as_="psc_admin").body
    assert (found["since"], found["until"]) == ("2026-10-09", "2026-12-01")
    people = {each["person_id"]: each for each in found["people"]}
    assert people.keys() == {"citra", "dewi", "gita"}
    # Her pattern began in November: ten mornings and ten nights of thirty days, six of them on a weekend.
    gita = {"minutes": 20 * 12 * 60, "nights": 10, "off": 6, "ended_at": "2026-11-30T12:00:00.000Z"}
    assert people["gita"] == {"person_id": "gita", **gita}
    assert people["dewi"]["ended_at"] == "2026-12-01T00:00:00.000Z", "a night ends on the next day at seven"
    holiday = {"id": "pahlawan", "day": "2026-11-10", "label": {"id": "Pahlawan", "en": "Heroes"}}
    assert story.http("POST", "/api/registry/holidays", holiday, as_="admin").status == 201
    again = story.http("GET", f"{DECEMBER}/load", as_="psc_admin").body["people"]
    assert next(each for each in again if each["person_id"] == "gita")["off"] == 7
    assert story.http("GET", "/api/duty/sheets/bpbd/2026-12/load", as_="psc_admin").status in (403, 404)
