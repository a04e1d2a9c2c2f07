"""Wake-ups: where somebody must look now; what is to be done there the database says."""

from __future__ import annotations

from typing import Literal, NamedTuple

Queue = Literal["pages", "bulk", "timers"]

# In place of a page: what of the incident no transaction holds yet.
REST = "#"
# What a queue's messages call the part of the incident that they name.
PARTS: dict[Queue, str] = {"pages": "page", "bulk": "page", "timers": "assignment"}


class Wakeup(NamedTuple):
    """An incident's id with that of its page (or REST) or assignment, as the queue has it."""

    incident_id: str
    part_id: str

    def message(self, queue: Queue) -> dict[str, str]:
        """What stands in a queue's message."""
        return {"incident": self.incident_id, PARTS[queue]: self.part_id}

    @classmethod
    def read(cls, queue: Queue, message: dict[str, object]) -> Wakeup:
        """The wake-up in a message; KeyError or TypeError where it is none."""
        return cls(str(message["incident"]), str(message[PARTS[queue]]))
