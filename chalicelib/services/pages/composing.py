"""The text of an SMS, from the template that officers keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...bootstrap import World
from ...domain import ids, places, sms_texts
from ...domain.incident import Crew, Incident, Told
from ...domain.page import Page
from ...domain.registry import Language
from ...domain.sms import one_segment
from ...domain.times import local_clock
from ...errors import KentonganError
from ...models.registry import Snapshot
from ...observability import logger

FALLBACK = {
    "page": "{drill}112 {label}: {type}. {place}. {unit}. {link} {reply}",
    "cancelled": "{drill}112 {label} BATAL. {type}.",
}
# No officer's template: whatever it says, nobody must take a paging drill for a call-out.
DRILL = {
    "id": "{drill}112 {place}: latihan pemanggilan {time}. JANGAN berangkat, cukup jawab. {link} {reply}",
    "en": "{drill}112 {place}: paging drill {time}. Do NOT go out, just answer. {link} {reply}",
}
WORDS = {
    "id": {
        "was": "Semula",
        "at": "di",
        "terrain": "Medan",
        "point": "Titik peta baru.",
        "more": "Keterangan baru.",
    },
    "en": {
        "was": "Was",
        "at": "at",
        "terrain": "Terrain",
        "point": "New map point.",
        "more": "More is known.",
    },
}
TERRAINS = {"id": {"land": "darat", "water": "air"}, "en": {"land": "land", "water": "water"}}
BACKUP = {"id": "CADANGAN {}", "en": "BACKUP for {}"}
REPLY = {"id": "Balas: {} YA", "en": "Reply: {} YES"}


def compose(world: World, registry: Snapshot, incident: Incident, page: Page) -> tuple[str, str]:
    """The text to send, and the text to keep, in which the link's secret is left out."""
    drill = incident.paging_drill
    hours = world.settings.utc_offset_hours
    bodies = _bodies(registry, incident, page)
    crew = next((crew for crew in incident.crews if crew.id == page.assignment_id), None)
    prefix = f"{world.settings.public_url}/r/"
    values = {
        "drill": _marks(incident, page),
        "type": _type_name(registry, incident.type, page.language),
        "priority": str(incident.priority),
        "place": _short_name(registry, drill.agency_id)
        if drill
        else places.in_words(incident.location, registry.districts, page.language),
        "unit": _unit(crew, page),
        "time": _clock(world, incident, page),
        "label": ids.label(incident.id),
        "link": "",
        "was": _what_was(registry, incident, page.amends, page.language) if page.amends else "",
        "reply": REPLY[page.language].format(page.reply) if page.reply else "",
        "at": local_clock(page.requested_at, hours),
    }
    code = ids.link_code(world.settings.link_secret, page.id) if page.kind == "page" else ""
    values["link"] = prefix + code if code else ""
    text = _first_that_fits([*bodies, FALLBACK[page.kind]], values, page)
    return text, text.replace(code, "*") if code else text


def _first_that_fits(bodies: Sequence[str], values: Mapping[str, str], page: Page) -> str:
    """One SMS of the first text that can be sent: an officer's slip in one must not keep a page from leaving."""
    for number, body in enumerate(bodies, start=1):
        # An officer's text may leave it out; no drill may pass for the real thing.
        marked = body if "{unit}" in body or not page.backup else "{unit}. " + body
        marked = marked if "{drill}" in marked else "{drill}" + marked
        try:
            return one_segment(marked, values)
        except KentonganError:
            if number == len(bodies):
                raise
            logger.error("SMS template unusable", extra={"kind": page.kind, "language": page.language})
    raise ValueError("no text was given")


def _marks(incident: Incident, page: Page) -> str:
    """What nobody may overlook, and no template leave out: that it is a drill, that a call-off does not count."""
    drill = ("LATIHAN. " if page.language == "id" else "LATIHAN/DRILL. ") if incident.drill else ""
    again = ("BERLAKU LAGI. " if page.language == "id" else "STANDS AGAIN. ") if page.again else ""
    return drill + again


def _bodies(registry: Snapshot, incident: Incident, page: Page) -> list[str]:
    """The texts that fit a page, the best first."""
    if incident.paging_drill:
        return [DRILL[page.language]]
    if page.because or page.amends:
        return sms_texts.bodies(registry.texts.values(), _kind(page), page.language)
    kept = [
        each.body
        for language in (page.language, "id", "en")
        for each in registry.templates.values()
        if each.kind == page.kind and each.language == language
    ]
    return kept[:1]


def _kind(page: Page) -> str:
    """Of which kind the text of an amendment or a stand-down is; a later release may know more reasons."""
    kind = f"not_needed_{page.because}" if page.because else "amended"
    return kind if kind in sms_texts.TEXTS else "not_needed_ended"


def _clock(world: World, incident: Incident, page: Page) -> str:
    """When it was opened; of an amendment, when that was made."""
    at = page.requested_at if page.amends else incident.opened_at
    clock = local_clock(at, world.settings.utc_offset_hours)
    return clock.replace(":", ".") if page.amends and page.language == "id" else clock


def _type_name(registry: Snapshot, type_id: str, language: Language) -> str:
    type_ = registry.types.get(type_id)
    return getattr(type_.label, language) if type_ else type_id


def _what_was(registry: Snapshot, incident: Incident, was: Told, language: Language) -> str:
    """What that phone was told before and is otherwise now; the rest stands behind the link."""
    words, said = WORDS[language], []
    place = places.in_words(incident.location, registry.districts, language)
    before = places.in_words(was.location, registry.districts, language)
    if was.type != incident.type:
        said.append(_type_name(registry, was.type, language))
    if was.priority != incident.priority:
        said.append(f"P{was.priority}")
    if before != place:
        said.append(f"{words['at']} {before}")
    parts = [f"{words['was']} {' '.join(said)}."] if said else []
    if was.terrain != incident.terrain:
        terrain = TERRAINS[language].get(incident.terrain, incident.terrain)
        parts.append(f"{words['terrain']}: {terrain}.")
    point = (incident.location.lat, incident.location.lng)
    if (was.location.lat, was.location.lng) != point and before == place:
        parts.append(words["point"])
    return " ".join(parts) or words["more"]


def _unit(crew: Crew | None, page: Page) -> str:
    """What the crew is called; whoever is asked because it has not answered must know that, and for whom."""
    callsign = crew.callsign if crew else ""
    return BACKUP[page.language].format(callsign) if page.backup else callsign


def _short_name(registry: Snapshot, agency_id: str) -> str:
    agency = registry.agencies.get(agency_id)
    return agency.short_name if agency else agency_id
