"""Models and services on moto, with faults between; and a regency in it with everybody on duty."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator
from threading import Lock
from types import SimpleNamespace
from typing import Any

import moto.dynamodb.models
import pytest
from botocore.client import BaseClient
from moto import mock_aws

from chalicelib.aws_json import JsonService
from chalicelib.models import connection, tables
from chalicelib.models.tables import KeyItem
from tests.contract.faults import Faults
from tests.contract.regency_on_moto import Regency


def _kept(value: Any) -> Any:
    """What moto keeps to roll a transaction back: it copies each table whole for each item, which takes seconds."""
    if not hasattr(value, "items") or not isinstance(value.items, defaultdict):
        return copy.deepcopy(value)
    kept = copy.copy(value)
    # A put replaces an item, an update changes it in place: only where there are updates must the items be copied too.
    copied = copy.deepcopy if value.name == KeyItem.Meta.table_name else copy.copy
    kept.items = defaultdict(dict, {key: copied(under) for key, under in value.items.items()})
    return kept


# A client takes a third of a second to make; this one is moto's, and kept from test to test.
_kept_connection: dict[str, connection.SharedConnection] = {}


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    """Empty tables in moto; whatever connections other tests made are theirs again afterwards."""
    monkeypatch.delenv("AWS_ENDPOINT_URL_DYNAMODB", raising=False)
    monkeypatch.setattr(connection, "_shared", _kept_connection.get("shared"))
    for model in tables.MODELS:
        monkeypatch.setattr(model, "_connection", None)
    # moto stands behind botocore alone, where every request goes that JsonService has no answer to.
    monkeypatch.setattr(JsonService, "call", lambda *_: None)
    monkeypatch.setattr(moto.dynamodb.models, "copy", SimpleNamespace(deepcopy=_kept))
    with mock_aws():
        faults = Faults()
        real = BaseClient._make_api_call
        monkeypatch.setattr(BaseClient, "_make_api_call", faults.through(real))
        tables.create_missing()
        yield faults
        _kept_connection["shared"] = connection.shared()


@pytest.fixture
def regency(dynamodb: Faults) -> Regency:
    """Three agencies on land and one on water, everybody on duty."""
    made = Regency(dynamodb, Lock())
    made.seed()
    dynamodb.calls.clear()
    return made
