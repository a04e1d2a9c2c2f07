"""What the templates must hold whatever is changed in them: least privilege, nothing public, nothing without an alarm."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from pynamodb.models import Model

import app as application
from chalicelib import config
from chalicelib.config import Settings
from chalicelib.domain.sheets import workbooks
from chalicelib.handlers.access import ACCESS, PUBLIC
from chalicelib.models.tables import MODELS
from chalicelib.services.evidence import sealing
from chalicelib.services.pages.pacing import BULK_WORKERS
from infra.deploy import account
from infra.local import signin
from infra.local.gateway import security_headers
from infra.package import REGION
from tests.support.built import built, template
from tests.support.rights import FUNCTIONS, as_list

Resource = dict[str, Any]
OPERATIONS = Path(__file__).parents[2] / "docs" / "operations-aws.md"
QUEUES = {"PagesQueue": "SendPages", "BulkQueue": "SendBulk", "TimersQueue": "RunTimers"}
# What may be done to `*`, and why no narrower resource would do.
ON_EVERYTHING = {
    # A phone number has no name of its own in AWS; a Deny beside it keeps every topic out.
    ("sns:Publish", "Sms"),
}
# The key's own policy hands it over to the account's, as AWS demands of every key.
KEY_POLICY = ("kms:*", "Key")


def of_type(name: str, kind: str) -> dict[str, Resource]:
    resources: dict[str, Resource] = template(name)["Resources"]
    return {key: each for key, each in resources.items() if each["Type"] == kind}


# The one that is not chalice's: SAM's globals are not its own.
APART = "Workbooks"


def functions() -> dict[str, Resource]:
    kinds = ("AWS::Serverless::Function", "AWS::Lambda::Function")
    return {key: each["Properties"] for kind in kinds for key, each in of_type("application", kind).items()}


def environment(function: str) -> dict[str, Any]:
    everywhere = template("application")["Globals"]["Function"]["Environment"]["Variables"]
    if function == APART:
        everywhere = {}
    own = functions()[function].get("Environment", {}).get("Variables", {})
    return {**everywhere, **own}


def statements(name: str) -> Iterator[tuple[str, Resource]]:
    """Every statement of every policy of a template with its resource's name."""

    def within(value: Any) -> Iterator[Resource]:
        if isinstance(value, Mapping):
            if "Effect" in value:
                yield dict(value)
            for each in value.values():
                yield from within(each)
        elif isinstance(value, list):
            for each in value:
                yield from within(each)

    for key, resource in template(name)["Resources"].items():
        for statement in within(resource):
            yield key, statement


def alarms() -> dict[str, Resource]:
    return {
        key: each["Properties"]
        for name in ("data", "application")
        for key, each in of_type(name, "AWS::CloudWatch::Alarm").items()
    }


@pytest.mark.parametrize("name", ["data", "application"])
def test_cfn_lint_finds_nothing(name: str) -> None:
    tool, file = Path(sys.executable).with_name("cfn-lint"), built() / f"{name}.json"
    command = [str(tool), "-r", REGION, "-t", str(file)]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")


# --- Functions ------------------------------------------------------------------------------------------------------


def test_each_function_is_one_of_app_py_with_a_role_and_a_log_of_its_own() -> None:
    handlers = {each["Handler"] for each in functions().values()}
    assert handlers == {"app.app" if name == "api" else f"app.{name}" for name in FUNCTIONS} | {
        "infra.workbooks.function.handler"
    }
    roles = [each["Role"]["Fn::GetAtt"][0] for each in functions().values()]
    assert sorted(roles) == sorted(of_type("application", "AWS::IAM::Role"))
    logs = [each["Properties"] for each in of_type("application", "AWS::Logs::LogGroup").values()]
    names = {each["LogGroupName"]["Fn::Sub"] for each in logs}
    assert names >= {f"/aws/lambda/${{{key}}}" for key in functions()}
    assert all(each["RetentionInDays"] == {"Ref": "LogDays"} for each in logs)


def test_runtime_and_architecture_are_those_that_were_packaged_for() -> None:
    for properties in functions().values():
        assert (properties["Runtime"], properties["Architectures"]) == ("python3.11", ["x86_64"])
        assert "PassThrough" in (properties.get("Tracing"), properties.get("TracingConfig", {}).get("Mode"))


def test_a_role_writes_its_own_functions_log_and_reads_its_own_environment_alone() -> None:
    for key, role in of_type("application", "AWS::IAM::Role").items():
        (function,) = [name for name, each in functions().items() if each["Role"]["Fn::GetAtt"][0] == key]
        own = functions()[function]["FunctionName"]["Fn::Sub"]
        document = role["Properties"]["Policies"][0]["PolicyDocument"]
        by_sid = {each["Sid"]: each for each in document["Statement"]}
        assert by_sid["Log"]["Resource"]["Fn::Sub"].endswith(f":log-group:/aws/lambda/{own}:*")
        (sealed_for,) = by_sid["OwnEnvironment"]["Condition"]["StringEquals"].values()
        assert sealed_for["Fn::Sub"].endswith(f":function:{own}")


