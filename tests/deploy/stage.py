"""One deployed stage as a test needs it: the command that deployed it, its addresses, tokens, phones, queues."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import boto3
import jwt
import requests

from infra.local.phones import Message, Phones

REPO = Path(__file__).resolve().parents[2]
REGION = "ap-southeast-3"
ACCOUNT = "000000000000"
PASSWORD = "Kentongan-uji-2026"
T = TypeVar("T")


@dataclass(frozen=True)
class Aws:
    """The emulator: where it listens and where it keeps what it wrote."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def proxy(self) -> str:
        """The edge, an HTTPS proxy."""
        return f"http://127.0.0.1:{self.port + 1}"

    @property
    def environment(self) -> dict[str, str]:
        """What makes every AWS client and every HTTPS request of a process go here."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AWS_", "POWERTOOLS_")) and name not in OF_MAKE
        }
        return kept | {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "nothing",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "HTTPS_PROXY": self.proxy,
            "REQUESTS_CA_BUNDLE": str(self.folder / "ca.pem"),
        }

    def sign(self, claims: dict[str, Any]) -> str:
        """A token with the sign-in service's own signature, whatever its claims."""
        key = (self.folder / "signing.pem").read_text()
        return jwt.encode(claims, key, "RS256", headers={"kid": "ministack-key-1"})

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="nothing",
        )


# What `make test` hands down to its tests is no wish of theirs.
OF_MAKE = {"DATA", "FORCE", "PORT"}


@dataclass(frozen=True)
class Done:
    """How a command ended and all that it said."""

    code: int
    said: str


