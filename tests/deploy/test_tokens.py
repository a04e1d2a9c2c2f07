"""Who is let in: nobody without a token of the stage's own pool that has not expired."""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from chalicelib.handlers.access import ACCESS, PUBLIC
from tests.deploy.stage import REGION, Stage

GUARDED = sorted(route for route, roles in ACCESS.items() if roles is not PUBLIC)


def read_incidents(stage: Stage, token: str) -> int:
    return stage.call("GET", "/api/incidents?state=open", token=token).status_code


def test_every_guarded_route_refuses_whoever_shows_no_token(stage: Stage) -> None:
    answers = {}
    for route in GUARDED:
        method, path = route.split()
        answers[route] = stage.call(method, path.replace("{", "").replace("}", ""), {}).status_code
    assert {route: status for route, status in answers.items() if status != 401} == {}


def test_the_operators_own_token_is_taken(stage: Stage, operator: str) -> None:
    assert read_incidents(stage, operator) == 200


def test_an_expired_token_is_refused(stage: Stage, operator: str) -> None:
    claims = jwt.decode(operator, options={"verify_signature": False})
    expired = stage.aws.sign({**claims, "iat": claims["iat"] - 7200, "exp": int(time.time()) - 60})
    assert read_incidents(stage, stage.aws.sign(claims)) == 200, "signing itself goes wrong"
    assert read_incidents(stage, expired) == 401


def test_a_token_of_another_pool_is_refused(stage: Stage, operator: str) -> None:
    cognito = stage.aws.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="other")["UserPool"]["Id"]
    flows = ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="c", ExplicitAuthFlows=flows)
    client_id = client["UserPoolClient"]["ClientId"]
    cognito.admin_create_user(UserPoolId=pool, Username="operator", MessageAction="SUPPRESS")
    password = {"UserPoolId": pool, "Username": "operator", "Password": "Kentongan-2026"}
    cognito.admin_set_user_password(**password, Permanent=True)
    answer = cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "operator", "PASSWORD": "Kentongan-2026"},
    )
    assert read_incidents(stage, answer["AuthenticationResult"]["IdToken"]) == 401


@pytest.mark.parametrize("changed", [{"token_use": "access"}, {"sub": "somebody-else"}])
def test_an_access_token_or_a_sign_in_without_an_account_may_do_nothing(
    stage: Stage, operator: str, changed: dict[str, Any]
) -> None:
    claims = jwt.decode(operator, options={"verify_signature": False})
    assert read_incidents(stage, stage.aws.sign({**claims, **changed})) in (401, 403)


def test_a_token_signed_by_anybody_else_is_refused(stage: Stage, operator: str) -> None:
    claims = jwt.decode(operator, options={"verify_signature": False})
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kid = jwt.get_unverified_header(operator)["kid"]
    forged = jwt.encode(claims, key, "RS256", headers={"kid": kid})
    assert read_incidents(stage, forged) == 401


def test_the_interface_behind_the_site_is_guarded_as_well(stage: Stage) -> None:
    """Whoever asks API Gateway's own address passes no edge and meets the same guard."""
    api = stage.outputs("")["ApiDomain"].split(".")[0]
    answer = stage.http.get(f"{stage.aws.url}/_aws/execute-api/{api}/live/api/incidents", timeout=60)
    assert answer.status_code == 401
    assert REGION in stage.outputs("")["ApiDomain"]
