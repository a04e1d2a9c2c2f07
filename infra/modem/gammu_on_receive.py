#!/usr/bin/env python3
"""Hands an SMS that Gammu's daemon received to Kentongan; stands alone, so that it can be copied to the modem's machine.

In the configuration of gammu-smsd: `RunOnReceive = /usr/local/bin/gammu_on_receive.py`, and in the daemon's environment
KENTONGAN_URL (https://112.example.id) and INBOUND_SECRET (the deployment's). What is not taken in within some minutes waits in
the directory KENTONGAN_SPOOL (/var/spool/kentongan) and goes with the next message.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import os
import sys
import syslog
import time
import urllib.error
import urllib.parse
import urllib.request

# The daemon hands a message over once, and takes no other as long as we run: we wait for the line in the background.
PAUSES_S = (2, 5, 15, 30, 60, 120)
GIVEN = ("SMS_", "DECODED_", "PHONE_ID")
# Whether it was taken in is not known, or it was not, for the moment: the same may come twice.
NO_ANSWER = 503
AGAIN = (429, *range(500, 600))
# Refused by name, and kept there for a person all the same.
KEPT_THERE = 400


def message_of(message_id: str) -> bytes:
    """The message of the environment as a form, with the time at which the modem handed it over, whenever it is posted."""
    given = {name: value for name, value in os.environ.items() if name.startswith(GIVEN)}
    told = {**given, "MESSAGE_ID": message_id, "RECEIVED_AT": str(int(time.time()))}
    return urllib.parse.urlencode(told, errors="replace").encode()


def hand_in(body: bytes) -> int:
    """Post a message; the answer's status."""
    seconds = int(time.time())
    secret = os.environ["INBOUND_SECRET"].encode()
    signed = hmac.new(secret, f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Kentongan-Signature": f"t={seconds},v1={signed}",
    }
    url = os.environ["KENTONGAN_URL"].rstrip("/") + "/api/inbound/sms?provider=gammu"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code
    except (OSError, http.client.HTTPException):
        return NO_ANSWER


def taken(status: int) -> bool:
    """Whether a person will see it."""
    return status < 300 or status == KEPT_THERE


def main(message_ids: list[str]) -> int:
    """Try until it is taken in, or keep it for the next time; 0 when it was taken in."""
    body = message_of(message_ids[0])
    for pause in (*PAUSES_S, 0):
        status = hand_in(body)
        if status not in AGAIN:
            break
        time.sleep(pause)
    syslog.syslog(f"SMS {message_ids[0]}: {status}")
    if not taken(status):
        keep(body)
        return 1
    hand_in_kept()
    return 0 if status < 300 else 1


def spool() -> str:
    return os.environ.get("KENTONGAN_SPOOL", "/var/spool/kentongan")


def keep(body: bytes) -> None:
    """Keep a message on disk: a wrong clock or secret, or a line that is down for long, loses none."""
    try:
        os.makedirs(spool(), mode=0o700, exist_ok=True)
        name = f"{time.time_ns()}-{os.getpid()}"
        with open(os.path.join(spool(), f".{name}"), "wb") as file:
            file.write(body)
        os.rename(os.path.join(spool(), f".{name}"), os.path.join(spool(), name))
    except OSError as error:
        syslog.syslog(syslog.LOG_ERR, f"SMS not kept: {error}")


def hand_in_kept() -> None:
    """Hand in what waited, the oldest first, until one is not taken; two at once do no harm, as each acts once."""
    try:
        waiting = sorted(name for name in os.listdir(spool()) if not name.startswith("."))
    except OSError:
        return
    for name in waiting:
        path = os.path.join(spool(), name)
        try:
            with open(path, "rb") as file:
                body = file.read()
            if not taken(hand_in(body)):
                return
            os.remove(path)
        except FileNotFoundError:
            continue  # Another took it meanwhile.


def leave_the_daemon() -> None:
    """Go on in the background, without the pipe that the daemon reads to its end."""
    if os.fork():
        os._exit(0)
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(nowhere, descriptor)


if __name__ == "__main__":
    leave_the_daemon()
    # A delivery report that the daemon keeps by itself comes without an id.
    sys.exit(main(sys.argv[1:]) if sys.argv[1:] else 0)
