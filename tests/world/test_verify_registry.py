"""What somebody changes of the registry by hand, or takes out of its history, is named by verify."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import pytest

from chalicelib import bootstrap
from chalicelib.domain.chain import hash_of
from chalicelib.domain.seals import Seal
from chalicelib.models import counters, registry_writes, versions
from chalicelib.models.tables import RegistryItem
from chalicelib.services.evidence import sealing
from infra.local.seals import FolderSeals
from infra.verify import registry
from tests.support.regency import stamped
from tests.world.harness import Story
from tests.world.test_sealing import an_hour_later, seal, sealed
from tests.world.test_verify_whole import verified
from tests.world.test_versions import PATH, an_older_release_writes, changes, makes, puts_back

CERTIFICATE = [{"certification_id": "water_rescue", "expires_on": "2027-01-01"}]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "seals"


@pytest.fixture
def kept(story: Story) -> Iterator[Story]:
    """A target with three versions, one with a reason and one put back; one removed; an account, a person, a shift, all whole."""
    makes(story, why="Peraturan baru")
    changes(story, seconds=600)
    puts_back(story, 1, match=2)
    makes(story, id="lama")
    story.http("DELETE", "/api/registry/targets/lama", as_="admin")
    changes(story, "/api/registry/personnel/fajar", certifications=CERTIFICATE)
    changes(story, "/api/registry/accounts/sub-operator", name="Operator Satu")
    yield story


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    code, told = verified(capsys, "--all", *arguments)
    assert code == 1, told
    return told


def whole(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    code, told = verified(capsys, "--all", *arguments)
    assert ", 0 broken" in told, told
    assert code == 0
    return told


def test_every_version_is_walked_and_holds(kept: Story, capsys: pytest.CaptureFixture[str]) -> None:
    told = whole(capsys)
    assert "versions of the registry" in told and "no record" not in told


def test_a_version_of_a_release_that_knew_fewer_fields_is_put_back_and_holds(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says the same in more words: nobody changed anything by hand."""
    makes(story)
    item = RegistryItem.get("R", "targets#response")
    fewer = {name: each for name, each in msgspec.json.decode(item.doc).items() if name != "until_ready"}
    older = RegistryItem(pk=item.pk, sk=item.sk, doc=msgspec.json.encode({**fewer, "seconds": 600}).decode())
    registry_writes.write([(older, 1)], stamp=stamped())
    changes(story, seconds=700)
    assert puts_back(story, 2, match=3).status == 200
    whole(capsys)


# -- cheats ------------------------------------------------------------------------------------------------------------


def edits(sk: str, old: str, new: str, pk: str = "R") -> None:
    """Somebody changes a thing where it stands, and nothing else."""
    item = RegistryItem.get(pk, sk)
    assert old in item.doc
    item.doc = item.doc.replace(old, new)
    item.save()


def a_target_of_one_second() -> None:
    edits("targets#response", '"seconds":900', '"seconds":1')


def a_certificate_to_2099() -> None:
    edits("personnel#fajar", "2027-01-01", "2099-01-01")


def a_role() -> None:
    edits("accounts#sub-operator", '"role":"operator"', '"role":"admin"')


def a_plan() -> None:
    item = next(iter(RegistryItem.query("R", RegistryItem.sk.startswith("response-plans#"))))
    edits(item.sk, '"units":', '"units": ')


def a_shift() -> None:
    edits("citra-2026-11-23", '"person_id":"citra"', '"person_id":"dewi"', pk="S#psc#2026-11-23")


def a_shift_taken_away() -> None:
    RegistryItem.get("S#psc#2026-11-23", "citra-2026-11-23").delete()


def a_version_more_with_its_head() -> None:
    item = RegistryItem.get("R", "targets#response")
    item.v, item.doc = item.v + 1, item.doc.replace("900", "1")
    item.save()


def a_thing_removed() -> None:
    RegistryItem.get("R", "targets#response").delete()


def a_removed_thing_put_there_again() -> None:
    item = RegistryItem.get("R", "targets#response")
    RegistryItem(pk="R", sk="targets#lama", v=1, doc=item.doc.replace("response", "lama")).save()


