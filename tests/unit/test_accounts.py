"""Whose accounts are whose to keep, what gives access up, and temporary passwords that the pool takes."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.accounts import RANDOM_BYTES, gives_up, may_keep, temporary_password
from chalicelib.domain.registry import Account, Role
from infra.local.signin import POLICY

ROLES: tuple[Role, ...] = get_args(Role)


def account(role: Role, agency_id: str | None = None, id_: str = "one") -> Account:
    return Account(id=id_, name="Siti", role=role, agency_id=agency_id)


@pytest.mark.parametrize(("officer", "other"), list(product(ROLES, ROLES)))
def test_the_admin_keeps_all_an_agencys_admin_its_own_admins_and_nobody_else_anybody(
    officer: Role, other: Role
) -> None:
    of = {"agency_admin": "damkar"}
    kept = may_keep(account(officer, of.get(officer)), account(other, of.get(other)))
    assert kept == (officer == "admin" or (officer, other) == ("agency_admin", "agency_admin"))


def test_another_agencys_admin_is_not_kept_and_one_without_an_agency_keeps_nobody() -> None:
    assert not may_keep(account("agency_admin", "damkar"), account("agency_admin", "psc"))
    # A disabled account may stand with an agency that its role has not.
    assert not may_keep(account("agency_admin", "damkar"), account("operator", "damkar"))


def test_whoever_loses_role_agency_or_account_gives_something_up() -> None:
    before = account("admin")
    assert not gives_up(before, replace(before, name="Ani", language="en", person_id="p"))
    assert gives_up(before, replace(before, role="supervisor"))
    assert gives_up(before, replace(before, role="agency_admin", agency_id="damkar"))
    assert gives_up(before, replace(before, disabled=True)) and gives_up(before, None)
    gone = replace(before, disabled=True)
    assert not gives_up(gone, gone)


@given(st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES))
def test_a_temporary_password_is_one_that_the_pool_takes_and_a_person_can_read_out(random: bytes) -> None:
    made, policy = temporary_password(random), POLICY["PasswordPolicy"]
    assert len(made) >= policy["MinimumLength"]
    assert any(each.isupper() for each in made) and any(each.islower() for each in made)
    assert any(each.isdigit() for each in made)
    assert not set(made.lower()) & set("ilo01")


def test_no_two_draws_make_the_same_password_by_a_short_way() -> None:
    drawn = {temporary_password(number.to_bytes(RANDOM_BYTES, "big")) for number in range(2000)}
    assert len(drawn) == 2000
