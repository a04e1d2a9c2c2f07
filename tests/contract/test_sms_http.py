"""HttpSms against a real HTTPS server: escaping, answers, and every way to an address of our own networks."""

from __future__ import annotations

import datetime
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chalicelib.config import Settings
from chalicelib.errors import Invalid, SmsBarred, SmsRefused, SmsUnavailable
from chalicelib.gateways.https import Https, is_public
from chalicelib.gateways.sms import Sms
from chalicelib.gateways.sms_http import HttpSms, HttpSmsSettings, parse_settings
from chalicelib.gateways.sms_provider import provider_from

HOST = "sms.provider.test"  # no such name in any DNS: whoever gets there was led by the resolver it was given
NUMBER = "+6281234567890"
NASTY = 'Api "besar"\n& Gg. Ñ = 100%+1 \\ {number} </script> 火 \x7f'
MESSAGE = Sms(number=NUMBER, text=NASTY, page_id="01PAGE", demo=False)
JSON_BODY = '{"to": ["{number}"], "msg": {"body": "{text}", "ref": "{id}", "n": 1}, "d": "{digits}"}'


@dataclass
class Provider:
    """The server: what it was asked, and what it answers next."""

    url: str = ""
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b'{"data": [{"id": "m-1"}]}'
    drip: Callable[[Any], None] | None = None

    def sender(
        self, resolver: Callable[[str, int], list[str]] | None = None, total_s: float = 60.0, **settings: Any
    ) -> HttpSms:
        client = Https(resolver or (lambda *_: ["127.0.0.1"]), lambda _: True, self.context, total_s=total_s)
        return HttpSms(HttpSmsSettings(**{"url": self.url, "body": JSON_BODY} | settings), client=client)


def certificate(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: str, signer: ec.EllipticCurvePrivateKey, is_ca: bool
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(signer, hashes.SHA256())
    )


def pem(certificates: list[x509.Certificate]) -> bytes:
    return b"".join(each.public_bytes(serialization.Encoding.PEM) for each in certificates)


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's context and one that trusts its authority."""
    folder: Path = tmp_path_factory.mktemp("tls")
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca = certificate("Test CA", ca_key, "Test CA", ca_key, is_ca=True)
    leaf = certificate(HOST, key, "Test CA", ca_key, is_ca=False)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(private + pem([leaf]))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "server.pem")
    return server, ssl.create_default_context(cadata=pem([ca]).decode())


@pytest.fixture
def provider(contexts: tuple[ssl.SSLContext, ssl.SSLContext]) -> Iterator[Provider]:
    state = Provider(context=contexts[1])

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            state.requests.append((self.command, self.path, dict(self.headers.items()), body))
            if state.drip:
                return state.drip(self.wfile)
            self.send_response(state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(state.body)))
            self.end_headers()
            self.wfile.write(state.body)

        do_POST = do_GET = do_PUT = answer

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            pass  # clients that hang up are what some tests are about

    server = Server(("127.0.0.1", 0), Handler)
    contexts[0].sni_callback = lambda _sock, name, _context: state.names.append(name)
    server.socket = contexts[0].wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    state.url = f"https://{HOST}:{server.server_port}/v1/send"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


def test_json_carries_any_text_unchanged(provider: Provider) -> None:
    sender = provider.sender(
        id_pointer="/data/0/id", headers={"Authorization": "Bearer s3", "X-Once": "{id}"}
    )
    assert sender.send(MESSAGE) == "m-1"
    [(method, path, headers, body)] = provider.requests
    assert (method, path) == ("POST", "/v1/send")
    assert json.loads(body) == {
        "to": [NUMBER],
        "msg": {"body": NASTY, "ref": "01PAGE", "n": 1},
        "d": NUMBER[1:],
    }
    assert headers["authorization"] == "Bearer s3" and headers["x-once"] == "01PAGE"
    assert headers["content-type"] == "application/json"
    assert headers["Host"] == urlsplit(provider.url).netloc
    assert provider.names == [HOST]


