"""My duty: the page behind a person's standing link, on any phone, without a script; and the link itself."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chalicelib.models import tables
from tests.support.regency import number_of
from tests.world.harness import Answer, Story, form
from tests.world.provider import reports, set_up
from tests.world.test_duty import at, code, keeps
from tests.world.test_duty_sheets import ROWS, cell, codes, filled, publishes, writes

LINKS = "/api/duty/links"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def linked(story: Story, person: str = "citra", as_: str = "psc_admin") -> str:
    """The path of somebody's own page, from the SMS that brought it."""
    answer = story.http("POST", f"{LINKS}/{person}", as_=as_)
    assert answer.status == 200, answer.body
    story.send_notices()
    text = story.phone(person).expects("halaman dinas Anda", "https://112.test/r/")
    return text.split("https://112.test")[1].split()[0]


def opens(story: Story, path: str, **query: str) -> Answer:
    return story.http("GET", path, query=query)


def read(answer: Answer) -> str:
    """What a person reads: the page without its style and tags."""
    text = re.sub(r"<style>.*?</style>", "", answer.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def presses(story: Story, path: str, button: str, **values: str) -> Answer:
    """Send a form of the page, as a browser does; the page after it."""
    answer = story.http("POST", f"/api{path}/{button}", raw=form(**values), headers=FORM)
    assert answer.status == 303, (answer.status, answer.text)
    return story.http("GET", answer.headers["Location"])


def key_of(answer: Answer) -> str:
    found = re.search(r'name="key" value="([^"]+)"', answer.text)
    assert found
    return found[1]


def change_person(story: Story, person: str, **more: Any) -> None:
    found = story.http("GET", f"/api/registry/personnel/{person}", as_="admin").body
    found.pop("v")
    answer = story.http("PUT", f"/api/registry/personnel/{person}", {**found, **more}, as_="admin")
    assert answer.status == 200, answer.body


def kept() -> list[dict[str, Any]]:
    """All that stands in the tables."""
    return [item.serialize() for model in tables.MODELS for item in model.scan()]


def nothing_here(answer: Answer) -> bool:
    return answer.status == 404 and "Tautan ini tidak berlaku lagi" in answer.text


# What it shows.


def test_it_shows_the_next_duty_with_whom_where_and_until_when(story: Story) -> None:
    codes(story)
    writes(story, add=[ROWS[0], {"person_id": "dewi", "unit_id": "ambulans_1"}])
    writes(story, *(cell(row, day, "P") for row in ("citra", "dewi") for day in (3, 4, 7)))
    assert publishes(story, "2026-12-01").status == 200
    at(story, "2026-12-02", "10:00")
    text = read(opens(story, linked(story)))
    assert "Tautan ini milik Citra . Jangan diteruskan." in text
    assert "Besok 07.00–19.00 Kam 3 Des (WIB), Pagi, ambulans_1, ambulans_1. Dengan Dewi." in text
    assert "Jum 4 Des pagi 07.00–19.00 ambulans_1, dengan Dewi" in text
    assert "Sab 5 Des lepas, 2 hari" in text
    assert number_of("dewi") not in text


def test_while_somebody_is_on_duty_it_says_until_when(story: Story) -> None:
    filled(story)
    assert publishes(story, "2026-12-01").status == 200
    at(story, "2026-12-03", "08:00")
    assert "Sedang berdinas, sampai 19.00" in read(opens(story, linked(story)))


def test_a_shift_that_has_just_ended_is_over_at_the_very_second(story: Story) -> None:
    filled(story)
    assert publishes(story, "2026-12-01").status == 200
    at(story, "2026-12-03", "18:58")
    path = linked(story)
    assert "Sedang berdinas" in read(opens(story, path))
    story.clock.advance(120)
    assert "Besok 07.00" in read(opens(story, path))


def test_who_has_no_duty_reads_so_and_whom_to_ask(story: Story) -> None:
    at(story, "2026-12-10", "10:00")
    text = read(opens(story, linked(story)))
    assert "Tidak ada dinas sampai" in text and "Hubungi admin Psc" in text


def test_a_pattern_is_said_to_be_one(story: Story) -> None:
    from tests.world.test_duty import on_patterns

    on_patterns(story)
    at(story, "2026-12-02", "10:00")
    assert "Mulai Rab 2 Des menurut pola; lembarnya belum terbit." in read(opens(story, linked(story)))


def test_why_somebody_is_off_is_said_as_the_sheet_has_it(story: Story) -> None:
    codes(story)
    off = {"starts": None, "ends": None, "name": "Cuti", "off": "leave"}
    assert keeps(story, "shift-codes", {**code("C"), **off}).status == 201
    writes(story, add=[ROWS[0]])
    writes(story, cell("citra", 3, "P"), cell("citra", 4, "C"), cell("citra", 6, "P"))
    assert publishes(story, "2026-12-01").status == 200
    at(story, "2026-12-02", "10:00")
    text = read(opens(story, linked(story)))
    assert "Jum 4 Des Cuti" in text and "Sab 5 Des lepas" in text


def test_certificates_stand_with_their_end_and_what_ends_soon_is_marked(story: Story) -> None:
    held = [
        {"certification_id": "water_rescue", "expires_on": "2026-12-20"},
    ]
    change_person(story, "citra", certifications=held)
    text = opens(story, linked(story)).text
    assert '<span class="warn">Penyelamatan air habis 20 Des 2026, segera perpanjang</span>' in text


def test_the_language_is_that_of_the_persons_sms_and_the_switch_is_kept(story: Story) -> None:
    path = linked(story)
    first = opens(story, path)
    assert '<html lang="id">' in first.text and f'href="{path}?lang=en"' in first.text
    english = opens(story, path, lang="en")
    assert '<html lang="en">' in english.text and "My duty" in english.text
    after = presses(story, path, "test?lang=en", key=key_of(english))
    assert '<html lang="en">' in after.text
    story.send_notices()
    story.phone("citra").expects("112 UJI")


def test_no_cache_keeps_it_and_nothing_else_is_loaded(story: Story) -> None:
    answer = opens(story, linked(story))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "<script" not in answer.text and "src=" not in answer.text
    assert len(answer.text.encode()) < 30_000


def test_names_are_text_and_never_html(story: Story) -> None:
    change_person(story, "citra", name="<b>Citra</b> & Co")
    assert "&lt;b&gt;Citra&lt;/b&gt; &amp; Co" in opens(story, linked(story)).text


# The link.


def test_the_link_is_sent_once_a_day_and_stays_the_same(story: Story) -> None:
    first = linked(story)
    assert story.http("POST", f"{LINKS}/citra", as_="admin").body["sms"] == "sent"
    story.send_notices()
    story.phone("citra").expects_nothing()
    story.fast_forward(24 * 3600)
    assert linked(story) == first


def test_its_code_stands_nowhere(story: Story) -> None:
    code_ = linked(story).split("/")[2]
    answer = story.http("GET", f"{LINKS}/citra", as_="psc_admin")
    assert code_ not in answer.text
    assert code_ not in "".join(f"{item.pk}{item.link}{item.doc}" for item in tables.IncidentItem.scan())


def test_withdrawn_it_leads_nowhere_and_the_next_one_does(story: Story) -> None:
    path = linked(story)
    calendar = re.search(r"/r/[A-Z0-9]+/duty\.ics", opens(story, path).text)
    assert calendar and story.http("GET", calendar[0]).status == 200
    assert story.http("DELETE", f"{LINKS}/citra", as_="psc_admin").body["generation"] == 2
    assert nothing_here(opens(story, path)) and story.http("GET", calendar[0]).status == 404
    assert nothing_here(story.http("POST", f"/api{path}/test", raw=form(key="k"), headers=FORM))
    assert opens(story, linked(story)).status == 200


@pytest.mark.parametrize("change", [{"phone": "+6281100000999"}, {"retired": True}])
def test_another_phone_and_who_is_retired_end_it_by_themselves(story: Story, change: dict[str, Any]) -> None:
    path = linked(story, "gita")
    assert opens(story, path).status == 200
    change_person(story, "gita", **change)
    assert nothing_here(opens(story, path))


def test_an_agencys_admin_sends_and_withdraws_those_of_their_own_people_alone(story: Story) -> None:
    for method in ("GET", "POST", "DELETE"):
        assert story.http(method, f"{LINKS}/citra", as_="damkar_admin").status == 403
        assert story.http(method, f"{LINKS}/citra", as_="operator").status == 403
        assert story.http(method, f"{LINKS}/nobody", as_="admin").status == 404


def test_wrong_codes_are_counted_and_never_stop_a_right_one(story: Story) -> None:
    path = linked(story)
    for number in range(31):
        answer = opens(story, f"/r/{number:016d}/duty")
    assert answer.status == 429 and answer.headers["Retry-After"]
    assert "Terlalu banyak tautan salah" in answer.text
    assert opens(story, path).status == 200


def test_the_code_of_a_page_is_none_of_own_duty_and_the_other_way_round(story: Story) -> None:
    path = linked(story)
    assert story.http("GET", path.removesuffix("/duty")).status == 404
    story.call("childbirth")
    story.phone("citra").expects("Melahirkan")
    page = [text for text in story.phone("citra").messages() if "Melahirkan" in text][-1]
    link = page.split("https://112.test")[1].split()[0]
    assert nothing_here(opens(story, f"{link}/duty"))


def test_looking_changes_nothing(story: Story) -> None:
    path = linked(story)
    before = kept()
    opens(story, path)
    opens(story, path, m="test_ordered", lang="en")
    assert kept() == before
    story.send_notices()
    story.phone("citra").expects_nothing()


# The test of a phone.


def test_a_test_is_one_real_sms_and_the_page_says_what_came_back(story: Story) -> None:
    set_up(story)
    path = linked(story)
    first = opens(story, path)
    assert "belum pernah diuji" in read(first)
    key = key_of(first)
    after = presses(story, path, "test", key=key)
    assert "SMS uji dikirim dalam beberapa menit" in read(after) and "menunggu giliran" in read(after)
    presses(story, path, "test", key=key)
    story.send_notices()
    story.phone("citra").expects("112 UJI", "Bukan panggilan")
    story.phone("citra").expects_nothing()
    assert "terkirim, kabar sampai belum ada" in read(opens(story, path))
    reports(story, "delivered", story.provider.messages[-1].page_id)
    assert re.search(r"diuji Sen 23 Nov 10\.\d\d, sampai", read(opens(story, path)))


def test_a_phone_that_cannot_be_reached_reads_so(story: Story) -> None:
    path = linked(story)
    story.provider.refuses(number_of("citra"))
    presses(story, path, "test", key="one")
    story.send_notices()
    assert "GAGAL: periksa nomornya" in read(opens(story, path))


def test_a_phone_is_tested_three_times_a_day(story: Story) -> None:
    path = linked(story)
    for number in range(3):
        presses(story, path, "test", key=f"k{number}")
    assert "Hari ini sudah diuji 3 kali" in read(presses(story, path, "test", key="k3"))
    story.send_notices()
    for _ in range(3):
        story.phone("citra").expects("112 UJI")
    story.phone("citra").expects_nothing()


def test_a_form_without_its_key_is_not_recorded(story: Story) -> None:
    assert "Belum tercatat" in read(presses(story, linked(story), "test", other="x"))


# The calendar.


@pytest.mark.parametrize("part", ["answer", "cannot", "swap", "test"])
@pytest.mark.parametrize(
    "raw", ["", "key=", "key=%00", "days=2026-13-45", "&".join(f"a{n}=1" for n in range(99)), b"\xff\xfe"]
)
def test_a_bad_form_leads_back_to_a_page_and_nothing_is_recorded(
    story: Story, part: str, raw: str | bytes
) -> None:
    path = linked(story)
    before = kept()
    answer = story.http("POST", f"/api{path}/{part}", raw=raw, headers=FORM)
    assert answer.status == 303 and answer.headers["Location"].startswith(path)
    assert kept() == before


def calendar(story: Story, path: str) -> Any:
    icalendar = pytest.importorskip(
        "icalendar", reason="somebody else's parser of calendars is not installed"
    )
    found = re.search(r"https://112\.test(/r/[A-Z0-9]+/duty\.ics)", opens(story, path).text)
    assert found
    answer = story.http("GET", found[1])
    assert answer.status == 200 and answer.headers["Content-Type"].startswith("text/calendar")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "\n" not in answer.text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in answer.text.split("\r\n"))
    return icalendar.Calendar.from_ical(answer.text)


