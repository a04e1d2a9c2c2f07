"""Seals: what was sealed cannot be rewritten unnoticed by anybody who may write in the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest
import rfc8785

from chalicelib import bootstrap
from chalicelib.domain import chain, times
from chalicelib.domain import seals as domain
from chalicelib.domain.seals import Seal
from chalicelib.handlers import events
from chalicelib.models import heartbeats, incidents, privacy
from chalicelib.models.tables import IncidentItem, RegistryItem
from chalicelib.models.transactions import Transaction
from chalicelib.services.evidence import sealing
from infra import verify
from infra.local.seals import FolderSeals
from infra.verify import seals as reading
from tests.world.harness import Story
from tests.world.test_importing import row, send
from tests.world.test_verify import Evidence


class Bucket(FolderSeals):
    """A folder in the bucket's place, that refuses or dies when the story wants it to."""

    refusing = False
    lost_answer = False
    asked = 0

    def last(self, after: int) -> int:
        self.asked += 1
        return super().last(after)

    def read(self, number: int) -> bytes | None:
        self.asked += 1
        return super().read(number)

    def write(self, number: int, content: bytes) -> bool:
        self.asked += 1
        if self.refusing:
            raise ConnectionError("the bucket refuses")
        written = super().write(number, content)
        if self.lost_answer:
            self.lost_answer = False
            # What botocore's second try hears.
            return super().write(number, content)
        return written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "seals"


@pytest.fixture
def bucket(story: Story, folder: Path) -> Iterator[Bucket]:
    made = Bucket(folder)
    story.world = replace(story.world, seals=made)
    bootstrap.install(story.world)
    yield made


def seal(story: Story) -> dict[str, Any]:
    return events.seal(story.world)


def sealed(folder: Path) -> list[Seal]:
    return [domain.decode(file.read_bytes()) for file in sorted(folder.iterdir())]


def a_closed_incident(story: Story, type_: str = "childbirth") -> str:
    id_ = str(story.call(type_, narrative="Ibu melahirkan")["incident"]["id"])
    story.phone("citra").expects("/r/")
    for status in ("acknowledged", "on_scene", "cleared"):
        story.phone("citra").taps(status)
    story.desk("POST", f"/api/incidents/{id_}/close", {"disposition": "done"})
    return id_


def an_hour_later(story: Story) -> None:
    story.clock.advance(3600)


def verified(capsys: pytest.CaptureFixture[str], folder: Path, *more: str) -> tuple[int, str]:
    capsys.readouterr()
    code = verify.main(["--seals", str(folder), *more])
    return code, capsys.readouterr().out


# --- What is sealed -------------------------------------------------------------------------------------------------


def test_a_seal_holds_the_ends_of_all_chains_that_changed_and_nothing_of_anybody(
    story: Story, bucket: Bucket, folder: Path
) -> None:
    id_ = a_closed_incident(story)
    assert seal(story) == {"incidents": 1, "seals": 1, "unfinished": 0, "failed": 0}
    content = bucket.read(1)
    assert content and b"+62" not in content and b"melahirkan" not in content
    (found,) = sealed(folder)
    loaded = incidents.load(id_)
    assert loaded
    assert [(each.id, each.seq, each.head) for each in found.incidents] == [
        (id_, loaded.incident.seq, loaded.incident.head)
    ]
    assert content == rfc8785.dumps(msgspec.json.decode(content))


def test_seals_follow_each_other_and_an_hour_without_anything_has_one_too(
    story: Story, bucket: Bucket, folder: Path
) -> None:
    for _ in range(3):
        seal(story)
        an_hour_later(story)
    found = sealed(folder)
    assert [each.number for each in found] == [1, 2, 3]
    assert [each.prev for each in found[1:]] == [chain.digest(domain.encode(each)) for each in found[:2]]
    assert [each.since for each in found[1:]] == [each.until for each in found[:2]]


def close(story: Story, id_: str) -> None:
    story.desk("POST", f"/api/incidents/{id_}/reopen", {"reason": "ternyata belum"})
    story.desk("POST", f"/api/incidents/{id_}/cancel", {"reason": "sudah"})


def hold(story: Story, id_: str) -> None:
    story.desk("POST", f"/api/incidents/{id_}/legal-hold", {"reason": "perkara"}, as_="supervisor")


def late_report(story: Story, id_: str) -> None:
    story.phone("citra").taps("on_scene")


