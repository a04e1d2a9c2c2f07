"""The worker's process: the queues' and the schedules' functions, away from the desk's requests.

As on AWS, where each function has processes of its own: sending pages must not wait for the desk, nor the desk for it.
"""

from __future__ import annotations

import importlib
import signal
import threading
import time
from dataclasses import replace

from chalicelib import bootstrap
from chalicelib.services.evidence import retention, sealing
from chalicelib.services.pages.pacing import BULK_WORKERS
from infra.local.logs import discreet, write_errors
from infra.local.queue_socket import QueueServer
from infra.local.seals import FolderSeals
from infra.local.stack import Stack
from infra.local.wakeups import InProcessQueues, Schedule
from infra.local.workbooks import FORGET_EVERY_S, forget

RETENTION_AFTER_S = 600.0
SEAL_AFTER_S = 60.0


def main() -> None:
    """Work until SIGTERM."""
    stack = Stack.from_env()
    write_errors()
    app_module = importlib.import_module("app")
    discreet(app_module.app.log)
    queues = InProcessQueues(
        {
            "pages": app_module.send_pages,
            "bulk": app_module.send_bulk,
            "timers": app_module.run_timers,
        },
        workers={"bulk": BULK_WORKERS},
    )
    world = replace(bootstrap.world(), wakeups=queues, seals=FolderSeals(stack.seals))
    bootstrap.install(world)
    schedules = (
        Schedule("sweep", app_module.sweep, world.settings.sweep_every_s),
        Schedule("audit", app_module.audit, world.settings.audit_every_s),
        Schedule("notices", app_module.send_notices, world.settings.sweep_every_s),
        # A start may follow a crash: pages that were left undone come before what has waited for months.
        Schedule("retention", app_module.retention, retention.EVERY_S, first_after_s=RETENTION_AFTER_S),
        Schedule(sealing.NAME, app_module.seal, sealing.EVERY_S, first_after_s=SEAL_AFTER_S),
        Schedule("workbooks", lambda *_: forget(stack.workbooks, time.time()), FORGET_EVERY_S),
    )
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    queues.start()
    for schedule in schedules:
        schedule.start()
    QueueServer(stack.port, queues).start()
    stopped.wait()
    for schedule in schedules:
        schedule.close()
    queues.close(4.0)


if __name__ == "__main__":
    main()
