"""The stack's processes: what survives `kill -9`, what a user is told when it cannot start, how it stops."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from infra.local import signin
from infra.local.stack import NEEDED_SPACE, REPO, Stack, StackError
from tests.stack_process import Part, StackProcess
from tests.support.ports import free_ports


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    with StackProcess(tmp_path_factory.mktemp("stack") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a stack that was started once: a second start is faster than a first."""
    data = tmp_path_factory.mktemp("kept") / "data"
    with StackProcess(data):
        pass
    return data


@pytest.fixture
def second(kept: Path, tmp_path: Path) -> StackProcess:
    """A stack with such data, not yet started."""
    return StackProcess(shutil.copytree(kept, tmp_path / "data"))


def status_of_me(stack: StackProcess, token: str) -> int:
    return requests.get(
        f"{stack.url}/api/me", headers={"Authorization": f"Bearer {token}"}, timeout=60
    ).status_code


def sns(stack: StackProcess) -> Any:
    return boto3.client(
        "sns",
        region_name="ap-southeast-3",
        endpoint_url=stack.stack.aws_url,
        aws_access_key_id=stack.stack.secrets()["aws_key"],
        aws_secret_access_key="kentongan",
    )


def test_it_says_where_to_look_and_keeps_its_secrets(stack: StackProcess) -> None:
    said = "\n".join(stack.lines)
    assert f"http://localhost:{stack.stack.port}/simulator" in said
    password = stack.stack.secrets()["demo_password"]
    assert password in said and "operator" in said
    assert (stack.stack.data / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert stack.stack.data.stat().st_mode & 0o077 == 0
    assert password.encode() not in stack.stack.state_file.read_bytes()


def test_health_is_well_once_sweep_and_audit_have_run(stack: StackProcess) -> None:
    deadline = time.monotonic() + 120
    while (health := stack.get("/api/health"))["status"] != "ok":
        assert time.monotonic() < deadline, health
        time.sleep(0.1)
    assert {"sweep", "audit"} <= health["checks"].keys()


def test_all_listen_on_this_machine_alone_and_the_database_where_nobody_can_guess(
    stack: StackProcess,
) -> None:
    host, database = stack.database()
    ports = {stack.stack.port, stack.stack.signin_port, database}
    listening = {}
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            address, port = fields[1].rsplit(":", 1)
            if fields[3] == "0A" and int(port, 16) in ports:
                listening[int(port, 16)] = socket.inet_ntoa(bytes.fromhex(address)[::-1])
    assert listening == {stack.stack.port: "127.0.0.1", stack.stack.signin_port: "127.0.0.1", database: host}
    assert host.startswith("127.") and host != "127.0.0.1"
    with pytest.raises(ConnectionError):
        socket.create_connection(("127.0.0.1", database), 1)


def test_no_file_of_the_data_is_open_to_other_accounts_of_this_machine(stack: StackProcess) -> None:
    files = [stack.stack.data, *stack.stack.data.rglob("*")]
    assert len(files) > 10
    assert [file for file in files if file.stat().st_mode & 0o077] == []


def test_a_start_closes_its_own_files_and_leaves_everybody_elses_as_they_are(tmp_path: Path) -> None:
    """DATA may be a folder that somebody has other things in."""
    own, other, elsewhere = tmp_path / "secrets.json", tmp_path / "bin" / "tool", tmp_path / "elsewhere"
    other.parent.mkdir(mode=0o755)
    for file in (own, other, elsewhere):
        file.write_text("{}")
        file.chmod(0o755)
    (tmp_path / "stack.json").symlink_to(elsewhere)
    tmp_path.chmod(0o755)
    Stack(tmp_path, 1).prepare_folder()
    assert own.stat().st_mode & 0o777 == 0o600
    for kept in (other, other.parent, elsewhere, tmp_path):
        assert kept.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("key", ["kentongan", ""])
def test_sign_in_and_sms_want_our_own_processes_key(stack: StackProcess, key: str) -> None:
    before = stack.messages()
    signed = {"Authorization": f"AWS4-HMAC-SHA256 Credential={key}/20261130/ap-southeast-3/sns/aws4_request"}
    sms = {"Action": "Publish", "PhoneNumber": "+628110009999", "Message": "palsu"}
    for headers in ({}, signed):
        assert requests.post(stack.stack.aws_url, data=sms, headers=headers, timeout=60).status_code == 403
        assert requests.get(stack.stack.aws_url, params=sms, headers=headers, timeout=60).status_code == 403
    assert stack.messages() == before


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": ""}, {"Origin": "http://localhost:1"}, {"Origin": "null"}],
    ids=str,
)
def test_the_desk_and_the_simulator_let_no_foreign_page_in(
    stack: StackProcess, headers: dict[str, str]
) -> None:
    for path in ("/", "/simulator", "/simulator/api/messages", "/api/health", "/api/config"):
        assert requests.get(stack.url + path, headers=headers, timeout=60).status_code == 403, path
    reply = {"number": "+628110009999", "text": "siap"}
    posted = requests.post(f"{stack.url}/simulator/api/replies", json=reply, headers=headers, timeout=60)
    assert posted.status_code == 403


