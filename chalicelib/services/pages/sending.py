"""Sending pages: claimed, handed to the provider and written down; the outcome put into the trail."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import outcomes, paging, standing_down, times
from ...domain import page as machine
from ...domain.amending import told
from ...domain.assignment import active
from ...domain.decision import Decision
from ...domain.escalation import still_asked
from ...domain.events import PagesSent
from ...domain.incident import Incident
from ...domain.page import Page
from ...domain.retelling import behind, knows
from ...domain.wakeup import REST, Wakeup
from ...gateways.sms import Sms
from ...models import incidents, page_codes
from ...models.change import Change
from ...models.conflicts import ConditionFailed, Passing
from ...models.incidents import Loaded
from ...models.registry import Snapshot
from ...observability import logger
from ..changes.driving import WORKER, drive
from ..changes.ordering import order
from ..changes.retrying import Try, retried
from ..changes.writing import must, wake, write
from ..registry.phone_numbers import refused_page
from .composing import compose
from .handing import hand_over
from .leaving import mark_left
from .pacing import Pace
from .readdressing import astray, readdress

EARLIER_S = 2
# As many as a batch of SQS holds.
AT_ONCE = 10


def send_pages(world: World, wanted: Iterable[Wakeup], pace: Pace | None = None) -> set[Wakeup]:
    """Send each page that is due and wanted, then record the outcomes, one event a kind and incident.

    Those returned were not looked at to the end and must be tried again.
    """
    batch = _Batch(world, pace)
    given = sorted(dict.fromkeys(wanted))
    by_incident: dict[str, list[str]] = {}
    for incident_id, page_id in given:
        if page_id != REST:
            by_incident.setdefault(incident_id, []).append(page_id)
    settled: dict[str, list[str]] = {}
    # Side by side: a provider that takes seconds for one message must not hold back the next phone's.
    with ThreadPoolExecutor(AT_ONCE) as pool:
        phones = _by_phone(chain.from_iterable(pool.map(batch.look, by_incident, by_incident.values())))
        for incident_id, page_id in chain.from_iterable(pool.map(batch.send, phones)):
            settled.setdefault(incident_id, []).append(page_id)
    # After the batch's own messages, which must not wait for a disaster's next hundreds.
    for incident_id, page_id in given:
        if page_id == REST:
            batch.drive(incident_id)
    for incident_id, page_ids in settled.items():
        batch.record(incident_id, page_ids)
    if batch.left:
        mark_left(world)
    return batch.undone


class _Batch:
    """Pages that are seen to together: what fails of one leaves it undone, and stops no other."""

    def __init__(self, world: World, pace: Pace | None) -> None:
        self._world, self._pace = world, pace
        self._registry = world.registry.current()
        self.undone: set[Wakeup] = set()
        self.left = False

    def look(self, incident_id: str, page_ids: list[str]) -> list[Loaded]:
        try:
            return _load_each(incident_id, page_ids)
        except Exception:
            logger.exception("pages not read", extra={"incident": incident_id, "pages": page_ids})
            self.undone.update(Wakeup(incident_id, page_id) for page_id in page_ids)
            return []

    def send(self, one_phones: list[Loaded]) -> list[Wakeup]:
        """Send one phone's pages after each other; those whose outcome is to be recorded."""
        done = []
        for position, loaded in enumerate(one_phones):
            each = _place(loaded)
            try:
                # While the first message was on its way, the next one's incident may have been cancelled.
                current = _load(*each) if position else loaded
                if current and _send(self._world, self._registry, current, self._pace):
                    done.append(each)
            except Exception:
                logger.exception(
                    "page not finished", extra={"incident": each.incident_id, "page": each.part_id}
                )
                self.undone.add(each)
        return done

    def drive(self, incident_id: str) -> None:
        try:
            drive(self._world, incident_id)
        except Exception:
            logger.exception("orders not finished", extra={"incident": incident_id})
            self.undone.add(Wakeup(incident_id, REST))

    def record(self, incident_id: str, page_ids: list[str]) -> None:
        try:
            self.left |= record_outcomes(self._world, incident_id, page_ids)
        except Exception:
            logger.exception("outcomes not recorded", extra={"incident": incident_id})
            self.undone.update(Wakeup(incident_id, page_id) for page_id in page_ids)


def _load(incident_id: str, page_id: str) -> Loaded | None:
    """One page with its incident, None if there is no such page."""
    return next(iter(_load_each(incident_id, [page_id])), None)


def _load_each(incident_id: str, page_ids: list[str]) -> list[Loaded]:
    """An incident's pages in one request, each by itself with the incident; what does not exist is left out."""
    whole = incidents.load(incident_id, pages=page_ids)
    each: list[Loaded] = []
    for page_id in page_ids:
        if whole and (page := whole.pages.get(page_id)):
            each.append(replace(whole, pages={page_id: page}))
        else:
            logger.error("page not found", extra={"incident": incident_id, "page": page_id})
    return each


def _place(loaded: Loaded) -> Wakeup:
    return Wakeup(loaded.incident.id, next(iter(loaded.pages)))