def record(seq: int) -> RegistryItem:
    return RegistryItem.get("V#R", f"targets#response~{seq:08}")


def alters(seq: int, change: Callable[[dict[str, Any]], None], *, honest: bool = False) -> None:
    """Change a record, and with `honest` its hash too."""
    item = record(seq)
    doc = msgspec.json.decode(item.doc)
    change(doc)
    if honest:
        doc["record"]["hash"] = hash_of(msgspec.json.encode(doc["record"]))
    item.doc = msgspec.json.encode(doc).decode()
    item.save()


def a_record_removed() -> None:
    record(2).delete()


def the_last_record_removed_with_its_head() -> None:
    record(3).delete()
    item = RegistryItem.get("R", "targets#response")
    kept, _ = versions.read_link(record(2))
    item.v, item.doc, item.head = 2, kept.value, f"2 {kept.record.hash}"
    item.save()


def all_records_removed_with_the_head() -> None:
    for seq in (1, 2, 3):
        record(seq).delete()
    item = RegistryItem.get("R", "targets#response")
    item.head = None
    item.save()


def a_thing_removed_with_all_its_records() -> None:
    all_records_removed_with_the_head()
    a_thing_removed()


def two_records_reordered() -> None:
    first, second = record(1), record(2)
    first.doc, second.doc = second.doc, first.doc
    first.save()
    second.save()


def a_value_altered() -> None:
    alters(2, lambda doc: doc.update(value=doc["value"].replace("600", "60")))


def a_reason_altered() -> None:
    alters(1, lambda doc: doc.update(why="Peraturan lama"))


def somebody_elses_name() -> None:
    alters(2, lambda doc: doc["record"].update(by="sub-supervisor"))


def somebody_elses_name_under_a_new_hash() -> None:
    alters(3, lambda doc: doc["record"].update(by="sub-supervisor"), honest=True)
    item = RegistryItem.get("R", "targets#response")
    item.head = f"3 {versions.read_link(record(3))[0].record.hash}"
    item.save()


def a_value_blanked_as_if_it_were_erased() -> None:
    alters(2, lambda doc: doc.update(value="", why="", salt=""))


def another_version_put_back() -> None:
    alters(3, lambda doc: doc["record"].update(of=2), honest=True)


def a_log_entry_removed() -> None:
    RegistryItem.get("L#nouns", "~00000002").delete()


def the_end_of_the_log_removed() -> None:
    last = list(RegistryItem.query("L#nouns"))[-1]
    last.delete()


def the_end_of_the_log_removed_with_its_head() -> None:
    the_end_of_the_log_removed()
    counter = RegistryItem.get(counters.LIVE, counters.NOUNS)
    counter.head = None
    counter.save()


def a_log_entry_altered() -> None:
    item = RegistryItem.get("L#nouns", "~00000002")
    item.doc = item.doc.replace("sub-admin", "sub-leader")
    item.save()


def all_records_removed() -> None:
    for seq in (1, 2, 3):
        record(seq).delete()


def a_log_entry_that_cannot_be_read() -> None:
    item = RegistryItem.get("L#nouns", "~00000002")
    item.doc = "{"
    item.save()


def a_roster_erased_before_its_time() -> None:
    last = list(RegistryItem.query("L#duty#psc"))[-1]
    entry = msgspec.json.decode(last.doc)
    entry |= {"seq": entry["seq"] + 1, "prev": entry["hash"], "records": {}, "day": "S#psc#2026-11-23"}
    entry["hash"] = hash_of(msgspec.json.encode(entry))
    doc = msgspec.json.encode(entry).decode()
    RegistryItem(pk="L#duty#psc", sk=f"~{entry['seq']:08}", doc=doc).save()
    counter = RegistryItem.get(counters.LIVE, f"{counters.DUTY}psc")
    counter.head = f"{entry['seq']} {entry['hash']}"
    counter.save()
    for item in (*RegistryItem.query("S#psc#2026-11-23"), *RegistryItem.query("V#S#psc#2026-11-23")):
        item.delete()