def test_a_form_carries_any_text_unchanged(provider: Provider) -> None:
    sender = provider.sender(
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body="to={number}&text={text}&from=A%26B&e=",
    )
    assert sender.send(MESSAGE) == ""
    form = parse_qs(provider.requests[0][3].decode(), keep_blank_values=True, strict_parsing=True)
    assert form == {"to": [NUMBER], "text": [NASTY], "from": ["A&B"], "e": [""]}


def test_a_query_carries_any_text_unchanged(provider: Provider) -> None:
    sender = provider.sender(
        method="GET",
        body="",
        url=provider.url + "?to={digits}&m={text}&k=a%2Bb",
        id_pattern=r'"id": "([^"]+)"',
    )
    assert sender.send(MESSAGE) == "m-1"
    [(method, path, _, body)] = provider.requests
    assert method == "GET" and body == b""
    assert parse_qs(urlsplit(path).query) == {"to": [NUMBER[1:]], "m": [NASTY], "k": ["a+b"]}


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 410, 415, 422, 451])
def test_by_its_status_alone_no_refusal_concerns_the_number(provider: Provider, status: int) -> None:
    provider.status = status
    with pytest.raises(SmsBarred) as raised:
        provider.sender().send(MESSAGE)
    assert raised.value.message == f"the provider answered {status}"
    assert raised.value.may_be_taken is False


WRONG_NUMBER = r'"code": ?(21211|21610)\b'


@pytest.mark.parametrize("status", [200, 400, 403, 500])
def test_a_refusal_that_concerns_the_number_is_known_by_its_words(provider: Provider, status: int) -> None:
    provider.status, provider.body = status, f'{{"code": 21211, "to": "{NUMBER}"}}'.encode()
    with pytest.raises(SmsRefused) as raised:
        provider.sender(number_pattern=WRONG_NUMBER, id_pointer="/id").send(MESSAGE)
    assert NUMBER not in str(raised.value)


def test_other_words_concern_every_number_and_a_success_is_one_whatever_it_says(provider: Provider) -> None:
    sender = provider.sender(number_pattern=WRONG_NUMBER, id_pointer="/id")
    provider.status, provider.body = 400, b'{"code": 21606, "message": "this sender is not yours"}'
    with pytest.raises(SmsBarred):
        sender.send(MESSAGE)
    provider.status, provider.body = 200, b'{"id": "m-2", "earlier": {"code": 21211}}'
    assert sender.send(MESSAGE) == "m-2"


@pytest.mark.parametrize(
    ("status", "header", "pause"),
    [
        (429, "17", 17.0),
        (429, "999999999", 3600.0),
        (429, "soon", None),
        (503, "Mon, 01 Jan 2001 00:00:00 GMT", 0.0),
        (408, None, None),
        (425, None, None),
        (500, None, None),
        (502, None, None),
    ],
)
def test_what_passes_may_be_tried_again(
    provider: Provider, status: int, header: str | None, pause: float
) -> None:
    provider.status = status
    provider.headers = {"Retry-After": header} if header else {}
    with pytest.raises(SmsUnavailable) as raised:
        provider.sender().send(MESSAGE)
    assert raised.value.retry_after_s == pause


def test_retry_after_as_a_date(provider: Provider) -> None:
    provider.status = 429
    began = datetime.datetime.now(datetime.UTC)
    later = began.replace(microsecond=0) + datetime.timedelta(seconds=60)
    provider.headers = {"Retry-After": format_datetime(later, usegmt=True)}
    with pytest.raises(SmsUnavailable) as raised:
        provider.sender().send(MESSAGE)
    pause = datetime.timedelta(seconds=raised.value.retry_after_s or 0)
    assert later - datetime.datetime.now(datetime.UTC) <= pause <= later - began


@pytest.mark.parametrize(
    "body", [b"{}", b'{"data": []}', b'{"data": [{"id": ""}]}', b"OK", b"", b"[" * 60000]
)
def test_2xx_without_the_expected_id_may_be_tried_again(provider: Provider, body: bytes) -> None:
    provider.body = body
    with pytest.raises(SmsUnavailable):
        provider.sender(id_pointer="/data/0/id").send(MESSAGE)


