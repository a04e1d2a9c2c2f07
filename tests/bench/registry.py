"""A regency of 2,000 people and 200 units: the sheet that brings them, a list, a save, and what a preview costs beside the seed's 91."""

from __future__ import annotations

import base64
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.bench import duty
from tests.bench.desk import Desk
from tests.bench.figures import Figure, Figures, nearest_rank, rank
from tests.stack_process import StackProcess
from tests.support.workbooks import of_rows

PEOPLE, UNITS = 2000, 200
TIMES = 100
WARM_UP = 10
PREVIEW = "/api/dispatch/preview?type=house_fire&district=baamang"


def figures() -> Figures:
    """The large regency's own figures, and both regencies' previews in turn."""
    with tempfile.TemporaryDirectory() as folder:
        few, many = (StackProcess(Path(folder) / name) for name in ("few", "many"))
        with few, many:
            admin = Desk(many, "admin")
            read_s, tried_s, written_s = _people(admin)
            _units(admin)
            listed = _timed(admin, lambda: admin.get("/api/registry/personnel"))
            saved = _timed(admin, lambda: _saves(admin))
            sheet = duty.figures(admin)
            sides = [Desk(stack, "operator") for stack in (few, many)]
            previews = [list[float](), list[float]()]
            for _ in range(WARM_UP + TIMES):
                for desk, took in zip(sides, previews, strict=True):
                    desk.get(PREVIEW)
                    took.append(desk.last_ms)
    medians = [nearest_rank(took[WARM_UP:], 0.5) for took in previews]
    return {
        **sheet,
        "workbook_read_s": Figure(round(read_s, 1), 1, f"a workbook of {PEOPLE:,} people, brought and read"),
        "import_tried_s": Figure(round(tried_s, 1), 1, "its sheet, what it would do"),
        "import_written_s": Figure(round(written_s, 1), 1, "the same, written"),
        "registry_list_p50_ms": rank(listed, 0.5, says=f"{PEOPLE:,} people in one answer"),
        "registry_save_p50_ms": rank(saved, 0.5, says="one of them, renamed"),
        "preview_few_p50_ms": Figure(round(medians[0], 1), TIMES, "91 people, 38 units"),
        "preview_many_p50_ms": Figure(
            round(medians[1], 1), TIMES, f"{PEOPLE:,} people and {UNITS} units more"
        ),
        "preview_ratio": Figure(round(medians[1] / medians[0], 2), TIMES, "who would go, many over few"),
    }


def _people(admin: Desk) -> tuple[float, float, float]:
    """Bring everybody in by a workbook: seconds until it was read, until it was tried, and until it was written."""
    rows = [
        (f"Petugas {_word(n)}", f"0812000{n:05}", f"198001{1 + n // 999:02}2005011{n % 999 + 1:03}")
        for n in range(PEOPLE)
    ]
    began = time.perf_counter()
    file = base64.b64encode(of_rows([("Nama", "No HP", "NIP"), *rows])).decode()
    book = admin.post("/api/workbooks", {"file": file})
    while admin.get(f"/api/workbooks/{book['id']}")["state"] == "reading":
        time.sleep(0.1)
    read_s = time.perf_counter() - began
    began = time.perf_counter()
    body = {"noun": "personnel", "workbook": {"id": book["id"], "sheet": 0}, "agency_id": "damkar"}
    preview = admin.post("/api/imports", body)
    tried_s = time.perf_counter() - began
    assert preview["counts"]["new"] == PEOPLE, preview["counts"]
    began = time.perf_counter()
    while True:
        outcome = admin.post(f"/api/imports/{preview['id']}/commit", {"seen": preview["digest"]})
        if not outcome["more"]:
            return read_s, tried_s, time.perf_counter() - began


def _word(n: int) -> str:
    """A name of its own, in letters, for each number."""
    return "".join(chr(97 + n // 26**place % 26) for place in range(3)).title()


def _units(admin: Desk) -> None:
    """Units at the fire service's own station, each with one of the people on duty for hours."""
    people = [
        each["id"]
        for each in admin.get("/api/registry/personnel")["items"]
        if each["name"].startswith("Petugas ")
    ]
    here = datetime.now(UTC)
    begin, end = ((here + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.000Z") for hours in (-1, 10))
    for n, person in zip(range(UNITS), people, strict=False):
        own = {"id": f"bench_{n}", "agency_id": "damkar"}
        unit = {"station_id": "damkar_sampit", "callsign": f"UKUR-{n}", "name": own["id"], "demo": True}
        admin.post(
            "/api/registry/units", {**own, **unit, "terrains": ["land"], "capabilities": ["fire_suppression"]}
        )
        shift = {"person_id": person, "unit_id": own["id"], "starts_at": begin, "ends_at": end}
        admin.post("/api/registry/shifts", {**own, **shift})


def _saves(admin: Desk) -> None:
    read = admin.get("/api/registry/personnel/andi")
    body = {key: value for key, value in read.items() if key != "v"}
    admin.put("/api/registry/personnel/andi", {**body, "name": f"Andi {_word(read['v'])}"}, read["v"])


def _timed(admin: Desk, does: Callable[[], object]) -> list[float]:
    """The milliseconds of the last request of each time."""
    took = []
    for _ in range(WARM_UP + TIMES):
        does()
        took.append(admin.last_ms)
    return took[WARM_UP:]