def a_record_that_cannot_be_read() -> None:
    item = record(2)
    item.doc = "{"
    item.save()


def a_thing_renamed_with_its_whole_history() -> None:
    """Its chain, its place in the logs and its digests hold: the records alone say whose they are."""
    item = RegistryItem.get("R", "targets#response")
    RegistryItem(pk="R", sk="targets#slower", v=item.v, doc=item.doc, head=item.head).save()
    item.delete()
    for seq in (1, 2, 3):
        old = record(seq)
        RegistryItem(pk=old.pk, sk=f"targets#slower~{seq:08}", v=old.v, doc=old.doc).save()
        old.delete()


def a_removal_that_says_it_was_a_change() -> None:
    item = RegistryItem.get("V#R", "targets#lama~00000002")
    doc = msgspec.json.decode(item.doc)
    assert doc["record"]["change"] == "removed"
    doc["record"]["change"] = "changed"
    item.doc = msgspec.json.encode(doc).decode()
    item.save()


def a_change_that_says_it_was_a_removal() -> None:
    alters(2, lambda doc: doc["record"].update(change="removed"))


CHEATS: dict[Callable[[], None], str] = {
    a_target_of_one_second: "targets/response: is not what record 3 says: it was changed by hand",
    a_certificate_to_2099: "personnel/fajar: is not what record 2 says: it was changed by hand",
    a_role: "accounts/sub-operator: is not what record 2 says: it was changed by hand",
    a_plan: "is not what record 1 says: it was changed by hand",
    a_shift: "shifts/citra-2026-11-23 of psc#2026-11-23: is not what record 1 says",
    a_shift_taken_away: "shifts/citra-2026-11-23 of psc#2026-11-23: is gone, and no record says",
    a_version_more_with_its_head: "targets/response: is version 4, and its last record is of 3",
    a_thing_removed: "targets/response: is gone, and no record says that it was removed",
    a_removed_thing_put_there_again: "targets/lama: stands, and was removed",
    a_record_removed: "targets/response: record 2 missing",
    the_last_record_removed_with_its_head: "a record that sub-admin wrote at",
    all_records_removed_with_the_head: "a record that sub-admin wrote at",
    a_thing_removed_with_all_its_records: "a record that sub-admin wrote at",
    two_records_reordered: "targets/response: record 1 missing",
    a_value_altered: "targets/response: what stands beside record 2 is not what it was",
    a_reason_altered: "targets/response: what stands beside record 1 is not what it was",
    somebody_elses_name: "targets/response: record 2 was changed",
    somebody_elses_name_under_a_new_hash: "targets/response: record 3 stands in no log",
    a_value_blanked_as_if_it_were_erased: "what stood beside record 2 is gone, and nothing says that it was",
    another_version_put_back: "record 3 puts version 2 back, and that was another",
    a_thing_renamed_with_its_whole_history: "targets/slower: record 1 tells of targets/response",
    a_removal_that_says_it_was_a_change: "targets/lama: record 2 is no changed",
    a_change_that_says_it_was_a_removal: "targets/response: record 2 is no removed",
    a_log_entry_removed: "log nouns: entry 2 missing",
    the_end_of_the_log_removed: "log nouns: entry",
    the_end_of_the_log_removed_with_its_head: "stands in no log: it was put there by hand",
    a_log_entry_altered: "log nouns: entry 2 was changed",
    all_records_removed: "targets/response has no records, and says that it has",
    a_log_entry_that_cannot_be_read: "log nouns cannot be read",
    a_roster_erased_before_its_time: "erased S#psc#2026-11-23 before its time",
    a_record_that_cannot_be_read: "targets/response: its records cannot be read",
}