def test_a_number_is_an_id_too(provider: Provider) -> None:
    provider.body = b'{"a/b": {"~": 77}}'
    assert provider.sender(id_pointer="/a~1b/~0").send(MESSAGE) == "77"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(provider: Provider, status: int) -> None:
    provider.status = status
    provider.headers = {"Location": "http://169.254.169.254/latest/meta-data/"}
    with pytest.raises(SmsBarred):
        provider.sender().send(MESSAGE)
    assert len(provider.requests) == 1


def test_an_answer_too_large_is_not_read(provider: Provider) -> None:
    provider.body = b"x" * (64 * 1024 + 1)
    with pytest.raises(SmsUnavailable, match="larger than 64 KB"):
        provider.sender().send(MESSAGE)
    provider.body = b"x" * 64 * 1024
    assert provider.sender().send(MESSAGE) == ""


def drip_body(out: Any) -> None:
    out.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(100):
        time.sleep(0.05)
        out.write(b"x")


def drip_headers(out: Any) -> None:
    out.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        time.sleep(0.05)
        out.write(b"X-%d: y\r\n" % number)


def say_nothing(out: Any) -> None:
    time.sleep(2)


@pytest.mark.parametrize("drip", [drip_body, drip_headers, say_nothing])
def test_a_slow_answer_ends_in_time(provider: Provider, drip: Callable[[Any], None]) -> None:
    """Who waits for all of it gets an answer, or another error."""
    provider.drip = drip
    with pytest.raises(SmsUnavailable, match=r"no (whole )?answer in time"):
        provider.sender(total_s=1.0).send(MESSAGE)


def test_a_server_that_never_shakes_hands_ends_in_time(provider: Provider) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        sender = provider.sender(url=f"https://{HOST}:{silent.getsockname()[1]}/", total_s=1.0)
        with pytest.raises(SmsUnavailable, match="no answer in time"):
            sender.send(MESSAGE)


@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0\r\n", b"HTTP/1.1 200", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"]
)
def test_a_broken_answer_may_be_tried_again(provider: Provider, answer: bytes) -> None:
    provider.drip = lambda out: out.write(answer) and None
    with pytest.raises(SmsUnavailable):
        provider.sender(id_pointer="/id").send(MESSAGE)


def test_nobody_listening_may_be_tried_again(provider: Provider) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(SmsUnavailable):
        provider.sender(url=f"https://{HOST}:{port}/").send(MESSAGE)


def test_an_unknown_name_may_be_tried_again(provider: Provider) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(SmsUnavailable):
        provider.sender(unknown).send(MESSAGE)


def test_the_certificate_must_be_valid_for_the_name(provider: Provider) -> None:
    other = provider.url.replace(HOST, "other.provider.test")
    with pytest.raises(SmsUnavailable, match="certificate"):
        provider.sender(url=other).send(MESSAGE)
    provider.context = ssl.create_default_context()
    with pytest.raises(SmsUnavailable, match="certificate"):
        provider.sender().send(MESSAGE)
    assert provider.requests == []


