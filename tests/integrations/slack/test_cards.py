"""Cards and modals: golden files in both languages, Slack's rules, and texts that try to be more than text."""

import ast
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.actions import Action
from core.ids import DocumentId
from core.invoice import FieldName, FieldState, InvoiceState, Source
from core.messages import Message
from core.views import (
    ApprovalView,
    DetailsForm,
    DocumentView,
    EditForm,
    HelpView,
    InvoiceView,
    NoticeView,
    Question,
    Row,
    StatusForm,
)
from integrations.language import Language, Languages
from integrations.slack.cards import card_of, home_of, modal_of, pictures_of
from integrations.slack.cards.paper import Card
from integrations.slack.cards.words import evidence_line
from sandbox.slack.blocks import faults_of_message, faults_of_view, view_too_large
from tests.integrations.slack.samples import (
    APPROVAL,
    CATEGORIES,
    CLAIM,
    CROP,
    DRAFT,
    FILES,
    FORMS,
    HOMES,
    HUGE,
    INVOICE,
    LILEI,
    LIST,
    RETURNED,
    SAID,
    SENT,
    STATUS,
    VIEWS,
    WANGFANG,
    field,
    read_as,
    with_fields,
)

GOLDEN = Path(__file__).parent / "golden"
LANGUAGES = Languages(Path(__file__).parents[3] / "locales")
LOCALES = ("zh-CN", "en-US")


def language(locale: str) -> Language:
    found = LANGUAGES.for_locale(locale, time_zone="Asia/Shanghai")
    return replace(found, translations={**found.translations, **SAID}) if found.locale == "zh_CN" else found


def draw(name: str, locale: str = "en-US") -> Card:
    return card_of(VIEWS[name], language(locale), FILES)


