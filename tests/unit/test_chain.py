"""The audit trail: whatever is changed, taken out, swapped or cut off is found, and where."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.chain import first_broken, hash_of
from chalicelib.domain.decision import Decision
from chalicelib.domain.events import AlarmRaised, Draft, Event, NoteAdded, PersonalDataErased, digest
from chalicelib.domain.incident import Incident
from chalicelib.models.change import Stamp, seal
from tests.support.things import NOW, incident

texts = st.text(st.sampled_from('aB1 "\\\n\u20acé🚒'), max_size=6)
numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | texts
data = st.dictionaries(
    texts, scalars | st.lists(scalars, max_size=2) | st.dictionaries(texts, scalars, max_size=2), max_size=3
)
contents = (
    st.builds(NoteAdded, note=texts, text=texts)
    | st.builds(AlarmRaised, level=st.integers(0, 9))
    | st.builds(
        PersonalDataErased,
        because=texts,
        days=st.dictionaries(texts, st.integers(0, 9)),
        erased=st.lists(texts).map(tuple),
    )
)
drafts = st.builds(Draft, contents, st.none() | st.just(NOW))
decisions = st.lists(st.lists(drafts, max_size=2), min_size=1, max_size=3)


def told(made: list[list[Draft]]) -> tuple[list[Event], Incident]:
    """The chain that decisions leave, as read back from the database."""
    events: list[Event] = []
    now = incident()
    for number, each in enumerate(made):
        stamp = Stamp(now=NOW, actor="sub-operator", source="web", command=f"c{number}")
        sealed, now = seal(Decision(incident=now, drafts=each), stamp)
        events += sealed
    return msgspec.json.decode(msgspec.json.encode(events), type=list[Event]), now


def broken(events: list[Event], of: Incident) -> tuple[int, str] | None:
    return first_broken((msgspec.json.encode(each).decode() for each in events), of.head, of.seq)


@given(decisions)
def test_a_chain_that_nobody_touched_is_whole(made: list[list[Draft]]) -> None:
    events, of = told(made)
    assert broken(events, of) is None
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert len({event.hash for event in events}) == len(events)


@given(decisions, st.data(), st.sampled_from(["prev", "hash"]))
def test_a_link_of_which_a_field_was_taken_out_is_told_and_stops_no_reader(
    made: list[list[Draft]], draw: Any, name: str
) -> None:
    events, of = told(made)
    assume(events)
    at = draw.draw(st.integers(0, len(events) - 1))
    links = [msgspec.json.encode(each).decode() for each in events]
    fields = msgspec.json.decode(links[at])
    del fields[name]
    links[at] = msgspec.json.encode(fields).decode()
    found = first_broken(links, of.head, of.seq)
    assert found is not None
    assert found[0] == at + 1


changes = st.sampled_from(
    ["incident_id", "type", "occurred_at", "recorded_at", "source", "actor", "command", "prev", "hash"]
)


@given(decisions, st.data(), changes, texts)
def test_a_changed_field_is_found_at_its_place(
    made: list[list[Draft]], draw: Any, name: str, value: str
) -> None:
    events, of = told(made)
    assume(events)
    at = draw.draw(st.integers(0, len(events) - 1))
    assume(getattr(events[at], name) != value)
    events[at] = replace(events[at], **{name: value})
    found = broken(events, of)
    assert found is not None
    assert found[0] == at + 1


@given(decisions, st.data(), data)
def test_changed_data_is_found_at_its_place(
    made: list[list[Draft]], draw: Any, other: dict[str, Any]
) -> None:
    events, of = told(made)
    assume(events)
    at = draw.draw(st.integers(0, len(events) - 1))
    forged = msgspec.json.decode(msgspec.json.encode(replace(events[at], data=other)), type=Event)
    assume(msgspec.json.encode(forged, order="sorted") != msgspec.json.encode(events[at], order="sorted"))
    assume(forged.data != events[at].data)
    events[at] = forged
    found = broken(events, of)
    assert found is not None
    assert found[0] == at + 1


@given(decisions, st.data(), texts)
def test_an_event_changed_with_its_hash_does_not_fit_the_one_behind_it(
    made: list[list[Draft]], draw: Any, value: str
) -> None:
    events, of = told(made)
    assume(len(events) > 1)
    at = draw.draw(st.integers(0, len(events) - 2))
    assume(events[at].actor != value)
    forged = replace(events[at], actor=value)
    events[at] = replace(forged, hash=hash_of(msgspec.json.encode(forged)))
    assert broken(events, of) == (at + 2, "does not follow the event before it")


def test_data_that_no_honest_event_can_hold_is_named_and_does_not_stop_the_walk() -> None:
    events, of = told([[Draft(AlarmRaised(level=1))]])
    events[0] = replace(events[0], data={"level": 2**60})
    assert broken(events, of) == (1, "was changed")


@given(decisions, st.data())
def test_a_removed_event_is_found_where_it_is_missing(made: list[list[Draft]], draw: Any) -> None:
    events, of = told(made)
    assume(events)
    at = draw.draw(st.integers(0, len(events) - 1))
    del events[at]
    found = broken(events, of)
    assert found is not None
    assert found[0] == at + 1


@given(decisions, st.data())
def test_a_chain_cut_off_is_found(made: list[list[Draft]], draw: Any) -> None:
    events, of = told(made)
    assume(events)
    kept = draw.draw(st.integers(0, len(events) - 1))
    assert broken(events[:kept], of) == (kept + 1, "missing at the end")


@given(decisions, st.data())
def test_two_events_that_changed_places_are_found(made: list[list[Draft]], draw: Any) -> None:
    events, of = told(made)
    assume(len(events) > 1)
    one, other = sorted(
        draw.draw(st.lists(st.integers(0, len(events) - 1), min_size=2, max_size=2, unique=True))
    )
    events[one], events[other] = replace(events[other], seq=one + 1), replace(events[one], seq=other + 1)
    found = broken(events, of)
    assert found is not None
    assert found[0] == one + 1


@given(decisions, st.data())
def test_an_event_put_in_is_found(made: list[list[Draft]], draw: Any) -> None:
    events, of = told(made)
    assume(events)
    at = draw.draw(st.integers(0, len(events) - 1))
    events.insert(at, events[at])
    assert broken(events, of) is not None


@given(decisions)
def test_a_history_written_anew_does_not_fit_the_head(made: list[list[Draft]]) -> None:
    _, of = told(made)
    assume(of.seq)
    forged, _ = told([[Draft(NoteAdded(note="forged", text=""))], *made])
    assert broken(forged[: of.seq], of) is not None


@given(texts.filter(bool), st.text(min_size=1, alphabet="0123456789abcdef"))
def test_a_digest_tells_nothing_without_its_salt_and_holds_with_it(value: str, salt: str) -> None:
    assert digest(salt, value) == digest(salt, value)
    assert digest(salt, value) != digest(salt + "0", value)
    assert digest(salt, "") == ""
