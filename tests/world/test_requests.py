"""What each use case asks of DynamoDB: a round trip more is a delay for a caller and money for a regency."""

from __future__ import annotations

import pytest

from tests.bench.life import Use, uses


@pytest.fixture(scope="module")
def used(database: str) -> dict[str, Use]:
    return uses()


@pytest.mark.parametrize(
    ("name", "most"),
    [
        # Registry and states, what is nearby; and of all rosters the day that an officer has changed since the last look.
        ("preview_after_a_roster_changed", {"Query": 3}),
        # Registry and states; the transaction; what is nearby.
        ("intake", {"Query": 2, "TransactWriteItems": 1}),
        # Three pages: the registry's counters, pages with their incident, each claimed and written down, the batch's event, when they left.
        ("send_pages", {"Query": 1, "BatchGetItem": 2, "PutItem": 7, "TransactWriteItems": 1}),
        ("run_timers", {"Query": 1, "BatchGetItem": 1}),
        # The link; incident, page and assignment; the registry's counters, unless that was asked within ten seconds.
        ("open_link", {"Query": 25 / 15, "BatchGetItem": 1}),
        # Registry and states; the link; incident, page and assignment; the transaction.
        ("acknowledge", {"Query": 2, "BatchGetItem": 1, "TransactWriteItems": 1}),
        ("report_status", {"Query": 2, "BatchGetItem": 1, "TransactWriteItems": 1}),
        ("close", {"Query": 3, "TransactWriteItems": 1}),
        ("board_one_open", {"Query": 2}),
        ("read_incident", {"Query": 2}),
        ("sweep_idle", {"Query": 8, "PutItem": 1}),
    ],
)
def test_a_use_case_asks_no_more_than_it_needs(used: dict[str, Use], name: str, most: dict[str, int]) -> None:
    use = used[name]
    each = {operation: count / use.times for operation, count in use.requests.items()}
    assert each == most, f"{name} makes other requests than were counted for the cost in docs/performance.md"


def test_an_incidents_life_uses_capacity_that_the_database_counted(used: dict[str, Use]) -> None:
    assert used["intake"].wcu > 15, "an intake writes about 15 items, in a transaction"
    assert used["open_link"].rcu / used["open_link"].times >= 1
    assert used["open_link"].wcu == 0, "a look writes nothing"
