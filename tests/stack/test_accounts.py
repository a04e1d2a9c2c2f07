"""Accounts against the real sign-in service of the embedded stack: all admin calls, its own sign-in page, tokens and refresh."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from infra.local import signin
from tests.stack_process import StackProcess

OWN = "Kata-Sandi-Sendiri-1"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    with StackProcess(tmp_path_factory.mktemp("accounts") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def admin(stack: StackProcess) -> dict[str, str]:
    return {"Authorization": f"Bearer {stack.token('admin')}"}


def ask(stack: StackProcess, headers: dict[str, str], method: str, path: str = "", body: Any = None) -> Any:
    answer = requests.request(
        method, f"{stack.url}/api/accounts{path}", json=body, headers=headers, timeout=60
    )
    assert answer.status_code < 300, answer.text
    return answer.json()


def invited(stack: StackProcess, headers: dict[str, str], **more: Any) -> Any:
    login = f"siti.{uuid.uuid4().hex[:8]}"
    return ask(stack, headers, "POST", "", {"login": login, "name": "Siti Rahma", "role": "operator", **more})


class Browser:
    """Whoever signs in by the sign-in service's own page, form by form."""

    def __init__(self, stack: StackProcess) -> None:
        self._stack = stack
        _, self._client = signin.ensure_pool(stack.stack)
        self._session = requests.Session()
        self.tokens: dict[str, str] = {}

    def signs_in(self, login: str, password: str, own: str = "") -> str:
        """What the last page says; its tokens once it leads back to the site."""
        base = f"http://localhost:{self._stack.stack.signin_port}"
        back = f"{self._stack.stack.public_url}/signed-in.html"
        asked = {"client_id": self._client, "redirect_uri": back, "response_type": "code", "scope": "openid"}
        page = self._session.get(f"{base}/oauth2/authorize", params=asked, timeout=60).text
        said = self._sends(base, page, username=login, password=password)
        if own and isinstance(said, str):
            said = self._sends(base, said, new_password=own, confirm_password=own)
        if isinstance(said, str):
            return said
        code = parse_qs(urlsplit(said.headers["Location"]).query)["code"][0]
        form = {"grant_type": "authorization_code", "client_id": self._client, "code": code}
        answer = self._session.post(f"{base}/oauth2/token", data={**form, "redirect_uri": back}, timeout=60)
        self.tokens = answer.json()
        return ""

    def _sends(self, base: str, page: str, **typed: str) -> str | requests.Response:
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        sent = self._session.post(
            f"{base}/login", data={**hidden, **typed}, allow_redirects=False, timeout=60
        )
        return sent if sent.status_code == 302 else sent.text

    def asks(self, path: str) -> int:
        headers = {"Authorization": f"Bearer {self.tokens['id_token']}"}
        return requests.get(f"{self._stack.url}{path}", headers=headers, timeout=60).status_code

    def renews(self) -> int:
        base = f"http://localhost:{self._stack.stack.signin_port}"
        form = {"grant_type": "refresh_token", "client_id": self._client}
        form["refresh_token"] = self.tokens["refresh_token"]
        return requests.post(f"{base}/oauth2/token", data=form, timeout=60).status_code


def test_whoever_is_invited_signs_in_chooses_a_password_and_is_out_with_all_tokens_when_disabled(
    stack: StackProcess, admin: dict[str, str]
) -> None:
    made = invited(stack, admin, email="siti.rahma@example.id")
    id_, login = made["account"]["id"], made["account"]["sign_in"]["login"]
    # Nobody gets this stack's mails: an officer hands the password over.
    assert (made["mailed"], made["account"]["sign_in"]["email"]) == (False, "siti.rahma@example.id")
    siti = Browser(stack)
    asked = siti.signs_in(login, made["password"])
    assert "Buat kata sandi baru" in asked and "Ulangi kata sandi baru" in asked
    assert siti.signs_in(login, made["password"], OWN) == ""
    assert siti.asks("/api/incidents") == 200
    assert ask(stack, admin, "GET", f"/{id_}")["sign_in"]["state"] == "own"
    out = ask(stack, admin, "POST", f"/{id_}/disable", {"why": "Pindah"})
    assert (out["disabled"], out["sign_in"]["state"]) == (True, "closed")
    assert siti.asks("/api/incidents") == 403
    assert siti.renews() == 400
    assert "dinonaktifkan" in siti.signs_in(login, OWN)
    back = ask(stack, admin, "POST", f"/{id_}/enable", {})
    assert back["sign_in"]["state"] == "own"
    assert siti.signs_in(login, OWN) == "" and siti.asks("/api/me") == 200


def test_a_new_password_replaces_the_one_before_and_ends_sessions(
    stack: StackProcess, admin: dict[str, str]
) -> None:
    made = invited(stack, admin)
    id_, login = made["account"]["id"], made["account"]["sign_in"]["login"]
    siti = Browser(stack)
    siti.signs_in(login, made["password"], OWN)
    handed = ask(stack, admin, "POST", f"/{id_}/password", {})
    assert siti.renews() == 400
    assert "salah" in siti.signs_in(login, OWN)
    assert "Buat kata sandi baru" in siti.signs_in(login, handed["password"])
    again = ask(stack, admin, "POST", f"/{id_}/invitation", {"email": "siti@example.id"})
    assert again["account"]["sign_in"]["email"] == "siti@example.id"
    assert siti.signs_in(login, again["password"], f"{OWN}x") == "" and siti.asks("/api/me") == 200