def test_no_policy_allows_a_whole_service_or_everything_beyond_the_named_list() -> None:
    for name in ("data", "application"):
        for key, statement in statements(name):
            assert not {"NotAction", "NotResource", "NotPrincipal"} & statement.keys(), key
            if statement["Effect"] != "Allow":
                continue
            for action in as_list(statement["Action"]):
                assert "*" not in action or (action, key) == KEY_POLICY, (key, action)
                if "*" in as_list(statement.get("Resource", [])) and (action, key) != KEY_POLICY:
                    assert (action, statement.get("Sid")) in ON_EVERYTHING, (key, action)


def test_who_sends_sms_may_publish_to_phones_and_to_no_topic() -> None:
    senders = set()
    for key, statement in statements("application"):
        if statement.get("Sid") == "Sms":
            senders.add(key)
            denied = [
                each for role, each in statements("application") if role == key and each["Effect"] == "Deny"
            ]
            assert [each["Action"] for each in denied] == ["sns:Publish"]
            assert denied[0]["Resource"] == {"Fn::Sub": "arn:${AWS::Partition}:sns:*:*:*"}
    assert senders == {"SendPagesRole", "SendBulkRole", "SendNoticesRole", "SweepRole", "AuditRole"}


def test_the_environment_is_what_the_settings_read() -> None:
    read = set()

    class Watched(dict[str, str]):
        def get(self, name: str, default: Any = None) -> Any:
            read.add(name)
            return super().get(name, default)

    Settings.from_env(Watched(LINK_SECRET="x" * 32))
    # Lambda sets the region; demo numbers belong to strangers; how often what runs is the schedules' own default.
    elsewhere = {"AWS_DEFAULT_REGION", "SMS_ALLOW_DEMO", "SWEEP_EVERY_S", "AUDIT_EVERY_S"}
    # Nobody reads it: it makes CloudFormation look the secret up again.
    expected = read - elsewhere | {"LINK_SECRET_VERSION", "PROVIDER_SECRET_VERSION"}
    # The models read it when they are imported.
    expected.add("TABLES")
    assert set(environment("APIHandler")) == expected
    for function in functions().keys() - {APART}:
        # Only the interface takes replies in.
        missing = {"INBOUND_SECRET"} if function != "APIHandler" else set()
        assert set(environment(function)) == expected - missing


def test_what_opens_strangers_files_has_no_secret_no_table_no_queue_and_a_bucket_alone() -> None:
    assert set(environment(APART)) == {"WORKBOOKS_BUCKET"}
    allowed = {
        action: str(each["Resource"])
        for key, each in statements("application")
        if key == "WorkbooksRole" and "Resource" in each
        for action in as_list(each["Action"])
    }
    assert {action.partition(":")[0] for action in allowed} == {"logs", "kms", "s3"}
    for action, resource in allowed.items():
        assert not action.startswith("s3:") or "${WorkbooksBucketName}" in resource, action


def test_a_file_that_was_brought_wakes_it_and_what_it_writes_does_not() -> None:
    rule = template("application")["Resources"]["WorkbooksTold"]["Properties"]
    prefixes = [each["prefix"] for each in rule["EventPattern"]["detail"]["object"]["key"]]
    assert prefixes == [workbooks.BROUGHT, workbooks.ORDERED]
    written = next(
        each
        for key, each in statements("application")
        if (key, each.get("Sid")) == ("WorkbooksRole", "PutWhatCameOfIt")
    )
    ends = {each["Fn::Sub"].rpartition("}/")[2].removesuffix("*") for each in written["Resource"]}
    assert ends == {workbooks.READ, workbooks.WRITTEN}
    bucket = template("data")["Resources"]["WorkbooksBucket"]["Properties"]
    assert bucket["NotificationConfiguration"]["EventBridgeConfiguration"]["EventBridgeEnabled"]
    assert [each["ExpirationInDays"] for each in bucket["LifecycleConfiguration"]["Rules"]] == [1]


def test_the_schedules_run_as_often_as_health_expects() -> None:
    settings = Settings.from_env({"LINK_SECRET": "x" * 32})
    events = [
        each["Properties"]["Schedule"]
        for key in ("Sweep", "Audit", "Seal")
        for each in functions()[key]["Events"].values()
    ]
    assert events == [
        f"rate({settings.sweep_every_s // 60} minute)",
        f"rate({settings.audit_every_s // 60} minutes)",
        f"rate({sealing.EVERY_S // 3600} hour)",
    ]


