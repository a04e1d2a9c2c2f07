"""Accounts as officers keep them: whose are whose to keep, what can be said of a sign-in, and temporary passwords."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from .registry import Account

# Without what is mistaken for something else when it is read out or written on paper: I, l, 1, O, 0.
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_DIGITS = "23456789"
GROUPS, LETTERS_A_GROUP = 3, 4
# What a temporary password is made of; there are some 10^18.
RANDOM_BYTES = 16

# `temporary`: an officer's password, which is changed at the next sign-in; `own`: one that nobody else knows; `closed`: nobody
# signs in by it; `other`: it waits for something that no officer has asked for.
State = Literal["temporary", "own", "closed", "other"]


class SignIn(Struct, frozen=True, kw_only=True):
    """One user of the sign-in service: `id` is the token's `sub`, `login` what is typed, `since` when anything of it last changed.

    The e-mail address stands here alone: in no item, version, event or log of ours.
    """

    id: str
    login: str
    email: str
    state: State
    since: str


def may_keep(officer: Account, account: Account) -> bool:
    """Whether an officer may keep this account: an agency's admin those of its own agency's admins, and no higher."""
    if officer.role == "admin":
        return True
    theirs = (account.role, account.agency_id)
    return officer.role == "agency_admin" and theirs == ("agency_admin", officer.agency_id)


def gives_up(before: Account, after: Account | None) -> bool:
    """Whether a change takes from an account what it may do, or where."""
    if after is None or after.disabled:
        return not before.disabled
    return (after.role, after.agency_id) != (before.role, before.agency_id)


def temporary_password(random: bytes) -> str:
    """A password for one sign-in, such as `Kfba-mtpq-xhwz-42`, that a person can read out and type."""
    number = int.from_bytes(random, "big")
    groups = []
    for _ in range(GROUPS):
        letters = []
        for _ in range(LETTERS_A_GROUP):
            number, place = divmod(number, len(_LETTERS))
            letters.append(_LETTERS[place])
        groups.append("".join(letters))
    digits = []
    for _ in range(2):
        number, place = divmod(number, len(_DIGITS))
        digits.append(_DIGITS[place])
    return f"{groups[0].capitalize()}-{'-'.join(groups[1:])}-{''.join(digits)}"
