"""Said by oneself on the page of one's own duty: yes and no to a colleague, I cannot, a swap, and taking it back."""

from __future__ import annotations

import re

from tests.world.harness import Story
from tests.world.test_duty import at, on_duty
from tests.world.test_duty_sheets import ROWS, cell, codes, publishes, writes
from tests.world.test_own_duty import key_of, linked, opens, presses, read


def december(story: Story) -> None:
    """Citra has the mornings of the 5th and the 7th, Dewi the morning of the 9th; it is the 2nd."""
    codes(story)
    writes(story, add=ROWS)
    writes(story, cell("citra", 5, "P"), cell("citra", 7, "P"), cell("dewi", 9, "P"))
    assert publishes(story, "2026-12-01").status == 200
    at(story, "2026-12-02", "10:00")


def change_of(text: str) -> str:
    found = re.search(r'name="change" value="([^"]+)"', text)
    assert found
    return found[1]


def wishes(story: Story, offer: str) -> str:
    """Citra asks Dewi about the 5th; Dewi's page after it."""
    path = linked(story)
    asks = story.http("GET", f"{path}/swap", query={"day": "2026-12-05"})
    assert f'value="{offer}"' in asks.text, read(asks)
    values = {"key": key_of(asks), "day": "2026-12-05", "offer": offer, "why": "Acara keluarga"}
    assert "Permintaan terkirim" in read(presses(story, path, "swap", **values))
    presses(story, path, "swap", **values)
    story.send_notices()
    text = story.phone("dewi").expects("https://112.test/r/", "/duty")
    story.phone("dewi").expects_nothing()
    return text.split("https://112.test")[1].split()[0].rstrip(".")


def settled(story: Story) -> None:
    """Whoever it concerns was told by SMS; that is told by the stories of changes."""
    story.send_notices()
    for person in ("citra", "dewi"):
        story.phone(person).seen = len(story.phone(person).messages())


def test_a_swap_is_asked_for_and_a_yes_moves_who_is_paged(story: Story) -> None:
    december(story)
    path = wishes(story, "dewi:2026-12-09")
    shown = opens(story, path)
    assert "Tukar dinas dengan Citra?" in read(shown) and "Anda ambil: Sab 5 Des, 07.00–19.00" in read(shown)
    assert "Ia ambil: Rab 9 Des" in read(shown)
    change = change_of(shown.text)
    assert "ya, bisa" in read(presses(story, path, "answer", change=change, answer="yes"))
    presses(story, path, "answer", change=change, answer="yes")
    settled(story)
    at(story, "2026-12-05", "08:00")
    assert on_duty(story) == {"dewi@ambulans_1": "change"}
    at(story, "2026-12-09", "08:00")
    assert on_duty(story) == {"citra@ambulans_2": "change"}


def test_a_no_changes_nothing_and_stays_a_no(story: Story) -> None:
    december(story)
    path = wishes(story, "dewi")
    change = change_of(opens(story, path).text)
    assert "tercatat: tidak" in read(presses(story, path, "answer", change=change, answer="no"))
    assert "sudah berubah" in read(presses(story, path, "answer", change=change, answer="yes"))
    settled(story)
    at(story, "2026-12-05", "08:00")
    assert on_duty(story) == {"citra@ambulans_1": "sheet"}


def test_nobody_answers_what_was_asked_of_another(story: Story) -> None:
    december(story)
    path = wishes(story, "dewi")
    change = change_of(opens(story, path).text)
    gita = linked(story, "gita")
    assert "sudah berubah" in read(presses(story, gita, "answer", change=change, answer="yes"))
    settled(story)
    at(story, "2026-12-05", "08:00")
    assert on_duty(story) == {"citra@ambulans_1": "sheet"}


def test_who_cannot_ticks_duties_and_is_on_them_no_more_until_it_is_taken_back(story: Story) -> None:
    december(story)
    path = linked(story)
    form = opens(story, f"{path}/cannot", day="2026-12-07")
    assert "tanpa Anda tidak ada orang lain di unit ini" in read(form)
    assert 'value="2026-12-07" checked' in form.text and 'value="2026-12-05" checked' not in form.text
    values = {"key": key_of(form), "reason": "sick", "days": "2026-12-07"}
    after = presses(story, path, "cannot", **values)
    presses(story, path, "cannot", **values)
    assert "Tercatat: Anda tidak bisa" in read(after) and read(after).count("Saya tidak bisa, Sen 7 Des") == 1
    assert "Sen 7 Des pagi" not in read(opens(story, path))
    presses(story, path, "answer", change=change_of(after.text), answer="back")
    assert "Sen 7 Des pagi" in read(opens(story, path))
    settled(story)


def test_a_period_is_one_leave(story: Story) -> None:
    december(story)
    path = linked(story)
    presses(
        story,
        path,
        "cannot",
        key="01KBB0000000000000000000AA",
        reason="leave",
        first="2026-12-04",
        last="2026-12-20",
    )
    text = read(opens(story, path))
    assert "Tidak ada dinas sampai" in text and "Saya tidak bisa, Jum 4 Des–Min 20 Des" in text
    settled(story)


def test_what_is_not_filled_in_is_asked_for_again(story: Story) -> None:
    december(story)
    path = linked(story)
    for values in ({"key": "k1", "days": "2026-12-07"}, {"key": "k2", "reason": "sick"}):
        assert "pilih alasan dan paling sedikit satu dinas" in read(presses(story, path, "cannot", **values))
    assert "Sen 7 Des pagi" in read(opens(story, path))


def test_looking_at_the_forms_changes_nothing(story: Story) -> None:
    december(story)
    path = linked(story)
    before = read(opens(story, path))
    opens(story, f"{path}/cannot", day="2026-12-07")
    opens(story, f"{path}/swap", day="2026-12-05")
    assert "sudah berubah" in read(story.http("GET", story.http("GET", f"{path}/swap").headers["Location"]))
    assert read(opens(story, path)) == before
