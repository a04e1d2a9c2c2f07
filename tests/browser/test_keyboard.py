"""A shift without a mouse: how many keys from the ring to the SMS, and nothing ever lies over what has the focus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, ViewportSize, expect

from chalicelib.gateways.clock import SystemClock
from tests.browser.conftest import Complaints
from tests.browser.test_main_job import _sign_in
from tests.browser.test_unclear_reply import _sms
from tests.stack_process import StackProcess

LAPTOP = ViewportSize(width=1280, height=720)
# The same window at 200 %: half the pixels of CSS each way (WCAG 2.2, 1.4.4 and 2.4.11).
ZOOMED = ViewportSize(width=640, height=360)
# What lies over the middle of whatever has the focus, if that is neither it, nor in it, nor its label.
COVERED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body || one.id === "main") return "";
  const {left, right, top, bottom} = one.getBoundingClientRect();
  const name = `${one.id || one.name || one.textContent.trim().slice(0, 30)}`;
  const [x, y] = [(left + right) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2];
  if (y < 0 || y > innerHeight || bottom <= 0 || top >= innerHeight) return `${name}: out of the window`;
  const hit = document.elementFromPoint(x, y);
  const label = hit && hit.closest("label");
  if (!hit || one.contains(hit) || hit.contains(one) || (label && label.control === one)) return "";
  return `${name}: below ${hit.tagName} ${hit.className} ${hit.textContent.trim().slice(0, 30)}`;
}"""


NAME = "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent.trim()"


class Keys:
    """A page's keyboard that counts: a letter is a key, as is Tab."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
        self.pressed += times

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.pressed += len(text)

    def to(self, field: str) -> None:
        """Tab until a field has the focus."""
        for _ in range(30):
            if self.page.evaluate("document.activeElement.id") == field:
                return
            self.press("Tab")
        raise AssertionError(f"no way to {field} by Tab")

    def to_word(self, word: str) -> None:
        """Tab until what has the focus is called so."""
        for _ in range(60):
            self.press("Tab")
            if word in self.page.evaluate(NAME):
                return
        raise AssertionError(f"no way to {word} by Tab")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own: other stories' crews are out."""
    with StackProcess(tmp_path_factory.mktemp("keyboard") / "data") as running:
        yield running


@pytest.fixture(autouse=True)
def _crews_are_free_again(stack: StackProcess) -> Iterator[None]:
    yield
    headers = {"Authorization": f"Bearer {stack.token('operator')}"}
    for each in requests.get(f"{stack.url}/api/incidents", headers=headers, timeout=60).json()["incidents"]:
        url = f"{stack.url}/api/incidents/{each['id']}/cancel"
        key = {"Idempotency-Key": f"over-{each['id']}"}
        ended = requests.post(url, json={"reason": "selesai diuji"}, headers=headers | key, timeout=60)
        assert ended.status_code == 200, ended.text


def _call(stack: StackProcess, key: str, **incident: Any) -> dict[str, Any]:
    call = {
        "class": "emergency",
        "channel": "phone",
        "received_at": SystemClock().now(),
        "incident": {
            "type": "house_fire",
            "location": {"district": "baamang", "landmark": "pasar"},
            **incident,
        },
    }
    headers = {"Authorization": f"Bearer {stack.token('operator')}", "Idempotency-Key": key}
    answer = requests.post(f"{stack.url}/api/calls", json=call, headers=headers, timeout=60)
    assert answer.status_code == 201, answer.text
    opened: dict[str, Any] = answer.json()["incident"]
    return opened


