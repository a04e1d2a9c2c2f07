"""A page is never lost, and never sent again unless it says that it may be a repeat."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chalicelib.domain import page as machine
from chalicelib.domain import times
from chalicelib.domain.page import CLAIM_S, LONGEST_RETRY_S, RETRY_S, Attempt, Page, next_step
from tests.support.things import NOW, page


class OnePage(RuleBasedStateMachine):
    """One page and workers that take it, die at any point, and meet a provider that does what it likes."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.page = page()
        self.held: Page | None = None  # what the one worker that holds a claim has in its hands
        self.accepted = 0
        self.marked: list[bool] = []

    @initialize(expires=st.integers(60, 1800))
    def ordered(self, expires: int) -> None:
        self.page = page(expires_at=times.plus(NOW, expires))

    def step(self, wanted: bool = True) -> str:
        return next_step(self.page, self.now, wanted=wanted)

    @rule(seconds=st.integers(1, 400))
    def time_passes(self, seconds: int) -> None:
        self.now = times.plus(self.now, seconds)
        self.held = None  # Lambda ends before that; who comes back later finds the version changed

    @precondition(lambda self: self.step() == "send")
    @rule()
    def a_worker_claims_it(self) -> None:
        self.repeat = machine.maybe_repeat(self.page)
        self.page = self.held = machine.claim(self.page, self.now, "C1")

    def attempt(self, outcome: str) -> Attempt:
        return Attempt(at=self.now, provider="fake", outcome=outcome, maybe_repeat=self.repeat)  # type: ignore[arg-type]

    @precondition(lambda self: self.held)
    @rule()
    def the_provider_accepts_it(self) -> None:
        self.accepted += 1
        self.marked.append(self.repeat)
        self.page, self.held = machine.sent(self.page, self.attempt("sent"), "text", "00"), None

    @precondition(lambda self: self.held)
    @rule()
    def the_provider_accepts_it_and_the_worker_dies(self) -> None:
        self.accepted += 1
        self.marked.append(self.repeat)
        self.held = None

    @precondition(lambda self: self.held)
    @rule()
    def the_worker_dies_before_the_provider(self) -> None:
        self.held = None

    @precondition(lambda self: self.held)
    @rule(asked=st.integers(0, 7200))
    def the_provider_is_not_to_be_had(self, asked: int) -> None:
        self.page, self.held = machine.retry(self.page, self.attempt("retry"), asked), None

    @precondition(lambda self: self.held)
    @rule()
    def the_provider_refuses_it(self) -> None:
        self.page, self.held = machine.failed(self.page, self.attempt("failed")), None

    @precondition(lambda self: self.step() == "expire")
    @rule()
    def a_worker_lets_it_expire(self) -> None:
        assert self.now >= self.page.expires_at
        self.page = machine.expired(self.page, self.now)

    @precondition(lambda self: self.step() == "evidence")
    @rule()
    def its_outcome_is_recorded(self) -> None:
        assert self.page.status in ("sent", "failed", "expired")
        self.page = machine.evidenced(self.page)

    @invariant()
    def an_unfinished_page_is_always_due_again_soon(self) -> None:
        if self.page.status in ("pending", "sending"):
            assert self.page.due_at
            assert self.page.due_at <= times.plus(self.now, LONGEST_RETRY_S)

    @invariant()
    def once_it_is_due_somebody_can_always_go_on(self) -> None:
        if self.page.due_at and self.page.due_at <= self.now:
            assert self.step() in ("send", "expire", "evidence")

    @invariant()
    def a_second_message_always_says_that_it_may_be_a_repeat(self) -> None:
        assert all(self.marked[1:])
        if len(self.marked) > 1 and self.page.status == "sent":
            assert self.page.attempts[-1].maybe_repeat

    @invariant()
    def what_the_provider_took_and_we_wrote_down_is_never_sent_again(self) -> None:
        if self.page.status in ("sent", "failed", "expired"):
            assert self.step() in ("evidence", "nothing")

    def teardown(self) -> None:
        """Left alone with a working provider, a wanted page ends: sent while it helps, expired after."""
        for _ in range(6):
            step = self.step()
            if step == "send":
                in_time = self.now < self.page.expires_at
                self.a_worker_claims_it()
                self.the_provider_accepts_it()
                assert in_time
            elif step == "expire":
                self.a_worker_lets_it_expire()
            elif step == "evidence":
                self.its_outcome_is_recorded()
            else:
                self.now = times.plus(self.now, LONGEST_RETRY_S)
        assert self.step() == "nothing"
        assert self.page.status in ("sent", "failed", "expired")
        assert self.page.due_at is None


TestOnePage = OnePage.TestCase
TestOnePage.settings = settings(max_examples=150, stateful_step_count=20, deadline=None)

statuses = st.sampled_from(["pending", "sending", "sent", "delivered", "failed", "expired"])


@given(statuses, st.integers(0, 4000))
def test_what_is_not_wanted_is_never_sent(status: str, later: int) -> None:
    waiting = page(status=status, claimed_at=NOW if status == "sending" else None)
    assert next_step(waiting, times.plus(NOW, later), wanted=False) != "send"


def test_what_is_not_wanted_expires_at_once_but_for_a_message_on_its_way() -> None:
    assert next_step(page(), NOW, wanted=False) == "expire"
    claimed = machine.claim(page(), NOW, "C1")
    assert next_step(claimed, times.plus(NOW, CLAIM_S - 1), wanted=False) == "wait"
    assert next_step(claimed, times.plus(NOW, CLAIM_S), wanted=False) == "expire"


@given(statuses, st.integers(1800, 100_000))
def test_a_page_too_old_to_help_is_not_sent(status: str, age: int) -> None:
    old = page(status=status, claimed_at=NOW if status == "sending" else None)
    assert next_step(old, times.plus(NOW, age), wanted=True) in ("expire", "evidence")


def test_a_claim_is_respected_until_it_lapses() -> None:
    claimed = machine.claim(page(), NOW, "C1")
    assert next_step(claimed, times.plus(NOW, CLAIM_S - 0.001), wanted=True) == "wait"
    assert next_step(claimed, times.plus(NOW, CLAIM_S), wanted=True) == "send"


def test_a_cancellation_waits_for_the_earlier_message_to_that_phone() -> None:
    assert next_step(page(kind="cancelled"), NOW, wanted=True, earlier_done=False) == "wait"
    assert next_step(page(kind="cancelled"), NOW, wanted=True, earlier_done=True) == "send"


@given(st.integers(0, 20), st.integers(0, 100_000))
def test_pauses_grow_and_have_an_end(attempts: int, asked: int) -> None:
    made = tuple(Attempt(at=NOW, provider="fake", outcome="retry") for _ in range(attempts))
    after = machine.retry(page(attempts=made), Attempt(at=NOW, provider="fake", outcome="retry"), asked)
    pause = times.between(NOW, after.due_at) or 0
    assert RETRY_S[min(attempts, len(RETRY_S) - 1)] <= pause <= LONGEST_RETRY_S
    assert pause >= min(asked, LONGEST_RETRY_S)
    assert next_step(after, times.plus(NOW, pause - 0.001), wanted=True) == "wait"
    assert next_step(after, times.plus(NOW, pause), wanted=True) == "send"


def test_the_first_instant_of_sending_is_kept() -> None:
    first = machine.sent(page(), Attempt(at=NOW, provider="fake", outcome="sent"), "text", "00")
    again = machine.sent(
        first, Attempt(at=times.plus(NOW, 60), provider="fake", outcome="sent"), "text", "00"
    )
    assert again.sent_at == NOW
