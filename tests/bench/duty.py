"""The month sheet of a fire service of 2,000 people: one save into it, what it leaves unanswered, publishing it, who is on duty by it."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.bench.desk import Desk
from tests.bench.figures import Figure, Figures, rank

TIMES, WARM_UP = 50, 5
ROWS_AT_ONCE, CELLS_AT_ONCE = 1_000, 4_000
CODES = ("P", "M", "L")


def figures(admin: Desk) -> Figures:
    """Fill in and publish the sheet of the month after next, which no watch of the others looks at, by a desk of the stack."""
    month = (datetime.now(UTC).replace(day=1) + timedelta(days=64)).strftime("%Y-%m")
    path = f"/api/duty/sheets/damkar/{month}"
    rows = _filled(admin, path, month)
    saved = [_save(admin, path, month, rows[n % len(rows)]) for n in range(WARM_UP + TIMES)][WARM_UP:]
    weeks = [_coverage(admin, f"{path}/coverage?from={month}-{day:02d}&days=7") for day in (1, 8, 15, 22)]
    outlook = admin.get(f"{path}/outlook?first_day={month}-01")
    seen = {"v": admin.get(path)["v"], "first_day": f"{month}-01", "uncovered": len(outlook["uncovered"])}
    admin.post(f"{path}/publish", seen)
    published_ms = admin.last_ms
    cold_ms = _on_duty(admin, f"{month}-10")
    warm = [_on_duty(admin, f"{month}-10") for _ in range(TIMES)]
    return {
        "sheet_save_ms": rank(saved, 0.5, says=f"one cell of a sheet of {len(rows):,} people"),
        "coverage_s": Figure(
            round(sum(weeks) / 1000, 2),
            4,
            "what every plan is answered by it in four weeks, a week a request",
        ),
        "sheet_publish_ms": Figure(round(published_ms, 1), 1, "the same sheet, a whole month"),
        "duty_cold_ms": Figure(round(cold_ms, 1), 1, "who is on duty by it, a day that nobody has asked for"),
        "duty_ms": rank(warm, 0.5, says="the same again"),
    }


def _filled(admin: Desk, path: str, month: str) -> list[str]:
    people = [
        each["id"] for each in admin.get("/api/registry/personnel")["items"] if each["agency_id"] == "damkar"
    ]
    rows: list[str] = []
    for start in range(0, len(people), ROWS_AT_ONCE):
        add = [{"person_id": person, "id": person} for person in people[start : start + ROWS_AT_ONCE]]
        rows += admin.post(path, {"add": add})["added"]
    cells: list[dict[str, Any]] = [
        {"row": row, "day": f"{month}-{day:02d}", "was": "", "now": CODES[(n + day) % len(CODES)]}
        for n, row in enumerate(rows)
        for day in range(1, monthrange(int(month[:4]), int(month[5:]))[1] + 1)
    ]
    for start in range(0, len(cells), CELLS_AT_ONCE):
        conflicts = admin.post(path, {"cells": cells[start : start + CELLS_AT_ONCE]})["conflicts"]
        assert conflicts == []
    return rows


def _save(admin: Desk, path: str, month: str, row: str) -> float:
    """Write an emptied cell and put it back, and time the second."""
    day = f"{month}-05"
    stands = next(each["cells"] for each in admin.get(path)["rows"] if each["id"] == row).split(",")[4]
    admin.post(path, {"cells": [{"row": row, "day": day, "was": stands, "now": ""}]})
    admin.post(path, {"cells": [{"row": row, "day": day, "was": "", "now": stands}]})
    return admin.last_ms


def _coverage(admin: Desk, path: str) -> float:
    assert admin.get(path)["stretches"]
    return admin.last_ms


def _on_duty(admin: Desk, day: str) -> float:
    found = admin.get(f"/api/duty?agency_id=damkar&at={day}T05:00:00Z")
    assert len(found["people"]) > 500
    return admin.last_ms
