"""What an amendment would do, without doing it: the plan's answer beside who is there, and the SMS that crews would get."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import amending, retelling
from ...domain.incident import Incident, PageOrder, Tells
from ...domain.page import Page
from ...domain.registry import Language
from ...domain.replanning import Replan
from ...domain.sms import segments, septets
from ...models.registry import Snapshot
from ..pages.composing import compose
from .amending import Amendment, Draught, draw, replanned

# As long as a real one's.
REPLY = "0000"


class News(Struct, frozen=True, kw_only=True):
    """The SMS that would leave: its text in the language of the first who gets it, to how many phones, people and crews.

    `segments`: how many the longest of them takes.
    """

    text: str = ""
    characters: int = 0
    segments: int = 0
    messages: int = 0
    people: int = 0
    crews: int = 0


class Preview(Struct, frozen=True, kw_only=True):
    """What would change, what the plan would send for it, and what the crews would be told."""

    draught: Draught
    replan: Replan
    news: News


def preview(world: World, registry: Snapshot, incident_id: str, wanted: Amendment) -> Preview:
    """What an amendment would do at this moment; it is refused as the amendment itself would be."""
    now = world.clock.now()
    draught = draw(world, registry, incident_id, wanted, now)
    replan, _ = replanned(world, registry, draught, now)
    return Preview(draught=draught, replan=replan, news=_news(world, registry, draught, replan, wanted))


def _news(world: World, registry: Snapshot, draught: Draught, replan: Replan, wanted: Amendment) -> News:
    loaded, before, now = draught.loaded, draught.loaded.incident, world.clock.now()
    if not draught.tells:
        return News()
    crews = tuple(each for each in before.crews if each.id not in wanted.recall)
    after = replace(draught.after, crews=crews, tells=Tells(seq=before.seq + 1, at=now))
    phones = {person.id: person.phone for person in registry.people.values()}
    # Who is sent anew gets an ordinary page.
    sent = [
        PageOrder(assignment_id="", person_id=person)
        for pick in replan.picks
        if pick.unit_id in wanted.send
        for person in pick.people
    ]
    orders = retelling.behind(after, loaded.assignments, loaded.pages.values(), phones, sent)
    if not orders:
        return News()
    texts = [_text(world, registry, after, each, now) for each in orders]
    text = texts[0]
    return News(
        text=text,
        characters=septets(text),
        segments=max(map(segments, texts)),
        messages=len(orders),
        people=sum(1 + len(each.also) for each in orders),
        crews=len({each.assignment_id for each in orders}),
    )


def _text(world: World, registry: Snapshot, after: Incident, to: PageOrder, now: str) -> str:
    """The text as it would leave, the link's secret left out."""
    person = registry.people.get(to.person_id)
    language: Language = person.language if person else "id"
    page = Page(
        id="0" * 26,
        incident_id=after.id,
        assignment_id=to.assignment_id,
        kind="page",
        person_id=to.person_id,
        agency_id="",
        name="",
        number="",
        language=language,
        demo=False,
        status="pending",
        requested_at=now,
        expires_at=now,
        due_at=None,
        reply=REPLY if world.settings.sms_replies else "",
        amends=to.amends or amending.told(after),
    )
    return compose(world, registry, after, page)[0]