def _incident(stack: StackProcess, incident_id: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {stack.token('operator')}"}
    found: dict[str, Any] = requests.get(
        f"{stack.url}/api/incidents/{incident_id}", headers=headers, timeout=60
    ).json()
    return found


def test_a_house_fire_at_a_typed_place_is_sent_without_a_mouse(
    browser: Browser, stack: StackProcess, complaints: Complaints, record_property: Any
) -> None:
    page = complaints.listen(browser.new_page(viewport=LAPTOP, locale="id-ID"))
    _sign_in(page, stack, "operator")
    page.goto(f"{stack.url}/desk.html")
    expect(page.locator("#send")).to_be_enabled()
    keys = Keys(page)
    # The cursor stands where the call begins.
    expect(page.locator("#number")).to_be_focused()
    keys.type("081234567890")
    keys.to("type")
    keys.type("kebakaran rumah")
    keys.to("district")
    keys.type("baamang hulu")
    keys.to("landmark")
    keys.type("gang melati")
    keys.press("Control+Enter")
    expect(page.locator(".k-sent")).to_be_visible()
    (opened,) = requests.get(
        f"{stack.url}/api/incidents",
        headers={"Authorization": f"Bearer {stack.token('operator')}"},
        timeout=60,
    ).json()["incidents"]
    assert (opened["type"], opened["district"], opened["landmark"]) == (
        "house_fire",
        "baamang",
        "gang melati",
    )
    assert opened["crews"], "nobody was sent"
    written = len("081234567890" + "kebakaran rumah" + "baamang hulu" + "gang melati")
    print(f"keys from ring to sent: {keys.pressed}, of which {written} letters and figures")
    record_property("keys", keys.pressed)
    # Besides what must be told: on from field to field, and the key that sends.
    assert keys.pressed - written <= 12


@pytest.mark.parametrize("size", [LAPTOP, ZOOMED], ids=["1280x720", "200 %"])
@pytest.mark.parametrize("where", ["desk", "board", "incident", "amend"])
def test_nothing_lies_over_what_has_the_focus(
    browser: Browser, stack: StackProcess, complaints: Complaints, size: ViewportSize, where: str
) -> None:
    incident = _call(stack, f"covered-{where}-{SystemClock().now()}", drill=True)
    page = complaints.listen(browser.new_page(viewport=size, locale="id-ID", reduced_motion="reduce"))
    _sign_in(page, stack, "supervisor")
    page.goto(
        f"{stack.url}/{'desk' if where == 'desk' else 'board' if where == 'board' else 'incident'}.html?id={incident['id']}"
    )
    if where == "board":
        expect(page.locator(f"[data-id='{incident['id']}']")).to_be_visible()
    elif where == "desk":
        expect(page.locator("#send")).to_be_enabled()
    else:
        expect(page.locator("h1")).to_be_visible()
    if where == "amend":
        page.keyboard.press("u")
        expect(page.locator("#amend-landmark")).to_be_focused()
        page.keyboard.type("dermaga")
        expect(page.locator(".k-amend-plan")).to_be_visible()
    covered, seen = [], set()
    for key in ["Tab"] * 60 + ["Shift+Tab"] * 60:
        page.keyboard.press(key)
        # Chromium scrolls to what has the focus before the next frame.
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        covered.append(page.evaluate(COVERED))
        seen.add(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
    assert len(seen) > 8, seen
    found = sorted({each for each in covered if each})
    assert not found, "\n".join(found)


def test_a_whole_incident_is_followed_without_a_mouse(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    incident = _call(
        stack,
        f"whole-{SystemClock().now()}",
        drill=True,
        location={"district": "seranau", "landmark": "dermaga"},
    )
    page = complaints.listen(browser.new_page(viewport=LAPTOP, locale="id-ID", reduced_motion="reduce"))
    _sign_in(page, stack, "supervisor")
    page.goto(f"{stack.url}/incident.html?id={incident['id']}")
    crews = page.locator(".k-assignment")
    expect(crews.nth(1)).to_be_visible()
    keys = Keys(page)
    counted: dict[str, int] = {}

    def done(what: str) -> None:
        counted[what] = keys.pressed - sum(counted.values())

    # A point that cannot be read keeps nothing else from being saved.
    keys.press("u")
    expect(page.locator("#amend-landmark")).to_be_focused()
    keys.press("Control+a")
    keys.type("dermaga lama")
    keys.to("amend-coordinates")
    keys.type("dekat masjid")
    keys.press("Control+Enter")
    expect(page.locator("[data-field=coordinates] .k-error")).to_contain_text("Yang lain sudah disimpan")
    expect(page.locator("#amend-coordinates")).to_be_focused()
    assert _incident(stack, incident["id"])["landmark"] == "dermaga lama"
    keys.press("Alt+Backspace")
    expect(page.locator("#amend-coordinates")).to_have_value("")
    keys.press("Control+Enter")
    # It is closed, and its page knows it.
    expect(page.locator("#amend-title")).to_have_count(0)
    done("amended")

    # From crew to crew by one key; what had the focus stays with the crew when a step is recorded.
    keys.press("r")
    first = page.locator(".k-assignment:focus")
    expect(first).to_have_count(1)
    unit = str(first.get_attribute("aria-label"))
    keys.to_word("Siap")
    keys.press("Enter")
    expect(page.locator(".k-assignment:focus")).to_have_attribute("aria-label", unit)
    crew = page.get_by_role("article", name=unit, exact=True)
    expect(crew.locator(".k-status").first).to_contain_text("Siap")
    done("step recorded")

    keys.to_word(f"Siap {unit}")
    keys.press("Enter")
    expect(page.locator("#right-time")).to_be_focused()
    keys.press("Escape")
    expect(page.locator("#right-time")).to_be_hidden()
    done("put right, asked and left")

    keys.press("r", 2)
    swapped = str(page.locator(".k-assignment:focus").get_attribute("aria-label"))
    keys.to_word("Ganti…")
    keys.press("Enter")
    expect(page.locator("#unit")).to_be_focused()
    expect(page.locator("[role=option]").first).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    replaced = page.get_by_role("article", name=swapped, exact=True)
    expect(replaced.locator(".k-status").first).to_contain_text("Ditarik")
    done("replaced")

    keys.press("r")
    called_off = str(page.locator(".k-assignment:focus").get_attribute("aria-label"))
    keys.to_word("Tarik…")
    keys.press("Enter")
    expect(page.locator("#dialog-when")).to_be_focused()
    keys.press("Enter")
    off = page.get_by_role("article", name=called_off, exact=True)
    expect(off.locator(".k-status").first).to_contain_text("Ditarik")
    done("called off")
    print(f"keys: {counted}")
    # One of them passes the unit's name, which leads whoever may read the registry to it; for operators it is a word.
    assert counted["step recorded"] == 4


def test_the_boards_button_leads_to_the_sms_that_must_be_read(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    incident = _call(stack, f"reading-{SystemClock().now()}", drill=True, type="childbirth")
    page_of_crew = next(each for each in incident["pages"] if each["kind"] == "page")
    said = f"{page_of_crew['reply']} sudah di lokasi"
    taken = _sms(stack, page_of_crew["number"], said)
    assert taken == "desk", (taken, page_of_crew)
    page = complaints.listen(browser.new_page(viewport=LAPTOP, locale="id-ID", reduced_motion="reduce"))
    _sign_in(page, stack, "operator")
    page.goto(f"{stack.url}/board.html")
    page.locator(f"[data-id='{incident['id']}']").get_by_role("link", name="Baca").click()
    expect(page.locator(".k-reply:focus")).to_contain_text("sudah di lokasi")
    Keys(page).to_word("Sudah dibaca, tanpa langkah")
