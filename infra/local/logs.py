"""What the stack's processes write into their logs, and how discreetly."""

from __future__ import annotations

import logging
import logging.handlers
import re

from infra.local.stack import Stack

SECRET = re.compile(r"(/r/)[^\s/?\"'<>]+|(Bearer )\S+|\+?\d{8,15}(?=\D|$)|eyJ[\w-]+\.[\w-]+\.[\w-]*")
access_log = logging.getLogger("infra.local.access")


class DiscreetFormatter(logging.Formatter):
    """Writes log lines without link codes, tokens and phone numbers, whoever put them in."""

    def format(self, record: logging.LogRecord) -> str:
        return SECRET.sub(lambda found: (found[1] or found[2] or "") + "…", super().format(record))


def write_errors() -> None:
    """Write what a process has to say to standard error."""
    errors = logging.StreamHandler()
    errors.setFormatter(DiscreetFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[errors])
    logging.getLogger("botocore").setLevel(logging.WARNING)


def write_requests(stack: Stack) -> None:
    """Write requests to log/access.log, which is kept small."""
    access = logging.handlers.RotatingFileHandler(
        stack.logs / "access.log", maxBytes=5_000_000, backupCount=2, encoding="utf-8", delay=True
    )
    access.setFormatter(DiscreetFormatter("%(asctime)s %(message)s"))
    access_log.addHandler(access)
    access_log.propagate = False


def discreet(logger: logging.Logger) -> None:
    """Let chalice's own handler, which would log a link's code when a view fails, keep silent about it."""
    for handler in logger.handlers:
        handler.setFormatter(DiscreetFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
