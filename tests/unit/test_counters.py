"""A counter never says of what changed that it stands as it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.models.counters import PARTS_MOST, Counter

CHANGES = st.lists(st.sets(st.integers(0, 2 * PARTS_MOST), min_size=1, max_size=5), max_size=40)


@given(CHANGES, CHANGES)
def test_whatever_changed_after_a_look_is_known_to_have_changed(
    before: list[set[int]], since: list[set[int]]
) -> None:
    counter = Counter()
    for parts in before:
        counter = counter.raised(str(part) for part in parts)
    looked_at = counter.v
    for parts in since:
        counter = counter.raised(str(part) for part in parts)
    assert all(counter.changed_since(str(part), looked_at) for parts in since for part in parts)
    assert len(counter.parts) <= PARTS_MOST
    assert counter.v == len(before) + len(since)


@given(CHANGES)
def test_what_did_not_change_is_not_read_again_while_all_is_remembered(changes: list[set[int]]) -> None:
    counter = Counter()
    for parts in changes:
        counter = counter.raised(str(part) for part in parts)
    if len(counter.parts) < PARTS_MOST:
        assert not counter.changed_since("never", 0)
    assert not any(counter.changed_since(part, counter.v) for part in counter.parts)