@pytest.mark.parametrize(("cheat", "words"), CHEATS.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_a_cheat_is_named(
    kept: Story, capsys: pytest.CaptureFixture[str], cheat: Callable[[], None], words: str
) -> None:
    cheat()
    assert words in said(capsys)


# -- against the seals -------------------------------------------------------------------------------------------------


@pytest.fixture
def seals(kept: Story, folder: Path) -> Iterator[Path]:
    """The same, sealed an hour later."""
    kept.world = replace(kept.world, seals=FolderSeals(folder))
    bootstrap.install(kept.world)
    an_hour_later(kept)
    seal(kept)
    yield folder


def test_a_seal_holds_one_end_a_log_and_nothing_of_anybody(kept: Story, seals: Path) -> None:
    (made,) = sealed(seals)
    assert made.registry is not None
    assert {each.id for each in made.registry} == {
        "nouns",
        "duty#airud",
        "duty#damkar",
        "duty#polres",
        "duty#psc",
    }
    content = next(seals.iterdir()).read_text()
    assert "andi" not in content and "sub-" not in content


def test_what_was_sealed_holds_and_so_does_what_comes_after(
    kept: Story, seals: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole(capsys, "--seals", str(seals))
    changes(kept, seconds=700)
    whole(capsys, "--seals", str(seals))
    an_hour_later(kept)
    seal(kept)
    whole(capsys, "--seals", str(seals))


def rewritten_whole() -> None:
    """Every record and every log entry anew, heads and all: the chains hold by themselves."""
    renamed: dict[str, str] = {}
    chains: dict[tuple[str, str], list[RegistryItem]] = {}
    for item in RegistryItem.scan(RegistryItem.pk.startswith("V#")):
        chains.setdefault((item.pk[2:], item.sk.rpartition("~")[0]), []).append(item)
    for (pk, sk), items in chains.items():
        prev = ""
        for item in sorted(items, key=lambda each: each.sk):
            doc = msgspec.json.decode(item.doc)
            was = doc["record"]["hash"]
            doc["record"] |= {"prev": prev, "by": "sub-leader"}
            doc["record"]["hash"] = prev = hash_of(msgspec.json.encode(doc["record"]))
            renamed[was] = prev
            item.doc = msgspec.json.encode(doc).decode()
            item.save()
        for stood in RegistryItem.query(pk, RegistryItem.sk == sk):
            stood.head = f"{len(items)} {prev}"
            stood.save()
    for counter in RegistryItem.query(counters.LIVE, RegistryItem.sk.startswith(f"{counters.TOTAL}#")):
        prev, seq = "", 0
        for item in RegistryItem.query(f"L#{counter.sk.removeprefix(f'{counters.TOTAL}#')}"):
            entry = msgspec.json.decode(item.doc)
            entry["records"] = {
                pk: [renamed[each] for each in those] for pk, those in entry["records"].items()
            }
            entry["prev"] = prev
            entry["hash"] = prev = hash_of(msgspec.json.encode(entry))
            seq = entry["seq"]
            item.doc = msgspec.json.encode(entry).decode()
            item.save()
        counter.head = f"{seq} {prev}"
        counter.save()


def test_a_registry_rewritten_whole_holds_by_itself_and_not_against_its_seal(
    kept: Story, seals: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rewritten_whole()
    whole(capsys)
    assert "is not the one that stands in seal 00000001.json" in said(capsys, "--seals", str(seals))


def cut_off() -> None:
    """The last change undone without a trace: record, log entry, heads."""
    last = list(RegistryItem.query("L#nouns"))[-2:]
    (before, after) = (msgspec.json.decode(item.doc) for item in last)
    last[1].delete()
    counter = RegistryItem.get(counters.LIVE, counters.NOUNS)
    counter.head = f"{before['seq']} {before['hash']}"
    counter.save()
    assert after["records"]["R"]
    RegistryItem.get("V#R", "accounts#sub-operator~00000002").delete()
    first = RegistryItem.get("V#R", "accounts#sub-operator~00000001")
    was, _ = versions.read_link(first)
    RegistryItem(pk="R", sk="accounts#sub-operator", v=1, doc=was.value, head=f"1 {was.record.hash}").save()


def test_a_change_cut_off_with_its_log_is_named_by_its_seal(
    kept: Story, seals: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cut_off()
    whole(capsys)
    assert "is missing and stands in seal 00000001.json" in said(capsys, "--seals", str(seals))


def test_what_was_sealed_in_no_seal_of_its_time_is_named(
    kept: Story, seals: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    an_hour_later(kept)
    seal(kept)
    kept.clock.advance(-4000)
    changes(kept, seconds=700)
    assert "stands in no seal of that time" in said(capsys, "--seals", str(seals))


# -- a release that knows no records ------------------------------------------------------------------------------------


def test_a_version_of_an_older_release_is_told_and_is_no_break(
    kept: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    an_older_release_writes(seconds=800)
    assert "targets/response: version 4 has no record: a release before wrote it" in whole(capsys)
    changes(kept, seconds=900)
    assert "targets/response: version 4 has no record: a release before wrote it" in whole(capsys)


def raises_its_counter() -> None:
    """A release that knows an agency's counter, and drops what it does not know of it: where the log ends."""
    counter = RegistryItem.get(counters.LIVE, f"{counters.DUTY}psc")
    counter.update(actions=[RegistryItem.v.set(RegistryItem.v + 1), RegistryItem.head.remove()])
    raises_the_total()


def raises_the_total() -> None:
    """A release before that, which knows one counter for all."""
    RegistryItem(pk=counters.LIVE, sk=counters.TOTAL).update(actions=[RegistryItem.v.add(1)])


@pytest.mark.parametrize("raises", [raises_its_counter, raises_the_total])
def test_what_an_older_release_removed_is_told_and_is_no_break(
    kept: Story, capsys: pytest.CaptureFixture[str], raises: Callable[[], None]
) -> None:
    a_shift_taken_away()
    raises()
    words = "shifts/citra-2026-11-23 of psc#2026-11-23: its removal has no record: a release before wrote it"
    assert words in whole(capsys)
    # Also once a release that keeps records has gone on with the log.
    path = "/api/registry/shifts/dewi-2026-11-23"
    day = {"agency_id": "psc", "date": "2026-11-23"}
    assert kept.http("DELETE", path, as_="psc_admin", query=day).status == 200
    assert words in whole(capsys)


def test_a_version_without_record_where_no_older_release_ran_was_written_by_hand(
    kept: Story, seals: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    an_older_release_writes(seconds=1)
    words = "targets/response: version 4 has no record, and no release ran that makes none"
    assert words in said(capsys, "--seals", str(seals))
    changes(kept, seconds=900)
    an_hour_later(kept)
    seal(kept)
    assert words in said(capsys, "--seals", str(seals))


def test_a_version_without_record_is_no_break_where_an_older_release_sealed_then(
    kept: Story, seals: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    an_older_release_writes(seconds=800)
    an_hour_later(kept)
    with patch.object(sealing, "Seal", lambda **more: Seal(**{**more, "registry": None})):
        seal(kept)
    assert "version 4 has no record: a release before wrote it" in whole(capsys, "--seals", str(seals))
    changes(kept, seconds=900)
    an_hour_later(kept)
    seal(kept)
    assert "version 4 has no record: a release before wrote it" in whole(capsys, "--seals", str(seals))


def test_what_was_there_before_any_record_is_counted_and_no_break(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    for item in RegistryItem.scan():
        if item.pk.startswith(("V#", "L#")):
            item.delete()
        elif item.head:
            item.head = None
            item.save()
    assert verified(capsys)[0] == 2, "there is nothing yet that could be checked"
    changes(story, "/api/registry/personnel/fajar", certifications=CERTIFICATE)
    assert "things of the registry as they were first found" in whole(capsys)


def test_somebody_writes_while_verify_reads(
    kept: Story, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = registry._read
    torn: list[int] = []

    def tears() -> Any:
        found = read()
        if not torn:
            torn.append(1)
            changes(kept, seconds=60)
            # What was read before the change stands beside what was read after it.
            found.standing["R", "targets#response"] = RegistryItem.get("R", "targets#response")
        return found

    monkeypatch.setattr(registry, "_read", tears)
    whole(capsys)
    assert torn
    assert kept.http("GET", PATH, as_="admin").body["seconds"] == 60