def test_secrets_are_referred_to_and_never_written_down() -> None:
    secret = re.compile(r"LINK_SECRET|INBOUND_SECRET|SMS_HTTP")
    for function in functions():
        for name, value in environment(function).items():
            if secret.fullmatch(name):
                texts = [each for each in _texts(value) if each not in ("", "ByHttp")]
                assert texts and all(each.startswith("{{resolve:secretsmanager:${") for each in texts), name
    for key, each in of_type("data", "AWS::SecretsManager::Secret").items():
        assert "SecretString" not in each["Properties"], key
        assert each["Properties"]["GenerateSecretString"]["PasswordLength"] >= 32
    assert template("application")["Globals"]["Function"]["KmsKeyArn"] == {"Ref": "KeyArn"}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def test_the_application_takes_the_data_stacks_outputs_by_their_names() -> None:
    outputs = set(template("data")["Outputs"])
    parameters = template("application")["Parameters"]
    assert {name for name, each in parameters.items() if "Default" not in each} - {"Stage"} <= outputs
    assert "ApiDomain" in template("application")["Outputs"] and "ApiDomain" in template("data")["Parameters"]
    without = {name for name, each in template("data")["Parameters"].items() if "Default" not in each}
    # Nobody is production, or is none, by default.
    assert without == {"Stage", "Production"}


# --- Queues ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("queue", "function"), QUEUES.items())
def test_a_queue_has_dead_letters_their_alarm_and_the_time_that_its_function_needs(
    queue: str, function: str
) -> None:
    queues = of_type("data", "AWS::SQS::Queue")
    properties = queues[queue]["Properties"]
    redrive = properties["RedrivePolicy"]
    dead = redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]
    assert redrive["maxReceiveCount"] == 5
    assert properties["SqsManagedSseEnabled"] and queues[dead]["Properties"]["SqsManagedSseEnabled"]
    assert properties["VisibilityTimeout"] >= 6 * functions()[function]["Timeout"]
    watched = {each["Dimensions"][0]["Value"]["Fn::GetAtt"][0] for each in _alarms_on("AWS/SQS")}
    assert {queue, dead} <= watched


def _alarms_on(namespace: str) -> list[Resource]:
    return [each for each in alarms().values() if each.get("Namespace") == namespace]


def test_there_is_no_queue_besides_those_with_dead_letters() -> None:
    dead = {queue.removesuffix("Queue") + "DeadLetters" for queue in QUEUES}
    assert set(of_type("data", "AWS::SQS::Queue")) == set(QUEUES) | dead


