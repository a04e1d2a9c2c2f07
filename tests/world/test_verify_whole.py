"""What verify says of the whole: figures of incidents that never were, lists, seals that are gone, and what it could not check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from chalicelib import bootstrap
from chalicelib.domain.notice import Word
from chalicelib.domain.whole import Whole
from chalicelib.models import heartbeats
from chalicelib.models.tables import IncidentItem, RegistryItem
from chalicelib.services.evidence import sealing
from chalicelib.services.notices.people import tell_person
from infra import verify
from infra.local.seals import FolderSeals
from infra.verify import incident
from tests.world.harness import Story
from tests.world.test_privacy import prank
from tests.world.test_sealing import a_closed_incident, an_hour_later, seal

DAY = "2026-11-23"
NEVER = "01M85AJPR9XDPKCQYA47M2Q1WN"


def verified(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    code = verify.main([*arguments])
    return code, capsys.readouterr().out


def facts_of(id_: str) -> IncidentItem:
    return IncidentItem.get(f"F#{DAY[:7]}", f"{DAY}#{id_}")


def of_an_incident_that_never_was(id_: str) -> None:
    doc = {**msgspec.json.decode(facts_of(id_).doc), "incident_id": NEVER}
    IncidentItem(pk=f"F#{DAY[:7]}", sk=f"{DAY}#{NEVER}", doc=msgspec.json.encode(doc).decode()).save()


def copied_to_another_day(id_: str) -> None:
    doc = {**msgspec.json.decode(facts_of(id_).doc), "day": "2026-11-24"}
    IncidentItem(pk="F#2026-11", sk=f"2026-11-24#{id_}", doc=msgspec.json.encode(doc).decode()).save()


def copied_to_another_month(id_: str) -> None:
    IncidentItem(pk="F#2026-10", sk=f"2026-10-23#{id_}", doc=facts_of(id_).doc).save()


def put_under_another_month(id_: str) -> None:
    IncidentItem(pk="F#2026-10", sk=f"{DAY}#{id_}", doc=facts_of(id_).doc).save()


def twice_in_its_month(id_: str) -> None:
    """A report asks for a month's days between two keys: this one lies there too."""
    IncidentItem(pk="F#2026-11", sk=f"{DAY}#{id_}x", doc=facts_of(id_).doc).save()


def of_a_drill(id_: str) -> None:
    item = IncidentItem.get(f"I#{id_}", "#")
    item.doc = item.doc.replace('"drill":false', '"drill":true')
    item.save()


def left_after_a_new_opening(id_: str) -> None:
    item = IncidentItem.get(f"I#{id_}", "#")
    item.doc = item.doc.replace('"status":"closed"', '"status":"open"')
    item.save()


def in_no_form(id_: str) -> None:
    IncidentItem(pk="F#2026-11", sk=f"{DAY}#{NEVER}", doc="{").save()


@pytest.mark.parametrize(
    "tamper",
    [
        of_an_incident_that_never_was,
        copied_to_another_day,
        copied_to_another_month,
        put_under_another_month,
        twice_in_its_month,
        of_a_drill,
        left_after_a_new_opening,
        in_no_form,
    ],
    ids=lambda value: value.__name__,
)
def test_what_reports_count_and_no_incident_says_is_named(
    story: Story, capsys: pytest.CaptureFixture[str], tamper: Callable[[str], None]
) -> None:
    id_ = a_closed_incident(story)
    assert verified(capsys)[0] == 0
    tamper(id_)
    code, said = verified(capsys, "--all")
    assert code == 1 and "reports count" in said
    assert ", 0 broken" not in said


