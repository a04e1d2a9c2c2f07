"""Accounts as officers see them."""

from __future__ import annotations

from typing import Literal, Self

from ...domain.accounts import State, may_keep
from ...domain.registry import Account, Language, Role
from ...services.registry.accounts import Handed, Kept
from ...services.registry.last_act import LastAct
from .shown import Shown, taken_from


class SignInAnswer(Shown, frozen=True, kw_only=True):
    """Of an account's sign-in what the sign-in service keeps: by which login, where it mails to, and since when it is so."""

    login: str
    email: str
    state: State
    since: str


class AccountAnswer(Shown, frozen=True, kw_only=True):
    """An account; `sign_in` is null where there is none, or where nobody knows (`known` of the list)."""

    id: str
    v: int
    name: str
    role: Role
    agency_id: str | None
    person_id: str | None
    language: Language
    disabled: bool
    sign_in: SignInAnswer | None

    @classmethod
    def of(cls, kept: Kept) -> Self:
        sign_in = taken_from(SignInAnswer, kept.sign_in) if kept.sign_in else None
        return taken_from(cls, kept.account, v=kept.v, sign_in=sign_in)


class AccountsAnswer(Shown, frozen=True, kw_only=True):
    """The accounts that an officer keeps; `known`: whether the sign-in service answered; `mails`: whether it mails invitations."""

    accounts: list[AccountAnswer]
    known: bool
    mails: bool

    @classmethod
    def of(cls, kept: list[Kept], officer: Account, *, known: bool, mails: bool) -> Self:
        own = [AccountAnswer.of(each) for each in kept if may_keep(officer, each.account)]
        return cls(accounts=own, known=known, mails=mails)


class OneAccountAnswer(AccountAnswer, frozen=True, kw_only=True):
    """An account with what is asked of one alone: whether it has a second factor, and whether everybody must have one."""

    second_factor: bool
    second_factor_demanded: bool


class HandedAnswer(Shown, frozen=True, kw_only=True):
    """What somebody signs in by: a mail that was sent, or a temporary `password`, which nobody can show again; null for neither."""

    account: AccountAnswer
    password: str | None
    mailed: bool

    @classmethod
    def of(cls, handed: Handed) -> Self:
        return taken_from(cls, handed, account=AccountAnswer.of(handed.kept))


class LastActAnswer(Shown, frozen=True, kw_only=True):
    """What somebody did last; `at` is null where nothing was found down to the local day `searched_to`."""

    at: str | None
    where: Literal["registry", "incident", "call"] | None
    type: str
    incident_id: str
    searched_to: str

    @classmethod
    def of(cls, found: LastAct) -> Self:
        act = found.act
        return cls(
            at=act.at if act else None,
            where=act.where if act else None,
            type=act.type if act else "",
            incident_id=act.incident_id if act else "",
            searched_to=found.searched_to,
        )
