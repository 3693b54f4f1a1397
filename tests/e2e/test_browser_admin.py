"""The admin app in a real browser: every page in both schemes and on a phone, and a team that is managed by clicks."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
import struct
import time
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

import demo
from tests.e2e.browser import Screens, accessibility_problems
from tests.support import pictures

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

ROUTES = {
    "start": "Get started",
    "overview": "Overview",
    "conversations": "Conversations",
    "knowledge/documents": "Documents",
    "knowledge/documents/returns": "Returning goods",
    "knowledge/sites": "Sites",
    "knowledge/sites?add=1": "Sites",
    "knowledge/playground": "Playground",
    "knowledge/unanswered": "Unanswered",
    "assistant": "Assistant",
    "assistant/models": "Models and keys",
    "channels": "Channels",
    "channels/webchat": "Quillmere web chat",
    "team": "Team",
    "team/invitations": "Invitations",
    "team/roles": "Roles",
    "team/roles/agent": "Agent",
    "team/roles/new": "New role",
    "team/keys": "API keys",
    "settings": "Organization",
    "settings/business-hours": "Business hours",
    "settings/limits": "Limits",
    "settings/budget": "Budget",
    "settings/retention": "Retention",
    "settings/sign-in": "Sign-in",
    "settings/mail": "Mail",
    "profile": "Your profile",
    "no/such/page": "Not found",
}
"""Each page's path below `/admin/` and its title."""

IS_SEEN = """() => {
  const focused = document.activeElement;
  const label = focused.closest("label") ?? focused;
  return [focused, label].map((each) => {
    const { left, top, width, height } = each.getBoundingClientRect();
    const found = document.elementFromPoint(left + width / 2, top + height / 2);
    return label.contains(found) || found?.contains(focused) ? "" : `${label.outerHTML} below ${found?.outerHTML}`;
  });
}"""
"""For what has the focus and for its label: what covers its middle, or nothing."""

LOOK = """(box) => {
  const [label, picture] = [box.closest("label"), box.nextElementSibling].map((each) => getComputedStyle(each));
  return [label.cursor, label.color, picture.backgroundColor];
}"""
"""The look by which an enabled box differs from a disabled one."""

PASSWORD = "lantern moss quiet river"
OTHER_PASSWORD = "gravel tulip seven ponds"
SCRIPT = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
FOLLOW = """(field) => {
  const [values, channel] = [new Set(), new MessageChannel()];
  channel.port1.onmessage = () => {
    values.add(field.value);
    channel.port2.postMessage(0);
  };
  channel.port2.postMessage(0);
  window.followed = () => {
    channel.port1.close();
    return [...values];
  };
}"""
"""Notes each value that a field has between two tasks of the page."""


def sign_in(page: Page, email: str, password: str = demo.DEMO_PASSWORD) -> None:
    """Fills in the form; the organization is in the address."""
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def admin(screens: Screens, path: str = "", *, email: str = "owner@example.com", dark: bool = False, width: int = 1440) -> Page:
    """The admin app, signed in, at a page."""
    page = screens.page(f"/admin/{path}?organization=demo", dark=dark, width=width, height=844)
    sign_in(page, email)
    expect(page.get_by_role("heading", level=1).first).not_to_have_text("Frontdesk")
    return page


def invite(page: Page, email: str, name: str) -> str:
    """Invites someone on the team's page, and returns the link."""
    page.get_by_role("button", name="Invite a colleague").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("E-mail").fill(email)
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_role("button", name="Invite", exact=True).click()
    link = dialog.get_by_label("Link", exact=True).inner_text().strip()
    dialog.get_by_role("button", name="Done").click()
    return link


def choose(dialog: Locator, people: str) -> None:
    """Chooses a CSV file of people."""
    file = FilePayload(name="people.csv", mimeType="text/csv", buffer=people.encode())
    dialog.get_by_label("CSV file of people").set_input_files(file)


