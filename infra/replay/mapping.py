"""From San Francisco to Kotawaringin Timur: types, outcomes and units by tables, places by a hash.

Nothing is claimed about where in the regency a call would have come from: a neighbourhood always falls in the same
district, and a call somewhere within 1.5 km of that district's centroid, which is inside of all 17.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import Any

JITTER_KM = 1.5
KM_A_DEGREE = 111.2

TYPES = {
    "Alarms": "shop_fire",
    "Assist Police": "public_disorder",
    "Citizen Assist / Service Call": "other_emergency",
    "Electrical Hazard": "electrical_fire",
    "Elevator / Escalator Rescue": "trapped_person",
    "Fuel Spill": "other_emergency",
    "Gas Leak (Natural and LP Gases)": "gas_leak",
    "Medical Incident": "illness",
    "Odor (Strange / Unknown)": "gas_leak",
    "Other": "other_emergency",
    "Outside Fire": "forest_fire",
    "Smoke Investigation (Outside)": "forest_fire",
    "Structure Fire": "house_fire",
    "Traffic Collision": "traffic_accident",
    "Vehicle Fire": "vehicle_fire",
    "Water Rescue": "drowning",
}
DISPOSITIONS = {
    "Against Medical Advice": "patient_refused",
    "CHP": "referred",
    "Cancelled": "cancelled_before_arrival",
    "Code 2 Transport": "patient_transported",
    "Code 3 Transport": "patient_transported",
    "Fire": "fire_out",
    "Gone on Arrival": "gone_on_arrival",
    "Medical Examiner": "patient_dead",
    "No Merit": "false_alarm",
    "Patient Declined Transport": "patient_refused",
    "SFPD": "referred",
    "Unable to Locate": "gone_on_arrival",
}
OTHER_DISPOSITION = "assisted"
CAPABILITIES = {
    "BLS": "ambulance",
    "ENGINE": "fire_suppression",
    "MEDIC": "ambulance",
    "PRIVATE": "ambulance",
    "RESCUE SQUAD": "rescue",
    "TRUCK": "rescue",
}


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def place(neighbourhood: str, call_id: str, districts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The location of a call: a district by its neighbourhood, a point near the centroid by its number."""
    by_id = sorted(districts, key=lambda district: str(district["id"]))
    district = by_id[_hash(neighbourhood) % len(by_id)]
    drawn = _hash(call_id)
    away = JITTER_KM * math.sqrt((drawn & 0xFFFF) / 0xFFFF)
    angle = 2 * math.pi * (drawn >> 16 & 0xFFFF) / 0x10000
    lat, lng = float(district["lat"]), float(district["lng"])
    north, east = away * math.cos(angle), away * math.sin(angle)
    return {
        "district": district["id"],
        "lat": round(lat + north / KM_A_DEGREE, 3),
        "lng": round(lng + east / KM_A_DEGREE / math.cos(math.radians(lat)), 3),
    }


def number(call_id: str) -> str:
    """A caller's number in Sampit's area (0531) that nobody has: no Indonesian landline begins with 0."""
    return f"+62531000{_hash(call_id) % 100_000:05d}"


def free_units(
    unit_type: str, terrain: str, units: Sequence[Mapping[str, Any]], states: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Ids of units that may be sent in addition: fit for the terrain and free, those that can do the same first."""
    held = {state["unit_id"] for state in states if state["primary"] != "Available" or state["incident_id"]}
    wanted = CAPABILITIES.get(unit_type)
    free = [
        unit
        for unit in units
        if unit["id"] not in held and terrain in unit["terrains"] and not unit["retired"]
    ]
    return [
        unit["id"] for unit in sorted(free, key=lambda each: (wanted not in each["capabilities"], each["id"]))
    ]
