"""The gateway's process: the HTTP interface, the site's files, the queues, the schedules and the daily shifts."""

from __future__ import annotations

import importlib
import logging
import logging.handlers
import signal
import sys
import threading
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from types import FrameType

import waitress

from chalicelib import bootstrap
from chalicelib.config import Settings
from chalicelib.domain.registry import Agency, Person
from chalicelib.services import retention
from infra.local import seeding
from infra.local.gateway import Api, DiscreetFormatter, Gateway, access_log, waitress_errors_in_our_words
from infra.local.phones import Phones
from infra.local.simulator import Modem, Simulator
from infra.local.stack import REPO, Stack
from infra.local.static import StaticFiles
from infra.local.tokens import TokenVerifier
from infra.local.wakeups import InProcessQueues, Schedule

WAITRESS = {
    "threads": 8,
    # Above our own limit, so that we can answer in words instead of closing the connection.
    "max_request_body_size": 16 * 1024 * 1024,
    # Connections that send half a request and wait cost no thread; they must not use up the places of real ones either.
    "connection_limit": 800,
    "asyncore_use_poll": True,
    "channel_timeout": 20,
    "cleanup_interval": 5,
}

log = logging.getLogger(__name__)


def main() -> None:
    """Serve until SIGTERM."""
    stack = Stack.from_env()
    write_logs(stack)
    settings = Settings.from_env()
    app_module = importlib.import_module("app")
    discreet(app_module.app.log)
    queues = InProcessQueues(
        {
            "pages": app_module.send_pages,
            "bulk": app_module.send_bulk,
            "timers": app_module.run_timers,
        }
    )
    bootstrap.install(replace(bootstrap.world(), wakeups=queues))
    schedules = (
        Schedule("sweep", app_module.sweep, settings.sweep_every_s),
        Schedule("audit", app_module.audit, settings.audit_every_s),
        Schedule("retention", app_module.retention, retention.EVERY_S),
    )
    tokens = TokenVerifier(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_jwks_uri)
    api = Api(app_module.app, tokens)
    gateway = Gateway(
        api,
        StaticFiles(REPO / "admin_site" / "dist"),
        Simulator(Phones(stack.phones_file), directory, Modem(api, settings.inbound_secret)),
        stack.signin_url,
    )
    waitress_errors_in_our_words()
    # It warns of every request that waits for a thread; the access log tells how long each took.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = waitress.create_server(
        gateway,
        host="127.0.0.1",
        port=stack.port,
        ident="kentongan",
        clear_untrusted_proxy_headers=True,
        **WAITRESS,
    )
    signal.signal(signal.SIGTERM, _stop)
    queues.start()
    for schedule in schedules:
        schedule.start()
    threading.Thread(target=keep_shifts, name="shifts", daemon=True).start()
    try:
        server.run()
    finally:
        for schedule in schedules:
            schedule.close()
        queues.close(4.0)


def _stop(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


def directory() -> tuple[list[Person], list[Agency]]:
    """Return everybody who has a phone, and the agencies."""
    registry = bootstrap.world().registry.current()
    return list(registry.people.values()), list(registry.agencies.values())


def keep_shifts() -> None:
    """Make the demo shifts of the days to come whenever a new local day has begun."""
    zone = timezone(timedelta(hours=bootstrap.world().settings.utc_offset_hours))
    seeded = datetime.now(zone).date()
    while True:
        threading.Event().wait(60)
        today = datetime.now(zone).date()
        if today != seeded:
            try:
                seeding.make_shifts(today)
                seeded = today
            except Exception:
                log.exception("the shifts were not made; trying again")


def write_logs(stack: Stack) -> None:
    """Write requests to log/access.log, which is kept small, and all else to standard error."""
    errors = logging.StreamHandler()
    errors.setFormatter(DiscreetFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[errors])
    access = logging.handlers.RotatingFileHandler(
        stack.logs / "access.log", maxBytes=5_000_000, backupCount=2, encoding="utf-8", delay=True
    )
    access.setFormatter(DiscreetFormatter("%(asctime)s %(message)s"))
    access_log.addHandler(access)
    access_log.propagate = False
    logging.getLogger("botocore").setLevel(logging.WARNING)


def discreet(logger: logging.Logger) -> None:
    """Let chalice's own handler, which would log a link's code when a view fails, keep silent about it."""
    for handler in logger.handlers:
        handler.setFormatter(DiscreetFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))


if __name__ == "__main__":
    main()
