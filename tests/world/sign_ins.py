"""The sign-in service at the edge of a story's world: its users stand in memory, and it can be away or break off."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec.structs import replace

from chalicelib.domain.accounts import SignIn
from chalicelib.errors import Unanswered
from chalicelib.gateways.sign_ins import NoSignIn


@dataclass
class User:
    """What nobody may see besides: the password, and whether it has ended every session."""

    sign_in: SignIn
    password: str
    enabled: bool = True
    second_factor: bool = False
    sessions: int = 0


@dataclass
class FakeSignIns:
    """As Cognito, as far as officers see it: `mails` are (address, login), `calls` what was asked for and changed something."""

    now: str = "2026-11-23T03:00:00.000Z"
    mailing: bool = False
    demanding: bool = False
    users: dict[str, User] = field(default_factory=dict)
    mails: list[tuple[str, str]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    # The calls of this name never come to their end: nothing is done.
    away: set[str] = field(default_factory=set)
    _made: int = 0

    def _begin(self, call: str) -> None:
        if call in self.away or "*" in self.away:
            raise Unanswered("the sign-in service gave no answer")
        if call not in ("all", "find", "has_second_factor", "demands_second_factor"):
            self.calls.append(call)

    def _user(self, id_: str) -> User:
        if id_ not in self.users:
            raise NoSignIn
        return self.users[id_]

    def has(self, id_: str, login: str, state: str = "own", email: str = "") -> User:
        """Somebody who is there before the story begins."""
        sign_in = SignIn(id=id_, login=login, email=email, state=state, since=self.now)  # type: ignore[arg-type]
        self.users[id_] = User(sign_in, "Rahasia-Sekali-2026")
        return self.users[id_]

    def signs_in(self, login: str, password: str, own: str = "") -> str | None:
        """The `sub` that comes in by a password, a temporary one with one of their own; None if nobody does."""
        for user in self.users.values():
            if user.sign_in.login == login and user.enabled and user.password == password:
                if user.sign_in.state == "temporary":
                    assert own, "the next sign-in asks for another password"
                    user.password, user.sign_in = own, replace(user.sign_in, state="own")
                user.sessions += 1
                return user.sign_in.id
        return None

    def all(self) -> list[SignIn]:
        self._begin("all")
        return [self._shown(each) for each in self.users.values()]

    def find(self, name: str) -> SignIn | None:
        self._begin("find")
        found = [each for each in self.users.values() if name in (each.sign_in.id, each.sign_in.login)]
        return self._shown(found[0]) if found else None

    def _shown(self, user: User) -> SignIn:
        return user.sign_in if user.enabled else replace(user.sign_in, state="closed")

    def make(self, login: str, email: str, password: str) -> SignIn | None:
        self._begin("make")
        if any(each.sign_in.login == login for each in self.users.values()):
            return None
        self._made += 1
        self.has(f"made-{self._made}", login, "temporary", email).password = password
        return self.users[f"made-{self._made}"].sign_in

    def set_email(self, id_: str, email: str) -> None:
        self._begin("set_email")
        user = self._user(id_)
        user.sign_in = replace(user.sign_in, email=email)

    def set_password(self, id_: str, password: str) -> None:
        self._begin("set_password")
        user = self._user(id_)
        user.password, user.sign_in = password, replace(user.sign_in, state="temporary")

    def mail_invitation(self, sign_in: SignIn) -> bool:
        self._begin("mail_invitation")
        if not self.mailing or not sign_in.email:
            return False
        self.mails.append((sign_in.email, sign_in.login))
        self._user(sign_in.id).password = "Dari-Surel-2026"
        return True

    def open(self, id_: str) -> None:
        self._begin("open")
        self._user(id_).enabled = True

    def close(self, id_: str) -> None:
        self._begin("close")
        self._user(id_).enabled, self._user(id_).sessions = False, 0

    def sign_out(self, id_: str) -> None:
        self._begin("sign_out")
        self._user(id_).sessions = 0

    def has_second_factor(self, id_: str) -> bool:
        self._begin("has_second_factor")
        return self._user(id_).second_factor

    def demands_second_factor(self) -> bool:
        self._begin("demands_second_factor")
        return self.demanding

    def forget_second_factor(self, id_: str) -> None:
        self._begin("forget_second_factor")
        assert not self.demanding, "Cognito does nothing then, and says that it did"
        self._user(id_).second_factor = False

    def remove(self, sign_in: SignIn) -> None:
        self._begin("remove")
        self._user(sign_in.id)
        del self.users[sign_in.id]
