"""A crew's answer by SMS: what is beyond doubt is recorded, everything else goes to a person with its full text.

Nothing here ever sends an SMS: an automatic answer that met another machine's automatic answer would never end.
"""

from __future__ import annotations

from ...bootstrap import World
from ...domain import replies, times
from ...domain.assignment import CLOCK_SKEW_S, active
from ...domain.page import Page, may_have_left
from ...domain.registry import Person
from ...domain.replies import Reply, Setting
from ...models import incidents, page_codes
from ...models.incidents import Loaded
from ...models.keys import Key
from ...models.registry import Snapshot
from ..abuse import blocking
from ..changes.writing import Actor
from ..response import drilling
from ..response.following import CrewReport, report
from . import unread
from .answering import DEAD_AFTER_S, meaning
from .messages import Meant, Message, Result, key_of, said_at


def receive(world: World, registry: Snapshot, message: Message) -> Result:
    """Act on an SMS once: its provider's id, sender, text and the time at which it was received tell a repeat."""
    key, sure = key_of(world, message)
    if key is None:
        return "repeated"
    if block := blocking.find(world, registry, message.number):
        return "ignored" if blocking.ignore_sms(world, block, key) else "repeated"
    meant = _meant(world, registry, message, replies.parse(message.text, _setting(registry, None)))
    # Once more, by what the crew is called and where it was sent.
    reply = replies.parse(message.text, _setting(registry, meant))
    sure = sure and meant is not None and (not meant.page.because or reply.status == "acknowledged")
    if meant and meant.person and meant.sure and sure and _settled(world, message, meant, reply):
        return _record(world, registry, message, key, meant, reply)
    return unread.keep(world, message, key, meant, reply, known=blocking.registered(registry, message.number))


def _setting(registry: Snapshot, meant: Meant | None) -> Setting:
    """What the words of a reply may name: the crew that is meant, and the place it was sent to."""
    reasons = replies.words_of(registry.reasons.values())
    if meant is None:
        return Setting(reasons=reasons)
    incident, page = meant.loaded.incident, meant.page
    agency = registry.agencies.get(page.agency_id)
    crew = next((each for each in incident.crews if each.id == page.assignment_id), None)
    unit = registry.units.get(crew.unit_id) if crew else None
    short = agency.short_name if agency else ""
    # An ambulance may call itself so.
    names = (
        short,
        *short.split(),
        crew.callsign if crew else "",
        (unit.name if unit else "").partition(" ")[0],
    )
    district = registry.districts.get(incident.location.district)
    return Setting(
        reasons=reasons,
        crew=tuple(name for name in names if len(name) > 2),
        place=f"{incident.location.village} {incident.location.landmark}",
        district=district.name if district else "",
    )


def _settled(world: World, message: Message, meant: Meant, reply: Reply) -> bool:
    if meant.loaded.incident.paging_drill:
        return reply.clear
    crew = next(each for each in meant.loaded.incident.crews if each.id == meant.page.assignment_id)
    left = meant.page.sent_at or meant.page.requested_at
    return replies.settled(reply, times.between(left, said_at(world, message)) or 0, crew.status)


def _meant(world: World, registry: Snapshot, message: Message, reply: Reply) -> Meant | None:
    number = message.number
    people = [each for each in registry.people.values() if number and each.phone == number]
    people = [each for each in people if not each.retired]
    found = [each for each in map(page_codes.by_reply, reply.codes) if each]
    pages = [each for each in (_page(world, *place) for place in found) if each]
    sure = True
    if not pages:
        pages = _open_pages(world, people)
        # A code that leads nowhere may be meant for a page that we do not see.
        sure = not reply.codes
    if not pages:
        return None
    # Beside a real call-out a drill is never the likelier one.
    page, loaded = max(pages, key=lambda each: (each[1].incident.paging_drill is None, each[0].id))
    asked = times.plus(page.requested_at, -CLOCK_SKEW_S)
    if not found and message.at and message.at < asked <= world.clock.now():
        sure = False  # What is older than its question answers another.
    # Without a code it answers what came last, and that may be that nobody needs them.
    if not found:
        page = _stood_down(world, message, page, loaded)
    mine = sorted(
        (each for each in people if each.agency_id == page.agency_id), key=lambda p: p.id != page.person_id
    )
    return Meant(
        page=page,
        loaded=loaded,
        person=mine[0] if mine else None,
        sure=sure and _mean_the_same(pages, reply),
    )


def _stood_down(world: World, message: Message, page: Page, loaded: Loaded) -> Page:
    """The message that has told the phone of a call-out since that it is not needed; that call-out, if none has."""
    since = [
        each
        for each in loaded.pages.values()
        if each.because and each.number == page.number and each.id > page.id and may_have_left(each)
        if (each.sent_at or each.requested_at) <= said_at(world, message)
    ]
    return max(since, key=lambda each: each.id, default=page)


def _mean_the_same(pages: list[tuple[Page, Loaded]], reply: Reply) -> bool:
    """Whether a reply says the same whichever of these pages it answers: of a shared phone nobody knows who holds it."""
    if len(pages) == 1:
        return True
    # *Unable* takes the crew back if it is one of the crew who says it, and nobody else if it is whom the escalation asked.
    crews = {each.id: each.people for _, loaded in pages for each in loaded.assignments.values()}
    meant = {
        (page.assignment_id, reply.status == "unable" and page.person_id in crews.get(page.assignment_id, ()))
        for page, _ in pages
    }
    return len(meant) == 1


def _page(world: World, incident_id: str, page_id: str) -> tuple[Page, Loaded] | None:
    """The page of a code as long as its link would live too."""
    loaded = incidents.load(incident_id, pages=[page_id])
    if loaded is None or page_id not in loaded.pages:
        return None
    ended = loaded.incident.closed_at
    if ended and world.clock.now() > times.plus(ended, DEAD_AFTER_S):
        return None
    return loaded.pages[page_id], loaded


def _open_pages(world: World, people: list[Person]) -> list[tuple[Page, Loaded]]:
    """The call-outs that these people may have on their phones and that still matter."""
    known = {each.id for each in people}
    found = []
    for incident in [*world.open_incidents.board(), *world.open_incidents.running_drills()] if known else ():
        expected = {crew.id for crew in incident.crews if active(crew.status)}
        loaded = incidents.load_state(incident.id) if expected else None
        found += [
            (page, loaded)
            for page in (loaded.pages.values() if loaded else ())
            if loaded and page.kind == "page" and known & set(page.people)
            if page.assignment_id in expected and may_have_left(page)
        ]
    return found


def _record(
    world: World, registry: Snapshot, message: Message, key: Key, meant: Meant, reply: Reply
) -> Result:
    page, incident = meant.page, meant.loaded.incident
    assert meant.person and reply.status
    if incident.paging_drill:
        own = drilling.page_of(incident.id, meant.person.id)
        if own is None:
            return unread.to_list(world, message, key)
        answered = drilling.answer(world, own, "sms", reply.status, key)
        return "repeated" if answered.replayed is not None else meaning(answered)
    # A modem's clock may be wrong.
    said = said_at(world, message) if message.at else None
    written = report(
        world,
        registry,
        Actor(id=f"person:{meant.person.id}", source="sms", key=key),
        incident.id,
        CrewReport(
            assignment_id=page.assignment_id,
            status=reply.status,
            reason=reply.reason,
            occurred_at=said,
            page_id=page.id,
        ),
    )
    return "repeated" if written.replayed is not None else meaning(written)
