"""The sign-in service's pool, client and demo users: found by their names, or made."""

from __future__ import annotations

import json
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.local.stack import REGION, Stack

NAME = "kentongan-local"
POLICY = {
    "PasswordPolicy": {
        "MinimumLength": 12,
        "RequireUppercase": True,
        "RequireLowercase": True,
        "RequireNumbers": True,
        "RequireSymbols": False,
        "TemporaryPasswordValidityDays": 7,
    }
}
# In data.yaml's words. Nobody gets it: MiniStack keeps each mail in its memory alone, so that here nothing is mailed (SIGN_IN_MAILS).
INVITATION = (
    "Anda diundang memakai Kentongan 112.<br><br>Alamat: {site}/<br>Nama pengguna: {{username}}<br>"
    "Kata sandi sementara: {{####}}<br><br>Kata sandi ini berlaku 7 hari. Saat pertama kali masuk, buatlah kata sandi Anda "
    "sendiri. Jangan teruskan surel ini kepada siapa pun."
)
SUBJECT = "Undangan Kentongan 112"


def invited_by(site: str) -> dict[str, Any]:
    """Who may make users, and by which words they are told of it."""
    message = {"EmailSubject": SUBJECT, "EmailMessage": INVITATION.format(site=site)}
    return {"AllowAdminCreateUserOnly": True, "InviteMessageTemplate": message}


def connect(stack: Stack) -> Any:
    """Return a boto3 Cognito client for this stack."""
    return boto3.client(
        "cognito-idp",
        region_name=REGION,
        endpoint_url=stack.aws_url,
        aws_access_key_id=stack.secrets()["aws_key"],
        aws_secret_access_key="kentongan",
        config=Config(
            retries={"total_max_attempts": 3, "mode": "standard"}, connect_timeout=3, read_timeout=10
        ),
    )


def ensure_pool(stack: Stack) -> tuple[str, str]:
    """Return the ids of the pool and its client; the client's callbacks follow the stack's port."""
    cognito = connect(stack)
    pools = cognito.list_user_pools(MaxResults=60)["UserPools"]
    pool_id: str = next((pool["Id"] for pool in pools if pool["Name"] == NAME), "")
    settings = {"Policies": POLICY, "AdminCreateUserConfig": invited_by(stack.public_url)}
    if not pool_id:
        pool_id = cognito.create_user_pool(PoolName=NAME, **settings)["UserPool"]["Id"]
    else:
        cognito.update_user_pool(UserPoolId=pool_id, **settings)
    return pool_id, _ensure_client(cognito, pool_id, stack.origins)


def _ensure_client(cognito: Any, pool_id: str, origins: list[str]) -> str:
    settings = {
        "UserPoolId": pool_id,
        "ClientName": NAME,
        "ExplicitAuthFlows": [
            "ALLOW_USER_SRP_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
            "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        ],
        "SupportedIdentityProviders": ["COGNITO"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "email", "profile"],
        "CallbackURLs": [
            origin + path for origin in origins for path in ("/signed-in.html", "/en/signed-in.html")
        ],
        "LogoutURLs": [origin + path for origin in origins for path in ("/index.html", "/en/index.html")],
    }
    clients = cognito.list_user_pool_clients(UserPoolId=pool_id, MaxResults=60)["UserPoolClients"]
    client_id: str = next((client["ClientId"] for client in clients if client["ClientName"] == NAME), "")
    if not client_id:
        # No secret: a page in a browser could not keep one; PKCE stands in its place.
        made = cognito.create_user_pool_client(**settings, GenerateSecret=False)
        client_id = made["UserPoolClient"]["ClientId"]
    else:
        cognito.update_user_pool_client(ClientId=client_id, **settings)
    return client_id


def ensure_user(cognito: Any, pool_id: str, username: str, password: str) -> str:
    """Return the `sub` of a user, who is made with this password if there is none yet."""
    try:
        user = cognito.admin_get_user(UserPoolId=pool_id, Username=username)
        attributes = user["UserAttributes"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "UserNotFoundException":
            raise
        made = cognito.admin_create_user(UserPoolId=pool_id, Username=username, MessageAction="SUPPRESS")
        attributes = made["User"]["Attributes"]
        user = {}
    if user.get("UserStatus") != "CONFIRMED":
        cognito.admin_set_user_password(
            UserPoolId=pool_id, Username=username, Password=password, Permanent=True
        )
    sub: str = next(attribute["Value"] for attribute in attributes if attribute["Name"] == "sub")
    return sub


def saved_users(stack: Stack) -> dict[str, dict[str, Any]]:
    """Return the users whom a `kill -9` would leave, by name, as MiniStack writes them down."""
    try:
        saved = json.loads(stack.accounts_file.read_bytes())
    except FileNotFoundError:
        return {}
    pools = saved["payload"]["user_pools"]["data"].values()
    return {name: user for pool in pools for name, user in pool["_users"].items()}


def issue_token(stack: Stack, pool_id: str, client_id: str, username: str, password: str) -> str:
    """Sign a user in and return the id token, which the HTTP interface takes; botocore's ClientError if refused."""
    answer = connect(stack).admin_initiate_auth(
        UserPoolId=pool_id,
        ClientId=client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": password},
    )
    token: str = answer["AuthenticationResult"]["IdToken"]
    return token