@pytest.mark.parametrize(("queue", "function"), QUEUES.items())
def test_a_queues_function_names_the_messages_that_failed_and_is_bounded(queue: str, function: str) -> None:
    (source,) = functions()[function]["Events"].values()
    assert source["Properties"]["Queue"] == {"Fn::Sub": f"${{{queue}Arn}}"}
    assert source["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    # AWS takes none below 2.
    assert all(maximum(function, reserves) >= 2 for reserves in (False, True))


def resolved(value: Any, reserves: bool) -> Any:
    """What is deployed where the account's quota allows reservations, or does not; None for nothing."""
    if isinstance(value, dict) and "Fn::If" in value:
        condition, then, otherwise = value["Fn::If"]
        assert condition == "ReservesPaging"
        return resolved(then if reserves else otherwise, reserves)
    if value == {"Ref": "PagingConcurrency"}:
        return account.RESERVED["send_pages"]
    return None if value == {"Ref": "AWS::NoValue"} else value


def maximum(function: str, reserves: bool) -> int:
    """How many of a queue's function run at once at most."""
    (source,) = functions()[function]["Events"].values()
    return int(resolved(source["Properties"]["ScalingConfig"]["MaximumConcurrency"], reserves))


@pytest.mark.parametrize("reserves", [False, True])
def test_as_many_bulk_functions_run_as_share_the_providers_rate(reserves: bool) -> None:
    assert maximum("SendBulk", reserves) == BULK_WORKERS


def test_what_the_queues_take_of_a_new_accounts_quota_leaves_the_schedules_and_the_desk_theirs() -> None:
    quota, sweep_audit_and_desk = 10, 3
    assert (
        sum(maximum(function, reserves=False) for function in QUEUES.values()) <= quota - sweep_audit_and_desk
    )


def test_paging_timers_and_sweep_have_concurrency_of_their_own_where_the_quota_allows_it() -> None:
    for reserves, expected in ((False, {}), (True, account.RESERVED)):
        reserved = {
            each["FunctionName"]["Fn::Sub"].removeprefix("kentongan-${Stage}-"): most
            for each in functions().values()
            if (most := resolved(each.get("ReservedConcurrentExecutions"), reserves)) is not None
        }
        assert reserved == expected
    # A queue that starts more than are kept has the rest turned away, and its messages among the dead letters in the end.
    for function in ("SendPages", "RunTimers"):
        assert maximum(function, reserves=True) <= resolved(
            functions()[function]["ReservedConcurrentExecutions"], reserves=True
        )


def may_send_to(function: str) -> set[str]:
    """The queues that a function's role lets it send to, by their names in the data stack."""
    role = functions()[function]["Role"]["Fn::GetAtt"][0]
    return {
        resource["Ref"].removesuffix("Arn")
        for key, statement in statements("application")
        if key == role
        and statement["Effect"] == "Allow"
        and "sqs:SendMessage" in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    }


def started_by(function: str) -> set[str]:
    """The queues whose messages start a function."""
    sources = [each["Properties"].get("Queue") for each in functions()[function].get("Events", {}).values()]
    return {each["Fn::Sub"].removeprefix("${").removesuffix("Arn}") for each in sources if each}


def test_no_function_that_wakes_itself_also_by_others_is_cut_off_by_lambdas_loop_detection() -> None:
    """A page that is tried again for half an hour goes round more often than the 16 times after which Lambda stops."""
    wakes = {
        function: {other for other in functions() if may_send_to(function) & started_by(other)}
        for function in functions()
    }

    def reached(function: str) -> set[str]:
        found: set[str] = set()
        ahead = set(wakes[function])
        while ahead:
            found |= ahead
            ahead = {another for each in ahead for another in wakes[each]} - found
        return found

    looping = {function for function in functions() if function in reached(function)}
    assert looping
    allowed = {name for name, each in functions().items() if each.get("RecursiveLoop") == "Allow"}
    # All others stay guarded.
    assert allowed == looping


# --- What the world can reach ---------------------------------------------------------------------------------------


def test_only_the_listed_routes_are_open_without_signing_in() -> None:
    body = template("application")["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    open_routes, closed_routes = set(), set()
    for path, methods in body["paths"].items():
        for method, each in methods.items():
            name = f"{method.upper()} {path}"
            if each.get("security") == [{"kentongan": []}]:
                closed_routes.add(name)
            else:
                assert "security" not in each, name
                open_routes.add(name)
    assert open_routes == {name for name, roles in ACCESS.items() if roles is PUBLIC}
    assert closed_routes == ACCESS.keys() - open_routes
    authorizer = body["securityDefinitions"]["kentongan"]["x-amazon-apigateway-authorizer"]
    assert authorizer == {"type": "cognito_user_pools", "providerARNs": [{"Ref": "UserPoolArn"}]}


def test_each_public_route_has_a_throttle_of_its_own_and_all_together_leave_the_desk_its_part() -> None:
    default, *own = template("application")["Resources"]["RestAPI"]["Properties"]["MethodSettings"]
    assert (default["ResourcePath"], default["HttpMethod"]) == ("/*", "*")
    # API Gateway wants a path's slashes, all but the first, as ~1.
    throttled = {f"{each['HttpMethod']} {each['ResourcePath'][1:].replace('~1', '/')}": each for each in own}
    assert throttled.keys() == {name for name, roles in ACCESS.items() if roles is PUBLIC}
    for limit in ("ThrottlingRateLimit", "ThrottlingBurstLimit"):
        # Also where AWS would count them in the default's bucket too.
        assert 0 < sum(each[limit] for each in own) <= 0.75 * default[limit]


def test_functions_are_called_by_our_own_interface_alone_and_have_no_address() -> None:
    assert not of_type("application", "AWS::Lambda::Url")
    permissions = of_type("application", "AWS::Lambda::Permission")
    told = permissions.pop("WorkbooksMayBeTold")["Properties"]
    assert (told["Principal"], told["SourceArn"]) == (
        "events.amazonaws.com",
        {"Fn::GetAtt": ["WorkbooksTold", "Arn"]},
    )
    for each in permissions.values():
        properties = each["Properties"]
        assert properties["Principal"] == "apigateway.amazonaws.com"
        assert properties["SourceArn"]["Fn::Sub"][1] == {"RestAPIId": {"Ref": "RestAPI"}}


def test_no_bucket_is_public_and_only_our_distribution_reads_the_site() -> None:
    for key, each in of_type("data", "AWS::S3::Bucket").items():
        assert set(each["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}, key
    for key, statement in statements("data"):
        if statement["Effect"] == "Allow" and statement.get("Principal") == {
            "Service": "cloudfront.amazonaws.com"
        }:
            assert "distribution/${Distribution}" in str(statement["Condition"]), key
        if statement["Effect"] == "Allow":
            assert statement.get("Principal") not in ("*", {"AWS": "*"}), key


def test_the_interface_passes_the_edge_uncached_and_without_its_own_host() -> None:
    distribution = template("data")["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    behaviours = distribution["CacheBehaviors"]["Fn::If"][1]
    assert [each["PathPattern"] for each in behaviours] == ["/api/*", "/r/*"]
    for each in behaviours:
        assert each["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
        assert each["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    for each in [*behaviours, distribution["DefaultCacheBehavior"]]:
        assert each["ResponseHeadersPolicyId"] == {"Ref": "SecurityHeaders"}
        assert each["ViewerProtocolPolicy"] in ("https-only", "redirect-to-https")


def test_what_the_site_has_not_is_asked_of_the_interface_and_a_site_that_fails_is_not() -> None:
    distribution = template("data")["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    # Before there is an interface the site stands alone.
    assert distribution["DefaultCacheBehavior"]["TargetOriginId"] == {
        "Fn::If": ["HasApi", "site-or-a-page", "site"]
    }
    (group,) = distribution["OriginGroups"]["Fn::If"][1]["Items"]
    assert group["FailoverCriteria"]["StatusCodes"]["Items"] == [404]
    assert [each["OriginId"] for each in group["Members"]["Items"]] == ["site", "nowhere"]
    (nowhere,) = [
        each["Fn::If"][1]
        for each in distribution["Origins"]
        if "Fn::If" in each and each["Fn::If"][1]["Id"] == "nowhere"
    ]
    assert nowhere["OriginCustomHeaders"] == [{"HeaderName": "Accept", "HeaderValue": "text/html"}]
    # Without an error page of CloudFront's own, which would stand in place of the interface's 404 too.
    assert not any("ResponsePagePath" in each for each in distribution["CustomErrorResponses"])
    # Nothing outside what leads to the interface anyway is a route of it.
    paths = template("application")["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    assert all(each.startswith(("/api/", "/r/")) for each in paths)


def test_an_error_of_one_moment_is_not_kept_at_the_edge_for_everybody() -> None:
    # AWS, "Control how long CloudFront caches errors": these for 10 s, whatever no-store says, and 404 without it.
    distribution = template("data")["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    kept = {each["ErrorCode"]: each["ErrorCachingMinTTL"] for each in distribution["CustomErrorResponses"]}
    assert kept == dict.fromkeys((404, 500, 502, 503, 504), 0)


def test_the_security_headers_are_those_of_the_embedded_gateway() -> None:
    policy = template("data")["Resources"]["SecurityHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    ours = policy["SecurityHeadersConfig"]
    text, names = ours["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    sign_in = template("data")["Outputs"]["SignInUrl"]["Value"]
    assert names == {"SignIn": sign_in}
    headers = {
        "Content-Security-Policy": text.replace("${SignIn}", "https://sign-in.test"),
        "X-Content-Type-Options": "nosniff" if "ContentTypeOptions" in ours else "",
        "X-Frame-Options": ours["FrameOptions"]["FrameOption"],
        "Referrer-Policy": ours["ReferrerPolicy"]["ReferrerPolicy"],
        **{each["Header"]: each["Value"] for each in policy["CustomHeadersConfig"]["Items"]},
    }
    assert headers == security_headers("https://sign-in.test")
    # As the embedded gateway does: an answer of the interface that has a policy of its own keeps it.
    overrides = {name: each["Override"] for name, each in ours.items()}
    assert overrides.pop("StrictTransportSecurity") and not any(overrides.values())


def test_the_access_log_holds_no_link_no_address_and_nobodys_name() -> None:
    properties = template("application")["Resources"]["RestAPI"]["Properties"]
    fields = set(re.findall(r"\$context\.([\w.]+)", properties["AccessLogSetting"]["Format"]))
    assert fields == {
        "requestTime",
        "requestId",
        "httpMethod",
        "resourcePath",
        "status",
        "responseLatency",
        "integrationLatency",
        "responseLength",
        "error.responseType",
    }
    for method in properties["MethodSettings"]:
        assert (method["LoggingLevel"], method["DataTraceEnabled"]) == ("OFF", False)
        assert method["ThrottlingRateLimit"] and method["ThrottlingBurstLimit"]
    distribution = template("data")["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    assert "Logging" not in distribution


def test_nobody_signs_himself_up_or_changes_who_he_is() -> None:
    pool = template("data")["Resources"]["UserPool"]["Properties"]
    client = template("data")["Resources"]["UserPoolClient"]["Properties"]
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]
    assert pool["MfaConfiguration"] == {"Fn::If": ["InProduction", "ON", "OPTIONAL"]}
    assert client["GenerateSecret"] is False and client["AllowedOAuthFlows"] == ["code"]
    assert client["PreventUserExistenceErrors"] == "ENABLED"
    assert not {"email", "email_verified", "phone_number"} & set(client["WriteAttributes"])
    assert not [each for each in client["WriteAttributes"] if each.startswith("custom:")]


def test_the_interface_alone_keeps_sign_ins_those_of_its_pool_and_by_the_calls_that_it_makes() -> None:
    source = (Path(__file__).parents[2] / "chalicelib/gateways/sign_ins.py").read_text("utf-8")
    called = {
        "".join(part.capitalize() for part in name.split("_")).replace("Mfa", "MFA")
        for name in re.findall(r'self\._ask\(\s*"(\w+)"', source)
    }
    # As AWS writes it.
    called = {each.replace("GetUserPoolMFAConfig", "GetUserPoolMfaConfig") for each in called}
    allowed: set[tuple[str, str]] = set()
    for name in ("application", "data"):
        for key, statement in statements(name):
            for action in as_list(statement["Action"]):
                if action.startswith("cognito-idp:"):
                    allowed.add((key, action.removeprefix("cognito-idp:")))
                    assert as_list(statement["Resource"]) == [{"Ref": "UserPoolArn"}]
    (role,) = {key for key, _ in allowed}
    assert functions()["APIHandler"]["Role"]["Fn::GetAtt"][0] == role
    assert {action for _, action in allowed} == called and len(called) == 11


def test_an_invitation_is_in_indonesian_names_the_sites_address_and_says_what_the_embedded_stacks_does() -> (
    None
):
    pool = template("data")["Resources"]["UserPool"]["Properties"]
    message = pool["AdminCreateUserConfig"]["InviteMessageTemplate"]
    text, names = message["EmailMessage"]["Fn::Sub"]
    client = template("data")["Resources"]["UserPoolClient"]["Properties"]["CallbackURLs"][0]
    assert names == client["Fn::Sub"][1]
    embedded = signin.invited_by("https://site.test")["InviteMessageTemplate"]
    told = {**message, "EmailMessage": text.replace("https://${Host}", "https://site.test")}
    assert told == embedded
    assert environment("APIHandler")["SIGN_IN_MAILS"] == "1"
    days = pool["Policies"]["PasswordPolicy"]["TemporaryPasswordValidityDays"]
    assert f"berlaku {days} hari" in text


# --- State ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS, ids=lambda model: str(model.__name__))
def test_a_table_is_what_its_model_says(model: type[Model]) -> None:
    name = model.Meta.table_name.rsplit("-", 1)[-1]
    properties = template("data")["Resources"][f"{name.capitalize()}Table"]["Properties"]
    schema = model._get_schema()
    assert properties["TableName"] == {"Fn::Sub": f"kentongan-${{Stage}}-{name}"}
    assert _by_name(properties["AttributeDefinitions"]) == _by_name(schema["attribute_definitions"])
    assert _by_name(properties["KeySchema"]) == _by_name(schema["key_schema"])
    ours = {each["IndexName"]: each for each in properties.get("GlobalSecondaryIndexes", ())}
    theirs = {each["index_name"]: each for each in schema["global_secondary_indexes"]}
    assert ours.keys() == theirs.keys()
    for index, each in ours.items():
        projection = theirs[index]["projection"]
        assert _by_name(each["KeySchema"]) == _by_name(theirs[index]["key_schema"])
        assert each["Projection"]["ProjectionType"] == projection["ProjectionType"]
        assert each["Projection"].get("NonKeyAttributes") == projection.get("NonKeyAttributes")
    expires = properties.get("TimeToLiveSpecification", {}).get("AttributeName")
    assert expires == ("expires_at" if hasattr(model, "expires_at") else None)


def test_restored_tables_are_what_functions_use_have_rights_to_and_are_watched_on() -> None:
    data = template("data")
    for model in MODELS:
        name = model.Meta.table_name.rsplit("-", 1)[-1]
        output = data["Outputs"][f"{name.capitalize()}TableArn"]["Value"]["Fn::If"]
        assert output[0] == "HasRestored" and output[1]["Fn::Sub"].endswith(f":table/${{Tables}}-{name}")
        watched = [
            each["Properties"]["Dimensions"][0]["Value"]
            for each in data["Resources"].values()
            if each["Properties"].get("Namespace") == "AWS/DynamoDB"
            and name in each["Properties"]["AlarmName"]["Fn::Sub"]
        ]
        own = {"Ref": f"{name.capitalize()}Table"}
        assert all(
            each == {"Fn::If": ["HasRestored", {"Fn::Sub": f"${{Tables}}-{name}"}, own]} for each in watched
        )
    assert environment("APIHandler")["TABLES"] == {"Ref": "Tables"}
    assert not set(template("application")["Parameters"]["Tables"]) - {"Type"}


def _by_name(definitions: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """A name and its type or part in the key; PynamoDB writes the second kind of names."""
    pairs = [sorted(each.items()) for each in definitions]
    return {name: kind for (_, name), (_, kind) in pairs}


def _takes(about: Resource, value: str) -> bool:
    """Whether CloudFormation takes a value of a parameter."""
    if "AllowedValues" in about:
        return value in {str(each) for each in about["AllowedValues"]}
    if about["Type"] == "Number":
        least, most = about.get("MinValue", -math.inf), about.get("MaxValue", math.inf)
        return bool(least <= float(value) <= most)
    return re.fullmatch(about.get("AllowedPattern", ".*"), value) is not None


@pytest.mark.parametrize(
    ("parameter", "variable", "good", "bad"),
    [
        ("SmsPerSecond", "SMS_PER_SECOND", ["0.25", "20", "300"], ["0", "0.1", "-1", "2000"]),
        ("CallsAMinute", "CALLS_A_MINUTE", ["1", "600"], ["0", "10.5", "-1", ""]),
        ("NoticesADay", "NOTICES_A_DAY", ["0", "1", "200"], ["10.5", "-1", ""]),
        ("DrillIncidentsAnHour", "DRILL_INCIDENTS_AN_HOUR", ["1", "10"], ["0", "10.5", "-1", ""]),
        ("UtcOffsetHours", "UTC_OFFSET_HOURS", ["7", "9"], ["7.5", "", "+7:00"]),
        (
            "RetentionDays",
            "RETENTION_DAYS",
            ["", "calls=180", "calls=180 other_calls=7"],
            ["calls:180", "calls=180pages=60", "calls=6", "call=180", "calls=180,pages=60", "calls="],
        ),
    ],
)
def test_no_parameter_stops_the_functions(
    parameter: str, variable: str, good: list[str], bad: list[str]
) -> None:
    about = template("application")["Parameters"][parameter]
    environ = {"LINK_SECRET": "x" * 32}
    for value in [*good, str(about["Default"])]:
        assert _takes(about, value), value
        Settings.from_env({**environ, variable: value})
    for value in bad:
        # What the template takes, each function must be able to start with.
        with pytest.raises(ValueError):
            Settings.from_env({**environ, variable: value})
        assert not _takes(about, value), value


def test_there_is_no_table_without_a_model_and_each_can_be_restored_and_not_deleted() -> None:
    tables = of_type("data", "AWS::DynamoDB::Table")
    assert len(tables) == len(MODELS)
    for key, each in tables.items():
        properties = each["Properties"]
        assert properties["BillingMode"] == "PAY_PER_REQUEST", key
        # Once the interface stands: AWS cannot take back a protected table when the stack's first creation fails.
        assert properties["DeletionProtectionEnabled"] == {"Fn::If": ["HasApi", True, False]}, key
        assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}, key
        assert properties["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}, key


def test_nobody_deletes_the_sign_ins_once_the_interface_stands() -> None:
    (pool,) = of_type("data", "AWS::Cognito::UserPool").values()
    assert pool["Properties"]["DeletionProtection"] == {"Fn::If": ["HasApi", "ACTIVE", "INACTIVE"]}
    assert template("data")["Conditions"]["HasApi"] == {
        "Fn::Not": [{"Fn::Equals": [{"Ref": "ApiDomain"}, ""]}]
    }


def test_what_holds_state_outlives_its_stack() -> None:
    state = {
        "AWS::DynamoDB::Table",
        "AWS::Cognito::UserPool",
        "AWS::Cognito::UserPoolClient",
        "AWS::KMS::Key",
        "AWS::S3::Bucket",
        "AWS::SecretsManager::Secret",
    }
    for key, each in template("data")["Resources"].items():
        if each["Type"] in state:
            assert (each.get("DeletionPolicy"), each.get("UpdateReplacePolicy")) == (
                "RetainExceptOnCreate",
                "Retain",
            ), key
    for key, each in template("application")["Resources"].items():
        assert each["Type"] not in state, key


def test_one_function_adds_to_the_evidence_and_none_may_write_over_or_delete_it() -> None:
    found = {
        (key, action, str(statement.get("Condition", "")))
        for key, statement in statements("application")
        for action in as_list(statement["Action"])
        if action.startswith("s3:") and "${WorkbooksBucketName}" not in str(statement["Resource"])
    }
    assert found == {
        ("SealRole", "s3:PutObject", "{'Null': {'s3:if-none-match': 'false'}}"),
        ("SealRole", "s3:GetObject", ""),
        ("SealRole", "s3:ListBucket", ""),
    }


def test_nobody_changes_evidence_and_in_production_not_even_its_owner() -> None:
    bucket = template("data")["Resources"]["AuditBucket"]["Properties"]
    assert bucket["ObjectLockEnabled"] and bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    retention = bucket["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert retention["Mode"] == {"Fn::If": ["InProduction", "COMPLIANCE", "GOVERNANCE"]}


# --- Alarms ---------------------------------------------------------------------------------------------------------


def test_every_alarm_reaches_the_topic_and_says_what_to_do() -> None:
    sections = set(re.findall(r"^### (.+)$", OPERATIONS.read_text("utf-8"), re.MULTILINE))
    for key, each in alarms().items():
        assert each["AlarmActions"] in ([{"Ref": "AlarmTopic"}], [{"Ref": "AlarmTopicArn"}]), key
        named = re.search(r"docs/operations-aws\.md, Alarms: ([^.]+)\.$", each["AlarmDescription"])
        assert named, f"{key} names no section"
        section = named.group(1)
        assert section[0].upper() + section[1:] in sections, (
            f"docs/operations-aws.md has no section {section!r}"
        )


def test_every_function_has_an_alarm_on_errors_and_one_on_throttles() -> None:
    watched = {
        (each["MetricName"], each["Dimensions"][0]["Value"]["Ref"]) for each in _alarms_on("AWS/Lambda")
    }
    assert watched == {(metric, function) for metric in ("Errors", "Throttles") for function in functions()}


def test_every_table_and_each_of_its_indexes_has_alarms_on_reads_and_writes_that_were_refused() -> None:
    """What is told of a table leaves its indexes out, and an index that is full holds up the writes of its table."""
    watched = set()
    for each in _alarms_on("AWS/DynamoDB"):
        places = {one["Name"]: one["Value"] for one in each["Dimensions"]}
        _, _, own = places.pop("TableName")["Fn::If"]
        watched.add((each["MetricName"], own["Ref"], places.pop("GlobalSecondaryIndexName", "")))
        assert not places
    expected = set()
    for key, each in of_type("data", "AWS::DynamoDB::Table").items():
        indexes = [index["IndexName"] for index in each["Properties"].get("GlobalSecondaryIndexes", ())]
        for metric in ("ReadThrottleEvents", "WriteThrottleEvents"):
            expected |= {(metric, key, index) for index in ("", *indexes)}
    assert watched == expected


def test_sms_that_sns_takes_and_that_do_not_arrive_raise_an_alarm_and_one_alone_does_not() -> None:
    alarm = alarms()["SmsDeliveryAlarm"]
    lost, *figures = alarm["Metrics"]
    kinds = {each["Id"]: each["MetricStat"] for each in figures}
    assert {name: each["Stat"] for name, each in kinds.items()} == {"taken": "SampleCount", "arrived": "Sum"}
    for each in kinds.values():
        dimensions = {one["Name"]: one["Value"] for one in each["Metric"]["Dimensions"]}
        assert dimensions == {"Country": "ID", "SMSType": "Transactional"}
    # CloudWatch's expression, as Python reads it.
    expression = re.fullmatch(r"IF\((.+), 1, 0\)", lost["Expression"])
    assert expression
    rings = expression[1].replace("AND", "and").replace("OR", "or")
    found = {
        (taken, arrived): bool(eval(rings, {}, {"taken": taken, "arrived": arrived}))
        for taken, arrived in (
            (1, 0),
            (1, 1),
            (2, 0),
            (2, 1),
            (4, 1),
            (5, 2),
            (5, 3),
            (40, 0),
            (40, 19),
            (40, 20),
        )
    }
    assert [figures for figures, rung in found.items() if rung] == [(2, 0), (5, 2), (40, 0), (40, 19)]
    # Silence proves nothing: it neither rings nor says that all is well again.
    assert (alarm["TreatMissingData"], alarm["Threshold"]) == ("ignore", 1)


def test_the_alarms_and_the_dashboard_ask_only_for_metrics_that_are_told() -> None:
    from chalicelib.observability import Counted, Gauge

    told = {*Counted.__args__, *Gauge.__args__}  # type: ignore[attr-defined]
    asked = {each["MetricName"] for each in _alarms_on("Kentongan")}
    dashboard = template("application")["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    shown = set(re.findall(r'\["Kentongan", "(\w+)"', dashboard)) | set(
        re.findall(r'\[".", "(\w+)", ".", "."\]', dashboard)
    )
    assert asked == {"PagesRefused", "PagesBarred", *Gauge.__args__}  # type: ignore[attr-defined]
    assert asked <= shown and shown <= told


def test_the_application_is_the_one_that_was_imported_here() -> None:
    routes = {f"{method} {path}" for path, methods in application.app.routes.items() for method in methods}
    body = template("application")["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    assert routes == {
        f"{method.upper()} {path}" for path, methods in body["paths"].items() for method in methods
    }
    assert config.stage() == "test"
