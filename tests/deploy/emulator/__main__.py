"""Serves AWS and the edge until SIGTERM: `python -m tests.deploy.emulator <folder> <port>`; the edge has the port above.

The folder takes the phones' messages, the edge's certificates and the interpreter for functions.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from pathlib import Path
from typing import Any

REGION = "ap-southeast-3"
HOSTS = ["*.cloudfront.net", f"*.auth.{REGION}.amazoncognito.com", f"cognito-idp.{REGION}.amazonaws.com"]


def main() -> None:
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    # MiniStack reads these when it is imported.
    os.environ.update(
        GATEWAY_PORT=str(port),
        MINISTACK_HOST="localhost",
        MINISTACK_REGION=REGION,
        AWS_DEFAULT_REGION=REGION,
        SFTP_ENABLED="0",
        IOT_MTLS_ENABLED="0",
        LOG_LEVEL="WARNING",
    )
    import ministack.app as ministack
    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.core import lambda_runtime
    from ministack.services import cognito, sns

    from infra.local.aws import deliver_to_phones, refuse_sign_up
    from infra.local.phones import Phones
    from tests.deploy.emulator import edge, lacking, rights

    # It would remove containers that another MiniStack of this machine has started.
    ministack._stop_docker_containers = lambda: None
    interpreter = make_interpreter(folder)
    python_worker = lambda_runtime._PYTHON_WORKER_SCRIPT
    lambda_runtime._detect_runtime_binary = lambda runtime: (str(interpreter), python_worker)
    phones = Phones(folder / "phones.sqlite")
    phones.create()
    deliver_to_phones(sns, phones)
    refuse_sign_up(cognito)
    lacking.add_all()
    write_signing_key(cognito, folder / "signing.pem")
    server = edge.make_server(port + 1, f"http://127.0.0.1:{port}", folder, HOSTS)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    config = Config()
    config.bind = [f"{address}:{port}" for address in ("127.0.0.1", *rights.ADDRESSES)]
    config.loglevel = "WARNING"
    config.graceful_timeout = 1
    app: Any = rights.guarded(ministack.app, folder / "refused")
    asyncio.run(serve(app, config))


def write_signing_key(cognito: Any, file: Path) -> None:
    """Let tests sign what the service itself would not: a token that has expired, say."""
    from cryptography.hazmat.primitives import serialization

    file.write_bytes(
        cognito._RSA_PRIVATE_KEY.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def make_interpreter(folder: Path) -> Path:
    """A Python that sees no packages of this machine: what the zip lacks, a function here lacks too."""
    base = getattr(sys, "_base_executable", sys.executable)
    script = folder / "python"
    script.write_text(f'#!/bin/sh\nunset PYTHONPATH\nexec "{base}" -S "$@"\n')
    script.chmod(0o755)
    return script


if __name__ == "__main__":
    main()
