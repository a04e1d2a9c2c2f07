"""The kinds of SMS whose text officers may keep: what each may hold, what it must hold, and what is sent where nobody keeps one.

A paging drill's text is none of them (ADR 13), nor are the marks that nobody may leave out: that it is a drill, that a call-off
does not count, that somebody is asked as backup, how to answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from .registry import Language


class Kind(NamedTuple):
    """What a kind of text may hold in braces, which of it must stand there, and the program's own words."""

    placeholders: frozenset[str]
    needed: tuple[str, ...]
    own: dict[Language, str]


_CALL_OUT = frozenset({"drill", "type", "priority", "place", "unit", "link", "time", "label", "reply"})
# It names the crew, and the instant at which it was decided, as SMS overtake each other.
_NOT_NEEDED = frozenset({"drill", "type", "priority", "place", "unit", "time", "label", "at"})
# Nothing that tells whoever else holds the phone who called, or where.
_CALLER = frozenset({"label", "regency", "at", "type"})
# To a person of the registry, of their own duty: the link is theirs alone.
_OWN_DUTY = frozenset({"regency", "duty", "link"})
_CHANGE = frozenset({"regency", "change", "link"})
# To whoever keeps an agency's duty: what lies ahead, nobody's name.
_AHEAD = frozenset({"regency", "agency", "what"})

TEMPLATES: dict[str, Kind] = {
    "page": Kind(_CALL_OUT, ("link",), {}),
    "cancelled": Kind(_CALL_OUT, (), {}),
}
TEXTS: dict[str, Kind] = {
    "amended": Kind(
        _CALL_OUT | {"was"},
        ("link", "label", "was"),
        {
            "id": "{drill}112 UBAH {label}: {type} P{priority} di {place}. {was} {time} {link} {reply}",
            "en": "{drill}112 CHANGED {label}: {type} P{priority} at {place}. {was} {time} {link} {reply}",
        },
    ),
    "not_needed_answered": Kind(
        _NOT_NEEDED,
        ("label", "at", "unit"),
        {
            "id": "{drill}112 {label} jam {at}: {unit} sudah dijawab yang lain. Anda TIDAK perlu datang. {type} {time}.",
            "en": "{drill}112 {label} at {at}: others answered for {unit}. You are NOT needed. {type} {time}.",
        },
    ),
    "not_needed_unable": Kind(
        _NOT_NEEDED,
        ("label", "at", "unit"),
        {
            "id": "{drill}112 {label} jam {at}: {unit} melapor TIDAK BISA. Anda tidak perlu datang. {type} {time}.",
            "en": "{drill}112 {label} at {at}: {unit} is UNABLE to come. You are not needed. {type} {time}.",
        },
    ),
    "not_needed_ended": Kind(
        _NOT_NEEDED,
        ("label", "at", "unit"),
        {
            "id": "{drill}112 {label} jam {at}: kejadian SELESAI. Anda tidak perlu datang. {unit}, {type} {time}.",
            "en": "{drill}112 {label} at {at}: incident OVER. You are not needed. {unit}, {type} {time}.",
        },
    ),
    # That help is *sent* is true while a crew is asked; that it is on its way may not be.
    "caller": Kind(
        _CALLER,
        (),
        {
            "id": "112 {regency}: laporan Anda sudah diterima, bantuan sedang dikirim. Ada perubahan? Telepon 112 lagi. No. {label}",
            "en": "112 {regency}: your report was received, help is being sent. Has anything changed? Call 112 again. No. {label}",
        },
    ),
    "duty_link": Kind(
        _OWN_DUTY - {"duty"},
        ("link",),
        {
            "id": "112 {regency}: halaman dinas Anda. Simpan, jangan diteruskan. {link}",
            "en": "112 {regency}: your own duty page. Keep it, do not pass it on. {link}",
        },
    ),
    "duty_ahead": Kind(
        _AHEAD,
        ("what",),
        {
            "id": "112 {agency}: {what}. Buka Jadwal piket.",
            "en": "112 {agency}: {what}. Open the duty roster.",
        },
    ),
    "duty_changed": Kind(
        _OWN_DUTY,
        ("link", "duty"),
        {
            "id": "112: dinas Anda berubah: {duty}. Lihat semua: {link}",
            "en": "112: your duty has changed: {duty}. See all: {link}",
        },
    ),
    "duty_asked": Kind(
        _CHANGE,
        ("link", "change"),
        {
            "id": "112: DIMINTA: {change}. Belum berlaku, jawab di {link}",
            "en": "112: ASKED: {change}. Not yet so, answer at {link}",
        },
    ),
    "duty_agreed": Kind(
        _CHANGE,
        ("link", "change"),
        {"id": "112: BERLAKU: {change}. {link}", "en": "112: AGREED: {change}. {link}"},
    ),
    "duty_refused": Kind(
        _CHANGE,
        ("link", "change"),
        {
            "id": "112: DITOLAK, dinas tetap: {change}. {link}",
            "en": "112: REFUSED, duty stays: {change}. {link}",
        },
    ),
    "duty_withdrawn": Kind(
        _CHANGE,
        ("change",),
        {
            "id": "112: DIBATALKAN, dinas tetap seperti semula: {change}.",
            "en": "112: TAKEN BACK, duty is as it was: {change}.",
        },
    ),
    # To the agency's admins, who work on the site.
    "duty_to_approve": Kind(
        _CHANGE - {"link"},
        ("change",),
        {
            "id": "112: MINTA PERSETUJUAN: {change}. Belum berlaku.",
            "en": "112: TO APPROVE: {change}. Not yet so.",
        },
    ),
    "duty_left": Kind(
        _CHANGE - {"link"},
        ("change",),
        {
            "id": "112: {change}. Carikan pengganti.",
            "en": "112: {change}. Find somebody to stand in.",
        },
    ),
}
KINDS = {**TEMPLATES, **TEXTS}
# No officer's: whatever they would write, nobody must take it for a call-out.
OURS: dict[str, dict[Language, str]] = {
    "duty_test": {
        "id": "112 UJI: SMS ini sampai. Bukan panggilan, tidak perlu berbuat apa-apa. {at}",
        "en": "112 TEST: this SMS arrived. It is no call-out, nothing is to be done. {at}",
    },
}


class Kept(Protocol):
    """A text of the registry."""

    @property
    def id(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def language(self) -> Language: ...

    @property
    def body(self) -> str: ...


def bodies(kept: Iterable[Kept], kind: str, language: Language) -> list[str]:
    """The words of a kind, the best first: the officers' in that language, then the program's own."""
    found = sorted((each for each in kept if (each.kind, each.language) == (kind, language)), key=_by_id)
    own = OURS[kind] if kind in OURS else TEXTS[kind].own
    return [*(each.body for each in found), own[language]]


def _by_id(each: Kept) -> str:
    return each.id