def test_a_demo_account_signs_in_and_an_sms_reaches_its_phone(stack: StackProcess) -> None:
    assert status_of_me(stack, stack.token("operator")) == 200
    text = "<b>112</b> Kebakaran é — http://localhost/r/abc"
    sns(stack).publish(PhoneNumber="+628110009999", Message=text)
    sns(stack).publish(PhoneNumber="+628110009998", Message="other phone")
    [message] = stack.messages("+628110009999")
    assert message["body"] == text
    assert stack.messages("+628110009999", after=message["id"]) == []
    assert {each["number"] for each in stack.messages()} >= {"+628110009999", "+628110009998"}


def test_the_sign_in_service_lets_no_other_page_in(stack: StackProcess) -> None:
    url = stack.stack.aws_url
    pool_id, client_id = signin.ensure_pool(stack.stack)
    reset = f"{url}/_ministack/reset"
    assert requests.post(reset, timeout=60).status_code == 403
    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
        assert (
            requests.get(f"{url}/{pool_id}/.well-known/jwks.json", headers=headers, timeout=60).status_code
            == 403
        )
    ours = {"Origin": stack.stack.public_url}
    assert requests.get(f"{url}/{pool_id}/.well-known/jwks.json", headers=ours, timeout=60).status_code == 200
    refused = signin.connect(stack.stack)
    # AllowAdminCreateUserOnly, as on AWS; nothing that is not signed by our own processes comes so far.
    with pytest.raises(ClientError, match="403"):
        refused.sign_up(ClientId=client_id, Username="stranger", Password="Stranger-12345")


@pytest.mark.parametrize("part", ["database", "sign-in", "worker", "gateway"])
def test_a_part_that_is_killed_comes_back(stack: StackProcess, part: Part) -> None:
    before = stack.pids()
    stack.kill(part)
    deadline = time.monotonic() + 120
    while (after := stack.pids()).get(part) in (None, before[part]):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    stack.wait_until_healthy()
    assert {name for name in before if before[name] != after[name]} == {part}
    assert status_of_me(stack, stack.token("operator")) == 200
    stack.wait_for_line(f"{part} ended by signal 9")


@pytest.mark.parametrize("part", ["database", "sign-in", "worker", "gateway"])
def test_a_part_that_hangs_is_replaced(stack: StackProcess, part: Part) -> None:
    """SIGSTOP: it has not ended, its port still accepts, and it never answers again."""
    before = stack.pids()
    os.kill(before[part], signal.SIGSTOP)
    while not any(f"{part} does not answer" in line for line in stack.lines):
        if part != "gateway":
            # Health answers all the while: a watchman that asks it must not take one silence for another.
            health = requests.get(f"{stack.url}/api/health", timeout=60)
            assert health.status_code in (200, 503)
        time.sleep(0.2)
    deadline = time.monotonic() + 240
    while (after := stack.pids()).get(part) in (None, before[part]):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    stack.wait_until_healthy()
    after = stack.pids()
    assert {name for name in before if before[name] != after[name]} == {part}
    assert status_of_me(stack, stack.token("operator")) == 200


def test_a_supervisor_that_hangs_is_told_on_every_page_and_by_health(stack: StackProcess) -> None:
    """SIGSTOP, as a paused terminal does: calls are taken as before, and nobody would replace what hangs next."""
    board = f"{stack.url}/api/incidents?state=open"
    signed_in = {"Authorization": f"Bearer {stack.token('operator')}"}

    def seen() -> tuple[str | None, bool]:
        silence = requests.get(board, headers=signed_in, timeout=60).json()["silence"]
        checks = requests.get(f"{stack.url}/api/health", timeout=60).json()["checks"]
        return silence and silence["code"], "supervisor" in checks

    supervisor = stack.pids()["supervisor"]
    for sent, wanted in ((signal.SIGSTOP, ("unwatched", True)), (signal.SIGCONT, (None, False))):
        os.kill(supervisor, sent)
        deadline = time.monotonic() + 240
        while (found := seen()) != wanted:
            assert time.monotonic() < deadline, found
            time.sleep(0.2)


