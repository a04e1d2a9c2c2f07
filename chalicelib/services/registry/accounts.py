"""Keeping accounts: the registry says what somebody may do, the sign-in service who it is, and neither waits half for the other.

What takes access away is written in the registry first, where the next request asks; what gives it comes there last. Whoever dies
between the two leaves a sign-in that may do nothing, and the same asked for again completes it. What an officer does to a sign-in
alone, such as a new password, is a version of the account too, written before it is done: whoever could act in another's
name stands in the chain.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from ...bootstrap import World
from ...domain import registry_rules
from ...domain.accounts import SignIn
from ...domain.registry import Account
from ...errors import Conflict, Unanswered, Unprocessable
from ...faults import Fault
from ...gateways.sign_ins import NoSignIn, SignIns
from ...models.registry import Snapshot
from . import keeping
from .keeping import Hand

NOUN = "accounts"
# What the history says where nobody gives a reason, in the words of those who read it.
INVITED_AGAIN = "Undangan dikirim ulang"
NEW_PASSWORD = "Kata sandi sementara baru"
SECOND_FACTOR = "Faktor kedua hilang"


class Kept(Struct, frozen=True, kw_only=True):
    """An account, the version it was read at, and its sign-in, None where there is none or nobody knows."""

    account: Account
    v: int
    sign_in: SignIn | None


class Handed(Struct, frozen=True, kw_only=True):
    """What somebody gets to sign in by: a mail, or a temporary password that an officer hands over and that is kept nowhere."""

    kept: Kept
    password: str | None
    mailed: bool


def sign_ins_of(world: World) -> SignIns:
    if world.sign_ins is None:
        raise Unanswered("there is no sign-in service here")
    return world.sign_ins


def roll(world: World, registry: Snapshot) -> tuple[list[Kept], bool]:
    """All accounts by name, and whether the sign-in service said what it knows of them."""
    try:
        known = {each.id: each for each in sign_ins_of(world).all()}
    except Unanswered:
        known = None
    found = sorted(registry.accounts.values(), key=lambda each: (each.name.casefold(), each.id))
    kept = [
        Kept(account=each, v=registry.versions[NOUN, each.id], sign_in=known.get(each.id) if known else None)
        for each in found
    ]
    return kept, known is not None


def kept_of(world: World, registry: Snapshot, id_: str) -> Kept:
    """One account with its sign-in; Unanswered where that is not known."""
    return _now(world, unasked(registry, id_))


def unasked(registry: Snapshot, id_: str) -> Kept:
    """One account without asking the sign-in service, which may be away: what takes access away waits for nobody."""
    account, version = keeping.find(registry, NOUN, id_)
    return Kept(account=account, v=version, sign_in=None)


def invite(world: World, registry: Snapshot, login: str, email: str, wanted: Account, hand: Hand) -> Handed:
    """A new account `wanted`, but for its id, and the sign-in by which somebody enters it.

    A sign-in that no account stands for, which somebody died over, is taken on. The very same once more is an invitation
    once more, as long as nobody has signed in: its answer may have been lost, and with it the password.
    """
    _must_fit(world, registry, replace(wanted, id="new"))
    if login in registry.accounts:
        # The service takes a `sub` for a login: a user of this name would answer for somebody else's account.
        raise _taken()
    service, password = sign_ins_of(world), world.mint.password()
    made = service.make(login, email, password)
    sign_in = made or service.find(login)
    if sign_in is None:
        raise Unanswered("the sign-in changed meanwhile; send it again")
    account, version = replace(wanted, id=sign_in.id), 0
    present = world.registry.current()
    if sign_in.id not in present.accounts:
        if not made:
            _take_on(service, sign_in, email)
        version = keeping.put(world, present, NOUN, account, known=None, hand=hand)
    elif present.accounts[sign_in.id] != account or sign_in.state != "temporary":
        raise _taken()
    version = version or present.versions[NOUN, sign_in.id]
    kept = Kept(account=account, v=version, sign_in=service.find(sign_in.id))
    return _handed(world, kept, by_mail=bool(email), given=password if made else None)


def _taken() -> Conflict:
    return Conflict("this login is somebody's", Fault("login", "login_taken"))


def _must_fit(world: World, registry: Snapshot, account: Account) -> None:
    """Refuse what the registry would refuse, before anybody can sign in by it."""
    book = keeping.book_of(world, registry, (), world.clock.now())
    if found := registry_rules.faults(account, book.with_(NOUN, account.id, account)):
        raise Unprocessable("the registry does not fit together", *found)


def _take_on(service: SignIns, sign_in: SignIn, email: str) -> None:
    service.open(sign_in.id)
    if email and email != sign_in.email:
        service.set_email(sign_in.id, email)


def _handed(world: World, kept: Kept, *, by_mail: bool, given: str | None = None) -> Handed:
    """Have the sign-in's user told, or make what an officer tells; `given` is the password that it has already."""
    service = sign_ins_of(world)
    if by_mail and kept.sign_in and service.mail_invitation(kept.sign_in):
        return Handed(kept=kept, password=None, mailed=True)
    password = given or world.mint.password()
    # Also one that was given: a mail that failed may have made another.
    service.set_password(kept.account.id, password)
    return Handed(kept=_now(world, kept), password=password, mailed=False)


