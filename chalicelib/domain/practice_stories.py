"""What callers say in practice, and how its crews behave. Data, as texts of SMS are; the words stand in both languages.

A story names no number and no person, so that nobody who practises can ring a stranger.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from msgspec import Struct

from .incident import AssignmentStatus
from .practice import Round
from .registry import District, Label


class Turn(NamedTuple):
    """A step that a crew of the story takes, so many seconds after it was asked."""

    status: AssignmentStatus
    after_s: int


class Story(Struct, frozen=True, kw_only=True):
    """A caller's story, line by line; `{place}` is where he is. `types` fit it, the best first."""

    id: str
    types: tuple[str, ...]
    landmark: str
    lines: tuple[Label, ...]


STORIES = (
    Story(
        id="fire",
        types=("house_fire", "electrical_fire"),
        landmark="Gang Melati",
        lines=(
            Label(
                id="Pak, tolong! Api! Rumah tetangga saya terbakar!",
                en="Sir, help! Fire! My neighbour's house is burning!",
            ),
            Label(
                id="Di {place}, Gang Melati, dekat musala yang catnya hijau.",
                en="In {place}, Gang Melati, near the small green mosque.",
            ),
            Label(
                id="Apinya dari dapur, sudah ke atap. Ada nenek, tadi sudah keluar. Rumahnya kayu semua di sini.",
                en="It began in the kitchen and has reached the roof. The grandmother got out. All houses here are of wood.",
            ),
            Label(
                id="Nomor saya jangan dicatat, Pak. Cepat ya!",
                en="Please do not write my number down. Be quick!",
            ),
        ),
    ),
    Story(
        id="river",
        types=("drowning", "boat_accident"),
        landmark="dermaga kayu",
        lines=(
            Label(
                id="Ada anak jatuh ke sungai! Tidak kelihatan lagi!",
                en="A child fell into the river! I cannot see him any more!",
            ),
            Label(
                id="Di {place}, dermaga kayu, dekat pasar ikan.",
                en="In {place}, the wooden pier, near the fish market.",
            ),
            Label(
                id="Umurnya kira-kira sepuluh tahun. Arusnya deras, orang-orang mencari pakai kelotok.",
                en="He is about ten. The current is strong; people are looking for him with a boat.",
            ),
            Label(
                id="Saya pakai telepon warung, tidak tahu nomornya.",
                en="I am on the shop's phone and do not know its number.",
            ),
        ),
    ),
    Story(
        id="road",
        types=("traffic_accident",),
        landmark="simpang tiga",
        lines=(
            Label(
                id="Halo? Ini ada tabrakan, motor sama pikap.",
                en="Hello? There was a crash, a motorbike and a pickup.",
            ),
            Label(
                id="Di {place}, di simpang tiga, depan bengkel.",
                en="In {place}, at the junction, in front of the garage.",
            ),
            Label(
                id="Yang naik motor tidak sadar, kepalanya berdarah. Jalannya macet.",
                en="The rider is unconscious and bleeds from the head. The road is blocked.",
            ),
            Label(
                id="Saya cuma lewat, tidak mau disebut.",
                en="I am only passing by and do not want to be named.",
            ),
        ),
    ),
)

# As crews that are well behave: acknowledged by the link, on the way, there.
QUICK = (Turn("acknowledged", 8), Turn("en_route", 20), Turn("on_scene", 45), Turn("ready", 60))
# The dispatcher's first crew answers, and then says by radio that it cannot come.
BROKEN = (Turn("acknowledged", 8),)


def turns(round_: Round, place: int) -> tuple[Turn, ...]:
    """What the crew that was asked as the `place`th does by itself."""
    if round_ == "dispatcher" and place == 0:
        return BROKEN
    return QUICK if round_ in ("call_taker", "dispatcher") else ()


def offered(types: Collection[str]) -> list[Story]:
    """The stories of which the registry knows a type."""
    return [story for story in STORIES if any(each in types for each in story.types)]


def named(id_: str) -> Story | None:
    """A story by its id."""
    return next((story for story in STORIES if story.id == id_), None)


def fitting(story: Story, types: Collection[str]) -> list[str]:
    """The types of the registry that fit a story, the best first."""
    return [each for each in story.types if each in types]


def place_of(districts: Mapping[str, District], at: int) -> tuple[str, str]:
    """(district, village) where a story happens: another district each time, '' for a village where none is known."""
    ids = sorted(districts)
    if not ids:
        return "", ""
    district = districts[ids[at % len(ids)]]
    villages = list(district.villages)
    return district.id, villages[at % len(villages)] if villages else ""


def spoken(story: Story, district: str, village: str) -> list[Label]:
    """What the caller says, with names."""
    place = ", ".join(filter(None, (village, district)))
    return [
        Label(id=line.id.replace("{place}", place), en=line.en.replace("{place}", place))
        for line in story.lines
    ]