def test_the_calendar_is_read_by_somebody_elses_parser(story: Story) -> None:
    filled(story, "M")
    assert publishes(story, "2026-12-01").status == 200
    at(story, "2026-12-02", "10:00")
    path = linked(story)
    found = calendar(story, path)
    events = found.walk("VEVENT")
    assert len(events) == 30 and not found.errors
    first = events[0]
    assert first.decoded("DTSTART").isoformat() == "2026-12-02T12:00:00+00:00"
    assert first.decoded("DTEND").isoformat() == "2026-12-03T00:00:00+00:00"
    assert str(first["SUMMARY"]) == "Dinas malam, ambulans_1"
    assert "Yang berlaku" in str(first["DESCRIPTION"])
    assert len({str(each["UID"]) for each in events}) == 30
    text = found.to_ical().decode()
    assert "Dewi" not in text and "Citra" not in text and "+62" not in text


def test_an_entry_keeps_its_name_and_rises_when_the_sheet_is_published_anew(story: Story) -> None:
    filled(story)
    assert publishes(story, "2026-12-01").status == 200
    at(story, "2026-12-02", "10:00")
    path = linked(story)
    before = {str(each["UID"]): each for each in calendar(story, path).walk("VEVENT")}
    again = {str(each["UID"]): each for each in calendar(story, path).walk("VEVENT")}
    assert {uid: each["SEQUENCE"] for uid, each in again.items()} == {
        uid: each["SEQUENCE"] for uid, each in before.items()
    }
    writes(story, cell("citra", 20, "M", was="P"))
    story.fast_forward(120)
    assert publishes(story, "2026-12-03").status == 200
    after = {str(each["UID"]): each for each in calendar(story, path).walk("VEVENT")}
    assert after.keys() == before.keys()
    moved = [uid for uid in after if after[uid]["DTSTART"].dt != before[uid]["DTSTART"].dt]
    assert len(moved) == 1 and after[moved[0]]["SEQUENCE"] > before[moved[0]]["SEQUENCE"]