def _now(world: World, kept: Kept) -> Kept:
    return replace(kept, sign_in=sign_ins_of(world).find(kept.account.id))


def invite_again(world: World, registry: Snapshot, kept: Kept, email: str, by: str) -> Handed:
    """The invitation once more, to another address if one is given; Conflict once somebody has signed in by it."""
    sign_in = _must_sign_in(kept)
    if sign_in.state != "temporary":
        raise Conflict("somebody has signed in by it", Fault("id", "signed_in_already"))
    kept = _recorded(world, registry, kept, Hand(by, INVITED_AGAIN))
    if email and email != sign_in.email:
        sign_ins_of(world).set_email(kept.account.id, email)
        kept = _now(world, kept)
    return _handed(world, kept, by_mail=True)


def new_password(world: World, registry: Snapshot, kept: Kept, by: str) -> Handed:
    """A temporary password in place of whatever there was; who was signed in with that is signed out."""
    _must_sign_in(kept)
    kept = _recorded(world, registry, kept, Hand(by, NEW_PASSWORD))
    sign_ins_of(world).sign_out(kept.account.id)
    return _handed(world, kept, by_mail=False)


def _must_sign_in(kept: Kept) -> SignIn:
    if kept.account.disabled:
        raise Conflict("enable it first", Fault("id", "account_disabled"))
    if kept.sign_in is None:
        raise Conflict("nobody can sign in by it: invite anew", Fault("id", "no_sign_in"))
    return kept.sign_in


def _recorded(world: World, registry: Snapshot, kept: Kept, hand: Hand) -> Kept:
    """The account once its history says who is about to do what to its sign-in."""
    version = keeping.put(world, registry, NOUN, kept.account, known=kept.v, hand=hand)
    return replace(kept, v=version)


def disable(world: World, registry: Snapshot, kept: Kept, hand: Hand) -> Kept:
    """Let an account do nothing from the next request on, and nobody sign in by it."""
    kept = _with(world, registry, kept, replace(kept.account, disabled=True), hand)
    try:
        sign_ins_of(world).close(kept.account.id)
    except NoSignIn:
        return kept
    return _now(world, kept)


def enable(world: World, registry: Snapshot, kept: Kept, hand: Hand) -> Kept:
    """Let an account do again what its role may."""
    account = replace(kept.account, disabled=False)
    _must_fit(world, registry, account)
    try:
        sign_ins_of(world).open(account.id)
    except NoSignIn:
        raise Conflict("nobody can sign in by it: invite anew", Fault("id", "no_sign_in")) from None
    return _now(world, _with(world, registry, kept, account, hand))


def change(world: World, registry: Snapshot, kept: Kept, after: Account, hand: Hand) -> Kept:
    """Another name, role, agency, person or language; it counts from the next request on."""
    kept = _with(world, registry, kept, after, hand)
    try:
        return _now(world, kept)
    except Unanswered:
        return kept


def _with(world: World, registry: Snapshot, kept: Kept, after: Account, hand: Hand) -> Kept:
    """The account written as it is to be; what stands so already is not written again."""
    if after == kept.account:
        return kept
    version = keeping.put(world, registry, NOUN, after, known=kept.v, hand=hand)
    return replace(kept, account=after, v=version)


def forget_second_factor(world: World, registry: Snapshot, kept: Kept, by: str) -> Handed:
    """Let somebody in who has lost what the second factor was made with.

    Where it is demanded of everybody it cannot be taken from anybody: the account is disabled, its sign-in removed, and another
    made under the same login for an account that is the same but for its id.
    """
    sign_in, service = _must_sign_in(kept), sign_ins_of(world)
    hand = Hand(by, SECOND_FACTOR)
    if not service.demands_second_factor():
        kept = _recorded(world, registry, kept, hand)
        service.forget_second_factor(kept.account.id)
        service.sign_out(kept.account.id)
        return Handed(kept=kept, password=None, mailed=False)
    wanted = kept.account
    disable(world, registry, kept, hand)
    service.remove(sign_in)
    return invite(world, world.registry.current(), sign_in.login, sign_in.email, wanted, hand)
