"""The responder's page: what a crew sees behind the link in its SMS; no sign-in, no script, no other file."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..domain import times
from ..domain.incident import AssignmentStatus
from ..domain.registry import Language

if TYPE_CHECKING:
    from jinja2 import Template

Status = Literal["acknowledged", "en_route", "on_scene", "ready", "cleared", "unable"]
Role = Literal["", "backup", "others_answered", "not_needed"]
# The steps in their order; the first that is allowed is the next sensible one.
STEPS: tuple[Status, ...] = ("acknowledged", "en_route", "on_scene", "ready", "cleared")
_TEMPLATES = Path(__file__).parent.parent / "templates"
# Longer texts would carry the page over 30 KB, and nobody reads them on the way.
_LONGEST_NARRATIVE = 1200
_LONGEST_PLACE = 300
_LONGEST_DETAIL = 120
ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}
MONTHS = {
    "id": ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}

TEXTS: dict[Language, dict[str, str]] = {
    "id": {
        "call": "Telepon 112",
        "dead_title": "Tautan ini tidak berlaku lagi",
        "dead_text": "Kejadiannya mungkin sudah selesai, atau tautannya tidak lengkap. Butuh bantuan?",
        "dead_call": "Telepon 112",
        "failed_title": "Halaman ini belum dapat dimuat",
        "failed_text": "Apakah jawaban Anda sudah tercatat, tidak diketahui. Coba lagi; bila mendesak, telepon 112.",
        "try_again": "Coba lagi",
        "drill": "LATIHAN",
        "drill_text": "Bukan kejadian nyata",
        "practice_text": "Latihan Anda sendiri: tidak ada yang perlu berangkat, tidak ada yang dihitung.",
        "priority": "Prioritas",
        "received": "Diterima",
        "unit": "Unit",
        "map": "Buka peta",
        "story": "Keterangan penelepon",
        "amended": "Diubah",
        "was": "Semula",
        "new_story": "baru",
        "details": "Yang ditanyakan",
        "progress": "Perjalanan tugas",
        "acknowledged": "Siap",
        "acknowledged_hint": "Tugas kami terima",
        "en_route": "Berangkat",
        "en_route_hint": "Kami sudah jalan",
        "on_scene": "Tiba",
        "on_scene_hint": "Kami sudah di lokasi",
        "ready": "Mulai bertindak",
        "ready_hint": "Alat tergelar, kami mulai",
        "cleared": "Selesai",
        "cleared_hint": "Tugas selesai, unit bebas",
        "other_steps": "Langkah lain",
        "unable": "Tidak bisa",
        "why": "Mengapa? Tekan satu alasan.",
        "applied": "Sudah dicatat",
        "repeated": "Sudah dicatat sebelumnya",
        "late": "Laporan terlambat: dicatat, status tidak berubah",
        "choose_reason": "Pilih alasan",
        "not_recorded": "Belum tercatat. Coba sekali lagi.",
        "closed": "Kejadian ini sudah ditutup.",
        "is_cleared": "Tugas selesai. Terima kasih.",
        "is_unable": "Unit ini melapor tidak bisa.",
        "is_cancelled": "Dibatalkan. Tidak perlu berangkat.",
        "is_unanswered": "Belum ada jawaban dari unit ini.",
        "backup": "Anda cadangan: unit ini belum menjawab.",
        "others_answered": "Sudah ada yang menjawab untuk unit ini. Tetap siaga sampai ada kabar.",
        "not_needed": "Untuk unit ini Anda TIDAK diperlukan lagi: yang lain berangkat. Sudah di jalan? Telepon 112.",
        "paging_drill": "Latihan pemanggilan",
        "paging_drill_text": "Tidak perlu berangkat. Kami hanya ingin tahu siapa yang terjangkau, dan berapa cepat.",
        "received_it": "Saya terima",
        "received_it_hint": "SMS ini sampai kepada saya",
        "paging_drill_answered": "Jawaban Anda sudah dicatat. Terima kasih.",
        "paging_drill_late": "Latihan ini sudah selesai; jawaban Anda dicatat sebagai terlambat. Terima kasih.",
        "paging_drill_over": "Latihan ini sudah selesai. Jawaban masih dapat dicatat, sebagai terlambat.",
    },
    "en": {
        "call": "Call 112",
        "dead_title": "This link no longer works",
        "dead_text": "The incident may be over, or the link is incomplete. Do you need help?",
        "dead_call": "Call 112",
        "failed_title": "This page cannot be loaded now",
        "failed_text": "Whether your answer was recorded is not known. Try again; if it is urgent, call 112.",
        "try_again": "Try again",
        "drill": "DRILL · LATIHAN",
        "drill_text": "Not a real incident",
        "practice_text": "Your own practice: nobody need go anywhere, and nothing is counted.",
        "priority": "Priority",
        "received": "Received",
        "unit": "Unit",
        "map": "Open map",
        "story": "What the caller says",
        "amended": "Changed",
        "was": "Was",
        "new_story": "new",
        "details": "What was asked",
        "progress": "Progress",
        "acknowledged": "Acknowledged",
        "acknowledged_hint": "We take it",
        "en_route": "En route",
        "en_route_hint": "We are on our way",
        "on_scene": "On scene",
        "on_scene_hint": "We have arrived",
        "ready": "Operating",
        "ready_hint": "Set up, we begin",
        "cleared": "Cleared",
        "cleared_hint": "Finished, the unit is free",
        "other_steps": "Other steps",
        "unable": "Unable",
        "why": "Why? Tap one reason.",
        "applied": "Recorded",
        "repeated": "Already recorded",
        "late": "Late report: recorded, nothing changed",
        "choose_reason": "Choose a reason",
        "not_recorded": "Not recorded yet. Try once more.",
        "closed": "This incident is closed.",
        "is_cleared": "Assignment done. Thank you.",
        "is_unable": "This unit reported that it cannot come.",
        "is_cancelled": "Cancelled. You need not come.",
        "is_unanswered": "No answer from this unit yet.",
        "backup": "You are backup: this unit has not answered yet.",
        "others_answered": "Others have answered for this unit. Stand by until you hear more.",
        "not_needed": "You are NOT needed for this unit any more: others go. Already on the road? Call 112.",
        "paging_drill": "Paging drill",
        "paging_drill_text": "You need not go anywhere. We only want to know whom we reach, and how fast.",
        "received_it": "I got it",
        "received_it_hint": "This SMS reached me",
        "paging_drill_answered": "Your answer is recorded. Thank you.",
        "paging_drill_late": "This drill is over; your answer is recorded as late. Thank you.",
        "paging_drill_over": "This drill is over. An answer is still recorded, as late.",
    },
}
# What an address says of an answer is believed only beside one: it is kept, sent on and typed by anybody.
RECORDED = frozenset({"applied", "repeated", "late"})
MESSAGES = RECORDED | {"choose_reason", "not_recorded"}


@dataclass(frozen=True, kw_only=True)
class ResponderView:
    """All that the page shows; labels are already in `language`, instants are UTC text.

    `state`: open, late (the incident has ended), dead (no such link) or failed (not known): only the language matters then.
    `message`: one of MESSAGES; anything else shows nothing, so that it may come from the query, and what it says was
    recorded shows nothing unless the page was answered: `answered`.
    `buttons`: the answers allowed now, in any order. `until_ready`: its time runs until it is ready to act.
    `reasons`: id and label of each reason to offer for unable; `reason`: the label of the one given.
    `amended_at`: when it was amended last, `was_…` what stood before; `new_story`: the narrative is not as it was.
    `role` of somebody who was asked because the crew had not answered: backup; one of `others_answered` while that may still
    fail; `not_needed` after it. '' for the crew's own people, and for whoever goes.
    `paging_drill`: there is nothing to do but to answer, and nothing else is shown; '' for an incident.
    `practice`: whoever reads it practises alone; nobody is to be rung.
    """

    language: Language
    state: Literal["open", "late", "dead", "failed"]
    code: str = ""
    label: str = ""
    type_label: str = ""
    priority: int = 0
    place: str = ""
    lat: float | None = None
    lng: float | None = None
    narrative: str = ""
    details: tuple[tuple[str, str], ...] = ()
    received_at: str = ""
    unit: str = ""
    status: AssignmentStatus = "requested"
    reason: str = ""
    milestones: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    answered: bool = False
    buttons: tuple[Status, ...] = ()
    until_ready: bool = False
    reasons: tuple[tuple[str, str], ...] = ()
    drill: bool = False
    amended_at: str = ""
    was_type: str = ""
    was_priority: int = 0
    was_place: str = ""
    new_story: bool = False
    role: Role = ""
    paging_drill: Literal["", "running", "over", "answered", "late"] = ""
    practice: bool = False
    utc_offset_hours: int = 7


def choose_language(accept_language: str) -> Language:
    """The page's language by an Accept-Language header (RFC 9110): English if preferred to Indonesian."""
    weights: dict[str, float] = {}
    for entry in accept_language.lower().split(","):
        name, _, parameters = entry.strip().partition(";")
        found = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", parameters)
        language = name.strip().partition("-")[0]
        weights[language] = max(weights.get(language, 0.0), float(found[1]) if found else 1.0)
    # Malay readers are better served by Indonesian; `in` is its name on old Android phones.
    indonesian = max(weights.get(language, 0.0) for language in ("id", "in", "ms"))
    return "en" if weights.get("en", 0.0) > indonesian else "id"


