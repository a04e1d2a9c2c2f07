"""The gateway's process: the HTTP interface, the site's files and the phones' page."""

from __future__ import annotations

import importlib
import logging
import signal
import sys
from dataclasses import replace
from types import FrameType

import waitress

from chalicelib import bootstrap
from chalicelib.config import Settings
from chalicelib.domain.registry import Agency, Person
from infra.local.gateway import THREADS, Api, Gateway, waitress_errors_in_our_words
from infra.local.life import Life
from infra.local.logs import discreet, write_errors, write_requests
from infra.local.phones import Phones
from infra.local.queue_socket import RemoteQueues
from infra.local.seals import FolderSeals
from infra.local.simulator import Modem, Simulator
from infra.local.stack import REPO, Stack
from infra.local.static import StaticFiles
from infra.local.tokens import TokenVerifier
from infra.local.workbooks import WorkedFolder

WAITRESS = {
    "threads": THREADS,
    # Above our own limit, so that we can answer in words instead of closing the connection.
    "max_request_body_size": 16 * 1024 * 1024,
    # Connections that send half a request and wait cost no thread; they must not use up the places of real ones either.
    "connection_limit": 800,
    "asyncore_use_poll": True,
    "channel_timeout": 20,
    "cleanup_interval": 5,
}


def main() -> None:
    """Serve until SIGTERM."""
    stack = Stack.from_env()
    write_errors()
    write_requests(stack)
    settings = Settings.from_env()
    app_module = importlib.import_module("app")
    discreet(app_module.app.log)
    world = replace(
        bootstrap.world(),
        wakeups=RemoteQueues(stack.port),
        seals=FolderSeals(stack.seals),
        workbooks=WorkedFolder(stack.workbooks),
        unsupervised_since=Life(stack.data).silent_since,
    )
    bootstrap.install(world)
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
    server.run()


def _stop(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


def directory() -> tuple[list[Person], list[Agency]]:
    """Return everybody who has a phone, and the agencies."""
    registry = bootstrap.world().registry.current()
    return list(registry.people.values()), list(registry.agencies.values())


if __name__ == "__main__":
    main()