def accounts_on_disk(stack: StackProcess) -> dict[str, bool]:
    """Which sign-ins would be there after a start now, and whether they may be used."""
    return {name: user["Enabled"] for name, user in signin.saved_users(stack.stack).items()}


def test_accounts_tokens_and_sms_survive_kill_9_of_all(second: StackProcess) -> None:
    stack = second
    stack.start()
    try:
        token = stack.token("operator")
        sns(stack).publish(PhoneNumber="+628110009999", Message="before")
        pool_id, _ = signin.ensure_pool(stack.stack)
        cognito = signin.connect(stack.stack)
        sub = signin.ensure_user(cognito, pool_id, "newcomer", "Newcomer-12345")
        cognito.admin_disable_user(UserPoolId=pool_id, Username="auditor")
        saved = {"newcomer": True, "auditor": False}
        deadline = time.monotonic() + 240
        while not saved.items() <= accounts_on_disk(stack).items():
            assert time.monotonic() < deadline, accounts_on_disk(stack)
            time.sleep(0.05)
        stack.kill()
        stack.start()
        assert signin.ensure_pool(stack.stack)[0] == pool_id
        assert signin.ensure_user(cognito, pool_id, "newcomer", "Newcomer-12345") == sub
        assert cognito.admin_get_user(UserPoolId=pool_id, Username="auditor")["Enabled"] is False
        assert [message["body"] for message in stack.messages("+628110009999")] == ["before"]
        # The signing key survived too: who was signed in still is.
        assert status_of_me(stack, token) == 200
        assert not any("made" in line or "wrote" in line for line in stack.lines)
    finally:
        stack.stop()


@pytest.mark.parametrize("moment", ["made 3 tables", "wrote", "demo accounts"])
def test_a_first_start_that_was_killed_is_made_good_by_the_next(tmp_path: Path, moment: str) -> None:
    stack = StackProcess(tmp_path / "data")
    stack.launch()
    stack.wait_for_line(moment)
    stack.kill_supervisor()
    stack.lines.clear()
    stack.start()
    try:
        for account in ("operator", "admin_damkar", "admin"):
            assert status_of_me(stack, stack.token(account)) == 200
        admin = {"Authorization": f"Bearer {stack.token('admin')}"}
        registry = requests.get(f"{stack.url}/api/registry", headers=admin, timeout=60).json()
        assert len(registry["districts"]) == 17
        preview = {"type": "house_fire", "district": "baamang"}
        plan = requests.get(
            f"{stack.url}/api/dispatch/preview", params=preview, headers=admin, timeout=60
        ).json()
        assert plan["picks"][0]["people"]
    finally:
        stack.stop()


def test_what_was_deleted_stays_deleted(second: StackProcess) -> None:
    stack = second
    stack.start()
    try:
        admin = {"Authorization": f"Bearer {stack.token('admin')}"}
        targets = f"{stack.url}/api/registry/targets"
        first = requests.get(targets, headers=admin, timeout=60).json()["items"][0]["id"]
        done = requests.delete(f"{targets}/{first}", headers=admin, timeout=60)
        assert done.status_code < 300, done.text
        stack.stop()
        stack.start()
        assert requests.get(f"{targets}/{first}", headers=admin, timeout=60).status_code == 404
    finally:
        stack.stop()


def test_nothing_is_left_behind_when_the_supervisor_is_killed(second: StackProcess) -> None:
    stack = second
    stack.start()
    stack.kill("supervisor")  # waits until every part is gone
    assert stack.stack.with_free_ports(patience_s=1) == stack.stack


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly(second: StackProcess, signal_number: int) -> None:
    stack = second
    stack.start()
    pids = stack.pids().values()
    assert stack.stop(signal_number) == 0, stack.lines
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    assert stack.lines[-1] == "· stopped"
    assert not stack.stack.state_file.exists()


def test_it_stops_cleanly_while_it_is_starting(tmp_path: Path) -> None:
    stack = StackProcess(tmp_path / "data")
    stack.launch()
    stack.wait_for_line("sign-in and SMS")
    assert stack.stop() == 0
    assert stack.stack.with_free_ports(patience_s=1) == stack.stack


SWALLOWED = """
import os, signal
from infra.local import supervisor

class Closing:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(10000):
            pass

signal.signal(signal.SIGINT, supervisor._stop)
Closing()
try:
    supervisor._heed()
except supervisor.Stop:
    print("stops")
"""


