"""SMS to people of the registry that are no page: each once, behind every page and every word to a caller, forgotten after a month."""

from __future__ import annotations

from chalicelib.domain.notice import Word
from chalicelib.models import notices
from chalicelib.models.tables import IncidentItem
from chalicelib.services.notices.people import tell_person, what_became
from tests.world.harness import Story
from tests.world.provider import reports, set_up
from tests.world.test_word_back import CALLER, WORD, birth, tell

CHANGED = Word("duty_changed", "2026-12 v1", {"duty": "Sab 5 Des 19.00"})


def changed(story: Story, person: str = "citra", about: str = "2026-12 v1") -> bool:
    return tell_person(story.world, person, CHANGED._replace(about=about), "sub-psc-admin")


def minute(story: Story) -> None:
    story.fast_forward(60)
    story.send_notices()


def waiting() -> list[str]:
    return notices.due("9999", 100, notices.DUE_PEOPLE)


def test_the_same_word_to_the_same_person_is_one_sms(story: Story) -> None:
    assert changed(story) and not changed(story)
    story.send_notices()
    text = story.phone("citra").expects("Sab 5 Des 19.00", "https://112.test/r/", "/duty")
    assert len(text) <= 160
    assert not changed(story)
    minute(story)
    story.phone("citra").expects_nothing()
    found = what_became("citra", "duty_changed", "2026-12 v1")
    assert found is not None and found.status == "sent"


def test_another_change_is_another_sms_with_the_same_link(story: Story) -> None:
    changed(story)
    story.send_notices()
    first = story.phone("citra").expects("dinas Anda berubah").rpartition(" ")[2]
    assert changed(story, about="2026-12 v2")
    minute(story)
    assert story.phone("citra").expects("dinas Anda berubah").endswith(first)


def test_what_was_told_stands_nowhere_once_it_has_left_and_the_link_never(story: Story) -> None:
    changed(story)
    story.send_notices()
    link = story.phone("citra").expects("dinas Anda berubah").rpartition(" ")[2]
    code = link.split("/")[4]
    kept = "".join(item.doc + item.pk for item in IncidentItem.scan())
    assert code not in kept and "Sab 5 Des" not in kept


def test_it_waits_for_every_page(story: Story) -> None:
    story.provider.goes_down()
    story.call("childbirth")
    changed(story, "dewi")
    story.send_notices()
    story.phone("dewi").expects_nothing()
    story.provider.comes_back()
    story.fast_forward(60)
    story.phone("citra").expects("Melahirkan")
    story.send_notices()
    story.phone("dewi").expects("dinas Anda berubah")


def test_a_months_sheet_takes_no_callers_word(story: Story) -> None:
    set_up(story, notices_a_day=1)
    changed(story, "dewi")
    changed(story, "gita")
    incident = birth(story)
    tell(story, incident)
    minute(story)
    story.phone_of(CALLER).expects(WORD)
    story.phone("citra").taps("cleared")
    # One of the two was within the day's budget; the other is not lost.
    told = [who for who in ("dewi", "gita") if story.phone(who).messages()]
    assert len(told) == 1
    story.phone(told[0]).expects("dinas Anda berubah")
    story.fast_forward(24 * 3600)
    story.send_notices()
    (other,) = {"dewi", "gita"} - {*told}
    story.phone(other).expects("dinas Anda berubah")


def test_one_that_waited_too_long_is_not_sent_late(story: Story) -> None:
    changed(story)
    story.fast_forward(2 * 24 * 3600 + 1)
    story.send_notices()
    story.phone("citra").expects_nothing()
    found = what_became("citra", "duty_changed", "2026-12 v1")
    assert found is not None and found.status == "expired"


def test_whoever_is_retired_meanwhile_is_told_nothing(story: Story) -> None:
    changed(story, "gita")
    person = story.http("GET", "/api/registry/personnel/gita", as_="admin").body
    person.pop("v")
    answer = story.http("PUT", "/api/registry/personnel/gita", {**person, "retired": True}, as_="admin")
    assert answer.status == 200, answer.body
    story.send_notices()
    story.phone("gita").expects_nothing()


def test_a_report_says_what_became_of_it(story: Story) -> None:
    set_up(story)
    changed(story)
    story.send_notices()
    story.phone("citra").expects("dinas Anda berubah")
    assert reports(story, "delivered", story.provider.messages[-1].page_id) == "applied"
    found = what_became("citra", "duty_changed", "2026-12 v1")
    assert found is not None and found.status == "delivered"


def test_it_is_forgotten_after_a_month(story: Story) -> None:
    changed(story)
    story.send_notices()
    story.phone("citra").expects("dinas Anda berubah")
    assert len(waiting()) == 1
    story.fast_forward(30 * 24 * 3600 + 60)
    story.send_notices()
    assert waiting() == []
    assert what_became("citra", "duty_changed", "2026-12 v1") is None


def test_no_link_is_made_for_a_text_that_has_none(story: Story) -> None:
    tell_person(story.world, "citra", Word("duty_test", "1", {"at": "10.00"}), "person:citra")
    story.send_notices()
    story.phone("citra").expects("UJI", "Bukan panggilan")
    assert not [item for item in IncidentItem.scan() if item.pk.startswith("Y#")]
