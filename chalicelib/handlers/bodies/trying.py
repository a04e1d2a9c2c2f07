"""What trying the rules takes."""

from __future__ import annotations

from ...domain.registry import Terrain
from .fields import Body, Moment, Word


class TryQuery(Body, frozen=True, kw_only=True):
    """What is supposed to happen, where, and when; without `at` now, with what the units are doing."""

    type: Word
    district: Word
    terrain: Terrain | None = None
    at: Moment | None = None


class EffectQuery(Body, frozen=True, kw_only=True):
    """In which district a draft is tried; without one each plan in one that it is for. `removed`: without the thing."""

    district: Word | None = None
    removed: bool = False