def render(view: ResponderView) -> str:
    """The page as HTML, under 30 KB whatever the texts hold; to be sent with `headers()`."""
    texts = TEXTS[view.language]
    steps = [step for step in STEPS if step in view.buttons]
    located = view.lat is not None and view.lng is not None
    return template("responder.html").render(
        view=view,
        t=texts,
        style=style(),
        place=_clip(view.place, _LONGEST_PLACE),
        narrative=_clip(view.narrative, _LONGEST_NARRATIVE),
        details=[
            (_clip(asked, _LONGEST_DETAIL), _clip(said, _LONGEST_DETAIL)) for asked, said in view.details
        ],
        received=_moment(view) if view.received_at else "",
        amended=_clock(view, view.amended_at),
        was_place=_clip(view.was_place, _LONGEST_PLACE) if view.was_place != view.place else "",
        point=f"{view.lat:.6f},{view.lng:.6f}" if located else "",
        progress=[
            (step, texts[step], _clock(view, view.milestones.get(step, "")))
            for step in STEPS
            if step != "ready" or view.until_ready or step in view.milestones
        ],
        next_step=steps[0] if steps else "",
        other_steps=steps[1:],
        can_refuse="unable" in view.buttons and bool(view.reasons),
        message=_message(view),
        recorded=_recorded(view, texts),
        notice=_notice(view, texts),
    )


