"""A crew's answer by SMS: what is beyond doubt is recorded, everything else goes to a person with its full text.

Nothing here ever sends an SMS: an automatic answer that met another machine's automatic answer would never end.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from ..bootstrap import World
from ..domain import escalation, ids, replies, sending, times
from ..domain.assignment import CLOCK_SKEW_S, active
from ..domain.decision import Decision
from ..domain.events import Draft, digest
from ..domain.incident import Attention, Call, Note, Page
from ..domain.page import may_have_left
from ..domain.registry import Person
from ..domain.replies import Reply, Setting
from ..domain.retention import noted
from ..errors import Unprocessable
from ..gateways.clock import new_id
from ..models import incidents, keys, page_codes
from ..models.incidents import Loaded
from ..models.keys import Key
from ..models.registry import Snapshot
from ..observability import logger
from . import blocking, drilling
from .answering import DEAD_AFTER_S, meaning
from .ending import NOTES_MOST
from .following import report
from .intake import log_only
from .writing import Actor, Written, must, must_dispatch, write

ROUTE = "POST /api/inbound/sms"
# An hour's messages that are kept one by one: of a stranger, of a crew's own phone, of all strangers together. Of more the
# last is kept, and how many they are.
STRANGE_AN_HOUR = 10
UNCLEAR_AN_HOUR = 60
STRANGERS_AN_HOUR = 300
# An incident's notes up to which strangers may write some: the rest is the crews' and the desk's.
STRANGE_NOTES_MOST = 100
# Who gives no time of receipt tries again for so long; later the same may be another message.
REPEAT_S = 900
STRANGER = "sms:stranger"
Result = Literal["applied", "late", "repeated", "desk", "logged", "counted", "ignored"]


class Message(Struct, frozen=True, kw_only=True):
    """An SMS as a provider hands it in; `number` is the sender's in E.164, '' when the sender has only a name."""

    provider: str
    id: str
    number: str
    sender: str
    text: str
    at: str | None = None


class Meant(Struct, frozen=True, kw_only=True):
    """Which page a message is about; `sure` unless it is the likeliest only; `person` None: not of the page's agency."""

    page: Page
    loaded: Loaded
    person: Person | None
    sure: bool


def receive(world: World, registry: Snapshot, message: Message) -> Result:
    """Act on an SMS once: its provider's id, sender, text and the time at which it was received tell a repeat."""
    if block := blocking.find(world, registry, message.number):
        blocking.ignore_sms(world, block)
        return "ignored"
    key, sure = _key(world, message)
    if key is None:
        return "repeated"
    meant = _meant(world, registry, message, replies.parse(message.text, _setting(registry, None)))
    # Once more, by what the crew is called and where it was sent.
    reply = replies.parse(message.text, _setting(registry, meant))
    if meant and meant.person and meant.sure and sure and _settled(world, message, meant, reply):
        return _record(world, registry, message, key, meant, reply)
    return _keep(world, message, key, meant, reply, known=blocking.registered(registry, message.number))


def keep(world: World, message: Message) -> Result:
    """Keep what cannot be read as an SMS with the day's calls, once."""
    key, _ = _key(world, message)
    return _keep(world, message, key, None, Reply(), known=False) if key else "repeated"


def _key(world: World, message: Message) -> tuple[Key | None, bool]:
    """(key, whether this is surely a message of its own); no key for one that was acted on already.

    An id alone says nothing: a modem that was replaced, or whose table was emptied, counts from 1 again.
    """
    now = world.clock.now()
    parts = (message.id, message.sender, message.at or "", message.text)
    key = _key_of(message, parts)
    used = keys.used_at(key, now)
    if used is None or message.at or (times.between(used, now) or 0) < REPEAT_S:
        return (key if used is None else None), True
    # Without a time it may be a late repeat or the same again: a person reads it, once in a while.
    period = int(times.parse(now).timestamp()) // REPEAT_S
    key = _key_of(message, (*parts, str(period)))
    return (key if keys.used_at(key, now) is None else None), False


