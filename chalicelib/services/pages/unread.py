"""SMS that a person must read: kept with their incident or the day's calls, counted where they are too many, dismissed.

Nothing is dropped unseen; what grows with what anybody may send is bounded.
"""

from __future__ import annotations

from msgspec.structs import replace

from ...bootstrap import World
from ...domain import attention, escalation, ids, replies, times
from ...domain.bounds import NOTES_MOST
from ...domain.call import Call
from ...domain.decision import Decision
from ...domain.events import Draft, SmsReplyDismissed, SmsReplyReceived, digest
from ...domain.incident import Attention
from ...domain.note import Note
from ...domain.replies import Reply
from ...domain.retention import noted
from ...errors import Unprocessable
from ...faults import Fault
from ...models import incidents, keys
from ...models.change import Change
from ...models.keys import Key
from ...observability import logger
from ..changes.writing import Actor, Written, must, must_dispatch, write
from ..response.intake import log_only
from .messages import STRANGER, Meant, Message, Result, key_of, said_at

# An hour's messages that are kept one by one: of a stranger, of a crew's own phone, of all strangers together. Of more the
# last is kept, and how many they are.
STRANGE_AN_HOUR = 10
UNCLEAR_AN_HOUR = 60
STRANGERS_AN_HOUR = 300
# An incident's notes up to which strangers may write some: the rest is the crews' and the desk's.
STRANGE_NOTES_MOST = 100


def keep(
    world: World, message: Message, key: Key, meant: Meant | None, reply: Reply, *, known: bool
) -> Result:
    """Keep what a person must read: with its incident, with the day's calls, or counted behind the last of too many."""
    # Nobody follows a paging drill at the desk, nor what has ended; what may be a cry for help stands on the board.
    incident = meant.loaded.incident if meant else None
    followed = incident is not None and incident.status == "open" and not incident.paging_drill
    if many := _too_many(world, message, known=known):
        return _count(world, message, key, meant if followed else None, *many)
    if meant is None or incident is None or not followed:
        return to_list(world, message, key)
    if incident.note_count < (NOTES_MOST if known else STRANGE_NOTES_MOST):
        return _to_desk(world, message, key, meant, reply)
    return _count(world, message, key, meant, meant.page.incident_id, 1)


def keep_unreadable(world: World, message: Message) -> Result:
    """Keep what cannot be read as an SMS with the day's calls, once."""
    key, _ = key_of(world, message)
    return keep(world, message, key, None, Reply(), known=False) if key else "repeated"


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
    if to_list(world, message, key, place=place, more=number) == "repeated":
        return "repeated"
    logger.warning("SMS counted", extra={"provider": message.provider, "in_this_hour": number})
    if meant:
        _mark_counted(world, message, meant, place)
    return "counted"


def _mark_counted(world: World, message: Message, meant: Meant, place: str) -> None:
    page = meant.page

    def prepare(now: str) -> Change:
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
                said_at=said_at(world, message),
                counted=True,
                strange=meant.person is None,
            )
            decision.incident = attention.replied(loaded.incident, mark)
            received = SmsReplyReceived(
                assignment=page.assignment_id, page=page.id, proposal="", counted=True
            )
            decision.drafts.append(Draft(received))
        return Change(loaded, decision)

    by = f"person:{meant.person.id}" if meant.person else STRANGER
    write(world, Actor(id=by, source="sms"), prepare)


def _to_desk(world: World, message: Message, key: Key, meant: Meant, reply: Reply) -> Result:
    """Keep the text with its incident, and mark it for the desk with what it may mean."""
    page = meant.page
    actor = Actor(id=f"person:{meant.person.id}" if meant.person else STRANGER, source="sms", key=key)
    # Whom the page was for; a colleague's words, a spoofed code's, hold up nothing.
    own = meant.person is not None and meant.person.phone == page.number

    def prepare(now: str) -> Change:
        loaded = must(incidents.load(page.incident_id, assignments=[page.assignment_id]), page.incident_id)
        note = Note(
            id=world.mint.id(),
            text=replies.printable(message.text),
            at=now,
            by=actor.id,
            salt=world.mint.salt(),
            number=message.number or replies.printable(message.sender),
            assignment_id=page.assignment_id,
        )
        received = SmsReplyReceived(
            assignment=page.assignment_id,
            page=page.id,
            note=note.id,
            text=digest(note.salt, note.text),
            sender=digest(note.salt, note.number),
            proposal=reply.status or "",
            proposed_reason=reply.reason,
        )
        incident = noted(loaded.incident)
        if incident.status == "open":
            mark = Attention(
                code="reply",
                detail=page.assignment_id,
                at=now,
                note=note.id,
                proposal=reply.status or "",
                reason=reply.reason,
                said_at=said_at(world, message),
                strange=meant.person is None,
            )
            incident = attention.replied(incident, mark)
        decision = Decision(incident=incident, notes=[note])
        before = loaded.assignments.get(page.assignment_id)
        if before and own and escalation.may_pause(incident, before):
            decision.assignments.append(escalation.paused(before, now))
            received = replace(received, paused_s=escalation.PAUSE_S)
        decision.drafts.append(Draft(received))
        return Change(loaded, decision)

    written = write(world, actor, prepare)
    return "repeated" if written.replayed is not None else "desk"


def to_list(world: World, message: Message, key: Key, *, place: str = "", more: int = 0) -> Result:
    """Keep a message that belongs to no incident with the day's calls; at a `place` in the place of the one before."""
    text = replies.printable(message.text)
    call = Call(
        id=place or world.mint.id(),
        number=message.number,
        channel="sms",
        kind="information",
        received_at=world.clock.now(),
        answered_at=None,
        taken_by=STRANGER,
        note=text if message.number else f"{replies.printable(message.sender)}: {text}",
        salt=world.mint.salt(),
        more=more,
    )
    taken = log_only(world, Actor(id=STRANGER, source="sms", key=key), call)
    return "logged" if taken.call is call else "repeated"


def dismiss(world: World, actor: Actor, incident_id: str, note_id: str) -> Written:
    """Take away the mark of a reply that somebody has read and that needs no step; nothing for one without a mark.

    Unprocessable names `note_id`.
    """

    def prepare(now: str) -> Change:
        loaded = must_dispatch(incidents.load_state(incident_id), incident_id)
        decision = Decision(incident=loaded.incident)
        marks = loaded.incident.attention
        mark = next((each for each in marks if each.code == "reply" and each.note == note_id), None)
        if mark is None and note_id not in (note.id for note in loaded.notes):
            raise Unprocessable("no such reply", Fault("note_id", "no_reply"))
        if mark:
            decision.incident = attention.reply_read(loaded.incident, mark)
            reply = "" if mark.counted else note_id
            dismissed = SmsReplyDismissed(assignment=mark.detail, reply=reply, counted=mark.counted)
            decision.drafts.append(Draft(dismissed))
        return Change(loaded, decision)

    return write(world, actor, prepare)