def _by_phone(found: Iterable[Loaded]) -> list[list[Loaded]]:
    """One phone's pages together: the newest incident's first, and within an incident as they were ordered."""
    phones: dict[str, list[Loaded]] = {}
    for loaded in found:
        phones.setdefault(next(iter(loaded.pages.values())).number, []).append(loaded)
    for pages in phones.values():
        pages.sort(key=lambda each: each.incident.id, reverse=True)
    return list(phones.values())


def send_bulk(world: World, wanted: Iterable[Wakeup]) -> set[Wakeup]:
    """Send pages of a burst one by one, as fast as the provider's rate allows."""
    pace = Pace(world)
    undone = send_pages(world, wanted, pace)
    pace.rest()
    return undone


def _send(world: World, registry: Snapshot, loaded: Loaded, pace: Pace | None) -> bool:
    """Take one page a step further; whether its outcome is now to be recorded."""
    step, before = _step(world, registry, loaded)
    if step == "send" and pace:
        if not pace.wait():
            return False
        # Another worker may have sent it meanwhile, or the desk called it off.
        loaded = must(_load(*_place(loaded)), loaded.incident.id)
        step, before = _step(world, registry, loaded)
    _, page_id = _place(loaded)
    page, version, now = loaded.pages[page_id], loaded.versions[f"P#{page_id}"], world.clock.now()
    if step in ("wait", "nothing"):
        if before and before.status in ("pending", "sending"):
            # The earlier one expires as soon as it is looked at; it must not wait for its own next try.
            wake(world, [before, page], delay_s=EARLIER_S)
        return False
    # A long batch began with a registry that may be older than this page: what it says must not hold a page up.
    if step == "send" and astray(registry, page) and astray(world.registry.current(), page):
        readdress(world, loaded.incident.id, page_id)
        return False
    try:
        if step == "expire":
            incidents.save_page(machine.expired(page, now), version)
        if step == "arrived":
            incidents.save_page(machine.arrived(page), version)
        if step == "send":
            maybe_repeat = machine.maybe_repeat(page)
            claimed = replace(machine.claim(page, now, world.mint.id()), told=told(loaded.incident))
            if not _take(claimed, version):
                return False
            return _hand_over(world, registry, loaded.incident, claimed, version + 1, maybe_repeat)
    except ConditionFailed:
        return False  # Somebody else has this page in hand; what they do is recorded by them.
    return True


def _step(world: World, registry: Snapshot, loaded: Loaded) -> tuple[machine.Step, Page | None]:
    """What is to be done with the one page that was read, and the earlier message that it follows, if any."""
    page = next(iter(loaded.pages.values()))
    earlier = incidents.load(page.incident_id, pages=[page.after]) if page.after else None
    before = earlier.pages.get(page.after) if earlier else None
    earlier_done = before is None or before.status not in ("pending", "sending")
    now, wanted = world.clock.now(), _wanted(loaded.incident, page, before)
    step = machine.next_step(page, now, wanted=wanted, earlier_done=earlier_done)
    if step in ("send", "wait") and not _still_helps(registry, loaded.incident, page, now):
        step = machine.next_step(page, now, wanted=False)
    return step, before


def _take(claimed: Page, version: int) -> bool:
    """Write a claim; whether it stands, also when its answer was lost and only a second try of it was refused."""
    try:
        incidents.save_page(claimed, version)
    except Passing as error:
        # Whatever the last try met: the claim of one before it, whose answer was lost, may stand.
        loaded = incidents.load(claimed.incident_id, pages=[claimed.id])
        if loaded is not None and loaded.pages.get(claimed.id) == claimed:
            return True
        if isinstance(error, ConditionFailed):
            return False
        raise
    return True


def _wanted(incident: Incident, page: Page, before: Page | None = None) -> bool:
    """Whether the page still helps: a call-out while its crew is expected, a cancellation if the call-out may have left."""
    if page.kind == "cancelled":
        unsure = before is None or before.status in ("pending", "sending") or machine.may_have_left(before)
        return unsure or (bool(page.because) and _an_earlier_left(page))
    if incident.paging_drill and page.acknowledged_at:
        return False
    crew = next((crew for crew in incident.crews if crew.id == page.assignment_id), None)
    return incident.status == "open" and crew is not None and active(crew.status)


def _an_earlier_left(page: Page) -> bool:
    """Whether the phone has an earlier call-out of that crew, where the newest was withdrawn before it left."""
    state = must(incidents.load_state(page.incident_id), page.incident_id)
    return any(
        each.kind == "page"
        and (each.assignment_id, each.number) == (page.assignment_id, page.number)
        and machine.may_have_left(each)
        for each in state.pages.values()
    )


def _still_helps(registry: Snapshot, incident: Incident, page: Page, now: str) -> bool:
    """Whether nothing else that was decided meanwhile speaks against a page that would be wanted by itself."""
    crew = next((crew for crew in incident.crews if crew.id == page.assignment_id), None)
    if page.because:
        return not _needed(registry, incident, page, now)
    if page.kind == "cancelled":
        return incident.status != "open" or not _called_again(registry, incident, page)
    if crew is None or crew.status in ("requested", "unanswered"):
        return True
    found = incidents.load(incident.id, assignments=[page.assignment_id])
    if found is None:
        return True
    assignment = found.assignments[page.assignment_id]
    # Who answered for the crew is on the way with it, or sent it.
    answered = page.amends is not None and not {*page.people}.isdisjoint(assignment.acknowledged_by)
    return answered or still_asked(assignment, page.person_id)