def _key_of(message: Message, parts: tuple[str, ...]) -> Key:
    told = "\n".join(parts).encode("utf-8", "replace").decode()
    return Key(caller=f"sms:{message.provider}", route=ROUTE, key=told, body=b"")


def _keep(
    world: World, message: Message, key: Key, meant: Meant | None, reply: Reply, *, known: bool
) -> Result:
    """Keep what a person must read: with its incident, with the day's calls, or counted behind the last of too many."""
    # Nobody follows a paging drill at the desk; what may be a cry for help stands in the list that the desk reads.
    drill = meant is not None and meant.loaded.incident.paging_drill is not None
    if many := _too_many(world, message, known=known):
        return _count(world, message, key, None if drill else meant, *many)
    if meant is None or drill:
        return _to_list(world, message, key)
    if meant.loaded.incident.note_count < (NOTES_MOST if known else STRANGE_NOTES_MOST):
        return _to_desk(world, message, key, meant, reply)
    return _count(world, message, key, meant, meant.page.incident_id, 1)


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
    return replies.settled(reply, times.between(left, _said_at(world, message)) or 0, crew.status)


def _said_at(world: World, message: Message) -> str:
    """When an SMS was received; now, where the modem's clock cannot be right."""
    now = world.clock.now()
    return message.at if message.at and message.at <= now else now


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
    mine = sorted(
        (each for each in people if each.agency_id == page.agency_id), key=lambda p: p.id != page.person_id
    )
    return Meant(
        page=page,
        loaded=loaded,
        person=mine[0] if mine else None,
        sure=sure and _mean_the_same(pages, reply),
    )


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
            return _to_list(world, message, key)
        answered = drilling.answer(world, own, "sms", reply.status, key)
        return "repeated" if answered.replayed is not None else meaning(answered)
    # A modem's clock may be wrong.
    said_at = _said_at(world, message) if message.at else None
    written = report(
        world,
        registry,
        Actor(id=f"person:{meant.person.id}", source="sms", key=key),
        incident.id,
        page.assignment_id,
        reply.status,
        reason=reply.reason,
        occurred_at=said_at,
        page_id=page.id,
    )
    return "repeated" if written.replayed is not None else meaning(written)


def _too_many(world: World, message: Message, *, known: bool) -> tuple[str, int] | None:
    """(whose, how many too many) once a sender, or all strangers together, have had an hour's worth; None until then."""
    now = world.clock.now()
    # A crew's own words never count with a stranger's.
    sender = ids.keyed(world.settings.link_secret, "number", message.number or message.sender)
    together = 0 if known else keys.count("replies:strangers", now)
    if together > STRANGERS_AN_HOUR:
        return "strangers", together - STRANGERS_AN_HOUR
    most = UNCLEAR_AN_HOUR if known else STRANGE_AN_HOUR
    number = keys.count(f"replies:{sender}:{known}", now)
    return (sender, number - most) if number > most else None


def _count(world: World, message: Message, key: Key, meant: Meant | None, whose: str, number: int) -> Result:
    """Let the last of too many SMS stand for all of them in the day's calls, and say so on the incident, once."""
    now = world.clock.now()
    hour = int(times.parse(now).timestamp()) // 3600
    # One place a sender and hour, which sorts behind the day's other calls.
    place = "S" + ids.fingerprint(f"{whose}:{hour}")[:25].upper()
    if _to_list(world, message, key, place=place, more=number) == "repeated":
        return "repeated"
    logger.warning("SMS counted", extra={"provider": message.provider, "in_this_hour": number})
    if meant:
        _mark_counted(world, message, meant, place)
    return "counted"


def _mark_counted(world: World, message: Message, meant: Meant, place: str) -> None:
    page = meant.page

    def prepare(now: str) -> tuple[Loaded, Decision]:
        loaded = must(incidents.load(page.incident_id), page.incident_id)
        decision = Decision(incident=loaded.incident)
        if loaded.incident.status == "open" and place not in (
            each.note for each in loaded.incident.attention
        ):
            mark = Attention(
                code="reply",
                detail=page.assignment_id,
                at=now,
                note=place,
                said_at=_said_at(world, message),
                counted=True,
                strange=meant.person is None,
            )
            decision.incident = sending.replied(loaded.incident, mark)
            data = {"assignment": page.assignment_id, "page": page.id, "proposal": "", "counted": True}
            decision.drafts.append(Draft(type="SmsReplyReceived", data=data))
        return loaded, decision

    by = f"person:{meant.person.id}" if meant.person else STRANGER
    write(world, Actor(id=by, source="sms"), prepare)


