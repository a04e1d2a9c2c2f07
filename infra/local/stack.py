"""What the embedded stack is made of: its folder, its ports, its secrets and the environment of its parts."""

from __future__ import annotations

import errno
import json
import os
import secrets
import socket
import time
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
REGION = "ap-southeast-3"
DYNOXIDE = REPO / "node_modules" / "@dynoxide" / "linux-x64" / "dynoxide"
OWN_FILES = (
    *("lock", ".probe", "secrets.json*", "stack.json*", "dynamo.sqlite*", "phones.sqlite*"),
    *("log", "log/*", "seals", "seals/*", "signin", "signin/*", "workbooks", "workbooks/*", "workbooks/*/*"),
)
NEEDED_SPACE = 100 * 1024 * 1024


class StackError(Exception):
    """The stack cannot start or go on; the message is one line that says what to do."""


@dataclass(frozen=True)
class Stack:
    """Where one embedded stack keeps its data and where it listens, always on this machine alone.

    `database` is the address of a DynamoDB server of the user's own, empty for the embedded one, whose address is `private`:
    it checks no signature and lets every web page in, so that only this stack's own processes may know where it is.
    """

    data: Path
    port: int
    database: str = ""
    private: str = ""

    @classmethod
    def from_env(cls) -> Stack:
        """Read DATA (default .data in the repository), PORT (default 8112) and AWS_ENDPOINT_URL_DYNAMODB.

        StackError on nonsense.
        """
        data = Path(os.environ.get("DATA") or ".data").expanduser()
        text = os.environ.get("PORT") or "8112"
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65534:
            raise StackError(f"PORT={text} is not a port. Choose one from 1024 to 65533: make run PORT=8112")
        database = os.environ.get("AWS_ENDPOINT_URL_DYNAMODB", "")
        return cls(data if data.is_absolute() else REPO / data, int(text), database)

    @classmethod
    def running(cls, data: Path) -> Stack:
        """The stack that runs on a data folder, with its database's address; StackError if none does."""
        try:
            state = json.loads((data / "stack.json").read_bytes())
        except FileNotFoundError as error:
            raise StackError(f"No stack runs with the data in {data}. Start it: make run") from error
        return cls(data, state["port"], private=state["database"].removeprefix("http://"))

    def with_private_database(self) -> Stack:
        """The stack with an address for its database that nobody can guess: 127/8 has sixteen million of them.

        A browser that tries them all would need years; other accounts of this machine can list it.
        """
        while True:
            host = ".".join(str(part) for part in (127, *(secrets.randbelow(253) + 2 for _ in range(3))))
            # Below what the kernel gives to those who ask for any port.
            port = 20000 + secrets.randbelow(12000)
            if _is_free(port, host):
                return replace(self, private=f"{host}:{port}")

    @property
    def signin_port(self) -> int:
        return self.port + 1

    @property
    def public_url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def origins(self) -> list[str]:
        """Every address under which a browser on this machine sees the site."""
        return [self.public_url, f"http://127.0.0.1:{self.port}"]

    @property
    def signin_url(self) -> str:
        """The sign-in service as the browser sees it."""
        return f"http://localhost:{self.signin_port}"

    @property
    def aws_url(self) -> str:
        """The same service as our processes see it: a name that never resolves to ::1."""
        return f"http://127.0.0.1:{self.signin_port}"

    @property
    def database_url(self) -> str:
        return self.database or f"http://{self.private}"

    @property
    def phones_file(self) -> Path:
        return self.data / "phones.sqlite"

    @property
    def accounts_file(self) -> Path:
        """What the sign-in service keeps."""
        return self.data / "signin" / "cognito.json"

    @property
    def logs(self) -> Path:
        return self.data / "log"

    @property
    def seals(self) -> Path:
        return self.data / "seals"

    @property
    def workbooks(self) -> Path:
        """Where workbooks lie for a day at most."""
        return self.data / "workbooks"

    @property
    def state_file(self) -> Path:
        return self.data / "stack.json"

    def prepare_folder(self) -> None:
        """Make DATA, and see that it can be written and has room; StackError otherwise."""
        try:
            self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.logs.mkdir(exist_ok=True)
            self._close_own_files()
            probe = self.data / ".probe"
            with probe.open("wb") as file:
                file.write(b"\0" * 65536)
                file.flush()
                os.fsync(file.fileno())
            probe.unlink()
            free = self.free_space()
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StackError(self._full()) from error
            reason = (error.strerror or str(error)).lower()
            raise StackError(
                f"Cannot write in {self.data}: {reason}. Give yourself the right to it, or choose another "
                "folder: make run DATA=/path/to/folder"
            ) from error
        if free < NEEDED_SPACE:
            raise StackError(self._full())

    def _close_own_files(self) -> None:
        """Close what an earlier version left open to other accounts; DATA may be somebody's own folder, whose files are not ours."""
        for each in chain.from_iterable(map(self.data.glob, OWN_FILES)):
            if not each.is_symlink() and each.stat().st_mode & 0o077:
                each.chmod(0o700 if each.is_dir() else 0o600)

    def free_space(self) -> int:
        """Bytes that are free on the disk of DATA; OSError when there is no such folder."""
        found = os.statvfs(self.data)
        return found.f_bavail * found.f_frsize

    def _full(self) -> str:
        return (
            f"The disk of {self.data} is full: at least {NEEDED_SPACE >> 20} MB must be free. Make room, or "
            "choose another folder: make run DATA=/path/to/folder"
        )

    def with_free_ports(self, patience_s: float = 3.0) -> Stack:
        """The stack on its own ports once they are free, waiting a little for one that is just being killed, or on others."""
        deadline = time.monotonic() + patience_s
        while not self._are_free(self.port):
            if time.monotonic() > deadline:
                return replace(self, port=self._free_port())
            time.sleep(0.1)
        return self

    def _are_free(self, port: int) -> bool:
        return all(_is_free(each) for each in (port, port + 1))

    def _free_port(self) -> int:
        # Upwards, below what the kernel gives to whoever asks for any; then from the beginning.
        for number in chain(range(self.port + 10, 32000, 10), range(8112, 32000, 10)):
            if self._are_free(number):
                return number
        raise StackError(
            f"Ports {self.port} and {self.port + 1} are in use, and so are all others that were tried"
        )

    def secrets(self) -> dict[str, str]:
        """Return `link_secret`, `inbound_secret`, `demo_password` and `aws_key`, made at the first start, for the owner's eyes alone."""
        file = self.data / "secrets.json"
        found: dict[str, str] = json.loads(file.read_bytes()) if file.exists() else {}
        # Data of an earlier version lack what came later.
        if "aws_key" not in found:
            letters = "abcdefghjkmnpqrstuvwxyz23456789"
            words = ["".join(secrets.choice(letters) for _ in range(4)) for _ in range(3)]
            made = {
                "link_secret": secrets.token_urlsafe(32),
                "inbound_secret": secrets.token_urlsafe(32),
                # What our processes sign with, and what sign-in and SMS demand of them.
                "aws_key": f"KENTONGAN{secrets.token_hex(16).upper()}",
                # Upper case, lower case, a digit and a symbol, whatever policy the pool gets.
                "demo_password": f"Kentongan-{words[0]}-{words[1]}-{secrets.randbelow(90) + 10}",
            }
            found = {**made, **found}
            write_durably(file, json.dumps(found).encode(), mode=0o600)
        return found

    def clean_environment(self) -> None:
        """Forget every AWS setting of this shell, so that no real account can be touched by mistake."""
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            del os.environ[name]
        os.environ.update(
            STAGE="local",
            TABLES="",
            DATA=str(self.data),
            PORT=str(self.port),
            AWS_DEFAULT_REGION=REGION,
            AWS_ENDPOINT_URL_DYNAMODB=self.database_url,
            AWS_ENDPOINT_URL_SNS=self.aws_url,
            AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=self.aws_url,
            AWS_ACCESS_KEY_ID=self.secrets()["aws_key"],
            AWS_SECRET_ACCESS_KEY="kentongan",
            AWS_CONFIG_FILE=os.devnull,
            AWS_SHARED_CREDENTIALS_FILE=os.devnull,
            AWS_EC2_METADATA_DISABLED="true",
        )

    def app_environment(self, pool_id: str, client_id: str) -> dict[str, str]:
        """Return what `chalicelib.config` reads besides what every process of the stack has."""
        return {
            "PUBLIC_URL": self.public_url,
            "LINK_SECRET": self.secrets()["link_secret"],
            "SMS_PROVIDER": "sns",
            "SMS_ALLOW_DEMO": "1",
            "SMS_REPLIES": "1",
            "INBOUND_SECRET": self.secrets()["inbound_secret"],
            "OIDC_ISSUER": f"https://cognito-idp.{REGION}.amazonaws.com/{pool_id}",
            "OIDC_CLIENT_ID": client_id,
            "OIDC_AUTHORIZATION_ENDPOINT": f"{self.signin_url}/oauth2/authorize",
            "OIDC_TOKEN_ENDPOINT": f"{self.signin_url}/oauth2/token",
            "OIDC_END_SESSION_ENDPOINT": f"{self.signin_url}/logout",
            "OIDC_JWKS_URI": f"{self.aws_url}/{pool_id}/.well-known/jwks.json",
            "PAGES_QUEUE_URL": "",
            "SWEEP_EVERY_S": "5",
            "AUDIT_EVERY_S": "30",
        }


def _is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def write_durably(file: Path, content: bytes, mode: int = 0o600) -> None:
    """Replace a file so that a crash at any moment leaves the old content or the new, never a part."""
    draft = file.with_name(file.name + ".draft")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