def texts(node: Any) -> Iterator[tuple[str, str]]:
    """(type, text) of every text object."""
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["type"], node["text"]
        for inner in node.values():
            yield from texts(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from texts(inner)


def buttons(blocks: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        element["action_id"]: element for block in blocks if block["type"] == "actions" for element in block["elements"]
    }


def words(blocks: list[dict[str, Any]]) -> str:
    return "\n".join(text for _, text in texts(blocks))


def same_as_golden(name: str, drawn: Any) -> None:
    path = GOLDEN / f"{name}.json"
    now = json.dumps(drawn, ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("REWRITE_GOLDEN"):
        path.write_text(now, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == now


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", VIEWS)
def test_cards_look_as_agreed(name, locale):
    card = draw(name, locale)
    same_as_golden(f"{name}.{locale}", {"text": card.text, "blocks": card.blocks})
    assert faults_of_message(card.blocks) == []
    assert 0 < len(card.text) <= 4000
    assert len(card.blocks) <= 16


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", FORMS)
def test_modals_look_as_agreed(name, locale):
    modal = modal_of(FORMS[name], language(locale))
    same_as_golden(f"modal-{name}.{locale}", modal)
    assert faults_of_view(modal) == []


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", HOMES)
def test_homes_look_as_agreed(name, locale):
    home = home_of(HOMES[name], language(locale))
    same_as_golden(f"home-{name}.{locale}", home)
    assert faults_of_view(home) == []
    assert not view_too_large(home)
    assert {kind for kind, _ in texts(home["blocks"])} <= {"plain_text", "button"}
    assert len({block["block_id"] for block in home["blocks"]}) == len(home["blocks"])


def test_every_golden_file_belongs_to_a_view():
    expected = {f"{name}.{locale}.json" for name in VIEWS for locale in LOCALES}
    expected |= {f"home-{name}.{locale}.json" for name in HOMES for locale in LOCALES}
    expected |= {f"modal-{name}.{locale}.json" for name in FORMS for locale in LOCALES}
    assert {path.name for path in GOLDEN.iterdir()} == expected


@pytest.mark.parametrize("locale", LOCALES)
def test_details_beyond_a_modal_are_cut_and_say_so(locale):
    modal = modal_of(HUGE, language(locale))
    assert faults_of_view(modal) == []
    assert not view_too_large(modal)
    assert len(json.dumps(modal)) < 500_000
    assert words(modal["blocks"][-1:]).startswith("… ")


@pytest.mark.parametrize("name", VIEWS)
def test_every_word_on_a_card_is_plain_text(name):
    card = draw(name)
    assert {kind for kind, _ in texts(card.blocks)} <= {"plain_text", "button"}
    assert not any(node for node in _nodes(card.blocks) if node.get("type") == "plain_text" and node["emoji"])


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for inner in node.values():
            yield from _nodes(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _nodes(inner)


@pytest.mark.parametrize("name", [name for name in VIEWS if name.startswith("hostile-")] + ["notice"])
def test_what_is_read_aloud_can_do_nothing(name):
    text = draw(name).text
    assert "<" not in text
    assert ">" not in text
    assert "*大促*" not in text
    assert "*x*" not in text
    assert "://" not in text
    assert ":tada:" not in text


@pytest.mark.parametrize("name", [name for name in VIEWS if name.startswith("hostile-")])
def test_text_cannot_turn_the_figures_beside_it(name):
    shown = words(draw(name).blocks)
    assert "\u202e" not in shown
    for line in shown.splitlines():
        assert line.count("\u2068") == line.count("\u2069")


def test_what_is_cut_is_seen_and_its_rest_is_named():
    shown = words(draw("hostile-approval").blocks)
    assert "…" in shown
    assert "Details has all of it" in shown
    assert "Details has all of it" not in words(draw("approval-open").blocks)


def test_block_ids_change_exactly_when_the_card_does():
    ids = [block["block_id"] for block in draw("draft-ready").blocks]
    assert ids == [block["block_id"] for block in draw("draft-ready").blocks]
    assert not set(ids) & {block["block_id"] for block in draw("draft-question").blocks}


def test_submit_is_there_only_when_nothing_is_in_the_way():
    assert Action.SUBMIT in buttons(draw("draft-ready").blocks)
    for name in ("draft-question", "draft-question-missing", "draft-blocked", "draft-no-route"):
        assert Action.SUBMIT not in buttons(draw(name).blocks)
    assert "You can submit once everything is checked." in words(draw("draft-question").blocks)
    assert "Blocking: The bill-to is none of our companies" in words(draw("draft-blocked").blocks)
    assert "Nobody above you may decide this." in words(draw("draft-no-route").blocks)


def test_a_question_is_answered_by_yes_or_a_change_and_nothing_read_only_by_typing():
    asked = buttons(draw("draft-question").blocks)  # of those with the same action the last
    assert asked[Action.CONFIRM_FIELD]["value"] == "i1|total"
    assert asked[Action.CORRECT_FIELD]["value"] == "i1|total"
    missing = buttons(draw("draft-question-missing").blocks)
    assert Action.CONFIRM_FIELD not in missing
    assert missing[Action.CORRECT_FIELD]["value"] == "i1|date"


def test_every_unsure_field_shows_its_crop_what_was_read_and_why():
    blocks = [block for block in draw("draft-question").blocks if block["type"] in {"section", "image", "actions"}]
    drawn = [words([block]) or block.get("slack_file") for block in blocks]
    first = next(place for place, each in enumerate(drawn) if "2026-08-14. Is that right?" in str(each))
    assert "Why we ask: One reader saw this" in drawn[first]
    assert blocks[first + 1]["elements"][0]["value"] == "i1|date"
    assert blocks[first + 2]["slack_file"] == {"id": FILES[CROP.key]}
    assert "Total amount: ¥475.80. Is that right?\nWhy we ask: Two readers disagree" in drawn[first + 3]
    assert blocks[first + 4]["elements"][0]["value"] == "i1|total"
    assert "1 more to check after these" in drawn[first + 5]
    assert CROP in pictures_of(VIEWS["draft-question"])


def test_an_amount_is_asked_and_told_in_the_currency_of_its_invoice():
    unsure_total = with_fields(INVOICE, total=field("12.00", Source.RAPIDOCR, state=FieldState.READ))
    abroad = with_fields(unsure_total, currency=field("EUR", Source.RAPIDOCR))
    question = Question(FieldName.TOTAL, "12.00", None, None)
    asked = words(
        card_of(
            replace(DRAFT, invoice=abroad, questions=(question,), unsure=1), LANGUAGES.for_locale("en-US", "UTC"), FILES
        ).blocks
    )
    assert "Total amount: €12.00. Is that right?" in asked
    typed = with_fields(abroad, total=read_as("21.00", "12.00"))
    told = words(card_of(replace(APPROVAL, invoices=(typed,)), LANGUAGES.for_locale("en-US", "UTC"), FILES).blocks)
    assert "to €21.00 (read as €12.00)" in told
    assert "¥12" not in asked + told


def test_what_came_back_with_a_claim_cannot_be_thrown_away():
    assert Action.DISCARD in buttons(draw("draft-ready").blocks)
    assert Action.DISCARD not in buttons(draw("draft-sent-back").blocks)


def test_only_verified_values_bear_the_mark():
    shown = words(draw("draft-question").blocks)
    assert "¥26.93 ✓" in shown
    assert "¥475.80 ✓" not in shown


def test_an_approver_sees_what_was_typed_and_what_had_been_read():
    shown = words(draw("approval-entered", "zh-CN").blocks)
    assert "金额由李雷改为 ¥1,200.00（读作 ¥12.00）" in shown
    assert "手填 3 项" in shown


def test_the_approvers_buttons_carry_the_task():
    row = buttons(draw("approval-open").blocks)
    assert row[Action.APPROVE]["value"] == "c1|t1|1"
    assert row[Action.RETURN]["value"] == "c1|t1|1"
    assert row[Action.DETAILS]["value"] == "c1|t1|1"
    assert [option["value"] for option in row[Action.MORE]["options"]] == ["reject|c1|t1|1", "open_link|c1|t1|1"]


def test_a_task_id_too_long_for_a_menu_gives_a_button():
    view = VIEWS["approval-open"]
    assert isinstance(view, ApprovalView)
    task = replace(view.claim.tasks[0], id="t" * 200)
    long = replace(view, task_id=task.id, claim=replace(view.claim, tasks=(task,)))
    card = card_of(long, language("en-US"), FILES)
    assert faults_of_message(card.blocks) == []
    assert buttons(card.blocks)[Action.REJECT]["value"].endswith("|1")


def test_undo_is_there_while_it_can_be_undone_and_says_until_when():
    undo = buttons(draw("approval-undo", "zh-CN").blocks)
    assert undo[Action.UNDO]["text"]["text"] == "撤销（14:03 前）"
    assert undo[Action.UNDO]["value"] == "x1"
    for name in ("approval-colleague", "approval-approved", "approval-returned"):
        assert buttons(draw(name).blocks) == {}


@pytest.mark.parametrize("name", [name for name in VIEWS if name.startswith("claim-")])
def test_words_of_a_decision_are_shown_as_they_were_given(name):
    view = VIEWS[name]
    assert isinstance(view, InvoiceView)
    for decision in view.history:
        assert decision.words in words(draw(name).blocks)


def test_a_picture_slack_does_not_have_is_said_in_words():
    card = card_of(VIEWS["draft-question"], language("en-US"), {})
    assert "Picture: see the file you sent." in words(card.blocks)
    assert [block["type"] for block in card.blocks].count("image") == 0


def test_an_address_of_ours_is_a_link_and_nothing_else_is():
    view = NoticeView(
        Message("{name}: {problem} {url}", name="<!here>", problem="*b*", url="https://oa.example/a?b=1&c")
    )
    (block,) = card_of(view, language("en-US"), {}).blocks
    assert block["text"]["type"] == "mrkdwn"
    assert block["text"]["text"].replace("\u200b", "") == "&lt;!here&gt;: *b* <https://oa.example/a?b=1&amp;c>"
    assert "*b*" not in block["text"]["text"]


def test_every_piece_of_evidence_has_a_name():
    """Checks give evidence by name; a name without words would be English to everybody."""
    names = set()
    for path in (Path(__file__).parents[3] / "core" / "checks").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "found":
                given = node.args[3] if len(node.args) > 3 else None
                keys = given.keys if isinstance(given, ast.Dict) else ()
                names |= {key.value for key in keys if isinstance(key, ast.Constant)}
    assert names
    assert [name for name in names if evidence_line(name, "x").values["field"] == name] == []


@pytest.mark.parametrize("name", ["draft-ready", "claim-waiting", "approval-open"])
def test_every_card_says_what_the_tax_bureau_said(name):
    view = VIEWS[name]
    assert "Tax-bureau check: not set up" in words(draw(name).blocks)
    told = card_of(replace(view, verification=Message("Paid")), language("en-US"), FILES)
    assert "Tax-bureau check: Paid" in words(told.blocks)


def test_a_deciders_words_are_said_once():
    view = VIEWS["claim-rejected"]
    assert isinstance(view, InvoiceView)
    told = Message("{name}: {problem}", name="王芳", problem=view.history[-1].words)
    shown = words(card_of(replace(view, outcome=told), language("en-US"), {}).blocks)
    assert shown.count(view.history[-1].words) == 1


@given(st.text(max_size=400), st.text(max_size=400), st.sampled_from(LOCALES))
@settings(max_examples=60, deadline=None)
def test_any_text_makes_a_card_slack_takes(name, said, locale):
    """Company names, purposes, words of people and file names may hold anything."""
    invoice = replace(with_fields(INVOICE, seller_name=field(name, Source.RAPIDOCR)), purpose=said)
    names = {LILEI: name, WANGFANG: said}
    approval = replace(APPROVAL, invoices=(invoice,), names=names, claim=replace(CLAIM, purpose=said), picture=None)
    row = Row(approval.claim, (invoice, invoice))
    status = replace(STATUS, row=row, names=names)
    views = (
        replace(DRAFT, invoice=invoice, outcome=Message("{name}: {problem}", name=name, problem=said)),
        replace(SENT, invoice=replace(invoice, state=InvoiceState.CLAIMED), history=(replace(RETURNED, words=said),)),
        approval,
        replace(approval, decision=replace(RETURNED, words=said)),
        DocumentView(DocumentId("d1"), name),
        NoticeView(Message("{name}: {problem}", name=name, problem=said)),
        replace(status, decisions=(replace(RETURNED, words=said),)),
        replace(LIST, words=said[:100], line=f"find {said[:100]}", rows=(row, Row(None, (invoice,))), page=2, pages=3),
        HelpView(approves=True, finance=True, admin=True, unclear=said),
    )
    for view in views:
        card = card_of(view, language(locale), {})
        assert faults_of_message(card.blocks) == []
        assert not {"<", ">"} & set(card.text)
    for form in (EditForm(invoice, CATEGORIES), DetailsForm(approval), StatusForm(status)):
        assert faults_of_view(modal_of(form, language(locale))) == []


def test_pictures_are_those_the_card_draws():
    assert [picture.key for picture in pictures_of(VIEWS["draft-question"])] == ["crop:i1:total"]
    assert [picture.key for picture in pictures_of(VIEWS["approval-open"])] == ["page:i1"]
    assert pictures_of(VIEWS["approval-undo"]) == ()
    assert pictures_of(VIEWS["claim-waiting"]) == ()


def test_a_page_in_the_middle_turns_both_ways_and_the_first_only_on():
    row = buttons(draw("list-middle").blocks)
    assert (row[Action.NEWER]["value"], row[Action.OLDER]["value"]) == ("1|mine", "3|mine")
    first = replace(LIST, count=24, page=1, pages=3)
    assert set(buttons(card_of(first, language("en-US"), {}).blocks)) == {Action.OLDER}
    assert buttons(draw("list-mine").blocks) == {}


def test_each_row_has_its_own_button():
    beside = [block["accessory"] for block in draw("list-mine").blocks if "accessory" in block]
    assert [element["action_id"] for element in beside] == [*[Action.EDIT] * 2, *[Action.LOOK] * 4]
    assert beside[2]["accessibility_label"] == "Look at CL-2026-0213"
    home = home_of(HOMES["approver"], language("en-US"))["blocks"]
    details = [block["accessory"] for block in home if block.get("accessory", {}).get("action_id") == Action.DETAILS]
    assert [element["value"] for element in details] == ["c1|t1|1", "c1|t1|1"]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", ["help-employee", "help-everything", "help-unclear"])
def test_help_has_at_most_ten_lines(name, locale):
    assert 5 < words(draw(name, locale).blocks).count("• ") <= 10


def test_a_resumed_claim_does_not_promise_the_steps_before():
    shown = words(draw("status-again").blocks)
    assert "Now: any one of 钱峰, 赵敏 (Finance review)" in shown
    assert "Then:" not in shown
    assert shown.index("Approved · 王芳") < shown.index("Submitted again")


def test_what_can_still_be_undone_is_not_told_as_done():
    assert "Takes effect at 11-24 14:03" in words(draw("status-undo").blocks)


def test_what_the_code_itself_says_cannot_be_typed_over():
    blocks = modal_of(FORMS["edit"], language("en-US"))["blocks"]
    inputs = [block["block_id"] for block in blocks if block["type"] == "input"]
    assert inputs == [
        *("date", "buyer_name", "buyer_tax_id", "seller_name", "amount_ex_tax", "tax", "category", "purpose")
    ]
    focused = [
        block["block_id"] for block in blocks if block["type"] == "input" and block["element"].get("focus_on_load")
    ]
    assert focused == ["date"]
