#!/usr/bin/env python3
"""Hands an SMS that Gammu's daemon received to Kentongan; stands alone, so that it can be copied to the modem's machine.

In the configuration of gammu-smsd: `RunOnReceive = /usr/local/bin/gammu_on_receive.py`, and in the daemon's environment
KENTONGAN_URL (https://112.example.id) and INBOUND_SECRET (the deployment's).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import sys
import syslog
import time
import urllib.error
import urllib.parse
import urllib.request

# The daemon hands a message over once, and takes no other as long as we run: we wait for the line in the background.
PAUSES_S = (2, 5, 15, 30, 60, 120)
GIVEN = ("SMS_", "DECODED_")


def hand_in(message_id: str) -> int:
    """Post the message of the environment; the answer's status."""
    given = {name: value for name, value in os.environ.items() if name.startswith(GIVEN)}
    body = urllib.parse.urlencode({**given, "MESSAGE_ID": message_id}).encode("utf-8", "replace")
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
    except OSError:
        return 503


def main(message_ids: list[str]) -> int:
    """Try until it is taken in or refused for good; 0 when it was taken in."""
    for pause in (*PAUSES_S, 0):
        status = hand_in(message_ids[0])
        if status < 500 and status != 429:
            break
        time.sleep(pause)
    syslog.syslog(f"SMS {message_ids[0]}: {status}")
    return 0 if status < 300 else 1


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
