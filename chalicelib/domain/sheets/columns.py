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


_ID = Column(
    field="id",
    title=Label(id="ID (jangan diubah)", en="ID (do not change)"),
    reads="id",
    heads=("id", "kode id"),
)
_AGENCY = Column(
    field="agency_id",
    title=Label(id="Instansi", en="Agency"),
    reads="reference",
    noun="agencies",
    heads=(
        "instansi",
        "sopd",
        "opd",
        "skpd",
        "dinas",
        "nama instansi",
        "agency",
        "asal instansi",
        "unit kerja",
    ),
    needed=True,
    for_all=True,
)

PERSONNEL = NounSheet(
    noun="personnel",
    label="name",
    proofs=("phone", "nip", "id"),
    columns=(
        _ID,
        _AGENCY,
        Column(
            field="name",
            title=Label(id="Nama", en="Name"),
            reads="name",
            heads=(
                "nama lengkap",
                "nama personel",
                "nama personil",
                "nama anggota",
                "nama pegawai",
                "nama petugas",
                "nama relawan",
                "nama/pangkat",
                "nama dan gelar",
                "nama lengkap dan gelar",
                "full name",
                "personnel",
                "personel",
                "personil",
            ),
            needed=True,
        ),
        Column(
            field="nip",
            title=Label(id="NIP/NRP", en="Service number"),
            reads="nip",
            heads=(
                "nip",
                "nrp",
                "nip / nrp",
                "nip/nrp/nik",
                "nomor induk pegawai",
                "no induk",
                "no. nip",
                "nrpk",
                "nipppk",
            ),
        ),
        Column(
            field="phone",
            title=Label(id="Nomor HP", en="Phone"),
            reads="phone",
            heads=(
                "no hp",
                "no. hp",
                "nohp",
                "hp",
                "no telp",
                "no. telp",
                "no tlp",
                "no. tlp",
                "telp",
                "telepon",
                "nomor telepon",
                "no telepon",
                "no. telepon",
                "no hp/wa",
                "no. hp/wa",
                "no hp / wa",
                "no. hp / wa",
                "nomor hp/wa",
                "no wa",
                "no. wa",
                "wa",
                "whatsapp",
                "nomor wa",
                "no handphone",
                "no. handphone",
                "handphone",
                "nomor handphone",
                "kontak",
                "no kontak",
                "no. kontak",
                "nomor kontak",
                "mobile",
                "phone number",
                "telephone",
            ),
            needed=True,
        ),
        Column(
            field="language",
            title=Label(id="Bahasa SMS", en="SMS language"),
            reads="language",
            heads=("bahasa", "language"),
        ),
        Column(
            field="certifications",
            title=Label(id="Sertifikat", en="Certificates"),
            reads="held",
            noun="certifications",
            heads=(
                "sertifikasi",
                "sertifikat dan masa berlaku",
                "sertifikat (berlaku s.d.)",
                "certificates",
                "kompetensi",
            ),
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
        Column(
            field="station_id",
            title=Label(id="Pos", en="Station"),
            reads="reference",
            noun="stations",
            heads=(
                "nama pos",
                "pos/mako",
                "pos jaga",
                "lokasi pos",
                "pangkalan",
                "markas",
                "sektor",
                "penempatan",
                "station",
            ),
            needed=True,
            for_all=True,
        ),
        Column(
            field="callsign",
            title=Label(id="Nama panggil", en="Callsign"),
            reads="text",
            heads=(
                "callsign",
                "call sign",
                "kode panggil",
                "panggilan",
                "kode unit",
                "nama panggilan radio",
                "no lambung",
                "nomor lambung",
            ),
            needed=True,
        ),
        Column(
            field="name",
            title=Label(id="Nama unit", en="Unit name"),
            reads="text",
            heads=(
                "nama",
                "unit",
                "nama kendaraan",
                "jenis kendaraan",
                "kendaraan",
                "armada",
                "nama armada",
                "name",
                "vehicle",
            ),
            needed=True,
        ),
        Column(
            field="terrains",
            title=Label(id="Medan", en="Terrain"),
            reads="terrains",
            heads=("darat/air", "medan operasi", "wilayah operasi", "terrain", "matra"),
            needed=True,
            for_all=True,
        ),
        Column(
            field="capabilities",
            title=Label(id="Kemampuan", en="Capabilities"),
            reads="references",
            noun="capabilities",
            heads=("kemampuan unit", "fungsi", "kapabilitas", "capability", "peralatan"),
        ),
        Column(
            field="min_crew",
            title=Label(id="Awak minimal", en="Smallest crew"),
            reads="whole",
            heads=(
                "jumlah awak",
                "awak",
                "jumlah personel",
                "kru",
                "jml awak",
                "crew",
                "min. awak",
                "minimal awak",
            ),
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
        Column(
            field="name",
            title=Label(id="Nama pos", en="Station name"),
            reads="text",
            heads=("nama", "pos", "nama pos/mako", "station", "name", "pos jaga", "markas"),
            needed=True,
        ),
        Column(
            field="district_id",
            title=Label(id="Kecamatan", en="District"),
            reads="reference",
            noun="districts",
            heads=("kec", "kec.", "wilayah", "district", "nama kecamatan"),
            needed=True,
            for_all=True,
        ),
        Column(
            field="lat",
            title=Label(id="Lintang", en="Latitude"),
            reads="latitude",
            heads=("lat", "latitude", "koordinat lintang", "ls", "garis lintang"),
            needed=True,
        ),
        Column(
            field="lng",
            title=Label(id="Bujur", en="Longitude"),
            reads="longitude",
            heads=("lng", "long", "lon", "longitude", "koordinat bujur", "bt", "garis bujur"),
            needed=True,
        ),
        Column(
            field="point",
            title=Label(id="Koordinat", en="Coordinates"),
            reads="point",
            heads=(
                "titik koordinat",
                "koordinat (lat, long)",
                "coordinates",
                "lat, long",
                "lat,long",
                "lokasi gps",
                "gps",
            ),
        ),
    ),
)

SHEETS: dict[str, NounSheet] = {each.noun: each for each in (PERSONNEL, UNITS, STATIONS)}
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
            found.setdefault(folded(head), each.field)
    return found