def test_a_hundred_made_up_incidents_are_counted_and_the_first_is_named(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    id_ = a_closed_incident(story)
    for number in range(100):
        IncidentItem(pk="F#2026-11", sk=f"{DAY}#{NEVER[:-3]}{number:03}", doc=facts_of(id_).doc).save()
    code, said = verified(capsys)
    assert code == 1
    assert said.count("! ") == 1 and f"{NEVER[:-3]}000" in said
    assert "101 in reports, " in said and ", 100 broken (" in said


def test_an_incident_that_ends_again_while_verify_reads_is_counted_rightly(
    story: Story, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = a_closed_incident(story)
    read = incident.read
    reopened: list[str] = []

    def torn(incident_id: str) -> Whole:
        if not reopened:
            reopened.append(incident_id)
            story.desk("POST", f"/api/incidents/{id_}/reopen", {"reason": "ternyata belum"})
        return read(incident_id)

    monkeypatch.setattr(incident, "read", torn)
    assert verified(capsys)[0] == 0


# --- Lists ----------------------------------------------------------------------------------------------------------


def test_an_incident_taken_out_of_its_days_list_is_named(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    id_ = a_closed_incident(story)
    item = IncidentItem.get(f"I#{id_}", "#")
    item.day_key = None
    item.save()
    code, said = verified(capsys)
    assert code == 1 and "is not in the list of the day on which it was opened" in said


def test_what_is_no_incident_and_was_put_into_a_list_of_them_is_named(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    id_ = a_closed_incident(story)
    listed = IncidentItem.get(f"I#{id_}", "#").day_key
    crew = next(IncidentItem.query(f"I#{id_}", IncidentItem.sk.startswith("A#")))
    for item in (crew, facts_of(id_)):
        item.day_key = listed
        item.save()
    code, said = verified(capsys, "--all")
    assert code == 1 and said.count("stands in a list of incidents and is none") == 2


def test_an_open_incident_taken_off_the_board_is_named(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    id_ = story.call("childbirth")["incident"]["id"]
    story.phone("citra").expects("/r/")
    item = IncidentItem.get(f"I#{id_}", "#")
    item.open_key = None
    item.save()
    story.tampered = True
    code, said = verified(capsys)
    assert code == 1 and "is open and not on the board" in said


def test_a_call_of_no_incident_that_was_moved_to_another_day_is_named(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    prank(story)
    a_closed_incident(story)
    (item,) = IncidentItem.query(f"D#{DAY}")
    IncidentItem(pk="D#2026-11-20", sk=item.sk, doc=item.doc).save()
    item.delete()
    code, said = verified(capsys)
    assert code == 1 and "2026-11-20: call" in said and "is of another day" in said


# --- What could not be checked --------------------------------------------------------------------------------------


def test_of_nothing_verify_never_says_that_nothing_is_broken(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    story.empty()
    code, said = verified(capsys)
    assert code == 2 and "broken" not in said
    assert "nothing was checked" in said


def test_what_could_not_be_checked_is_named_beside_what_holds(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    prank(story)
    a_closed_incident(story)
    code, said = verified(capsys)
    assert code == 0
    unchecked = [line for line in said.splitlines() if line.startswith("? ")]
    assert any("without seals" in line for line in unchecked)
    assert any("1 call outside incidents" in line for line in unchecked)
    assert any("how pages were delivered" in line for line in unchecked)


def test_seals_that_begin_anew_long_after_the_first_event_are_broken_and_say_what_they_lack(
    story: Story, capsys: pytest.CaptureFixture[str], sealing_to: Path
) -> None:
    """All seals and the heartbeat were removed: the function that seals begins again with the first."""
    seal(story)
    a_closed_incident(story)
    an_hour_later(story)
    seal(story)
    assert verified(capsys, "--seals", str(sealing_to))[0] == 0
    for file in sealing_to.iterdir():
        file.unlink()
    without_heartbeat()
    story.clock.advance(26 * 3600)
    seal(story)
    code, said = verified(capsys, "--seals", str(sealing_to))
    assert code == 1 and "and the first seal is of" in said
    assert "? not checked: 1 incident ended before the first seal" in said


@pytest.fixture
def sealing_to(story: Story, tmp_path: Path) -> Path:
    folder = tmp_path / "seals"
    story.world = replace(story.world, seals=FolderSeals(folder))
    bootstrap.install(story.world)
    return folder


def without_heartbeat() -> None:
    RegistryItem.get("LIVE", heartbeats.PREFIX + sealing.NAME).delete()


def test_a_stack_whose_seals_are_gone_with_their_heartbeat_is_broken(
    story: Story, capsys: pytest.CaptureFixture[str], sealing_to: Path
) -> None:
    a_closed_incident(story)
    seal(story)
    for file in sealing_to.iterdir():
        file.unlink()
    without_heartbeat()
    story.clock.advance(4 * 3600)
    story.sweep()
    capsys.readouterr()
    code = verify.walk(None, False, None, seals_expected=True)
    said = capsys.readouterr().out
    assert code == 1 and "stands in no seal, and there is none at all" in said


def test_seals_that_end_long_before_what_they_should_hold_are_broken(
    story: Story, capsys: pytest.CaptureFixture[str], sealing_to: Path
) -> None:
    """The last seals were removed, and the heartbeat with them: those before still follow each other."""
    seal(story)
    an_hour_later(story)
    a_closed_incident(story)
    an_hour_later(story)
    seal(story)
    assert verified(capsys, "--seals", str(sealing_to))[0] == 0
    max(sealing_to.iterdir()).unlink()
    without_heartbeat()
    story.clock.advance(4 * 3600)
    story.sweep()
    code, said = verified(capsys, "--seals", str(sealing_to))
    assert code == 1 and "stands in no seal, and the last one is of" in said


def test_seals_that_were_silent_between_two_are_told_with_what_was_recorded_meanwhile(
    story: Story, capsys: pytest.CaptureFixture[str], sealing_to: Path
) -> None:
    """The seals of some hours were removed with the heartbeat, and the function went on from the one before."""
    seal(story)
    an_hour_later(story)
    a_closed_incident(story)
    an_hour_later(story)
    seal(story)
    assert "was sealed at" not in verified(capsys, "--seals", str(sealing_to))[1]
    max(sealing_to.iterdir()).unlink()
    without_heartbeat()
    story.clock.advance(5 * 3600)
    seal(story)
    said = verified(capsys, "--seals", str(sealing_to))[1]
    assert (
        "? not checked: what was recorded at 2026-11-23T" in said
        and "could be changed without a trace" in said
    )


def test_a_stack_that_runs_since_minutes_has_no_seal_yet_and_holds(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    a_closed_incident(story)
    capsys.readouterr()
    assert verify.walk(None, False, None, seals_expected=True) == 0
    assert "? " in capsys.readouterr().out


# --- State that the events imply ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('"opened_at":"2026-11-23', '"opened_at":"2026-11-22'), "it was opened at another time"),
        (('"closed_at":"2026-11-23', '"closed_at":"2026-11-24'), "it ended at another time"),
        (('"disposition":"done"', '"disposition":"false_alarm"'), "its disposition is not what"),
        (('"calls":1', '"calls":7'), "its number of calls is not what"),
        (('"level":1', '"level":2'), "its alarm level is not what"),
    ],
    ids=lambda value: value[0].partition(":")[0].strip('"') if isinstance(value, tuple) else "",
)
def test_what_the_incident_says_beside_its_events_is_held_against_them(
    story: Story, capsys: pytest.CaptureFixture[str], change: tuple[str, str], named: str
) -> None:
    id_ = a_closed_incident(story)
    item = IncidentItem.get(f"I#{id_}", "#")
    assert change[0] in item.doc
    item.doc = item.doc.replace(*change)
    item.save()
    code, said = verified(capsys, "--all")
    assert code == 1 and named in said


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('"reason":"no_fuel"', '"reason":"other_duty"'), "its reason is not what"),
        (('"people":["citra"]', '"people":["dewi"]'), "its people are not what"),
        (('"late_entry":[]', '"late_entry":["unable"]'), "what was entered late is not what"),
    ],
    ids=lambda value: value[0].partition(":")[0].strip('"') if isinstance(value, tuple) else "",
)
def test_what_a_crew_said_is_held_against_its_events(
    story: Story, capsys: pytest.CaptureFixture[str], change: tuple[str, str], named: str
) -> None:
    id_ = story.call("childbirth")["incident"]["id"]
    story.phone("citra").expects("/r/")
    story.phone("citra").taps("unable", "no_fuel")
    story.phone("dewi").expects("/r/")
    item = next(
        item
        for item in IncidentItem.query(f"I#{id_}", IncidentItem.sk.startswith("A#"))
        if change[0] in item.doc
    )
    item.doc = item.doc.replace(*change)
    item.save()
    code, said = verified(capsys, "--all")
    assert code == 1 and named in said


def test_an_sms_to_a_person_and_their_standing_link_are_nothing_that_an_event_must_tell(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    tell_person(story.world, "citra", Word("duty_changed", "1", {"duty": "Sab 5 Des 19.00"}), "sub-psc-admin")
    story.send_notices()
    story.phone("citra").expects("dinas Anda berubah")
    code, said = verified(capsys, "--all")
    assert code == 0 and "no event speaks" not in said and "kind" not in said, said