def test_a_past_incident_that_is_imported_is_in_the_next_seal(
    story: Story, bucket: Bucket, folder: Path
) -> None:
    seal(story)
    an_hour_later(story)
    (imported,) = send(story, row()).body["rows"]
    an_hour_later(story)
    seal(story)
    assert [each.id for each in sealed(folder)[-1].incidents] == [imported["incident_id"]]


def reopened(story: Story, id_: str) -> None:
    story.desk("POST", f"/api/incidents/{id_}/reopen", {"reason": "ternyata belum"})


@pytest.mark.parametrize("change", [close, hold, late_report, reopened])
def test_a_change_of_an_old_incident_is_in_the_next_seal_and_unchanged_ones_are_not(
    story: Story, bucket: Bucket, folder: Path, change: Callable[[Story, str], None]
) -> None:
    other, old = a_closed_incident(story), a_closed_incident(story)
    seal(story)
    for _ in range(2):
        an_hour_later(story)
        seal(story)
    assert sealed(folder)[-1].incidents == []
    change(story, old)
    an_hour_later(story)
    seal(story)
    loaded = incidents.load(old)
    assert loaded
    assert [(each.id, each.seq) for each in sealed(folder)[-1].incidents] == [(old, loaded.incident.seq)]
    assert other != old


def test_a_change_that_is_written_some_seconds_after_its_instant_escapes_no_seal(
    story: Story, bucket: Bucket, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = a_closed_incident(story)
    for _ in range(3):
        seal(story)
        an_hour_later(story)
    commit = Transaction.commit

    def slow(self: Transaction) -> None:
        """The hourly seal is made while it is on its way."""
        monkeypatch.setattr(Transaction, "commit", commit)
        story.clock.advance(3)
        with ThreadPoolExecutor(1) as another:
            another.submit(seal, story).result()
        commit(self)

    monkeypatch.setattr(Transaction, "commit", slow)
    hold(story, old)
    an_hour_later(story)
    seal(story)
    assert [each.incidents for each in sealed(folder)[-2:-1]] == [[]]
    assert [each.id for each in sealed(folder)[-1].incidents] == [old]


def test_an_erasure_years_later_is_sealed_and_what_was_sealed_before_still_holds(
    story: Story, bucket: Bucket, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    id_ = a_closed_incident(story)
    seal(story)
    story.clock.advance(91 * 24 * 3600)
    seal(story)
    events.retention(story.world)
    story.clock.advance(3600)
    seal(story)
    assert "PersonalDataErased" in story.events(id_)
    assert [each.id for each in sealed(folder)[-1].incidents] == [id_]
    assert verified(capsys, folder)[0] == 0


def test_who_looked_up_whose_data_is_sealed_and_cannot_be_forgotten(
    story: Story, bucket: Bucket, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story.desk("POST", "/api/privacy/access", {"number": "+6281234567890", "reason": "surat 12"}, as_="admin")
    an_hour_later(story)
    seal(story)
    assert verified(capsys, folder)[0] == 0
    for item in IncidentItem.query(privacy.PK):
        item.delete()
    code, said = verified(capsys, folder)
    assert code == 1
    assert (
        "! who looked up or erased whose data: record 1 is missing and stands in seal 00000001.json" in said
    )


# --- Runs that go wrong ---------------------------------------------------------------------------------------------


def test_running_twice_loses_and_changes_nothing(
    story: Story, bucket: Bucket, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_closed_incident(story)
    seal(story)
    first = bucket.read(1)
    seal(story)
    assert bucket.read(1) == first
    assert len(sealed(folder)) == 2
    assert verified(capsys, folder)[0] == 0


def test_of_two_runs_at_once_one_writes(
    story: Story, bucket: Bucket, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_closed_incident(story)
    make = sealing._make

    def overtaken(*args: Any) -> Any:
        made = make(*args)
        monkeypatch.undo()
        seal(story)
        return made

    monkeypatch.setattr(sealing, "_make", overtaken)
    assert seal(story)["seals"] == 0
    assert [each.number for each in sealed(folder)] == [1]
    assert heartbeats.heartbeats(["seal"])["seal"].resume.startswith("1 ")


def test_an_answer_of_the_bucket_that_was_lost_is_found_again(
    story: Story, bucket: Bucket, folder: Path
) -> None:
    bucket.lost_answer = True
    assert seal(story)["seals"] == 1
    assert len(sealed(folder)) == 1


def test_a_run_that_dies_before_its_heartbeat_is_followed_by_one_that_goes_on_from_its_seal(
    story: Story,
    bucket: Bucket,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    seal(story)
    an_hour_later(story)
    id_ = a_closed_incident(story)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(heartbeats, "beat", dies)
    with pytest.raises(KeyboardInterrupt):
        seal(story)
    monkeypatch.undo()
    an_hour_later(story)
    seal(story)
    found = sealed(folder)
    assert [each.number for each in found] == [1, 2, 3]
    assert [each.id for each in found[1].incidents] == [id_]
    assert verified(capsys, folder)[0] == 0


def test_hours_in_which_the_bucket_refuses_are_made_good_and_health_and_calls_say_so(
    story: Story, bucket: Bucket, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seal(story)
    bucket.refusing = True
    ids: list[str] = []
    for _ in range(30):
        an_hour_later(story)
        if len(ids) < 2:
            ids.append(a_closed_incident(story))
        with pytest.raises(ConnectionError):
            seal(story)
    story.sweep()
    story.audit()
    body = story.http("GET", "/api/health").body
    assert body["status"] == "degraded"
    assert not body["checks"]["seal"]["ok"] and "1 failed" in body["checks"]["seal"]["detail"]
    bucket.refusing = False
    seal(story)
    assert story.http("GET", "/api/health").body["checks"]["seal"]["ok"]
    assert {each.id for each in sealed(folder)[-1].incidents} == set(ids)
    assert verified(capsys, folder)[0] == 0


def test_many_changes_take_several_seals_and_none_is_left_out(
    story: Story,
    bucket: Bucket,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sealing, "CHANGES_MOST", 2)
    ids = [a_closed_incident(story) for _ in range(5)]
    an_hour_later(story)
    assert seal(story)["seals"] > 2
    assert {each.id for found in sealed(folder) for each in found.incidents} == set(ids)
    assert verified(capsys, folder)[0] == 0


def test_a_run_that_has_no_time_left_goes_on_in_the_next_hour(
    story: Story, bucket: Bucket, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "CHANGES_MOST", 2)
    monkeypatch.setattr(sealing, "LONGEST_S", -1.0)
    ids = [a_closed_incident(story) for _ in range(5)]
    an_hour_later(story)
    assert seal(story)["unfinished"] == 1
    for _ in range(4):
        seal(story)
    assert {each.id for found in sealed(folder) for each in found.incidents} == set(ids)


def test_a_clock_that_went_ahead_and_back_leaves_nothing_out(
    story: Story, bucket: Bucket, folder: Path
) -> None:
    seal(story)
    an_hour_later(story)
    before = a_closed_incident(story)
    story.clock.step(400 * 24 * 3600)
    seal(story)
    story.clock.step(-400 * 24 * 3600)
    after = a_closed_incident(story)
    an_hour_later(story)
    seal(story)
    an_hour_later(story)
    seal(story)
    assert {each.id for found in sealed(folder) for each in found.incidents} == {before, after}


def test_without_a_place_for_seals_nothing_is_done_and_health_does_not_speak_of_them(story: Story) -> None:
    assert seal(story) == {}
    story.sweep()
    assert "seal" not in story.http("GET", "/api/health").body["checks"]


def test_a_quiet_run_asks_little(story: Story, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    seal(story)
    an_hour_later(story)
    a_closed_incident(story)
    from chalicelib.models.connection import SharedConnection

    ask, asked = SharedConnection.ask, []

    def counted(self: SharedConnection, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        asked.append(operation)
        return ask(self, operation, request)

    monkeypatch.setattr(SharedConnection, "ask", counted)
    bucket.asked = 0
    seal(story)
    # The last read is of who was rung back, the last query of the registry's counters.
    assert sorted(asked) == [*["BatchGetItem"] * 3, "GetItem", "PutItem", *["Query"] * 4]
    assert bucket.asked == 3


# --- Tampering ------------------------------------------------------------------------------------------------------


def rewrite(id_: str, changed: Callable[[dict[str, Any]], None], *, drop: int = 0) -> None:
    """What somebody with every right to the database can do: another story, with a chain that holds."""
    evidence = Evidence(id_)
    places = sorted(sk for sk in evidence.items if sk[0] == "~")
    for sk in places[len(places) - drop :]:
        evidence.delete(sk)
    head = ""
    for sk in places[: len(places) - drop]:
        doc = {**evidence.doc(sk), "prev": head}
        changed(doc)
        head = chain.hash_of(msgspec.json.encode(doc))
        evidence.put(sk, {**doc, "hash": head})
    evidence.change("#", head=head, seq=len(places) - drop)


def as_if_the_desk_had_said_so(doc: dict[str, Any]) -> None:
    # The call says who took it.
    if doc["type"] != "IncidentOpened":
        doc["actor"] = "somebody-else"


@pytest.fixture
def sealed_incident(story: Story, bucket: Bucket) -> str:
    id_ = a_closed_incident(story)
    seal(story)
    an_hour_later(story)
    seal(story)
    story.tampered = True
    return id_


def test_a_chain_that_was_rewritten_whole_holds_by_itself_and_not_against_its_seal(
    sealed_incident: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verified(capsys, folder)[0] == 0
    rewrite(sealed_incident, as_if_the_desk_had_said_so)
    assert verify.main([]) == 0, "today's check alone sees nothing"
    for more in ((), ("--incident", sealed_incident)):
        code, said = verified(capsys, folder, *more)
        assert code == 1
        assert said.startswith(f"! {sealed_incident} ({sealed_incident[-4:]}) seq ")
        assert "IncidentClosed: is not the one that stands in seal 00000001.json" in said


def test_an_incident_that_was_deleted_with_all_its_items_is_named(
    sealed_incident: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for item in Evidence(sealed_incident).items.values():
        item.delete()
    for item in IncidentItem.scan():
        if sealed_incident in item.sk:
            item.delete()
    assert verify.main([]) == 0
    code, said = verified(capsys, folder)
    assert code == 1
    assert f"! {sealed_incident} ({sealed_incident[-4:]}): there is no such incident" in said


def test_what_was_sealed_after_the_moment_of_a_restore_is_not_asked_of_it(
    story: Story, bucket: Bucket, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A restored table without what came later; of what was sealed before nothing may be missing."""
    before = a_closed_incident(story)
    seal(story)
    an_hour_later(story)
    moment = story.clock.now()
    later = a_closed_incident(story)
    seal(story)
    story.tampered = True

    def delete(incident_id: str) -> None:
        for item in IncidentItem.scan():
            if incident_id in (item.pk[2:], item.sk.partition("#")[2]):
                item.delete()

    delete(later)
    assert verified(capsys, folder)[0] == 1
    assert verified(capsys, folder, "--until", moment)[0] == 0
    delete(before)
    code, said = verified(capsys, folder, "--until", moment)
    assert code == 1 and before in said and later not in said
    # The same instant in the regency's zone is the same; what is none is refused, and not taken for one that has passed.
    abroad = times.parse(moment).astimezone(timezone(timedelta(hours=7))).isoformat()
    code, said = verified(capsys, folder, "--until", abroad)
    assert code == 1 and before in said and later not in said
    for wrong in ("yesterday", "2026-11-26T15:00:00"):
        with pytest.raises(SystemExit) as ended:
            verified(capsys, folder, "--until", wrong)
        assert ended.value.code == 2 and "--until" in capsys.readouterr().err
    assert verify.main(["--seals", str(folder), "--until", "2026-01-01T00:00:00.000Z"]) == 2
    assert "from before 2026-01-01" in capsys.readouterr().err


def test_an_end_that_was_cut_off_is_named(
    story: Story, bucket: Bucket, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    id_ = a_closed_incident(story)
    hold(story, id_)
    seal(story)
    story.tampered = True
    rewrite(id_, lambda doc: None, drop=1)
    evidence = Evidence(id_)
    evidence.change("#", hold=None)
    evidence.delete(evidence.first("N#"))
    assert verify.main([]) == 0
    code, said = verified(capsys, folder)
    assert code == 1 and "is missing and stands in seal 00000001.json" in said


def test_an_event_that_was_put_behind_what_was_sealed_and_dated_back_is_named(
    story: Story, sealed_incident: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evidence = Evidence(sealed_incident)
    last = evidence.doc(evidence.last())
    added = {
        **last,
        "seq": last["seq"] + 1,
        "prev": last["hash"],
        "type": "LateReportReceived",
        "recorded_at": sealed_at(folder, 0),
        "data": {"assignment": "A", "unit": "U", "status": "cleared", "reported": "ready", "repeated": False},
    }
    added["hash"] = chain.hash_of(msgspec.json.encode(added))
    evidence.put(incidents.event_key(added["seq"]), added)
    evidence.change("#", head=added["hash"], seq=added["seq"])
    code, said = verified(capsys, folder)
    assert code == 1
    assert "and stands in no seal of that time" in said


def sealed_at(folder: Path, place: int) -> str:
    """An instant that two seals enclose."""
    return sealed(folder)[place].at.replace("Z", "")[:-1] + "9Z"


def test_an_incident_under_way_holds_against_the_seals(
    story: Story, bucket: Bucket, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seal(story)
    an_hour_later(story)
    seal(story)
    story.call("childbirth")
    story.phone("citra").expects("/r/")
    assert verified(capsys, folder)[0] == 0
    story.clock.advance(700)
    seal(story)
    story.phone("citra").taps("acknowledged")
    assert verified(capsys, folder)[0] == 0


def test_a_seal_that_is_written_while_verify_reads_is_no_break(
    story: Story,
    bucket: Bucket,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    a_closed_incident(story)
    seal(story)
    read = reading.read

    def meanwhile(place: str, before: str) -> reading.Seals:
        found = read(place, before)
        a_closed_incident(story)
        seal(story)
        return found

    monkeypatch.setattr(reading, "read", meanwhile)
    assert verified(capsys, folder)[0] == 0


def remove_a_seal(folder: Path) -> None:
    (folder / "00000001.json").unlink()


def remove_the_last_seal(folder: Path) -> None:
    (folder / "00000002.json").unlink()


def change_a_seal(folder: Path) -> None:
    file = folder / "00000001.json"
    content = file.read_bytes().replace(b'"seq":', b'"seq":1', 1)
    file.unlink()
    file.write_bytes(content)


def change_the_last_seal(folder: Path) -> None:
    file = folder / "00000002.json"
    content = file.read_bytes().replace(b'"records":{"head":""', b'"records":{"head":"0"')
    file.unlink()
    file.write_bytes(content)


def spoil_a_seal(folder: Path) -> None:
    file = folder / "00000001.json"
    file.unlink()
    file.write_bytes(b"{")


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (remove_a_seal, "! seal 00000001.json is missing"),
        (remove_the_last_seal, "! seal 00000002.json is not there as the database says"),
        (change_a_seal, "! seal 00000002.json does not follow the seal before it"),
        (change_the_last_seal, "! seal 00000002.json is not there as the database says"),
        (spoil_a_seal, "! seal 00000001.json cannot be read"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_break_in_the_chain_of_seals_is_named(
    sealed_incident: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    tamper: Callable[[Path], None],
    named: str,
) -> None:
    tamper(folder)
    code, said = verified(capsys, folder)
    assert code == 1 and named in said, said


def test_the_next_run_says_that_the_last_seal_was_changed_and_goes_on_sealing(
    story: Story, sealed_incident: str, bucket: Bucket, folder: Path
) -> None:
    change_the_last_seal(folder)
    with pytest.raises(sealing.SealDoubted):
        seal(story)
    story.sweep()
    story.audit()
    assert not story.http("GET", "/api/health").body["checks"]["seal"]["ok"]
    assert seal(story)["failed"] == 0
    assert [each.number for each in sealed(folder)] == [1, 2, 3, 4]


def remove_all_seals(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


@pytest.mark.parametrize("tamper", [remove_the_last_seal, remove_all_seals, change_the_last_seal])
def test_a_doubt_is_named_for_good_though_sealing_goes_on_at_once(
    story: Story,
    sealed_incident: str,
    bucket: Bucket,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    tamper: Callable[[Path], None],
) -> None:
    tamper(folder)
    with pytest.raises(sealing.SealDoubted):
        seal(story)
    for _ in range(2):
        an_hour_later(story)
        seal(story)
    code, said = verified(capsys, folder)
    assert code == 1
    assert "was written when seal 00000002.json was not there as the database remembered it" in said


def test_a_heartbeat_that_cannot_be_read_is_no_success(
    sealed_incident: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    item = RegistryItem.get("LIVE", "!heartbeat#seal")
    item.doc = "{"
    item.save()
    assert verify.main(["--seals", str(folder)]) == 2
    assert "a heartbeat cannot be read" in capsys.readouterr().err


def test_a_heartbeat_that_somebody_deleted_starts_no_second_chain(
    story: Story, sealed_incident: str, bucket: Bucket, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    RegistryItem.get("LIVE", "!heartbeat#seal").delete()
    seal(story)
    assert [each.number for each in sealed(folder)] == [1, 2, 3]
    assert verified(capsys, folder)[0] == 0


@pytest.mark.parametrize("place", ["nowhere", "."])
def test_a_place_without_seals_is_no_success(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    assert verify.main(["--seals", str(tmp_path / place)]) == 2
    assert str(tmp_path) in capsys.readouterr().err