def test_a_second_factor_is_taken_off_where_it_is_nobodys_duty(
    stack: StackProcess, admin: dict[str, str]
) -> None:
    id_ = invited(stack, admin)["account"]["id"]
    pool_id, _ = signin.ensure_pool(stack.stack)
    on = {"Enabled": True, "PreferredMfa": True}
    signin.connect(stack.stack).admin_set_user_mfa_preference(
        UserPoolId=pool_id, Username=id_, SoftwareTokenMfaSettings=on
    )
    before = ask(stack, admin, "GET", f"/{id_}")
    assert (before["second_factor"], before["second_factor_demanded"]) == (True, False)
    assert ask(stack, admin, "POST", f"/{id_}/second-factor/forget", {})["password"] is None
    assert ask(stack, admin, "GET", f"/{id_}")["second_factor"] is False


def test_where_a_second_factor_is_everybodys_duty_another_sign_in_takes_its_place(
    stack: StackProcess, admin: dict[str, str]
) -> None:
    made = invited(stack, admin, email="siti.rahma@example.id")
    id_, login = made["account"]["id"], made["account"]["sign_in"]["login"]
    pool_id, _ = signin.ensure_pool(stack.stack)
    cognito = signin.connect(stack.stack)
    cognito.set_user_pool_mfa_config(UserPoolId=pool_id, MfaConfiguration="ON")
    try:
        handed = ask(stack, admin, "POST", f"/{id_}/second-factor/forget", {})
    finally:
        cognito.set_user_pool_mfa_config(UserPoolId=pool_id, MfaConfiguration="OFF")
    new = handed["account"]
    assert new["id"] != id_
    assert (new["sign_in"]["login"], new["sign_in"]["email"]) == (login, "siti.rahma@example.id")
    siti = Browser(stack)
    assert siti.signs_in(login, handed["password"], OWN) == "" and siti.asks("/api/me") == 200
    old = ask(stack, admin, "GET", f"/{id_}")
    assert (old["disabled"], old["sign_in"]) == (True, None)


def test_all_accounts_are_listed_with_what_the_service_says_however_many_there_are(
    stack: StackProcess, admin: dict[str, str]
) -> None:
    pool_id, _ = signin.ensure_pool(stack.stack)
    cognito = signin.connect(stack.stack)
    # More than one page of the service's own.
    for number in range(70):
        cognito.admin_create_user(UserPoolId=pool_id, Username=f"orang{number:02}", MessageAction="SUPPRESS")
    last = invited(stack, admin)["account"]["id"]
    found = ask(stack, admin, "GET")
    assert found["known"] is True and found["mails"] is False
    by_id = {each["id"]: each for each in found["accounts"]}
    assert by_id[last]["sign_in"]["state"] == "temporary"
    demo = {
        each["sign_in"]["login"]: each["sign_in"]["state"] for each in found["accounts"] if each["sign_in"]
    }
    assert demo["operator"] == demo["admin_damkar"] == "own"


def test_while_the_sign_in_service_is_gone_somebody_is_disabled_all_the_same(
    stack: StackProcess, admin: dict[str, str]
) -> None:
    made = invited(stack, admin)
    id_ = made["account"]["id"]
    siti = Browser(stack)
    siti.signs_in(made["account"]["sign_in"]["login"], made["password"], OWN)
    url = f"{stack.url}/api/accounts/{id_}/disable"
    # It writes its users down a moment later.
    deadline = time.monotonic() + 60
    while made["account"]["sign_in"]["login"] not in signin.saved_users(stack.stack):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    stack.kill("sign-in")
    first = requests.post(url, json={}, headers=admin, timeout=60)
    # Its answer says that the sign-in may still be open, or the supervisor was quicker.
    assert (first.status_code, first.json().get("code")) in ((503, "unanswered"), (200, None))
    assert siti.asks("/api/me") == 403
    stack.wait_until_healthy()
    assert ask(stack, admin, "POST", f"/{id_}/disable", {})["sign_in"]["state"] == "closed"


def test_neither_password_nor_address_is_in_a_log_or_in_the_database_and_the_trail_holds(
    stack: StackProcess, admin: dict[str, str]
) -> None:
    made = invited(stack, admin, email="hanya.di.pool@example.id")
    handed = ask(stack, admin, "POST", f"/{made['account']['id']}/password", {})
    data = stack.stack.data
    files = [each for each in data.rglob("*") if each.is_file() and data / "signin" not in each.parents]
    assert any(each.name.startswith("dynamo.sqlite") for each in files)
    for secret in (made["password"], handed["password"], "hanya.di.pool"):
        assert [each.name for each in files if secret.encode() in each.read_bytes()] == []
    assert ", 0 broken" in stack.verify()


def test_the_invitation_is_in_indonesian_and_names_the_address(stack: StackProcess) -> None:
    pool_id, _ = signin.ensure_pool(stack.stack)
    pool = signin.connect(stack.stack).describe_user_pool(UserPoolId=pool_id)["UserPool"]
    message = pool["AdminCreateUserConfig"]["InviteMessageTemplate"]
    assert message["EmailSubject"] == "Undangan Kentongan 112"
    assert f"Alamat: {stack.stack.public_url}/" in message["EmailMessage"]
    assert "{username}" in message["EmailMessage"] and "{####}" in message["EmailMessage"]
