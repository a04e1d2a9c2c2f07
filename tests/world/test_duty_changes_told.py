"""Who is told of a change of duty by SMS: whoever it concerns, once, in the transaction that writes it, behind every page."""

from __future__ import annotations

import pytest

from chalicelib.models import notices
from chalicelib.services.duty import changing
from tests.world.harness import Story
from tests.world.test_duty_changes import (
    CHANGES,
    CITRA,
    DEWI,
    GITA,
    approving,
    asks,
    dies_after_the_write,
    enters,
    on_sheet,
    says,
)
from tests.world.test_notices_to_people import minute


def waiting() -> int:
    return len(notices.due("9999", 100, notices.DUE_PEOPLE))


def quiet(story: Story, *people: str) -> None:
    for person in people:
        story.phone(person).expects_nothing()


def test_an_officers_entry_is_told_to_both_with_who_and_which_duty(story: Story) -> None:
    on_sheet(story)
    assert enters(story, "substitute", "citra", other_id="gita", day="2026-12-05").status == 201
    minute(story)
    text = story.phone("gita").expects("BERLAKU", "Anda menggantikan Citra, Sab 5 Des 07.00", "/duty")
    assert len(text) <= 160
    story.phone("citra").expects("Gita menggantikan Anda, Sab 5 Des 07.00")
    enters(story, "substitute", "citra", other_id="gita", day="2026-12-05")
    minute(story)
    quiet(story, "citra", "gita", "dewi")


def test_who_is_asked_is_told_and_then_who_asked(story: Story) -> None:
    on_sheet(story)
    swap = {"day": "2026-12-05", "other_id": "dewi", "other_day": "2026-12-08"}
    asked = asks(story, "swap", CITRA, **swap)
    minute(story)
    story.phone("dewi").expects(
        "DIMINTA", "Anda dinas Sab 5 Des 07.00, Citra dinas Sel 8 Des 19.00", "Belum berlaku"
    )
    quiet(story, "citra")
    for _ in range(2):
        says(story, changing.accept, asked, DEWI)
    minute(story)
    story.phone("citra").expects("BERLAKU", "Anda dinas Sel 8 Des 19.00, Dewi dinas Sab 5 Des 07.00")
    quiet(story, "citra", "dewi")


def test_a_no_is_told_to_who_asked(story: Story) -> None:
    on_sheet(story)
    asked = asks(story, "substitute", CITRA, other_id="gita", day="2026-12-05")
    says(story, changing.decline, asked, GITA)
    minute(story)
    story.phone("gita").expects("DIMINTA")
    story.phone("citra").expects("DITOLAK, dinas tetap: Gita menggantikan Anda")
    quiet(story, "citra", "gita")


def test_where_it_is_approved_the_agencys_head_hears_first_and_both_at_the_end(story: Story) -> None:
    on_sheet(story)
    approving(story)
    head(story, "dewi")
    asked = asks(story, "substitute", CITRA, other_id="gita", day="2026-12-05")
    says(story, changing.accept, asked, GITA)
    minute(story)
    story.phone("gita").expects("DIMINTA")
    story.phone("dewi").expects("MINTA PERSETUJUAN", "Gita menggantikan Citra")
    quiet(story, "citra")
    story.desk("POST", f"{CHANGES}/psc/{asked.id}/approve", {}, as_="psc_admin")
    minute(story)
    story.phone("citra").expects("BERLAKU", "Gita menggantikan Anda")
    story.phone("gita").expects("BERLAKU", "Anda menggantikan Citra")
    quiet(story, "citra", "gita", "dewi")


def test_whoever_says_that_he_cannot_come_has_an_officer_look_for_somebody(story: Story) -> None:
    on_sheet(story)
    head(story, "gita")
    leave = asks(story, "leave", CITRA, day="2026-12-05", last_day="2026-12-06")
    minute(story)
    story.phone("gita").expects("Citra tidak dinas, Sab 5 Des - Min 6 Des", "Carikan pengganti")
    quiet(story, "citra")
    says(story, changing.withdraw, leave, CITRA)
    minute(story)
    story.phone("gita").expects("DIBATALKAN", "Citra tidak dinas")
    quiet(story, "citra", "gita")


def test_what_an_officer_takes_back_is_told_to_both(story: Story) -> None:
    on_sheet(story)
    made = enters(story, "substitute", "citra", other_id="gita", day="2026-12-05").body
    story.desk("POST", f"{CHANGES}/psc/{made['id']}/withdraw", {}, as_="psc_admin")
    minute(story)
    for person in ("citra", "gita"):
        assert len(told(story, person)) == 2
        assert any("DIBATALKAN" in text for text in told(story, person))
        heard(story, person)


def test_a_process_that_dies_after_the_write_has_ordered_every_word(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_sheet(story)
    asked = asks(story, "substitute", CITRA, other_id="gita", day="2026-12-05")
    dies_after_the_write(story, monkeypatch, asked)
    assert waiting() == 2
    says(story, changing.accept, asked, GITA)
    assert waiting() == 2
    minute(story)
    story.phone("gita").expects("DIMINTA")
    story.phone("citra").expects("BERLAKU")


def test_what_is_refused_tells_nobody(story: Story) -> None:
    on_sheet(story)
    assert enters(story, "leave", "gita", day="2026-12-05").status == 422
    assert waiting() == 0


def head(story: Story, person: str) -> None:
    path = "/api/registry/agencies/psc"
    kept = story.http("GET", path, as_="admin").body
    kept.pop("v")
    story.desk("PUT", path, {**kept, "head_id": person}, as_="admin")
    # What every morning looks ahead for (test_ahead.py): measured in one minute, told in the next.
    minute(story)
    minute(story)
    story.phone(person).expects("rencana tanpa jawaban")


def told(story: Story, person: str) -> list[str]:
    return story.phone(person).messages()


def heard(story: Story, person: str) -> None:
    for _ in range(2):
        story.phone(person).expects("112")