def headers(own_style: str = "") -> dict[str, str]:
    """The answer's headers: kept nowhere, telling nobody, loading and running nothing but its own style."""
    digest = base64.b64encode(hashlib.sha256((own_style or style()).encode()).digest()).decode()
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow, noarchive",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": (
            f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none';"
            " frame-ancestors 'none'"
        ),
    }


@cache
def style() -> str:
    """The style sheet that stands in the page."""
    return style_of("responder.css")


def style_of(*names: str) -> str:
    """Style sheets as they stand in a page, their lines' indents left out."""
    texts = [(_TEMPLATES / name).read_text(encoding="utf-8") for name in names]
    return re.sub(r"\n\s*", "\n", "".join(texts)).strip()


@cache
def template(name: str) -> Template:
    """A page that functions render; whatever it does not know is a fault, and every text is escaped."""
    # Not at import: most requests of this function never show the page.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def _message(view: ResponderView) -> str:
    return (
        view.message if view.message in MESSAGES and (view.answered or view.message not in RECORDED) else ""
    )


def _notice(view: ResponderView, texts: Mapping[str, str]) -> str:
    if view.status in ("cleared", "cancelled"):
        return texts[f"is_{view.status}"]
    if view.state == "late":
        return texts["closed"]
    # Whoever cannot be told by the unit's status that others go.
    if view.role and view.status not in ("unable", "cancelled"):
        return texts[view.role]
    return texts.get(f"is_{view.status}", "")


def _recorded(view: ResponderView, texts: Mapping[str, str]) -> str:
    """What now stands, beside the message that it was recorded."""
    if view.message not in ("applied", "repeated") or view.status not in texts:
        return ""
    return f"{texts[view.status]} {_clock(view, view.milestones.get(view.status, ''))}".strip()


def _clip(text: str, longest: int) -> str:
    text = re.sub(r"\s*\n\s*", "\n", text.strip())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _clock(view: ResponderView, instant: str) -> str:
    if not instant:
        return ""
    clock = times.local_clock(instant, view.utc_offset_hours)
    return clock.replace(":", ".") if view.language == "id" else clock


def _moment(view: ResponderView) -> str:
    """Day, time and zone: a page read hours later must not pass for a fresh one."""
    _, month, day = times.local_day(view.received_at, view.utc_offset_hours).split("-")
    zone = ZONES.get(view.utc_offset_hours, f"UTC{view.utc_offset_hours:+d}")
    return f"{int(day)} {MONTHS[view.language][int(month) - 1]}, {_clock(view, view.received_at)} {zone}"
