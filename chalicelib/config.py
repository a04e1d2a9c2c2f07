"""All that the environment decides, read once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from .domain.retention import DAYS, LEAST_DAYS


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Settings of one deployment; every value has a default that suits the embedded stack."""

    stage: str
    region: str
    public_url: str
    utc_offset_hours: int
    link_secret: str
    pages_queue_url: str
    bulk_queue_url: str
    timers_queue_url: str
    sweep_every_s: int
    audit_every_s: int
    sms_provider: str
    sms_per_second: float
    sms_sender_id: str
    sms_allow_demo: bool
    sms_http: str
    sms_replies: bool
    sms_message_ids: bool
    sms_spend_alarm: str
    notices_a_day: int
    inbound_secret: str
    calls_a_minute: int
    drill_incidents_an_hour: int
    retention_days: Mapping[str, int]
    audit_bucket: str
    workbooks_bucket: str
    oidc_issuer: str
    oidc_client_id: str
    oidc_authorization_endpoint: str
    oidc_token_endpoint: str
    oidc_end_session_endpoint: str
    oidc_jwks_uri: str
    sign_in_mails: bool

    @property
    def user_pool(self) -> str:
        """The id of the pool whose users sign in, '' for none: the end of its issuer's address."""
        return self.oidc_issuer.rpartition("/")[2]

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the process's environment; ValueError names a variable that cannot be used."""
        env = os.environ if environ is None else environ
        secret = env.get("LINK_SECRET", "")
        if len(secret) < 32:
            raise ValueError("LINK_SECRET must be set to at least 32 characters")
        inbound = env.get("INBOUND_SECRET", "")
        if 0 < len(inbound) < 32:
            raise ValueError("INBOUND_SECRET must have at least 32 characters")
        calls_a_minute = int(env.get("CALLS_A_MINUTE", "600"))
        if calls_a_minute < 1:
            raise ValueError("CALLS_A_MINUTE must be at least 1")
        drill_incidents = int(env.get("DRILL_INCIDENTS_AN_HOUR", "10"))
        if drill_incidents < 1:
            raise ValueError("DRILL_INCIDENTS_AN_HOUR must be at least 1")
        notices_a_day = int(env.get("NOTICES_A_DAY", "200"))
        if notices_a_day < 0:
            raise ValueError("NOTICES_A_DAY must be 0 or more")
        # SNS takes 20 SMS a second, if the account's quota was not raised; a modem about one in four seconds.
        rate = float(env.get("SMS_PER_SECOND", "20"))
        if not 0.2 <= rate <= 1000:
            raise ValueError("SMS_PER_SECOND must lie between 0.2 and 1000")
        return cls(
            stage=env.get("STAGE", "local"),
            region=env.get("AWS_DEFAULT_REGION", "ap-southeast-3"),
            public_url=env.get("PUBLIC_URL", "http://localhost:8112").rstrip("/"),
            utc_offset_hours=int(env.get("UTC_OFFSET_HOURS", "7")),
            link_secret=secret,
            pages_queue_url=env.get("PAGES_QUEUE_URL", ""),
            bulk_queue_url=env.get("BULK_QUEUE_URL", ""),
            timers_queue_url=env.get("TIMERS_QUEUE_URL", ""),
            sms_provider=env.get("SMS_PROVIDER", "sns"),
            sms_per_second=rate,
            sms_sender_id=env.get("SMS_SENDER_ID", ""),
            sms_allow_demo=env.get("SMS_ALLOW_DEMO", "") == "1",
            sms_http=env.get("SMS_HTTP", ""),
            # Off unless a gateway takes answers in: AWS has no two-way SMS in Indonesia.
            sms_replies=env.get("SMS_REPLIES", "") == "1",
            # One write more for each page: only for a provider whose delivery reports do not name the page.
            sms_message_ids=env.get("SMS_MESSAGE_IDS", "") == "1",
            # '' where nobody can say that the month's limit nears: another provider, the embedded stack.
            sms_spend_alarm=env.get("SMS_SPEND_ALARM", ""),
            notices_a_day=notices_a_day,
            inbound_secret=inbound,
            calls_a_minute=calls_a_minute,
            drill_incidents_an_hour=drill_incidents,
            retention_days=_retention_days(env.get("RETENTION_DAYS", "")),
            # '' for no seals, or for those that the embedded stack keeps in its folder.
            audit_bucket=env.get("AUDIT_BUCKET", ""),
            # '' where no workbooks are read, or the embedded stack reads them in its folder.
            workbooks_bucket=env.get("WORKBOOKS_BUCKET", ""),
            oidc_issuer=env.get("OIDC_ISSUER", ""),
            sweep_every_s=int(env.get("SWEEP_EVERY_S", "60")),
            audit_every_s=int(env.get("AUDIT_EVERY_S", "300")),
            oidc_client_id=env.get("OIDC_CLIENT_ID", ""),
            oidc_authorization_endpoint=env.get("OIDC_AUTHORIZATION_ENDPOINT", ""),
            oidc_token_endpoint=env.get("OIDC_TOKEN_ENDPOINT", ""),
            oidc_end_session_endpoint=env.get("OIDC_END_SESSION_ENDPOINT", ""),
            oidc_jwks_uri=env.get("OIDC_JWKS_URI", ""),
            # Off where nobody gets the sign-in service's mail: officers hand temporary passwords over themselves.
            sign_in_mails=env.get("SIGN_IN_MAILS", "") == "1",
        )


def _retention_days(text: str) -> dict[str, int]:
    """The periods with those that a text like `calls=180 pages=60` sets; ValueError rather than erase by a mistake."""
    days = dict(DAYS)
    for each in text.split():
        kind, _, number = each.partition("=")
        if kind not in DAYS or not number.isascii() or not number.isdigit() or int(number) < LEAST_DAYS:
            raise ValueError(
                f"RETENTION_DAYS: {each!r} is not one of {', '.join(DAYS)} with = and at least {LEAST_DAYS} days"
            )
        days[kind] = int(number)
    return days


def stage() -> str:
    """The stage alone, for what is told before any setting is read."""
    return os.environ.get("STAGE", "local")


def tables() -> str:
    """What the names of the tables begin with, when models are imported: the stage's own, or TABLES, which were restored."""
    return os.environ.get("TABLES") or f"kentongan-{stage()}"


def lambda_function() -> str:
    """The name of the Lambda function that this process is, whose standard output CloudWatch reads; '' anywhere else."""
    return os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "")


def cognito_pool_arn() -> str:
    """The user pool that guards the routes; chalice needs it when the application is imported."""
    return os.environ.get(
        "COGNITO_POOL_ARN", "arn:aws:cognito-idp:ap-southeast-3:000000000000:userpool/local"
    )
