"""Accounts over HTTP: who may sign in here as whom, kept by the regency's admin, and by an agency's for its own admins."""

from __future__ import annotations

from ..domain.accounts import may_keep
from ..domain.registry import Account
from ..errors import Forbidden, NotFound
from ..faults import Fault
from ..gateways.sign_ins import NoSignIn
from ..services.registry import accounts as service
from ..services.registry.accounts import Kept
from ..services.registry.keeping import Hand
from ..services.registry.last_act import last_act
from .answers.accounts import (
    AccountAnswer,
    AccountsAnswer,
    HandedAnswer,
    LastActAnswer,
    OneAccountAnswer,
)
from .answers.shown import taken_from
from .bodies.accounts import AccountBody, InviteAgainBody, InviteBody, WhyBody
from .bodies.fields import EndBody
from .http import Answers, Api, Context, Takes
from .registry import must_be, must_match

api = Api(__name__)
ONE = "/api/accounts/{account_id}"


@api.on("GET", "/api/accounts", answers=Answers(AccountsAnswer))
def accounts(context: Context) -> AccountsAnswer:
    """The accounts that this officer keeps, with what the sign-in service says of each."""
    kept, known = service.roll(context.world, context.registry)
    mails = context.world.settings.sign_in_mails
    return AccountsAnswer.of(kept, context.user, known=known, mails=mails)


@api.on("POST", "/api/accounts", takes=Takes(InviteBody), answers=Answers(HandedAnswer, status=201))
def invite(context: Context) -> HandedAnswer:
    """Invite somebody: a sign-in and its account. The same again is an invitation again, until somebody has signed in by it."""
    body: InviteBody = context.body
    wanted = _must_keep(context, _written(body))
    hand = Hand(context.actor.id, body.why)
    handed = service.invite(context.world, context.registry, body.login, body.email, wanted, hand)
    return HandedAnswer.of(handed)


@api.on("GET", ONE, answers=Answers(OneAccountAnswer))
def account(context: Context, account_id: str) -> OneAccountAnswer:
    """One account with its sign-in and whether that has a second factor."""
    kept = _kept(context, account_id)
    sign_ins = service.sign_ins_of(context.world)
    has = kept.sign_in is not None and _has_second_factor(context, account_id)
    return taken_from(
        OneAccountAnswer,
        AccountAnswer.of(kept),
        second_factor=has,
        second_factor_demanded=sign_ins.demands_second_factor(),
    )


def _has_second_factor(context: Context, account_id: str) -> bool:
    try:
        return service.sign_ins_of(context.world).has_second_factor(account_id)
    except NoSignIn:
        return False


@api.on("PUT", ONE, takes=Takes(AccountBody), answers=Answers(AccountAnswer))
def change(context: Context, account_id: str) -> AccountAnswer:
    """Another name, role, agency, person or language, over the version that was read (`If-Match`)."""
    body: AccountBody = context.body
    kept = _unasked(context, account_id)
    after = _must_keep(context, _written(body, account_id, disabled=kept.account.disabled))
    expected = must_match(context.request)
    if not (expected == str(kept.v - 1) and after == kept.account):
        must_be(expected, kept.v)
    hand = Hand(context.actor.id, body.why)
    return AccountAnswer.of(service.change(context.world, context.registry, kept, after, hand))


@api.on("POST", f"{ONE}/invitation", takes=Takes(InviteAgainBody), answers=Answers(HandedAnswer))
def invite_again(context: Context, account_id: str) -> HandedAnswer:
    """The invitation once more, to another address if one is given."""
    kept, email = _kept(context, account_id), context.body.email
    handed = service.invite_again(context.world, context.registry, kept, email, context.actor.id)
    return HandedAnswer.of(handed)


@api.on("POST", f"{ONE}/password", takes=Takes(EndBody), answers=Answers(HandedAnswer))
def new_password(context: Context, account_id: str) -> HandedAnswer:
    """A temporary password, told this once; the next sign-in asks for another."""
    kept = _kept(context, account_id)
    return HandedAnswer.of(service.new_password(context.world, context.registry, kept, context.actor.id))


@api.on("POST", f"{ONE}/second-factor/forget", takes=Takes(EndBody), answers=Answers(HandedAnswer))
def forget_second_factor(context: Context, account_id: str) -> HandedAnswer:
    """For who has lost the second factor. Where everybody must have one, another account takes the place of this one."""
    kept = _kept(context, account_id)
    return HandedAnswer.of(
        service.forget_second_factor(context.world, context.registry, kept, context.actor.id)
    )


@api.on("POST", f"{ONE}/disable", takes=Takes(WhyBody), answers=Answers(AccountAnswer))
def disable(context: Context, account_id: str) -> AccountAnswer:
    """Let an account do nothing any more; tokens that were given before stop working with the next request."""
    hand = Hand(context.actor.id, context.body.why)
    kept = service.disable(context.world, context.registry, _unasked(context, account_id), hand)
    return AccountAnswer.of(kept)


@api.on("POST", f"{ONE}/enable", takes=Takes(WhyBody), answers=Answers(AccountAnswer))
def enable(context: Context, account_id: str) -> AccountAnswer:
    """Let an account do again what its role may."""
    hand = Hand(context.actor.id, context.body.why)
    kept = service.enable(context.world, context.registry, _unasked(context, account_id), hand)
    return AccountAnswer.of(kept)


@api.on("GET", f"{ONE}/last-act", answers=Answers(LastActAnswer))
def show_last_act(context: Context, account_id: str) -> LastActAnswer:
    """What somebody did last, as our own trail tells it, and down to which day was looked."""
    _unasked(context, account_id)
    return LastActAnswer.of(last_act(context.world, context.registry, account_id))


def _written(body: AccountBody, id_: str = "new", *, disabled: bool = False) -> Account:
    return Account(
        id=id_,
        name=body.name,
        role=body.role,
        agency_id=body.agency_id,
        person_id=body.person_id,
        language=body.language,
        disabled=disabled,
    )


def _must_keep(context: Context, account: Account) -> Account:
    """The account, if it is this officer's to keep."""
    if not may_keep(context.user, account):
        raise Forbidden("an agency's admin keeps the accounts of its own agency's admins")
    return account


def _unasked(context: Context, account_id: str) -> Kept:
    """The account, if it is this officer's to keep, without its sign-in."""
    if account_id not in context.registry.accounts:
        raise NotFound("no such account", Fault("account_id", "not_found"))
    kept = service.unasked(context.registry, account_id)
    _must_keep(context, kept.account)
    return kept


def _kept(context: Context, account_id: str) -> Kept:
    _unasked(context, account_id)
    return service.kept_of(context.world, context.registry, account_id)
