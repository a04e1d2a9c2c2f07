"""Which columns a noun's sheet has, and by which heads agencies' own sheets name them, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct, field

from ..registry import Label
from .cells import folded

Reads = Literal[
    "id",
    "name",
    "text",
    "phone",
    "nip",
    "whole",
    "latitude",
    "longitude",
    "point",
    "reference",
    "references",
    "terrains",
    "language",
    "held",
    "held_until",
    "day_from",
    "day_until",
    "chief",
]


class Column(Struct, frozen=True, kw_only=True):
    """A field of a noun as a column: its title in exports, the heads by which it is known, how its cells are read.

    `noun`: which noun's words its cells hold. `of`: the thing that the whole column is about, such as a certificate.
    """

    field: str
    title: Label
    reads: Reads
    heads: tuple[str, ...] = ()
    needed: bool = False
    noun: str = ""
    of: str = ""
    # Whether one text may be given for all rows instead of a column.
    for_all: bool = False


class NounSheet(Struct, frozen=True, kw_only=True):
    """A noun that comes and goes in sheets; `proofs` are columns that only a row of data has."""

    noun: str
    columns: tuple[Column, ...]
    label: str
    proofs: tuple[str, ...]
    empty: Mapping[str, Any] = field(default_factory=dict)


def _column(field: str, titles: str, reads: Reads, heads: str, **more: Any) -> Column:
    """A column from its titles in both languages and its heads, each parted by `|`."""
    id_, en = titles.split(" | ")
    known = tuple(each.strip() for each in heads.split("|"))
    return Column(field=field, title=Label(id=id_, en=en), reads=reads, heads=known, **more)


_ID = _column("id", "ID (jangan diubah) | ID (do not change)", "id", "id | kode id")
_AGENCY = _column(
    "agency_id",
    "Instansi | Agency",
    "reference",
    "instansi | sopd | opd | skpd | dinas | nama instansi | agency | asal instansi | unit kerja",
    noun="agencies",
    needed=True,
    for_all=True,
)
# By which heads people are named, wherever a column holds a person.
_PEOPLE = (
    "nama lengkap | nama personel | nama personil | nama anggota | nama pegawai | nama petugas | nama relawan |"
    "nama/pangkat | nama dan gelar | nama lengkap dan gelar | full name | personnel | personel | personil"
)
_NAME = _column("name", "Nama | Name", "name", _PEOPLE, needed=True)
_NIP = _column(
    "nip",
    "NIP/NRP | Service number",
    "nip",
    "nip | nrp | nip/nrp/nik | nomor induk pegawai | no induk | no nip | nrpk | nipppk",
)
_PHONE: tuple[str, Reads, str] = (
    "Nomor HP | Phone",
    "phone",
    "no hp | hp | no telp | no tlp | telp | telepon | no telepon | no hp/wa | no wa | wa | whatsapp | no handphone |"
    "handphone | kontak | no kontak | mobile | phone number | telephone",
)

PERSONNEL = NounSheet(
    noun="personnel",
    label="name",
    proofs=("phone", "nip", "id"),
    columns=(
        _ID,
        _AGENCY,
        _NAME,
        _NIP,
        _column("phone", *_PHONE, needed=True),
        _column("language", "Bahasa SMS | SMS language", "language", "bahasa | language"),
        _column(
            "certifications",
            "Sertifikat | Certificates",
            "held",
            "sertifikasi | sertifikat dan masa berlaku | sertifikat (berlaku s.d.) | certificates | kompetensi",
            noun="certifications",
        ),
    ),
    empty={"language": "id", "certifications": [], "nip": ""},
)

UNITS = NounSheet(
    noun="units",
    label="callsign",
    proofs=("callsign", "id"),
    columns=(
        _ID,
        _AGENCY,
        _column(
            "station_id",
            "Pos | Station",
            "reference",
            "nama pos | pos/mako | pos jaga | lokasi pos | pangkalan | markas | sektor | penempatan | station",
            noun="stations",
            needed=True,
            for_all=True,
        ),
        _column(
            "callsign",
            "Nama panggil | Callsign",
            "text",
            "callsign | call sign | kode panggil | panggilan | kode unit | nama panggilan radio | no lambung",
            needed=True,
        ),
        _column(
            "name",
            "Nama unit | Unit name",
            "text",
            "nama | unit | nama kendaraan | jenis kendaraan | kendaraan | armada | nama armada | name | vehicle",
            needed=True,
        ),
        _column(
            "terrains",
            "Medan | Terrain",
            "terrains",
            "darat/air | medan operasi | wilayah operasi | terrain | matra",
            needed=True,
            for_all=True,
        ),
        _column(
            "capabilities",
            "Kemampuan | Capabilities",
            "references",
            "kemampuan unit | fungsi | kapabilitas | capability | peralatan",
            noun="capabilities",
        ),
        _column(
            "min_crew",
            "Awak minimal | Smallest crew",
            "whole",
            "jumlah awak | awak | jumlah personel | kru | jml awak | crew | min. awak | minimal awak",
        ),
    ),
    empty={"capabilities": [], "min_crew": 1},
)

STATIONS = NounSheet(
    noun="stations",
    label="name",
    proofs=("lat", "point", "id"),
    columns=(
        _ID,
        _AGENCY,
        _column(
            "name",
            "Nama pos | Station name",
            "text",
            "nama | pos | nama pos/mako | station | name | pos jaga | markas",
            needed=True,
        ),
        _column(
            "district_id",
            "Kecamatan | District",
            "reference",
            "kec | kec. | wilayah | district | nama kecamatan",
            noun="districts",
            needed=True,
            for_all=True,
        ),
        _column(
            "lat",
            "Lintang | Latitude",
            "latitude",
            "lat | latitude | koordinat lintang | ls | garis lintang",
            needed=True,
        ),
        _column(
            "lng",
            "Bujur | Longitude",
            "longitude",
            "lng | long | lon | longitude | koordinat bujur | bt | garis bujur",
            needed=True,
        ),
        _column(
            "point",
            "Koordinat | Coordinates",
            "point",
            "titik koordinat | koordinat (lat, long) | coordinates | lat, long | lat,long | lokasi gps | gps",
        ),
    ),
)

# A row is somebody's membership, told by the crew's name in it or above it.
CREWS = NounSheet(
    noun="crews",
    label="name",
    proofs=("nip", "phone", "since"),
    columns=(
        _AGENCY,
        _column(
            "crew",
            "Regu | Crew",
            "text",
            "nama regu | kelompok | pleton | peleton | crew | team",
            needed=True,
            for_all=True,
        ),
        _NAME,
        _NIP,
        _column("phone", *_PHONE),
        _column(
            "since",
            "Sejak | Since",
            "day_from",
            "mulai | tmt | sejak tanggal | mulai tanggal | tanggal masuk | since | from",
            needed=True,
            for_all=True,
        ),
        _column("until", "Sampai | Until", "day_until", "s.d. | sampai tanggal | hingga | until | to"),
        _column(
            "chief",
            "Kepala regu | Chief",
            "chief",
            "jabatan | peran | ketua | danru | komandan regu | jabatan dalam regu | chief | role",
        ),
    ),
)

SHEETS: dict[str, NounSheet] = {each.noun: each for each in (PERSONNEL, UNITS, STATIONS, CREWS)}
# A running number, by which rows of data are told from sections and signatures.
NUMBER_HEADS = frozenset({"no", "no.", "nomor", "nomor urut", "no urut", "no. urut", "nr", "#", "number"})


def columns_of(sheet: NounSheet, certifications: Mapping[str, Any]) -> tuple[Column, ...]:
    """A noun's columns; people have one more for each certificate, under its name, with the last valid day."""
    if sheet.noun != "personnel":
        return sheet.columns
    return sheet.columns + tuple(
        Column(
            field=f"certifications:{each.id}",
            title=each.label,
            reads="held_until",
            heads=(
                each.id,
                *(
                    f"{word} {name}"
                    for name in (each.label.id, each.label.en)
                    for word in ("sertifikat", "sertifikasi")
                ),
            ),
            of=each.id,
        )
        for each in certifications.values()
    )


def fields_by_head(columns: tuple[Column, ...]) -> dict[str, str]:
    """By every head, folded, its field."""
    found: dict[str, str] = {}
    for each in columns:
        for head in (each.title.id, each.title.en, each.field, *each.heads):
            for written in _written(folded(head)):
                found.setdefault(written, each.field)
    return found


def _written(head: str) -> list[str]:
    """A head in the ways in which people write it: no hp, no. hp, nomor hp, nohp; with blanks about a stroke."""
    heads = [head]
    if head.startswith("no "):
        heads += [f"{no}{head.removeprefix('no ')}" for no in ("no. ", "no.", "nomor ", "no")]
    return [each for one in heads for each in (one, *([one.replace("/", " / ")] if "/" in one else []))]