def _to_desk(world: World, message: Message, key: Key, meant: Meant, reply: Reply) -> Result:
    """Keep the text with its incident, and mark it for the desk with what it may mean."""
    page = meant.page
    actor = Actor(id=f"person:{meant.person.id}" if meant.person else STRANGER, source="sms", key=key)
    # Whom the page was for; a colleague's words, a spoofed code's, hold up nothing.
    own = meant.person is not None and meant.person.phone == page.number

    def prepare(now: str) -> tuple[Loaded, Decision]:
        loaded = must(incidents.load(page.incident_id, assignments=[page.assignment_id]), page.incident_id)
        note = Note(
            id=new_id(world.clock),
            text=replies.printable(message.text),
            at=now,
            by=actor.id,
            salt=world.clock.random(16).hex(),
            number=message.number or replies.printable(message.sender),
            assignment_id=page.assignment_id,
        )
        data: dict[str, object] = {
            "assignment": page.assignment_id,
            "page": page.id,
            "note": note.id,
            "text": digest(note.salt, note.text),
            "sender": digest(note.salt, note.number),
            "proposal": reply.status or "",
            "proposed_reason": reply.reason,
        }
        incident = noted(loaded.incident)
        if incident.status == "open":
            mark = Attention(
                code="reply",
                detail=page.assignment_id,
                at=now,
                note=note.id,
                proposal=reply.status or "",
                reason=reply.reason,
                said_at=_said_at(world, message),
                strange=meant.person is None,
            )
            incident = sending.replied(incident, mark)
        decision = Decision(incident=incident, notes=[note])
        before = loaded.assignments.get(page.assignment_id)
        if before and own and escalation.may_pause(incident, before):
            decision.assignments.append(escalation.paused(before, now))
            data["paused_s"] = escalation.PAUSE_S
        decision.drafts.append(Draft(type="SmsReplyReceived", data=data))
        return loaded, decision

    written = write(world, actor, prepare)
    return "repeated" if written.replayed is not None else "desk"


def dismiss(world: World, actor: Actor, incident_id: str, note_id: str) -> Written:
    """Take away the mark of a reply that somebody has read and that needs no step; nothing for one without a mark.

    Unprocessable names `note_id`.
    """

    def prepare(now: str) -> tuple[Loaded, Decision]:
        loaded = must_dispatch(incidents.load_state(incident_id), incident_id)
        decision = Decision(incident=loaded.incident)
        marks = loaded.incident.attention
        mark = next((each for each in marks if each.code == "reply" and each.note == note_id), None)
        if mark is None and note_id not in (note.id for note in loaded.notes):
            raise Unprocessable("no such reply", {"note_id": "no such reply"})
        if mark:
            decision.incident = sending.reply_read(loaded.incident, mark)
            read = {"counted": True} if mark.counted else {"reply": note_id}
            data = {"assignment": mark.detail, **read}
            decision.drafts.append(Draft(type="SmsReplyDismissed", data=data))
        return loaded, decision

    return write(world, actor, prepare)


def _to_list(world: World, message: Message, key: Key, *, place: str = "", more: int = 0) -> Result:
    """Keep a message that belongs to no incident with the day's calls; at a `place` in the place of the one before."""
    text = replies.printable(message.text)
    call = Call(
        id=place or new_id(world.clock),
        number=message.number,
        channel="sms",
        kind="information",
        received_at=world.clock.now(),
        answered_at=None,
        taken_by=STRANGER,
        note=text if message.number else f"{replies.printable(message.sender)}: {text}",
        salt=world.clock.random(16).hex(),
        more=more,
    )
    taken = log_only(world, Actor(id=STRANGER, source="sms", key=key), call)
    return "logged" if taken.call is call else "repeated"