def test_a_ctrl_c_that_comes_while_something_is_being_destroyed_is_not_lost() -> None:
    """Python prints what is raised in a destructor and goes on: the stack once ran on, and heard no second Ctrl-C."""
    done = subprocess.run(
        [sys.executable, "-c", SWALLOWED], cwd=REPO, capture_output=True, text=True, check=False
    )
    assert "Exception ignored in" in done.stderr
    assert done.stdout == "stops\n"


def one_line(stack: StackProcess) -> str:
    stack.launch()
    assert stack.wait_for_end() == 1
    [line] = [line for line in stack.lines if line.startswith("!")]
    assert "Traceback" not in "\n".join(stack.lines)
    return line


@pytest.mark.parametrize("offset", [0, 1])
def test_ports_in_use_are_said_in_one_line_and_others_taken(tmp_path: Path, offset: int) -> None:
    stack = StackProcess(tmp_path / "data")
    wanted = stack.stack.port
    with socket.socket() as other:
        other.bind(("127.0.0.1", wanted + offset))
        other.listen()
        stack.launch()
        try:
            stack.wait_for_line("Password")
            said = "\n".join(stack.lines)
            assert f"ports {wanted} and {wanted + 1} are in use; taking others" in said
            taken = Stack.running(stack.stack.data)
            assert taken.port not in (wanted, wanted + 1) and f"{taken.public_url}/simulator" in said
            health = requests.get(f"http://127.0.0.1:{taken.port}/api/health", timeout=60)
            assert health.status_code == 200
        finally:
            stack.stop()


@pytest.mark.parametrize("port", ["0", "65535", "abc", "-1", "٨"])
def test_a_port_that_is_none_is_said_in_one_line(tmp_path: Path, port: str) -> None:
    stack = StackProcess(tmp_path / "data", environment={})
    object.__setattr__(stack.stack, "port", port)
    assert f"PORT={port} is not a port" in one_line(stack)


def test_data_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    line = one_line(StackProcess(tmp_path / "file" / "data"))
    assert f"Cannot write in {tmp_path / 'file' / 'data'}" in line and "make run DATA=" in line


def test_a_folder_without_the_right_to_write_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o500)
    # Root may write everywhere, unless it gives that right up.
    as_others = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*as_others, sys.executable, "-m", "infra.local"],
        cwd=REPO,
        env={**os.environ, "DATA": str(tmp_path / "data"), "PORT": str(free_ports())},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 1
    (line,) = done.stdout.splitlines()
    assert "permission denied" in line and "make run DATA=" in line


def test_a_full_disk_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.statvfs(tmp_path)
    full = os.statvfs_result((*real[:4], NEEDED_SPACE // real.f_frsize - 1, *real[5:10]))
    monkeypatch.setattr(os, "statvfs", lambda path: full)
    with pytest.raises(StackError, match=r"The disk of .* is full"):
        Stack(tmp_path / "data", 8112).prepare_folder()


def test_one_folder_has_one_stack(stack: StackProcess) -> None:
    line = one_line(StackProcess(stack.stack.data))
    assert "A stack already runs" in line and str(stack.stack.data) in line


def test_a_token_needs_a_running_stack_and_a_known_account(stack: StackProcess, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"No token for nobody: .*demo accounts"):
        stack.token("nobody")
    with pytest.raises(AssertionError, match="No stack runs with the data in"):
        StackProcess(tmp_path / "none").token()


def reset(stack: StackProcess, **environment: str) -> subprocess.CompletedProcess[str]:
    settings = {"DATA": str(stack.stack.data), "PORT": str(stack.stack.port), **environment}
    return subprocess.run(
        [sys.executable, "-m", "infra.local.reset"],
        cwd=REPO,
        env={**os.environ, **settings},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_reset_deletes_what_the_stack_wrote_and_nothing_else(second: StackProcess) -> None:
    other = second.stack.data / "thesis.txt"
    other.write_text("not ours")
    assert reset(second).returncode == 1  # nobody said yes
    assert (second.stack.data / "dynamo.sqlite").exists()
    assert reset(second, FORCE="1").returncode == 0
    assert list(second.stack.data.iterdir()) == [other]
    assert "There is no data" in reset(second, FORCE="1").stdout


def test_reset_leaves_a_running_stack_alone(stack: StackProcess) -> None:
    done = reset(stack, FORCE="1")
    assert done.returncode == 1
    assert "Stop it first" in done.stderr
