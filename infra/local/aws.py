"""Starts MiniStack as the stack's sign-in and SMS service: on 127.0.0.1, keeping accounts through a `kill -9`.

MiniStack alone keeps its state only at a clean stop, and only logs an SMS. This wrapper saves Cognito's state within
a second of a change and puts each SMS on a phone of the simulator.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from infra.local.phones import Phones
from infra.local.stack import REGION, Stack, write_durably

SAVE_EVERY_S = 0.25
# What a browser asks to sign somebody in and out, and whether this runs; all else needs our key.
FOR_ANYBODY = frozenset(
    {"/oauth2/authorize", "/oauth2/token", "/oauth2/login", "/login", "/logout", "/_ministack/health"}
)
log = logging.getLogger(__name__)

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


def main() -> None:
    """Serve until SIGTERM."""
    stack = Stack.from_env()
    state = stack.accounts_file.parent
    state.mkdir(exist_ok=True, mode=0o700)
    # MiniStack reads these when it is imported.
    os.environ.update(
        GATEWAY_PORT=str(stack.signin_port),
        MINISTACK_HOST="localhost",
        MINISTACK_REGION=REGION,
        SERVICES="cognito-idp,sns",
        PERSIST_STATE="1",
        STATE_DIR=str(state),
        SFTP_ENABLED="0",
        IOT_MTLS_ENABLED="0",
        # At INFO it writes phone numbers and messages into its log.
        LOG_LEVEL="WARNING",
    )
    import ministack.app as ministack
    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.services import cognito, sns

    # It would remove containers that another MiniStack of this machine has started.
    ministack._stop_docker_containers = lambda: None
    phones = Phones(stack.phones_file)
    phones.create()
    deliver_to_phones(sns, phones)
    refuse_sign_up(cognito)
    speak_indonesian(cognito)
    saver = AccountSaver(cognito, stack.accounts_file)
    # Its own saving at a clean stop does not wait for the disk.
    ministack.save_all = lambda services: saver.save()
    config = Config()
    config.bind = [f"127.0.0.1:{stack.signin_port}"]
    config.loglevel = "WARNING"
    config.graceful_timeout = 1
    app: Any = guarded(ministack.app, stack, saver)
    asyncio.run(serve(app, config))


def deliver_to_phones(sns: Any, phones: Phones) -> None:
    """Let SNS's Publish to a phone number reach the simulator, before it answers."""
    stub = sns._publish

    def publish(params: dict[str, Any]) -> Any:
        number, message = sns._p(params, "PhoneNumber"), sns._p(params, "Message")
        if not number or sns._p(params, "TopicArn") or sns._p(params, "TargetArn"):
            return stub(params)
        message_id = sns.new_uuid()
        phones.receive(number, message, message_id)
        result = f"<PublishResult><MessageId>{message_id}</MessageId></PublishResult>"
        return sns._xml(200, "PublishResponse", result)

    sns._publish = publish


def refuse_sign_up(cognito: Any) -> None:
    """Hold to AllowAdminCreateUserOnly, which MiniStack stores and forgets."""
    from ministack.core.responses import error_response_json

    def sign_up(data: dict[str, Any]) -> Any:
        return error_response_json(
            "NotAuthorizedException", "SignUp is not permitted for this user pool", 400
        )

    cognito._sign_up = sign_up