def test_a_name_that_changes_its_address_gains_nothing(provider: Provider) -> None:
    """The address that was judged is the one connected to; a second lookup would have met a closed port."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"], ["127.0.0.3"]])
    judged: list[str] = []

    def allowed(address: str) -> bool:
        judged.append(address)
        return True

    client = Https(lambda *_: next(answers), allowed, provider.context, total_s=60.0)
    sender = HttpSms(HttpSmsSettings(url=provider.url, body=JSON_BODY), client=client)
    sender.send(MESSAGE)
    assert judged == ["127.0.0.1"] and next(answers) == ["127.0.0.2"]
    assert len(provider.requests) == 1


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.2.1", "198.18.0.1",
        "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "fc00::1",
        "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::", "2001:0:7f00:1::", "64:ff9b::7f00:1",
        "64:ff9b:1::1",
    ],
)  # fmt: skip
def test_addresses_of_our_own_networks_are_refused(provider: Provider, address: str) -> None:
    client = Https(lambda *_: ["93.184.216.34", address], context=provider.context)
    with pytest.raises(SmsBarred, match="not on the public internet"):
        HttpSms(HttpSmsSettings(url=provider.url, body=JSON_BODY), client=client).send(MESSAGE)
    assert provider.requests == []


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses_are_not(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1", "0"])
def test_without_the_tests_resolver_loopback_is_refused_however_it_is_spelt(
    provider: Provider, host: str
) -> None:
    port = urlsplit(provider.url).port
    sender = HttpSms(HttpSmsSettings(url=f"https://{host}:{port}/v1/send", body=JSON_BODY))
    with pytest.raises(SmsUnavailable):
        sender.send(MESSAGE)
    assert provider.names == [] and provider.requests == []


def test_a_demo_number_is_refused_before_anything_is_sent(provider: Provider) -> None:
    with pytest.raises(SmsRefused):
        provider.sender().send(Sms(NUMBER, "LATIHAN", "01PAGE", demo=True))
    assert provider.requests == []


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"url": "http://x.test/"}, "url"),
        ({"url": "https://u:p@x.test/"}, "url"),
        ({"url": "https:///x"}, "url"),
        ({"url": "https://x.test:99999/"}, "url"),
        ({"url": "https://x.test/\r\nX: y"}, "url"),
        ({"url": "https://x.test/{number}?t={text}"}, "url"),
        ({"body": '{"to": {number}, "t": "{text}"}'}, "body"),
        ({"body": '{"to": "{number}", "t": "{txt}"}'}, "body"),
        ({"body": '{"to": "{number}"}'}, "body"),
        ({"headers": {"Host": "x"}}, "headers"),
        ({"headers": {"X": "a\r\nY: b"}}, "headers"),
        ({"headers": {"X": "{text}"}}, "headers"),
        ({"headers": {"Content-Type": "text/xml"}}, "headers"),
        ({"id_pattern": "("}, "id_pattern"),
        ({"id_pattern": "id"}, "id_pattern"),
    ],
)
def test_settings_that_could_never_send_are_refused_at_once(settings: dict[str, Any], where: str) -> None:
    with pytest.raises(Invalid) as raised:
        HttpSms(HttpSmsSettings(**{"url": "https://x.test/", "body": JSON_BODY} | settings))
    assert list(raised.value.fields) == [where]


def test_the_environment_names_the_provider() -> None:
    env = {"LINK_SECRET": "x" * 32, "SMS_HTTP": json.dumps({"url": "https://x.test/", "body": JSON_BODY})}
    assert provider_from(Settings.from_env(env)).name == "sns"
    assert provider_from(Settings.from_env(env | {"SMS_PROVIDER": "http"})).name == "http"
    # A function that cannot start would take no calls either.
    with pytest.raises(SmsUnavailable, match="SMS_PROVIDER"):
        provider_from(Settings.from_env(env | {"SMS_PROVIDER": "pigeon"})).send(MESSAGE)


def test_settings_are_read_from_one_json_text_and_keep_their_secret() -> None:
    text = json.dumps(
        {"url": "https://x.test/?key=s3cret", "headers": {"X-Key": "s3cret"}, "body": JSON_BODY}
    )
    assert "s3cret" not in repr(parse_settings(text))
    for broken in ('{"url": 5, "x": "s3cret"}', '{"url": "https://x.test", "proxy": "s3cret"}', "s3cret"):
        with pytest.raises(Invalid) as raised:
            parse_settings(broken)
        assert "s3cret" not in str(raised.value)


def test_no_error_repeats_number_or_text(provider: Provider) -> None:
    provider.status, provider.body = 400, f"bad number {NUMBER}".encode()
    with pytest.raises(SmsBarred) as raised:
        provider.sender().send(MESSAGE)
    assert NUMBER not in str(raised.value)
