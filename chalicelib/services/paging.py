"""Pages from order to evidence: written with the decision, sent by the page function, redriven by the sweep."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from msgspec.structs import replace
from pynamodb.exceptions import PutError

from ..bootstrap import World
from ..domain import ids, paging, times
from ..domain import page as machine
from ..domain.assignment import active
from ..domain.decision import Decision
from ..domain.escalation import policy_of
from ..domain.incident import Attempt, Attention, Incident, Page, PageOrder
from ..domain.replies import make_code
from ..domain.sms import one_segment
from ..domain.times import local_clock
from ..errors import KentonganError, SmsRefused, SmsUnavailable
from ..gateways.clock import new_id
from ..gateways.sms import Sms
from ..models import incidents
from ..models.incidents import Loaded
from ..models.registry import Snapshot
from ..models.transactions import LIMIT, code_of
from ..observability import logger
from .writing import Actor, Written, must, send_wakeups, wake, write

DEFAULT_EXPIRES_S = 1800
EARLIER_S = 2
# As many as a batch of SQS holds.
AT_ONCE = 10
FALLBACK = {
    "page": "{drill}112 {label}: {type}. {place}. {unit}. {link} {reply}",
    "cancelled": "{drill}112 {label} BATAL. {type}.",
}
REPLY = {"id": "Balas: {} YA", "en": "Reply: {} YES"}
TAKEN = "ConditionalCheckFailedException"
WORKER = Actor(id="system:pages", source="timer")


def order(world: World, registry: Snapshot, decision: Decision, orders: list[PageOrder], now: str) -> None:
    """Write pages into a decision, at most 40 a transaction; the rest waits with the incident for the next."""
    waiting = [*decision.incident.unpaged, *orders]
    taken = 2 + len(decision.assignments) + len(decision.calls) + len(decision.units) + len(decision.drafts)
    # A page that can be answered by SMS brings the item of its code; a call that is split off, three of its old incident.
    room = max(0, min(paging.CHUNK, (LIMIT - taken - 5) // (2 if world.settings.sms_replies else 1)))
    now_due, rest = waiting[:room], waiting[room:]
    policy = policy_of(decision.incident)
    pages = paging.write_pages(
        now_due,
        registry.people,
        decision.incident,
        policy.page_expires_s if policy else DEFAULT_EXPIRES_S,
        now,
        lambda: new_id(world.clock),
        lambda: world.clock.random(16).hex(),
        lambda page_id: ids.fingerprint(ids.link_code(world.settings.link_secret, page_id)),
        _reply_codes(world),
    )
    decision.pages += pages
    written_to = {page.person_id for page in pages}
    left_out = [each.person_id for each in now_due if each.person_id not in written_to]
    decision.drafts += paging.requested(pages, left_out)
    decision.incident = replace(decision.incident, unpaged=tuple(rest))


def _reply_codes(world: World) -> Callable[[], str]:
    """Codes that differ from each other; one that an open page holds already is found when it is written."""
    used = {""}

    def next_code() -> str:
        code = ""
        while world.settings.sms_replies and code in used:
            code = make_code(world.clock.random(8))
        used.add(code)
        return code

    return next_code


def continue_orders(world: World, incident_id: str) -> None:
    """Write what an incident's orders still lack, chunk by chunk, as long as there is any."""
    while True:
        registry = world.registry.current()

        def prepare(now: str, registry: Snapshot = registry) -> tuple[Loaded, Decision]:
            loaded = must(incidents.load(incident_id), incident_id)
            decision = Decision(incident=loaded.incident)
            if loaded.incident.unpaged:
                order(world, registry, decision, [], now)
            return loaded, decision

        written = write(world, WORKER, prepare)
        if written.incident is None or not written.incident.unpaged:
            return


def finish(world: World, written: Written) -> None:
    """Carry on with what one transaction could not hold; if that fails or the process dies, the sweep does it."""
    if written.incident is not None and written.incident.unpaged:
        try:
            continue_orders(world, written.incident.id)
        except Exception:
            logger.exception("orders not finished", extra={"incident": written.incident.id})