INDONESIAN = {
    'lang="en"': 'lang="id"',
    ">Sign in<": ">Masuk<",
    ">Username<": ">Nama pengguna<",
    ">Password<": ">Kata sandi<",
    ">Change password<": ">Ganti kata sandi<",
    ">Set a new password<": ">Buat kata sandi baru<",
    ">New password<": ">Kata sandi baru<",
    ">Confirm new password<": ">Ulangi kata sandi baru<",
    ">Update password<": ">Simpan kata sandi<",
    ">Passwords do not match.<": ">Kedua kata sandi tidak sama.<",
    ">Password did not conform with policy: ": ">Kata sandi belum memenuhi syarat. ",
    "Password must have length greater than or equal to": "Panjangnya paling sedikit",
    "Password must have uppercase characters": "Harus ada huruf besar",
    "Password must have lowercase characters": "Harus ada huruf kecil",
    "Password must have numeric characters": "Harus ada angka",
    ">Incorrect username or password.<": ">Nama pengguna atau kata sandi salah.<",
    ">User is disabled.<": ">Akun ini dinonaktifkan.<",
    ">Powered by ministack<": ">Kentongan 112<",
    # Browsers ask for an icon that no page names, and this server lets nobody at it: a 403 in the console of each sign-in.
    "</head>": '<link rel="icon" href="data:,"></head>',
    "#0073bb": "#0b5d57",
    "#005a94": "#084640",
}


def speak_indonesian(cognito: Any) -> None:
    """Let the sign-in page speak the site's first language, as Cognito's own does when asked."""
    page = cognito._page_shell

    def page_shell(title: str, heading: str, body: str) -> str:
        html: str = page(title, heading, body)
        for english, indonesian in INDONESIAN.items():
            html = html.replace(english, indonesian)
        return html

    cognito._page_shell = page_shell


class AccountSaver:
    """Writes Cognito's state to disk soon after it changed, in the form that MiniStack loads at its start."""

    def __init__(self, cognito: Any, file: Path) -> None:
        self._cognito = cognito
        self._file = file
        self._changed = False
        self._saved = b""

    def touch(self) -> None:
        self._changed = True

    async def run(self) -> None:
        """Save what was touched, forever; on the loop, where no request can change it midway."""
        while True:
            await asyncio.sleep(SAVE_EVERY_S)
            if not self._changed:
                continue
            self._changed = False
            try:
                self.save()
            except OSError as error:
                # The log may stand on the same full disk: unlike `print`, it may fail without ending this.
                log.warning("accounts not saved, trying again: %s", error)
                self._changed = True

    def save(self) -> None:
        """Write the state if it differs from what was written last."""
        content = self._content()
        digest = hashlib.sha256(content).digest()
        if digest != self._saved:
            write_durably(self._file, content, mode=0o600)
            self._saved = digest

    def _content(self) -> bytes:
        from ministack.core import persistence

        state = {
            "__ministack_format__": persistence._state_format_version("cognito"),
            "payload": self._cognito.get_state(),
        }
        return json.dumps(state, default=persistence._json_default).encode()


def guarded(app: Any, stack: Stack, saver: AccountSaver) -> Any:
    """Let only this stack's own pages and processes in, and tell the saver of what may change an account.

    MiniStack allows every origin and checks no credentials: without this any web page that is open in a browser of
    this machine, and any other account on it, could make itself an account, send SMS, or reset everything.
    """
    hosts = {f"{name}:{stack.signin_port}" for name in ("localhost", "127.0.0.1")}
    origins = set(stack.origins) | {f"http://{host}" for host in hosts}
    credential = f"AWS4-HMAC-SHA256 Credential={stack.secrets()['aws_key']}/"

    def allowed(path: str, headers: dict[str, str]) -> bool:
        host = headers.get("host", "")
        if host not in hosts or headers.get("origin", "http://" + host) not in origins:
            return False
        if path in FOR_ANYBODY or path.endswith("/.well-known/jwks.json"):
            return True
        # A picture's address or a form of a foreign page bears no origin, and no credential either.
        return headers.get("authorization", "").startswith(credential)

    async def run(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                asyncio.get_running_loop().create_task(saver.run())
                await app(scope, receive, send)
            return
        headers = {
            name.lower().decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        path = urlsplit(scope["path"]).path
        if not allowed(path, headers):
            await send({"type": "http.response.start", "status": 403, "headers": []})
            await send({"type": "http.response.body", "body": b"forbidden"})
            return
        await app(scope, receive, send)
        if path != "/" or headers.get("x-amz-target", "").startswith("AWSCognito"):
            saver.touch()

    return run


if __name__ == "__main__":
    main()