def totp(secret: str) -> str:
    """The code that an authenticator app shows for a key now (RFC 6238)."""
    key = base64.b32decode(secret.replace(" ", "") + "=" * (-len(secret.replace(" ", "")) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    start = digest[-1] & 15
    number: int = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def wider_than_the_screen(page: Page) -> bool:
    """Whether one would have to scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize(("dark", "width"), [(False, 1440), (True, 390)])
def test_every_page_has_a_link_and_is_accessible(screens: Screens, dark: bool, width: int) -> None:
    form = screens.page("/admin/", dark=dark, width=width)
    expect(form.get_by_label("Organization")).to_be_visible()
    assert accessibility_problems(form) == []
    page = admin(screens, dark=dark, width=width)
    for path, title in ROUTES.items():
        page.goto(f"{screens.gateway}/admin/{path}")
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        expect(page.get_by_role("status", name="Loading")).to_have_count(0)
        assert accessibility_problems(page) == [], path
        assert not wider_than_the_screen(page), path


def test_a_team_is_managed_by_clicks(screens: Screens) -> None:
    page = admin(screens, "team")
    own = secrets.token_hex(3)
    link = invite(page, f"robin-{own}@quillmere.example", "Robin")
    robin = screens.page("")
    robin.goto(link)
    expect(robin.get_by_role("heading", name="You're invited")).to_be_visible()
    assert "#" not in robin.url, "the link stays in the history"
    assert accessibility_problems(robin) == []
    robin.get_by_label("A password").fill("password12")
    robin.get_by_role("button", name="Join").click()
    expect(robin.get_by_role("alert")).to_contain_text("easy to guess")
    robin.get_by_label("A password").fill(PASSWORD)
    robin.get_by_role("button", name="Join").click()
    expect(robin.get_by_role("navigation", name="Main").get_by_role("link", name="Settings")).to_be_visible()
    expect(robin.get_by_role("navigation", name="Main").get_by_role("link", name="Team")).to_have_count(0)
    robin.goto(f"{screens.gateway}/admin/team")
    expect(robin.get_by_text("You can't see this page")).to_be_visible()
    robin.goto(f"{screens.gateway}/admin/profile")
    robin.get_by_label("Current password").fill(PASSWORD)
    robin.get_by_label("New password").fill(OTHER_PASSWORD)

    page.get_by_role("link", name="Roles").click()
    page.get_by_role("link", name="New role").click()
    page.get_by_label("Name", exact=True).fill(f"Librarian {own}")
    knowledge = page.get_by_role("group", name="Knowledge and memories")
    knowledge.get_by_text("Documents", exact=True).click()
    page.get_by_role("button", name="Create role").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Librarian {own}")

    page.get_by_role("link", name="Team", exact=True).click()
    page.get_by_label("Search by name or e-mail").fill(f"robin-{own}")
    page.get_by_role("link", name=re.compile(f"robin-{own}")).click()
    page.get_by_role("group", name="Roles").get_by_text(f"Librarian {own}", exact=True).click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Settings").click()
    page.get_by_role("dialog", name="Leave without saving?").get_by_role("button", name="Stay").click()
    page.get_by_role("button", name="Save roles").click()
    expect(page.get_by_text("Roles saved")).to_be_visible()
    page.get_by_role("button", name="Deactivate").click()
    expect(page.get_by_text("was signed out everywhere")).to_be_visible()
    page.get_by_role("button", name="Undo").hover()  # which keeps it
    robin.get_by_role("button", name="Change password").click()
    ended = robin.get_by_role("dialog", name="Sign in to continue")
    expect(ended).to_be_visible()
    assert accessibility_problems(robin) == []
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Deactivate")).to_be_visible()
    ended.get_by_label("Password").fill(PASSWORD)
    ended.get_by_role("button", name="Sign in", exact=True).click()
    expect(robin.get_by_text("Password changed")).to_be_visible()  # the call that was refused was repeated


@pytest.mark.parametrize("width", [1440, 390])
def test_a_roles_permissions_are_chosen_by_keyboard(screens: Screens, width: int) -> None:
    page = admin(screens, "team/roles/new", width=width)
    search = page.get_by_label("Find a permission")
    search.fill("no such permission")
    expect(page.get_by_role("status").filter(has_text="No permission matches")).to_be_visible()
    assert accessibility_problems(page) == []
    search.fill("")
    documents = page.get_by_role("group", name="Knowledge and memories").get_by_role("group", name="Documents", exact=True)
    read = documents.get_by_role("checkbox", name="Read", exact=True)
    expect(read).to_have_accessible_description(re.compile(r"\w+ \w+"))
    expect(page.get_by_role("status").filter(has_text="No permission matches")).to_have_count(0)

    search.focus()
    for key, times in (("Tab", 60), ("Shift+Tab", 50)):  # down below the first screen, and up again
        for _ in range(times):
            page.keyboard.press(key)
            assert page.evaluate(IS_SEEN) == ["", ""], key
    read.focus()
    page.keyboard.press("Space")
    expect(read).to_be_checked()
    expect(documents.get_by_role("checkbox", name="Documents", exact=True)).to_have_js_property("indeterminate", True)
    expect(page.get_by_text("1 permission", exact=True)).to_be_visible()

    unchecked = documents.get_by_role("checkbox", name="Delete", exact=True)
    enabled = unchecked.evaluate(LOOK)
    page.goto(f"{screens.gateway}/admin/team/roles/agent")
    expect(unchecked).to_be_disabled()
    expect(unchecked).not_to_be_checked()
    disabled = unchecked.evaluate(LOOK)
    assert not set(enabled) & set(disabled)
    assert "not-allowed" in disabled


def test_a_change_brings_up_save_without_covering_what_was_changed(screens: Screens) -> None:
    """The bar comes up over the bottom of the screen, where the box is that was just ticked."""
    page = admin(screens, "team/roles/new")
    page.get_by_label("Name", exact=True).fill(f"Reader {secrets.token_hex(3)}")
    page.get_by_role("group", name="Documents", exact=True).get_by_text("Read", exact=True).click()
    page.get_by_role("button", name="Create role").click()
    boxes = page.get_by_role("group", name="Organization and team").get_by_role("checkbox")
    expect(page.get_by_role("button", name="Delete")).to_be_visible()
    last = boxes.nth(20)
    last.focus()
    last.evaluate("box => window.scrollBy(0, box.getBoundingClientRect().bottom + 6 - innerHeight)")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Discard")).to_be_visible()
    page.wait_for_function(f"({IS_SEEN})().every(each => each === '')")


def test_of_two_who_edit_the_same_the_second_sees_both_versions(screens: Screens) -> None:
    first, second = admin(screens, "settings"), admin(screens, "settings")
    own = secrets.token_hex(3)
    second.get_by_label("Name", exact=True).fill(f"Quillmere Outfitters {own}")
    first.get_by_label("Name", exact=True).fill(f"Quillmere & Daughters {own}")
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.get_by_text("Saved", exact=True)).to_be_visible()
    second.get_by_role("button", name="Save", exact=True).click()
    dialog = second.get_by_role("dialog", name="Someone else changed this")
    expect(dialog.get_by_role("row", name=re.compile("Display name"))).to_contain_text("Quillmere & Daughters")
    assert accessibility_problems(second) == []
    dialog.get_by_role("button", name="Keep mine").click()
    expect(dialog).to_have_count(0)
    second.get_by_label("Name", exact=True).fill("Quillmere")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.get_by_role("button", name="Save", exact=True)).to_have_count(0)


def test_a_field_that_is_saved_never_shows_what_was_stored_before(screens: Screens) -> None:
    page = admin(screens, "settings")
    page.add_init_script("{ const later = setTimeout; setTimeout = (work, ms) => later(work, ms || 100); }")  # a busy browser
    page.reload()
    name, save = page.get_by_label("Name", exact=True), page.get_by_role("button", name="Save", exact=True)
    expect(name).not_to_have_value("")
    before, own = name.input_value(), f"Quillmere {secrets.token_hex(3)}"
    for text in (own, before):
        name.fill(text)
        name.evaluate(FOLLOW)
        with page.expect_response("**/GetOrganization"):
            save.click()
        expect(save).to_have_count(0)
        page.wait_for_timeout(500)
        assert page.evaluate("window.followed()") == [text]


def test_a_link_in_a_new_tab_needs_no_second_sign_in_and_signing_out_ends_both(screens: Screens) -> None:
    """A stack's existing session; some 8 s."""
    page = admin(screens, "team")
    other = page.context.new_page()
    other.goto(f"{screens.gateway}/admin/settings")
    title, other_title = page.get_by_role("heading", level=1), other.get_by_role("heading", level=1)
    expect(other_title).to_have_text("Organization")
    for _ in range(3):  # each reload exchanges the session's refresh token: none of them comes twice
        for tab in (page, other):
            tab.evaluate("location.reload()")
        expect(title).to_have_text("Team")
        expect(other_title).to_have_text("Organization")
    other.get_by_role("button", name=re.compile("Profile and sign-out")).click()
    other.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(0)
    expect(other.get_by_label("Password")).to_be_visible()
    sign_in(other, "owner@example.com")
    expect(title).to_have_text("Team")  # the form of the first tab is answered, too


def test_of_two_who_edit_a_widgets_settings_nothing_is_lost_whatever_is_uploaded(screens: Screens, tmp_path: Path) -> None:
    """A stack's existing session; some 10 s."""
    first, second = admin(screens, "channels/webchat"), admin(screens, "channels/webchat")
    line = second.get_by_label("Privacy line")
    line.fill("We delete chats after a year.")
    first.get_by_label("Privacy line").fill("We delete chats after a month.")
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.get_by_text("Saved. It shows within two seconds.")).to_be_visible()
    second.get_by_role("button", name="Save", exact=True).click()
    dialog = second.get_by_role("dialog", name="Someone else changed this")
    expect(dialog.get_by_role("row", name=re.compile("Consent text"))).to_contain_text("after a month")
    dialog.get_by_role("button", name="Use theirs").click()
    expect(line).to_have_value("We delete chats after a month.")

    line.fill("")
    logo, alert = second.get_by_label("Logo file"), second.get_by_role("alert")
    large = tmp_path / "large.png"
    large.write_bytes(b"\x89PNG".ljust(20 << 20, b"0"))
    refused: dict[str, Path | FilePayload] = {
        "256 KB": large,
        "SVG files can hold scripts. Save it as PNG.": {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": SCRIPT},
        "whatever its name says. Save it as PNG": {"name": "logo.png", "mimeType": "image/png", "buffer": SCRIPT},
    }
    for sentence, file in refused.items():
        logo.set_input_files(file)
        expect(alert.filter(has_text=sentence)).to_be_visible()
    logo.set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": pictures.png()})
    expect(second.get_by_role("img", name="Logo")).to_be_visible()
    greeting = second.get_by_label("Greeting")
    before = greeting.input_value()
    greeting.fill("x" * 10_000)
    expect(second.get_by_text("10,000 characters are too many: at most 500. Shorten it by 9,500.").first).to_be_visible()
    expect(second.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    assert len(greeting.input_value()) == 10_000
    greeting.fill(before)
    expect(line).to_have_value("")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.get_by_role("button", name="Save", exact=True)).to_have_count(0)  # the logo is no colleague's change
    second.get_by_role("button", name="Remove", exact=True).click()
    second.get_by_role("dialog", name="Remove the logo?").get_by_role("button", name="Remove").click()
    expect(second.get_by_role("img", name="Logo")).to_have_count(0)


def test_links_that_were_replaced_taken_back_or_used_say_so(screens: Screens) -> None:
    """A stack's existing session; some 10 s."""
    page, own = admin(screens, "team"), secrets.token_hex(3)
    email = f"sam-{own}@quillmere.example"
    first = invite(page, email, "Sam")
    page.get_by_role("link", name="Invitations").click()
    page.get_by_role("button", name=f"Actions for {email}").click()
    page.get_by_role("menuitem", name="New link").click()
    made = page.get_by_role("dialog", name=f"New link for {email}")
    second = made.get_by_label("Link", exact=True).inner_text().strip()
    made.get_by_role("button", name="Done").click()
    guest = screens.page("")
    guest.goto(first)
    expect(guest.get_by_text("This link isn't valid. Ask for a new one.")).to_be_visible()
    page.get_by_role("button", name=f"Actions for {email}").click()
    page.get_by_role("menuitem", name="Take back").click()
    page.get_by_role("dialog", name=f"Take back the invitation for {email}?").get_by_role("button", name="Take back").click()
    expect(page.get_by_text("Invitation taken back")).to_be_visible()
    guest.goto(second)
    expect(guest.get_by_text("This link was taken back. Ask for a new one.")).to_be_visible()

    page.get_by_role("link", name="Team", exact=True).click()
    guest.goto(invite(page, f"kit-{own}@quillmere.example", "Kit"))
    guest.get_by_label("A password").fill(PASSWORD)
    guest.get_by_role("button", name="Join").click()
    expect(guest.get_by_role("navigation", name="Main")).to_be_visible()
    page.get_by_label("Search by name or e-mail").fill(f"kit-{own}")
    page.get_by_role("link", name=re.compile("Kit")).click()
    page.get_by_role("button", name="Link to a new password").click()
    reset = page.get_by_role("dialog", name="Link to a new password").get_by_label("Link", exact=True).inner_text().strip()
    stranger = screens.page("")
    stranger.goto(reset)
    stranger.get_by_label("New password").fill(OTHER_PASSWORD)
    stranger.get_by_role("button", name="Change password").click()
    expect(stranger.get_by_text("You were signed out on every device.")).to_be_visible()
    stranger.goto(reset)
    expect(stranger.get_by_text("This link was used before.")).to_be_visible()


def test_a_second_factor_is_set_up_and_a_recovery_code_replaces_a_lost_phone(screens: Screens) -> None:
    email = f"kim-{secrets.token_hex(3)}@quillmere.example"
    link = invite(admin(screens, "team"), email, "Kim")
    page = screens.page("")
    page.goto(link)
    page.get_by_label("A password").fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    page.goto(f"{screens.gateway}/admin/profile")
    page.get_by_role("button", name="Set up", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Your password").fill(PASSWORD)
    dialog.get_by_role("button", name="Continue").click()
    expect(dialog.get_by_role("img", name="QR code")).to_be_visible()
    assert accessibility_problems(page) == []
    dialog.get_by_label("Code", exact=True).fill("000000")
    dialog.get_by_role("button", name="Switch on").click()
    expect(dialog.get_by_role("alert")).to_contain_text("wrong")
    dialog.get_by_label("Code", exact=True).fill(totp(dialog.locator("code").inner_text()))
    dialog.get_by_role("button", name="Switch on").click()
    recovery = dialog.get_by_role("list", name="Recovery codes").get_by_role("listitem").first.inner_text()
    dialog.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("Recovery codes left")).to_be_visible()
    expect(page.get_by_role("list", name="Sessions")).to_contain_text("This one")

    page.get_by_role("button", name=re.compile("Profile and sign-out")).click()
    page.get_by_role("menuitem", name="Sign out").click()
    sign_in(page, email, PASSWORD)
    page.get_by_label("Code", exact=True).fill(recovery)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def test_a_key_is_rotated_with_an_overlap_and_its_last_use_is_shown(screens: Screens) -> None:
    """A stack's existing session; some 6 s."""
    page, purpose = admin(screens, "team/keys"), f"Shop {secrets.token_hex(3)}"

    def exchanged(secret: str) -> int:
        """The status of a program's sign-in."""
        return page.request.post(f"{screens.gateway}/v1/auth:exchange", data={"apiKey": secret}).status

    def shown() -> str:
        """The secret on the screen, which is closed then."""
        dialog = page.get_by_role("dialog", name="Copy the key now")
        secret = dialog.get_by_label("API key", exact=True).inner_text().strip()
        dialog.get_by_role("button", name="I have it").click()
        expect(page.get_by_text(secret)).to_have_count(0)
        return secret

    def rotate(overlap: str) -> str:
        page.get_by_role("button", name=f"Actions for {purpose}").click()
        page.get_by_role("menuitem", name="Rotate").click()
        dialog = page.get_by_role("dialog", name=f"Rotate the key {purpose}")
        dialog.get_by_role("button", name=re.compile("The present secret stays good")).click()
        page.get_by_role("option", name=overlap).click()
        dialog.get_by_role("button", name="Make a new secret").click()
        return shown()

    page.get_by_role("button", name="New key").first.click()
    dialog = page.get_by_role("dialog", name="New API key")
    dialog.get_by_label("Its purpose").fill(purpose)
    dialog.get_by_role("group", name="Knowledge and memories").get_by_text("Documents", exact=True).click()
    dialog.get_by_role("button", name="Make key").click()
    first = shown()
    row = page.get_by_role("row", name=re.compile(purpose))
    expect(row.get_by_text("Never", exact=True)).to_be_visible()
    assert exchanged(first) == 200
    second = rotate("For an hour")
    expect(row.get_by_text("Never", exact=True)).to_have_count(0)
    assert (exchanged(first), exchanged(second)) == (200, 200)
    third = rotate("Not at all: it leaked")
    assert [exchanged(secret) for secret in (first, second, third)] == [401, 401, 200]
    assert accessibility_problems(page) == []


def test_the_people_of_a_csv_file_are_invited_once_each_line_is_right(screens: Screens) -> None:
    """A stack's existing session; some 5 s."""
    page, own = admin(screens, "team"), secrets.token_hex(3)
    page.get_by_role("button", name="Invite from CSV").click()
    dialog = page.get_by_role("dialog", name="Invite people from a CSV file")
    people = f"E-mail;Name;Roles\nana-{own}@quillmere.example;Ana;agent\nbo-{own}@quillmere.example;Bo;"
    choose(dialog, people + "chef\n")
    expect(dialog.get_by_role("list", name="Lines that can't be used")).to_contain_text("Line 3: There is no role chef.")
    expect(dialog.get_by_role("button", name="Invite", exact=True)).to_be_disabled()
    assert accessibility_problems(page) == []
    choose(dialog, people + "agent\n")
    dialog.get_by_role("button", name="Invite 2 people").click()
    expect(dialog.get_by_role("status")).to_have_text("2 of 2 done: 2 invited, 0 not invited.")
    links = dialog.get_by_label("Links", exact=True).inner_text().split()
    assert links[::2] == [f"ana-{own}@quillmere.example", f"bo-{own}@quillmere.example"]
    dialog.get_by_role("button", name="Done").click()
    guest = screens.page("")
    guest.goto(links[3])
    expect(guest.get_by_role("heading", name="You're invited")).to_be_visible()
    page.get_by_role("link", name="Invitations").click()
    expect(page.get_by_text(f"ana-{own}@quillmere.example", exact=True)).to_be_visible()