class Stage:
    """A stage of a name, driven by the commands of a checkout, which is today's; nothing is there before `deploy`."""

    def __init__(self, aws: Aws, name: str, checkout: Path = REPO) -> None:
        self.aws = aws
        self.name = name
        self.checkout = checkout

    def command(self, command: str, build: Path | None = None, **environment: str) -> Done:
        """Run `python -m infra.deploy` as make does, with nobody to answer questions; what is deployed is a trial."""
        arguments = ["--build", str(build)] if build else []
        wishes = {"YES": "1", **({"SET": "Production=no"} if command == "deploy" else {}), **environment}
        return self._run("infra.deploy", command, *arguments, **wishes)

    def deploy(self, build: Path, seed: str = "none") -> Done:
        """Deploy a build; AssertionError with what was said if that fails."""
        done = self.command("deploy", build, ADMIN_EMAIL="it@example.id", SEED=seed)
        assert done.code == 0, done.said
        return done

    def verify(self, *arguments: str) -> Done:
        """Walk all audit trails of the stage's tables."""
        return self._run("infra.verify", "--all", *arguments)

    def _run(self, module: str, *arguments: str, **environment: str) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=self.checkout,
            env=self.aws.environment | {"STAGE": self.name, "AWS_DEFAULT_REGION": REGION} | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
        )
        return Done(done.returncode, done.stdout)

    def outputs(self, stack: str = "-data") -> dict[str, str]:
        """The outputs of the data stack, or with '' of the application stack."""
        found = self.aws.client("cloudformation").describe_stacks(StackName=f"kentongan-{self.name}{stack}")
        return {each["OutputKey"]: each["OutputValue"] for each in found["Stacks"][0]["Outputs"]}

    @cached_property
    def data(self) -> dict[str, str]:
        return self.outputs()

    @property
    def url(self) -> str:
        return self.data["PublicUrl"]

    @cached_property
    def http(self) -> requests.Session:
        """A session that reaches the public addresses."""
        session = requests.Session()
        session.trust_env = False
        session.proxies = {"https": self.aws.proxy}
        session.verify = str(self.aws.folder / "ca.pem")
        return session

    def call(
        self, method: str, path: str, body: Any = None, *, token: str = "", key: str = "", version: str = ""
    ) -> requests.Response:
        """One request to the site's address; `version` is the one that a PUT was made on."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if key:
            headers["Idempotency-Key"] = key
        if version:
            headers["If-Match"] = version
        return self.http.request(method, self.url + path, json=body, headers=headers, timeout=120)

    def user(self, name: str) -> str:
        """Make sure that a sign-in has a password of its own; its `sub`."""
        cognito = self.aws.client("cognito-idp")
        pool = self.data["UserPoolId"]
        try:
            attributes = cognito.admin_get_user(UserPoolId=pool, Username=name)["UserAttributes"]
        except cognito.exceptions.UserNotFoundException:
            made = cognito.admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS")
            attributes = made["User"]["Attributes"]
        cognito.admin_set_user_password(UserPoolId=pool, Username=name, Password=PASSWORD, Permanent=True)
        sub: str = next(each["Value"] for each in attributes if each["Name"] == "sub")
        return sub

    def token(self, name: str) -> str:
        """An id token by the sign-in page itself: the form, the code, PKCE."""
        verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        client, back = self.data["UserPoolClientId"], f"{self.url}/signed-in.html"
        asked = {
            "client_id": client,
            "redirect_uri": back,
            "response_type": "code",
            "scope": "openid",
            "state": "s",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        signin = self.data["SignInUrl"]
        page = self.http.get(f"{signin}/oauth2/authorize", params=asked, timeout=60)
        assert "password" in page.text, page.text
        form = {**asked, "username": name, "password": PASSWORD}
        sent = self.http.post(f"{signin}/login", data=form, allow_redirects=False, timeout=60)
        code = parse_qs(urlsplit(sent.headers["Location"]).query)["code"][0]
        grant = {
            "grant_type": "authorization_code",
            "client_id": client,
            "redirect_uri": back,
            "code": code,
            "code_verifier": verifier,
        }
        answer = self.http.post(f"{signin}/oauth2/token", data=grant, timeout=60)
        token: str = answer.json()["id_token"]
        return token

    def staff(self, name: str, role: str) -> str:
        """A token of a person with a role, whom the account command made; AssertionError with what it said."""
        person = {"PERSON": name.title(), "ROLE": role, "EMAIL": f"{name}@example.id"}
        done = self.command("account", None, LOGIN=name, **person)
        assert done.code == 0, done.said
        self.user(name)
        return self.token(name)

    @property
    def phones(self) -> Phones:
        return Phones(self.aws.folder / "phones.sqlite")

    def sms(self, containing: str, patience_s: float = 120) -> Message:
        """Wait for an SMS with these words."""
        return eventually(
            lambda: next((each for each in self.phones.messages() if containing in each.body), None),
            f"no SMS with {containing!r}",
            patience_s,
        )

    def refused(self) -> list[str]:
        """What functions asked and their roles did not allow."""
        file = self.aws.folder / "refused"
        return file.read_text().splitlines() if file.exists() else []

    @contextmanager
    def refusals_expected(self) -> Iterator[None]:
        """Refusals are this test's own doing, and no other's fault, also when it fails."""
        try:
            yield
            assert self.refused(), "nothing was refused"
        finally:
            (self.aws.folder / "refused").unlink(missing_ok=True)

    def queue(self, name: str) -> str:
        """The URL of a queue, as in `pages` or `pages-dead`."""
        url: str = self.aws.client("sqs").get_queue_url(QueueName=f"kentongan-{self.name}-{name}")["QueueUrl"]
        return url


def link_in(text: str) -> str:
    """The path of a responder's link in an SMS."""
    found = re.search(r"https://[^/\s]+(/r/\S+)", text)
    assert found, f"no link in {text!r}"
    return found[1]


def eventually(look: Callable[[], T | None], otherwise: str, patience_s: float = 120) -> T:
    """Look until there is something; AssertionError after so long."""
    deadline = time.monotonic() + patience_s
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"{otherwise} within {patience_s:.0f} s"
        time.sleep(0.2)
