"""The arithmetic of what a deployment costs; the prices themselves are checked by eye, against docs/cost.md."""

from __future__ import annotations

from collections import Counter

from tests.bench.cost import PRICES, of_use, usd
from tests.bench.life import Use


def test_a_price_is_for_its_units() -> None:
    assert usd({"writes": 2_000_000}) == 2 * PRICES["writes"].usd


def test_what_aws_gives_each_month_is_taken_off_and_earns_nothing() -> None:
    assert usd({"alarms": 12, "sqs_requests": 1000}, with_free=True) == 2 * PRICES["alarms"].usd


def test_a_use_case_that_was_counted_three_times_is_priced_for_as_many_as_are_asked_for() -> None:
    pages = Use("send_pages", times=3, requests=Counter(PutItem=6), wcu=30, invocations=3)
    used = of_use(pages, times=10)
    assert (used["writes"], used["invocations"], used["api_requests"]) == (100, 10, 0)
    assert used["sqs_requests"] == 20, "each batch is received and deleted"


def test_only_what_the_browser_asks_for_passes_api_gateway() -> None:
    assert of_use(Use("intake", times=1, invocations=1), 1)["api_requests"] == 1
    assert of_use(Use("sweep_idle", times=1, invocations=1), 1)["api_requests"] == 0
