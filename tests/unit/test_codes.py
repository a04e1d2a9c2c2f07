"""One error has one meaning: errors, API Gateway's own answers, the embedded gateway, the site and the docs share one table."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import yaml

from admin_site import catalogue
from chalicelib import errors
from chalicelib.errors import CODES, KentonganError, code_of, meaning_of
from infra.local import gateway

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs/http.md").read_text(encoding="utf-8")
# https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
DEFAULT_STATUS = {
    "ACCESS_DENIED": 403,
    "API_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_FAILURE": 500,
    "BAD_REQUEST_BODY": 400,
    "BAD_REQUEST_PARAMETERS": 400,
    "EXPIRED_TOKEN": 403,
    "INTEGRATION_FAILURE": 504,
    "INTEGRATION_TIMEOUT": 504,
    "INVALID_API_KEY": 403,
    "INVALID_SIGNATURE": 403,
    "MISSING_AUTHENTICATION_TOKEN": 403,
    "QUOTA_EXCEEDED": 429,
    "REQUEST_TOO_LARGE": 413,
    "RESOURCE_NOT_FOUND": 404,
    "THROTTLED": 429,
    "UNAUTHORIZED": 401,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "WAF_FILTERED": 403,
}
DEFAULTS = {"DEFAULT_4XX", "DEFAULT_5XX"}
# What Lambda's and API Gateway's own faults come as beside those: a function that ended or answered nothing that can be read
# (502), a service that is not there (503). https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html
ODD_STATUSES = (500, 502, 503, 504)


def _gateway_responses() -> dict[str, Any]:
    resources = yaml.safe_load((ROOT / "infra/application.yaml").read_text(encoding="utf-8"))["Resources"]
    body = resources["RestAPI"]["Properties"]["DefinitionBody"]
    found: dict[str, Any] = body["x-amazon-apigateway-gateway-responses"]
    return found


def _code(response: dict[str, Any]) -> str:
    template = response["responseTemplates"]["application/json"]
    said = json.loads(template.replace("$context.error.messageString", '"as API Gateway says it"'))
    assert set(said) == {"code", "message", "fields"}
    return str(said["code"])


def _classes(of: type[KentonganError] = KentonganError) -> set[type[KentonganError]]:
    return {of}.union(*map(_classes, of.__subclasses__()))


def _site(code: str, messages: dict[str, Any], language: str) -> Any:
    """What the site's own modules answer."""
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    assert node, "Node is missing: it comes with the development requirements"
    script = f"""
        import {{ CODES, codeOf, meaningOf }} from "{(ROOT / "admin_site/js/parts/codes.js").as_uri()}";
        import {{ setWording }} from "{(ROOT / "admin_site/js/parts/i18n.js").as_uri()}";
        setWording({json.dumps(messages)}, "{language}");
        console.log(JSON.stringify({code}));
    """
    run = subprocess.run(
        [node, "--input-type=module", "-e", script], capture_output=True, text=True, timeout=240, check=False
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_every_5xx_but_our_own_busy_leaves_open_what_became_of_the_request() -> None:
    for code, each in CODES.items():
        for status in each.statuses:
            wanted = (
                ("busy",)
                if code == "busy"
                else ("unknown",)
                if status >= 500
                else ("refused", "busy", "sign_in")
            )
            assert each.meaning in wanted, (code, status)
    for status in ODD_STATUSES:
        for code in ("", "conflict", "unheard_of", "invalid"):
            assert meaning_of(status, code) == "unknown"
    assert meaning_of(503, "busy") == "busy"
    assert meaning_of(502, "busy") == "unknown"
    assert meaning_of(401, "") == "sign_in"


def test_every_error_that_reaches_http_has_a_code_of_the_table() -> None:
    told = {each.code for each in _classes()}
    of_gateways = {"method_not_allowed"}
    assert told | of_gateways == set(CODES)


def test_api_gateways_own_answers_have_the_codes_of_their_statuses() -> None:
    shape = botocore.session.get_session().get_service_model("apigateway").shape_for("GatewayResponseType")
    assert {*DEFAULT_STATUS, *DEFAULTS} == set(shape.enum)
    responses = _gateway_responses()
    assert set(responses) <= set(shape.enum)
    for kind, default in DEFAULT_STATUS.items():
        response = responses.get(kind) or responses[f"DEFAULT_{default // 100}XX"]
        status = int(response.get("statusCode", default))
        assert status in CODES[_code(response)].statuses, kind
    for status in ODD_STATUSES:
        assert meaning_of(status, _code(responses["DEFAULT_5XX"])) == "unknown"


def test_a_crew_whose_answer_the_gateway_lost_reads_what_to_do_in_both_languages() -> None:
    for kind, says in (
        ("DEFAULT_5XX", ("tekan lagi", "press again")),
        ("THROTTLED", ("Belum tercatat", "Not recorded")),
    ):
        page = _gateway_responses()[kind]["responseTemplates"]["text/html"]
        assert all(words in page for words in (*says, 'href="tel:112"', 'lang="en"')), kind
        # The policy of our pages allows no style or script in them.
        assert not re.search(r"<style|style=|<script", page)


def test_who_asks_for_a_page_that_is_not_there_reads_it_in_both_languages_and_gets_on() -> None:
    page = _gateway_responses()["MISSING_AUTHENTICATION_TOKEN"]["responseTemplates"]["text/html"]
    words = ("tidak ada", "no such page", 'href="tel:112"', 'lang="en"', "/board.html", "/en/board.html")
    assert all(each in page for each in words)
    assert not re.search(r"<style|style=|<script", page)


def test_the_embedded_gateway_says_each_status_in_a_code_of_the_table() -> None:
    for status in HTTPStatus:
        if status >= 400:
            code = json.loads(gateway.error(status, "").body)["code"]
            assert code in CODES
            assert status in CODES[code].statuses or code == ("internal" if status >= 500 else "invalid")


def test_the_site_has_the_same_table() -> None:
    table = _site("Object.entries(CODES).map(([code, one]) => [code, one.meaning, one.statuses])", {}, "en")
    assert [(code, meaning, tuple(statuses)) for code, meaning, statuses in table] == [
        (code, each.meaning, each.statuses) for code, each in CODES.items()
    ]
    asked = [(status, code) for status in range(400, 600) for code in (*CODES, "", "unheard_of")]
    answers = _site(f"{json.dumps(asked)}.map(([s, c]) => [codeOf(s), meaningOf(s, c)])", {}, "en")
    assert answers == [[code_of(status), meaning_of(status, code)] for status, code in asked]


def test_each_code_has_words_in_both_languages() -> None:
    words = "Object.fromEntries(Object.entries(CODES).map(([code, one]) => [code, one.word()]))"
    english = _site(words, {}, "en")
    indonesian = _site(words, catalogue.script_messages(catalogue.read()), "id")
    assert set(english) == set(indonesian) == set(CODES)
    assert all(english[code] and indonesian[code] and english[code] != indonesian[code] for code in CODES)


def test_the_docs_have_the_same_table() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([\d, ]+) \| (\w+) \|", DOCS, re.MULTILINE)
    assert [(code, tuple(map(int, statuses.split(", "))), meaning) for code, statuses, meaning in rows] == [
        (code, each.statuses, each.meaning) for code, each in CODES.items()
    ]


@pytest.mark.parametrize("error", [errors.Busy(""), errors.Unanswered(""), errors.Conflict("")])
def test_an_error_is_answered_with_the_status_of_its_code(error: KentonganError) -> None:
    from chalicelib.handlers.http import error_response

    response = error_response(error)
    assert response.status_code == CODES[error.code].statuses[0]
    assert json.loads(response.body)["code"] == error.code