def _called_again(registry: Snapshot, incident: Incident, page: Page) -> bool:
    """Whether the phone of a cancellation is expected with another crew, by the pages: hundreds, so not read in vain."""
    expected = [crew.id for crew in incident.crews if active(crew.status)]
    others = incidents.load(incident.id, assignments=expected) if expected else None
    if others is None:
        return False
    asked = {person for each in others.assignments.values() for person in (*each.people, *each.paged)}
    state = incidents.load_state(incident.id) if asked & _owners(registry, page) else None
    return state is not None and paging.called_again(page, incident, state.pages.values())


def _needed(registry: Snapshot, incident: Incident, page: Page, now: str) -> bool:
    """Whether somebody with the phone of a stand-down has said meanwhile that they come, or is asked for another crew."""
    found = incidents.load(incident.id, assignments=[crew.id for crew in incident.crews])
    assignments = found.assignments.values() if found else ()
    return bool(standing_down.needed(incident, assignments, now) & _owners(registry, page))


def _owners(registry: Snapshot, page: Page) -> set[str]:
    return {*page.people, *(each.id for each in registry.people.values() if each.phone == page.number)}


def _hand_over(
    world: World, registry: Snapshot, incident: Incident, page: Page, version: int, maybe_repeat: bool
) -> bool:
    """Give a claimed page to the provider and write down what became of it; whether that is final."""
    text, kept = compose(world, registry, incident, page)
    become = hand_over(
        world,
        page,
        Sms(number=page.number, text=text, page_id=page.id, demo=page.demo),
        kept=kept,
        refused=refused_page(page.number, registry.regency),
        maybe_repeat=maybe_repeat,
    )
    after = _write_down(world, page, version, become)
    if after is None:
        return False
    if world.settings.sms_message_ids:
        _keep_message(after, world.clock.now())
    if after.status == "pending":
        pause = max(1, int(times.between(world.clock.now(), after.due_at) or 0) + 1)
        wake(world, [after], delay_s=pause)
    return after.status != "pending"


def _keep_message(page: Page, now: str) -> None:
    message_id = next((each.message_id for each in reversed(page.attempts) if each.outcome == "sent"), "")
    try:
        if message_id:
            page_codes.keep_message(message_id, page, now)
    except Exception:
        # Without it a delivery report is not understood: less to know, and nothing lost.
        logger.exception("message id not kept", extra={"incident": page.incident_id, "page": page.id})


def _write_down(world: World, page: Page, version: int, become: Callable[[Page], Page]) -> Page | None:
    """Write what became of a claimed page, also when its person answered or a delivery report came meanwhile; None if the
    claim is no longer ours.

    Tried for 5 s, within the claim: what cannot be written down is sent again, and a crew is paged twice.
    """
    written = [become(page)]

    def attempt(each: Try) -> Page | None:
        known = version
        if each.failed:
            current, known = incidents.read_page(page.incident_id, page.id)
            if current == written[-1]:
                return current
            if (current.status, current.claim_id) != ("sending", page.claim_id):
                return None
            written.append(become(current))
        incidents.save_page(written[-1], known)
        return written[-1]

    return retried(world, attempt)


def record_outcomes(world: World, incident_id: str, page_ids: list[str]) -> bool:
    """Put the outcomes of pages into the trail, and say whether any left; a page is done only when its outcome stands there."""

    def prepare(now: str) -> Change:
        loaded = must(incidents.load(incident_id, pages=page_ids), incident_id)
        retell = any(_says_older(loaded.incident, page) for page in loaded.pages.values())
        if retell or outcomes.concerns_others(loaded.incident, loaded.pages.values()):
            loaded = must(incidents.load_state(incident_id), incident_id)
        settled = [
            page
            for page in map(loaded.pages.get, page_ids)
            if page and machine.next_step(page, now, wanted=True) == "evidence"
        ]
        pages = list(loaded.pages.values())
        decision = outcomes.settle(loaded.incident, loaded.assignments, pages, settled, now)
        if retell:
            _retell(world, loaded, decision, now)
        return Change(loaded, decision)

    written = write(world, WORKER, prepare)
    return any(event.type == PagesSent.__name__ for event in written.events)


def _says_older(incident: Incident, page: Page) -> bool:
    """Whether the page's words are older than what its crew must be told, since it was amended while the page left."""
    return incident.tells is not None and page.kind == "page" and not knows(page, incident.tells)


def _retell(world: World, loaded: Loaded, decision: Decision, now: str) -> None:
    registry = world.registry.current()
    phones = {person.id: person.phone for person in registry.people.values()}
    orders = behind(decision.incident, loaded.assignments, loaded.pages.values(), phones)
    if orders:
        order(world, registry, decision, orders, now)
