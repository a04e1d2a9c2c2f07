"""The text of an SMS, from the template that officers keep."""

from __future__ import annotations

from ...bootstrap import World
from ...domain import ids, places
from ...domain.incident import Incident, Page
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
    "id": "{drill}112 {place}: uji pemanggilan {time}. JANGAN berangkat, cukup jawab. {link} {reply}",
    "en": "{drill}112 {place}: paging test {time}. Do NOT go out, just answer. {link} {reply}",
}
REPLY = {"id": "Balas: {} YA", "en": "Reply: {} YES"}


def compose(world: World, registry: Snapshot, incident: Incident, page: Page) -> tuple[str, str]:
    """The text to send, and the text to keep, in which the link's secret is left out."""
    drill = incident.paging_drill
    bodies = (
        [DRILL[page.language]]
        if drill
        else [
            each.body
            for language in (page.language, "id", "en")
            for each in registry.templates.values()
            if each.kind == page.kind and each.language == language
        ]
    )
    type_ = registry.types.get(incident.type)
    crew = next((crew for crew in incident.crews if crew.id == page.assignment_id), None)
    prefix = f"{world.settings.public_url}/r/"
    values = {
        "drill": _marks(incident, page),
        "type": getattr(type_.label, page.language) if type_ else incident.type,
        "priority": str(incident.priority),
        "place": _short_name(registry, drill.agency_id)
        if drill
        else places.in_words(incident.location, registry.districts, page.language),
        "unit": crew.callsign if crew else "",
        "time": local_clock(incident.opened_at, world.settings.utc_offset_hours),
        "label": ids.label(incident.id),
        "link": "",
        "reply": REPLY[page.language].format(page.reply) if page.reply else "",
    }
    code = ids.link_code(world.settings.link_secret, page.id) if page.kind == "page" else ""
    values["link"] = prefix + code if code else ""
    try:
        # An officer's template may leave it out; no drill may pass for the real thing.
        marked = bodies[0] if "{drill}" in bodies[0] else "{drill}" + bodies[0]
        text = one_segment(marked, values)
    except (IndexError, KentonganError):
        # An officer's slip in a template must not keep a page from leaving.
        logger.error("SMS template unusable", extra={"kind": page.kind, "language": page.language})
        text = one_segment(FALLBACK[page.kind], values)
    return text, text.replace(code, "*") if code else text


def _marks(incident: Incident, page: Page) -> str:
    """What nobody may overlook, and no template leave out: that it is a drill, that a call-off does not count."""
    drill = ("LATIHAN. " if page.language == "id" else "LATIHAN/DRILL. ") if incident.drill else ""
    again = ("BERLAKU LAGI. " if page.language == "id" else "STANDS AGAIN. ") if page.again else ""
    return drill + again


def _short_name(registry: Snapshot, agency_id: str) -> str:
    agency = registry.agencies.get(agency_id)
    return agency.short_name if agency else agency_id
