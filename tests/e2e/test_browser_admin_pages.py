"""The admin's pages in a real browser: knowledge, playground, unanswered questions, the assistant and a channel, by clicks."""

from __future__ import annotations

import io
import re
import secrets
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import demo
from tests.e2e.browser import Screens, accessibility_problems
from tests.e2e.test_browser_admin import admin
from tests.support.processes import eventually
from tests.twilio import Account

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

POLICY = "# Kite lending\n\nYou can borrow a stunt kite for 12 days. The deposit is 35 euros.\n"
DROP = """
([name, text]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], name, { type: "text/markdown" }));
    const drag = { bubbles: true, cancelable: true, dataTransfer: transfer };
    for (const type of ["dragenter", "dragover", "drop"]) document.querySelector("h1").dispatchEvent(new DragEvent(type, drag));
}
"""
QUESTION = "Do you sharpen ice skates?"
"""No page of the demo answers it."""
TWILIO_TOKEN = "the-token-of-the-account"


@contextmanager
def serving_twilio(port: int, webhook: str) -> Iterator[str]:
    """A simulator of Twilio on this port, which sends customers' messages to `webhook`; its address."""
    command = [sys.executable, "-m", "tests.twilio", "--port", str(port), "--webhook", webhook, "--token", TWILIO_TOKEN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as simulator:
        try:
            assert simulator.stdout is not None
            assert "Twilio stands on" in simulator.stdout.readline()
            yield f"http://127.0.0.1:{port}"
        finally:
            simulator.terminate()


def to(page: Page, item: str, title: str | None = None) -> None:
    """Opens a page by the navigation."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name=item, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title or item)


def ask(page: Page, question: str) -> None:
    """Asks in the playground."""
    page.get_by_label("Question", exact=True).fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()


def test_a_dropped_file_is_read_and_answers_in_the_playground(screens: Screens) -> None:
    page = admin(screens, "knowledge/documents")
    expect(page.get_by_role("table", name="Documents")).to_be_visible()
    page.evaluate(DROP, ["kites.md", POLICY])
    page.evaluate(DROP, ["picture.png", "no text"])
    uploads = page.get_by_role("region", name="Uploads")
    expect(uploads).to_contain_text("Only PDF, Word (.docx), text, Markdown, HTML and CSV are read.")
    expect(uploads).to_contain_text("1 of 2 files uploaded")
    page.get_by_label("Search by title, file name or address").fill("kite")
    row = page.get_by_role("row", name=re.compile("Kite lending"))
    expect(row).to_contain_text("Ready")
    assert accessibility_problems(page) == []
    row.get_by_role("link", name="Kite lending").click()
    expect(page.get_by_role("region", name="Passages")).to_contain_text("The deposit is 35 euros.")

    to(page, "Playground")
    ask(page, "What is the deposit for a kite?")
    expect(page.get_by_text("Answered", exact=True)).to_be_visible()
    expect(page.get_by_text("35 euros").first).to_be_visible()
    found = page.get_by_role("list", name="Passages found").get_by_role("listitem").first
    expect(found).to_contain_text("Kite lending")
    expect(found).to_contain_text(re.compile(r"score 0\.\d\d"))
    expect(found).to_contain_text("Used")
    assert accessibility_problems(page) == []

    to(page, "Documents")
    page.get_by_label("Search by title, file name or address").fill("kite")
    page.get_by_role("link", name="Kite lending").click()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Documents")
    expect(page.get_by_role("link", name="Kite lending")).to_have_count(0)


def test_a_list_that_was_left_shows_what_came_meanwhile(screens: Screens) -> None:
    page = admin(screens, "knowledge/documents")
    expect(page.get_by_role("table", name="Documents")).to_be_visible()
    to(page, "Playground")
    other = page.context.new_page()
    other.goto(screens.gateway + "/admin/knowledge/documents")
    expect(other.get_by_role("table", name="Documents")).to_be_visible()
    title = f"Stilts {secrets.token_hex(3)}"
    other.evaluate(DROP, ["stilts.md", f"# {title}\n\nStilts are lent for a week.\n"])
    row = re.compile(title)
    expect(other.get_by_role("row", name=row)).to_contain_text("Ready")
    to(page, "Documents")
    expect(page.get_by_role("row", name=row)).to_contain_text("Ready")


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("knowledge/documents", "Search by title, file name or address"),
        ("team", "Search by name or e-mail"),
        ("conversations", "Search in messages"),
        ("conversations", "Tag"),
    ],
)
def test_words_that_are_typed_fast_are_kept(screens: Screens, path: str, label: str) -> None:
    page = admin(screens, path)
    field = page.get_by_label(label, exact=True)
    field.focus()
    typist = page.context.new_cdp_session(page)
    for letter in "shipping times":
        typist.send("Input.insertText", {"text": letter})  # without waiting for what the page makes of it
    expect(page).to_have_url(re.compile(r"=shipping\+times\b"))
    assert field.input_value() == "shipping times"
    page.go_back()
    page.go_forward()
    expect(field).to_have_value("shipping times")
    field.press("ControlOrMeta+a")
    field.press("Delete")
    expect(page).not_to_have_url(re.compile("shipping"))
    expect(field).to_have_value("")


def test_where_a_document_was_cited_leads_to_the_conversation(screens: Screens) -> None:
    question = "How long is a gift card valid, please?"
    assert "years" in screens.customer().ask(question).inner_text()
    page = admin(screens, "knowledge/documents")
    page.get_by_label("Search by title, file name or address").fill("gift")
    page.get_by_role("link", name="Gift cards").click()
    cited = page.get_by_role("region", name="Where it was cited").get_by_role("listitem").filter(has_text=question).first
    expect(cited).to_contain_text("years")
    assert accessibility_problems(page) == []
    cited.get_by_role("link", name="How it was answered").click()
    expect(page.get_by_role("main")).to_contain_text(question)
    expect(page.get_by_role("main")).to_contain_text("Gift cards")


def test_a_question_without_an_answer_is_answered_where_it_stands(screens: Screens) -> None:
    customer = screens.customer()
    customer.ask(QUESTION)
    page = admin(screens, "knowledge/unanswered")
    group = page.get_by_role("list", name="Unanswered questions").get_by_role("listitem").filter(has_text=QUESTION)
    expect(group).to_contain_text("Asked once")
    assert accessibility_problems(page) == []
    group.get_by_role("button", name="Write answer").click()
    drawer = page.get_by_role("dialog", name="Write the answer")
    expect(drawer.get_by_label("Title")).to_have_value(QUESTION)
    drawer.get_by_label("Answer", exact=True).fill("Yes, we sharpen ice skates for 14 euros while you wait.")
    drawer.get_by_role("button", name="Save and try").click()
    expect(drawer).to_contain_text("is ready")
    expect(drawer.get_by_text("Answered", exact=True)).to_be_visible()
    expect(drawer).to_contain_text("14 euros")
    assert accessibility_problems(page) == []
    drawer.get_by_role("button", name="Done").click()
    expect(group).to_contain_text("Answered now")
    assert "14 euros" in customer.ask("Can you sharpen my ice skates?").inner_text()


def test_the_assistant_is_changed_as_a_draft_and_published(screens: Screens) -> None:
    page = admin(screens, "assistant")
    page.get_by_label("Name", exact=True).fill("Robin")
    page.get_by_label("Tone").fill("Formal.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Draft", exact=True).first).to_be_visible()
    page.get_by_label("Question", exact=True).fill("How long can I return a parcel?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("60 days").first).to_be_visible()
    assert accessibility_problems(page) == []
    page.get_by_role("button", name="Publish").click()
    dialog = page.get_by_role("dialog", name="Publish this draft?")
    expect(dialog).to_contain_text("Robin")
    dialog.get_by_label("What changes, for your colleagues").fill("A name")
    dialog.get_by_role("button", name="Publish").click()
    expect(page.get_by_text(re.compile("^Published (now|[0-9]+ second)"))).to_be_visible()

    page.get_by_role("button", name="History").click()
    history = page.get_by_role("dialog", name="History")
    expect(history).to_contain_text("A name")
    assert accessibility_problems(page) == []
    history.get_by_role("button", name="Close").click()

    page.get_by_label("Name", exact=True).fill("Casey")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog", name="Publish this draft?").get_by_role("button", name="Publish").click()
    expect(page.get_by_text(re.compile("^Published (now|[0-9]+ second)"))).to_be_visible()
    page.get_by_role("button", name="History").click()
    former = history.get_by_role("listitem").filter(has_text="A name").filter(has=page.get_by_role("button", name="Roll back"))
    former.get_by_role("button", name="Compare").click()
    expect(former).to_contain_text("Casey")
    assert accessibility_problems(page) == []
    former.get_by_role("button", name="Roll back").click()
    page.get_by_role("dialog", name=re.compile("^Return to version")).get_by_role("button", name="Return").click()
    expect(page.get_by_text(re.compile("is in force again"))).to_be_visible()
    expect(history.get_by_role("listitem").filter(has_text="A name").filter(has_text="In force")).to_have_count(1)
    history.get_by_role("button", name="Close").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Robin")
    expect(screens.customer().ask("How long is a gift card valid?")).to_contain_text("Robin")

    page.get_by_role("link", name="Models and keys").click()
    page.get_by_role("button", name="Add model").click()
    dialog = page.get_by_role("dialog", name="Add a model")
    dialog.get_by_text("Another provider").click()
    dialog.get_by_label("Base URL").fill("https://10.0.0.1/v1")
    dialog.get_by_label("Key", exact=True).fill("sk-wrong")
    dialog.get_by_label("Model", exact=True).fill("gpt-4o")
    dialog.get_by_role("button", name="Test").click()
    expect(dialog).to_contain_text("Keys can't be sent there")
    assert accessibility_problems(page) == []
    dialog.get_by_text("This installation's").click()
    dialog.get_by_role("button", name="Test").click()
    expect(dialog).to_contain_text("This installation has no model of its own.")


def test_a_chat_is_changed_and_seen_before_and_after_it_is_saved(screens: Screens) -> None:
    page = admin(screens, "channels")
    page.get_by_role("link", name="Quillmere web chat").click()
    expect(page.get_by_text(f'data-channel="organizations/demo/channels/{demo.CHANNEL.id}"')).to_be_visible()
    preview = page.get_by_role("region", name="Preview")
    before = page.get_by_label("Greeting").input_value()
    page.get_by_label("Greeting").fill("Good morning, what can we find for you?")
    expect(preview).to_contain_text("Good morning")
    page.get_by_label("Colour as a code").fill("#ffe100")
    page.get_by_label("Text on it (colour)").fill("#ffffff")
    expect(page.get_by_text("Too low to read")).to_be_visible()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    page.get_by_label("Text on it (colour)").fill("")
    page.get_by_label("Sites that may show the chat").fill("*")
    expect(page.get_by_text("wildcards such as *").first).to_be_visible()
    page.get_by_label("Sites that may show the chat").fill("")
    assert accessibility_problems(page) == []
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. It shows within two seconds.")).to_be_visible()
    preview.get_by_role("tab", name="Real chat").click()
    chat = page.frame_locator("iframe[title='The chat as customers see it']")
    expect(chat.get_by_text("Good morning, what can we find for you?")).to_be_visible()
    page.get_by_label("Greeting").fill(before)
    page.get_by_label("Colour as a code").fill("")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    expect(chat.get_by_text(before)).to_be_visible()  # before another test's customer opens it
    page.get_by_role("button", name="Test now").click()
    expect(page.get_by_text("Customers can write and be answered.")).to_be_visible()


def test_a_whatsapp_number_is_connected_tested_paused_and_resumed(screens: Screens, twilio_port: int) -> None:
    page = admin(screens, "channels")
    page.get_by_role("button", name="Add channel").first.click()
    dialog = page.get_by_role("dialog", name="Add a channel")
    dialog.get_by_text("WhatsApp via Twilio").click()
    dialog.get_by_label("Name", exact=True).fill("Shop's number")
    dialog.get_by_label("Account SID").fill("AC123")
    expect(dialog).to_contain_text("It begins with AC and has 34 characters.")
    dialog.get_by_label("Account SID").fill(Account.sid)
    dialog.get_by_role("textbox", name="WhatsApp number").fill(Account.number)
    dialog.get_by_label("Auth token").fill("not the token")
    assert accessibility_problems(page) == []
    dialog.get_by_role("button", name="Add channel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Shop's number")
    webhook = page.get_by_label("Webhook address", exact=True).inner_text().strip()
    assert webhook == f"{screens.gateway}/v1/organizations/demo/channels/shop-s-number/webhooks:twilio"

    test, alert = page.get_by_role("button", name="Test now"), page.get_by_role("main").get_by_role("alert")
    test.click()
    expect(alert).to_contain_text("Twilio")  # nothing listens there
    with serving_twilio(twilio_port, webhook) as simulator:
        test.click()
        expect(alert).to_contain_text("token")
        page.get_by_label("Auth token").fill(TWILIO_TOKEN)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_label("Auth token")).to_have_value("")
        assert TWILIO_TOKEN not in page.content()
        test.click()
        expect(page.get_by_text("Customers can write and be answered.")).to_be_visible()
        assert accessibility_problems(page) == []

        def answers() -> list[str]:
            return [each["body"] for each in page.request.get(f"{simulator}/control/accepted").json()]

        def says(text: str) -> None:
            page.request.post(f"{simulator}/control/say", data={"customer": "+4915112345678", "body": text})

        page.get_by_text("Accepts messages", exact=True).click()
        expect(page.get_by_text("Paused", exact=True)).to_be_visible()
        says("Are you there?")
        page.get_by_text("Accepts messages", exact=True).click()
        expect(page.get_by_text("Active", exact=True)).to_be_visible()
        assert answers() == []
        says("How long is a gift card valid?")
        eventually(lambda: any("years" in answer for answer in answers()))
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete channel").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("Shop's number")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Channels")


def test_a_folder_and_a_zip_file_are_imported_and_again_without_change(screens: Screens, tmp_path: Path) -> None:
    """A stack's existing session; some 8 s."""
    own = secrets.token_hex(3)
    folder = tmp_path / f"handbook-{own}"
    (folder / "rental").mkdir(parents=True)
    (folder / "rental" / "kayaks.md").write_text(f"# Kayaks {own}\n\nA kayak costs 41 euros a day.\n")
    (folder / "picture.png").write_bytes(b"no text")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("sledges.md", f"# Sledges {own}\n\nA sledge costs 7 euros a day.\n")
        archive.writestr("../../etc/passwd", "root")
    page = admin(screens, "knowledge/documents")
    uploads = page.get_by_role("region", name="Uploads")
    page.get_by_label("Folder to import").set_input_files(folder)
    expect(uploads.get_by_role("status")).to_have_text("1 of 2 files uploaded: 1 not added")
    expect(uploads).to_contain_text("Only PDF, Word (.docx), text, Markdown, HTML and CSV are read.")
    page.get_by_label("Files to upload").set_input_files(
        {"name": f"winter-{own}.zip", "mimeType": "application/zip", "buffer": packed.getvalue()}
    )
    expect(uploads.get_by_role("status")).to_have_text("2 of 4 files uploaded: 2 not added")
    assert accessibility_problems(page) == []
    page.get_by_label("Folder to import").set_input_files(folder)
    expect(uploads.get_by_role("status")).to_have_text("3 of 6 files uploaded: 1 unchanged, 3 not added")
    page.get_by_label("Search by title, file name or address").fill(own)
    rows = page.get_by_role("table", name="Documents").get_by_role("row", name=re.compile(f"(Kayaks|Sledges) {own}"))
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="Ready")).to_have_count(2)