def send_pages(world: World, wanted: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Send each page that is due and wanted, then record the outcomes, one event a kind and incident.

    Takes and returns (incident id, page id); those returned were not looked at to the end and must be tried again.
    """
    registry = world.registry.current()
    undone: set[tuple[str, str]] = set()
    settled: dict[str, list[str]] = {}

    def send(each: tuple[str, str]) -> bool | None:
        try:
            return _send(world, registry, *each)
        except Exception:
            logger.exception("page not finished", extra={"incident": each[0], "page": each[1]})
            return None

    pages = list(dict.fromkeys(wanted))
    # Side by side: a provider that takes seconds for one message must not hold back the next phone's.
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for each, done in zip(pages, pool.map(send, pages), strict=True):
            if done is None:
                undone.add(each)
            elif done:
                settled.setdefault(each[0], []).append(each[1])
    for incident_id, page_ids in settled.items():
        try:
            record_outcomes(world, incident_id, page_ids)
        except Exception:
            logger.exception("outcomes not recorded", extra={"incident": incident_id})
            undone.update((incident_id, page_id) for page_id in page_ids)
    return undone


def _send(world: World, registry: Snapshot, incident_id: str, page_id: str) -> bool:
    """Take one page a step further; whether its outcome is now to be recorded."""
    loaded = incidents.load(incident_id, pages=[page_id])
    if loaded is None or page_id not in loaded.pages:
        logger.error("page not found", extra={"incident": incident_id, "page": page_id})
        return False
    page, version = loaded.pages[page_id], loaded.versions[f"P#{page_id}"]
    now = world.clock.now()
    earlier = incidents.load(incident_id, pages=[page.after]) if page.after else None
    before = earlier.pages.get(page.after) if earlier else None
    earlier_done = before is None or before.status not in ("pending", "sending")
    wanted = _wanted(loaded.incident, page, before)
    step = machine.next_step(page, now, wanted=wanted, earlier_done=earlier_done)
    if step in ("wait", "nothing"):
        if before and not earlier_done:
            # The earlier one expires as soon as it is looked at; it must not wait for its own next try.
            wake(world, [before, page], delay_s=EARLIER_S)
        return False
    try:
        if step == "expire":
            incidents.save_page(machine.expired(page, now), version)
        if step == "send":
            maybe_repeat = machine.maybe_repeat(page)
            claimed = machine.claim(page, now, new_id(world.clock))
            if not _take(claimed, version):
                return False
            return _hand_over(world, registry, loaded.incident, claimed, version + 1, maybe_repeat)
    except PutError as error:
        if code_of(error) != TAKEN:
            raise
        return False  # Somebody else has this page in hand; what they do is recorded by them.
    return True


def _take(claimed: Page, version: int) -> bool:
    """Write a claim; whether it stands, also when its answer was lost and only a second try of it was refused."""
    try:
        incidents.save_page(claimed, version)
    except PutError as error:
        loaded = incidents.load(claimed.incident_id, pages=[claimed.id])
        if loaded is not None and loaded.pages.get(claimed.id) == claimed:
            return True
        if code_of(error) != TAKEN:
            raise
        return False
    return True


def _wanted(incident: Incident, page: Page, before: Page | None = None) -> bool:
    """Whether the page still helps: a call-out while its crew is expected, a cancellation if the call-out may have left."""
    if page.kind == "cancelled":
        return before is None or before.status in ("pending", "sending") or machine.may_have_left(before)
    crew = next((crew for crew in incident.crews if crew.id == page.assignment_id), None)
    return incident.status == "open" and crew is not None and active(crew.status)


def _hand_over(
    world: World, registry: Snapshot, incident: Incident, page: Page, version: int, maybe_repeat: bool
) -> bool:
    """Give a claimed page to the provider and write down what became of it; whether that is final."""
    text, kept = compose(world, registry, incident, page)

    def attempt(outcome: str, detail: str = "", message_id: str = "", may_be_taken: bool = False) -> Attempt:
        return Attempt(
            at=world.clock.now(),
            provider=world.sms.name,
            outcome=outcome,  # type: ignore[arg-type]
            detail=detail,
            message_id=message_id,
            maybe_repeat=maybe_repeat,
            may_be_taken=may_be_taken,
        )

    become: Callable[[Page], Page]
    try:
        message_id = world.sms.send(Sms(number=page.number, text=text, page_id=page.id, demo=page.demo))
    except SmsRefused as refusal:
        become = partial(machine.failed, attempt=attempt("failed", refusal.message))
    except SmsUnavailable as outage:
        become = partial(
            machine.retry,
            attempt=attempt("retry", outage.message, may_be_taken=outage.may_be_taken),
            asked_s=outage.retry_after_s or 0,
        )
    else:
        become = partial(
            machine.sent, attempt=attempt("sent", message_id=message_id), body=kept, salt=page.salt
        )
    after = _write_down(page, version, become)
    if after.status == "pending":
        pause = max(1, int(times.between(world.clock.now(), after.due_at) or 0) + 1)
        wake(world, [after], delay_s=pause)
    return after.status != "pending"


def _write_down(page: Page, version: int, become: Callable[[Page], Page]) -> Page:
    """Write what became of a claimed page, also when its person answered an earlier message meanwhile."""
    try:
        incidents.save_page(after := become(page), version)
    except PutError as error:
        loaded = incidents.load(page.incident_id, pages=[page.id])
        current = loaded.pages.get(page.id) if loaded else None
        ours = current and (current.status, current.claim_id) == ("sending", page.claim_id)
        if code_of(error) != TAKEN or loaded is None or current is None or not ours:
            raise
        incidents.save_page(after := become(current), loaded.versions[f"P#{page.id}"])
    return after


def compose(world: World, registry: Snapshot, incident: Incident, page: Page) -> tuple[str, str]:
    """The text to send, and the text to keep, in which the link's secret is left out."""
    bodies = [
        each.body
        for language in (page.language, "id", "en")
        for each in registry.templates.values()
        if each.kind == page.kind and each.language == language
    ]
    type_ = registry.types.get(incident.type)
    place = incident.location
    district = registry.districts.get(place.district)
    crew = next((crew for crew in incident.crews if crew.id == page.assignment_id), None)
    prefix = f"{world.settings.public_url}/r/"
    values = {
        "drill": ("LATIHAN. " if page.language == "id" else "LATIHAN/DRILL. ") if incident.drill else "",
        "type": getattr(type_.label, page.language) if type_ else incident.type,
        "priority": str(incident.priority),
        "place": ", ".join(
            part
            for part in (place.landmark, place.village, district.name if district else place.district)
            if part
        ),
        "unit": crew.callsign if crew else "",
        "time": local_clock(incident.opened_at, world.settings.utc_offset_hours),
        "label": ids.label(incident.id),
        "link": "",
        "reply": REPLY[page.language].format(page.reply) if page.reply else "",
    }
    code = ids.link_code(world.settings.link_secret, page.id) if page.link else ""
    values["link"] = prefix + code if code else ""
    try:
        text = one_segment(bodies[0], values)
    except (IndexError, KentonganError):
        # An officer's slip in a template must not keep a page from leaving.
        logger.error("SMS template unusable", extra={"kind": page.kind, "language": page.language})
        text = one_segment(FALLBACK[page.kind], values)
    return text, text.replace(code, "*") if code else text


def record_outcomes(world: World, incident_id: str, page_ids: list[str]) -> None:
    """Put the outcomes of pages into the trail; a page is done only when its outcome stands there."""

    def prepare(now: str) -> tuple[Loaded, Decision]:
        loaded = must(incidents.load(incident_id, pages=page_ids), incident_id)
        settled = [
            page for page in loaded.pages.values() if machine.next_step(page, now, wanted=True) == "evidence"
        ]
        incident = loaded.incident
        for page in settled:
            if page.status in ("failed", "expired") and _wanted(incident, page) and page.kind == "page":
                mark = Attention(code=f"page_{page.status}", detail=page.assignment_id, at=now)  # type: ignore[arg-type]
                incident = replace(incident, attention=(*incident.attention, mark))
        return loaded, Decision(
            incident=incident,
            pages=[machine.evidenced(page) for page in settled],
            drafts=paging.outcome(settled),
        )

    write(world, WORKER, prepare)


def sweep(world: World) -> int:
    """Drive on whatever is due and not done; the number of things found."""
    found = list(incidents.due(world.clock.now()))
    pages = [{"incident": incident_id, "page": sk[2:]} for incident_id, sk in found if sk[0] == "P"]
    timers = [{"incident": incident_id, "assignment": sk[2:]} for incident_id, sk in found if sk[0] == "A"]
    send_wakeups(world, "pages", pages)
    send_wakeups(world, "timers", timers)
    for incident_id in sorted({incident_id for incident_id, sk in found if sk == "#"}):
        try:
            continue_orders(world, incident_id)
        except Exception:
            logger.exception("orders not finished", extra={"incident": incident_id})
    return len(found)
