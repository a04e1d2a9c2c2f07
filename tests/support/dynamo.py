"""A DynamoDB for tests: the embedded stack's own server in memory, or the one that the environment names."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.ports import free_ports

BINARY = Path(__file__).parents[2] / "node_modules/@dynoxide/linux-x64/dynoxide"


@contextmanager
def dynamodb(file: Path | None = None) -> Iterator[str]:
    """Run a server on a free port, in memory or with this file, and name it in the environment as long; its endpoint."""
    port = free_ports(1)
    kept = ["--db-path", str(file)] if file else []
    process = subprocess.Popen(
        [str(BINARY), "--port", str(port), *kept], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    endpoint = f"http://127.0.0.1:{port}"
    os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = endpoint
    try:
        deadline = time.monotonic() + 60
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError("the DynamoDB server did not start; run `make setup`")
            time.sleep(0.02)
        yield endpoint
    finally:
        # Whatever starts a process of its own afterwards must not send it here.
        del os.environ["AWS_ENDPOINT_URL_DYNAMODB"]
        process.kill()
        process.wait()
