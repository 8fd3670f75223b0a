"""/invoice and the Home tab, over HTTP, on both databases: everybody sees what is theirs, in their language."""

import re

import httpx
import pytest

from sandbox.papers import to_pdf
from sandbox.person import NotShown
from tests.journeys.people import (
    DAVID,
    EMMA,
    GUEST,
    HANMEI,
    LILEI,
    NOBODY,
    STRANGER,
    WANGFANG,
    ZHAOMIN,
    ZHOUJIE,
    approves,
    drops,
    paper,
    submits,
)

SUNLI = "U0SUNLI"


def asks(person, line):
    """The one answer, which only the asker sees, and which is there once the command has ended."""
    before = {message.ts for message in person.ephemerals()}
    person.command(line)
    (answer,) = [message for message in person.ephemerals() if message.ts not in before]
    assert answer.text
    return answer


def says(person, line):
    return asks(person, line).text_all()


@pytest.fixture(scope="module")
def claim(site):
    """李雷's claim that waits for 王芳, and its invoice."""
    invoice = paper()
    return submits(site.person(LILEI), invoice), invoice


@pytest.fixture(scope="module")
def english(site):
    """Emma's claim that waits for David, and its invoice."""
    invoice = paper()
    return submits(site.person(EMMA), invoice, "Submit"), invoice


@pytest.mark.parametrize("line", ["/invoice", "/invoice help", "/invoice 帮助", "/invoice ？", "/invoice  HELP "])
def test_help_is_by_role_and_language(site, line):
    employee, manager = says(site.person(HANMEI), line), says(site.person(WANGFANG), line)
    finance, admin = says(site.person(ZHAOMIN), line), says(site.person(ZHOUJIE), line)
    assert "/invoice 状态 CL-2026-0001" in employee
    assert "审批" not in employee
    assert "审批" in manager
    assert "所有人的报销单" in finance
    assert "所有人的报销单" not in manager
    assert "script/piaobot jobs failed" in admin
    assert "script/piaobot" not in finance
    assert "/invoice status CL-2026-0001" in says(site.person(EMMA), line)
    for told in (employee, manager, finance, admin):
        assert 1 < told.count("• ") <= 10


def test_what_help_offers_works(site, claim, english):
    for user, words in ((HANMEI, "没看懂"), (EMMA, "did not understand")):
        person = site.person(user)
        for line in says(person, "/invoice").splitlines():
            offered = re.match(r"• (/invoice [^：:]+)[：:]", line)
            if offered and "status" not in line.partition("：")[0]:
                assert words not in says(person, offered[1])


@pytest.mark.parametrize(
    "form",
    [
        "status {reference}",
        "状态 {reference}",
        "状态{reference}",
        "进度：{reference}",
        "{reference}",
        "status {number}",
        "状态 {wide}",
        "STATUS {small}",
        "status {dashed}",
    ],
)
def test_status_says_where_it_is_and_who_has_it(site, claim, form):
    reference, invoice = claim
    number = reference.removeprefix("CL-")
    wide = "".join(chr(ord(character) + 0xFEE0) for character in number)
    written = form.format(
        reference=reference,
        number=number,
        wide=wide,
        small=reference.lower(),
        dashed=reference.replace("-", "—"),
    )
    told = says(site.person(LILEI), f"/invoice {written}")
    assert f"{reference} 已提交" in told
    assert re.search(r"等 王芳（自 \d\d-\d\d \d\d:\d\d）", told)
    assert re.search(r"• 已提交 · 李雷 · \d\d-\d\d \d\d:\d\d", told)
    assert "现在：王芳（" in told
    assert "然后：" in told
    assert f"{invoice.total:,.2f}" in told
    assert invoice.seller_name in told


def test_status_is_for_those_who_may_see_it_and_others_hear_of_no_claim(site, claim):
    reference, _ = claim
    for user in (LILEI, WANGFANG, ZHAOMIN):
        assert f"{reference} 已提交" in says(site.person(user), f"/invoice status {reference}")
    absent = says(site.person(HANMEI), "/invoice status CL-2026-9999")
    assert "没有 CL-2026-9999 这张报销单" in absent
    for user in (HANMEI, ZHOUJIE):
        answer = asks(site.person(user), f"/invoice status {reference}")
        assert answer.text_all() == absent.replace("CL-2026-9999", reference)
        assert not answer.buttons
    assert f"There is no claim {reference}" in says(site.person(EMMA), f"/invoice status {reference}")


def test_status_follows_the_claim(site):
    lilei, wangfang = site.person(LILEI), site.person(WANGFANG)
    reference = submits(lilei, paper())
    approves(wangfang, reference)
    site.person(ZHAOMIN).wait_for(reference)
    told = says(lilei, f"/invoice 状态 {reference}")
    assert re.search(r"等 赵敏、钱峰（自 \d\d-\d\d \d\d:\d\d）|等 钱峰、赵敏（自", told)
    assert "• 已同意 · 王芳" in told
    assert told.index("李雷") < told.index("已同意 · 王芳") < told.index("现在：")
    approves(site.person(ZHAOMIN), reference)
    lilei.wait_for(f"{reference} 已通过")
    told = says(wangfang, f"/invoice status {reference}")
    assert "已同意 · 赵敏" in told
    assert "现在：" not in told


def test_the_same_in_english(site, english):
    reference, invoice = english
    emma = site.person(EMMA)
    for line in (f"/invoice status {reference}", f"/invoice 状态 {reference}"):
        told = says(emma, line)
        assert re.search(r"Waiting for David Miller since \d\d-\d\d \d\d:\d\d", told)
        assert "• Submitted · Emma Clarke" in told
        assert "Now: David Miller (" in told
    mine = says(emma, "/invoice mine")
    assert "Your drafts and claims: " in mine
    assert reference in mine
    assert "Waiting for David Miller" in mine
    found = says(emma, f"/invoice find {invoice.seller_name}")
    assert "Found for “" in found
    assert reference in found
    assert "You have no drafts" in says(site.person(DAVID), "/invoice mine")
    assert "Nothing found for “" in says(site.person(DAVID), f"/invoice find {invoice.number}")


def test_mine_lists_drafts_and_claims_newest_first_and_opens_them(site, claim):
    reference, _ = claim
    lilei = site.person(LILEI)
    draft = paper()
    drops(lilei, draft)
    mine = asks(lilei, "/invoice 我的")
    told = mine.text_all()
    assert "你的草稿和报销单共" in told
    assert draft.seller_name in told.splitlines()[1]
    assert "草稿" in told.splitlines()[2]
    mine.click("编辑")  # the draft that came last is the only one
    modal = lilei.wait_for_modal("编辑")
    modal.close()

    found = asks(lilei, f"/invoice 查找 {reference}")
    found.click("查看")
    modal = lilei.wait_for_modal(reference)
    assert "等 王芳" in modal.text_all()
    modal.close()


def test_a_long_list_has_pages_and_the_last_one_stays(site):
    hanmei = site.person(HANMEI)
    hanmei.drop(*[(f"{number}.pdf", to_pdf(paper())) for number in range(9)])

    def complete():
        answer = asks(hanmei, "/invoice mine")
        return answer if "第 1 页，共 2 页" in answer.text_all() else None

    mine = hanmei.wait_until(complete, "no second page", within=60)
    assert mine.text_all().count("草稿，") == 8
    assert "较新的" not in mine.buttons
    mine.click("较早的")
    second = mine.wait_for("第 2 页，共 2 页")
    assert second.ephemeral
    assert second.text_all().count("草稿，") == 1
    second.click("较新的")
    mine.wait_for("第 1 页，共 2 页")
    assert "第 2 页，共 2 页" in says(hanmei, "/invoice mine 7")
    assert "第 2 页，共 2 页" in says(hanmei, "/invoice 我的 第２页")


def test_find_by_seller_number_reference_and_amount(site, claim):
    reference, invoice = claim
    part = invoice.seller_name[2:6]
    forms = (part, invoice.number, invoice.number[-6:], reference, reference.lower(), f"{invoice.total}")
    for words in (*forms, f"¥{invoice.total}元", f"{part} {invoice.total}"):
        told = says(site.person(LILEI), f"/invoice find {words}")
        assert reference in told, words
        assert "李雷" not in told
        everybody = says(site.person(ZHAOMIN), f"/invoice 查找 {words}")
        assert f"{reference} · 李雷" in everybody or "第 1 页" in everybody
        assert "没有找到" in says(site.person(ZHOUJIE), f"/invoice 查找 {words}")
    assert "没有找到" in says(site.person(LILEI), f"/invoice 查找 {part} 0.07")


def test_finance_finds_no_draft_of_somebody_else(site):
    draft = paper()
    drops(site.person(LILEI), draft)
    assert "草稿" in says(site.person(LILEI), f"/invoice 查找 {draft.number}")
    assert "没有找到" in says(site.person(ZHAOMIN), f"/invoice 查找 {draft.number}")


@pytest.mark.parametrize(
    "typed",
    [
        "我的报销",
        "status",
        "状态 明天",
        "status 26112000000012345678",
        "find",
        "mine two",
        "approve CL-2026-0001",
        "<!channel> *bold* <@U0WANGFANG> <https://evil.example|click>",
        "'; DROP TABLE claims; --",
        "find " + "x" * 3000,
        "发" * 3000,
        "{reference} {0} %s \\u202e",
        "mine -1",
    ],
)
def test_what_is_not_understood_is_said_with_examples_and_nothing_else(site, typed):
    for user, words in ((HANMEI, "没看懂“"), (EMMA, "I did not understand “")):
        answer = asks(site.person(user), f"/invoice {typed}")
        assert words in answer.text_all()
        assert answer.text_all().count("• ") > 5
        assert {block["text"]["type"] for block in answer.blocks} == {"plain_text"}
        assert "<!" not in answer.seen["text"]
        assert len(answer.text_all()) < 1500


@pytest.mark.parametrize("typed", ["<!channel> *x*", "' OR 1=1 --", "%", "_", "\\", "&lt;b&gt; <b>", "｛｝"])
def test_hostile_words_are_only_looked_for(site, typed):
    answer = asks(site.person(HANMEI), f"/invoice find {typed}")
    assert "没有找到" in answer.text_all()
    assert {block["text"]["type"] for block in answer.blocks} == {"plain_text"}
    assert "<!" not in answer.seen["text"]


def turned_away(site):
    counted = re.findall(
        r'piaobot_turned_away_total\{reason="E-NOT-(?:WELCOME|LISTED)"\} ([\d.]+)',
        httpx.get(f"{site.bot}/metrics", trust_env=False).text,
    )
    return sum(map(float, counted))


@pytest.mark.parametrize("user", [GUEST, NOBODY, STRANGER])
def test_people_who_may_not_ask_are_told_and_counted(site, claim, user):
    person, before = site.person(user), turned_away(site)
    for line in ("/invoice help", f"/invoice status {claim[0]}", "/invoice mine"):
        told = says(person, line)
        assert "没有保存" in told or "Nothing was kept" in told
        assert claim[0] not in told
    person.open_home()
    home = person.wait_for_home("没有保存" if user != STRANGER else "Nothing was kept")
    assert not home.buttons
    assert turned_away(site) == before + 4


def test_an_old_page_of_a_leaver_shows_nothing(site, claim):
    """A button is a pointer: whoever presses it is asked for anew."""
    answered = site.press(GUEST, "older", "1|mine")
    assert answered.status_code == 200
    with pytest.raises(NotShown):
        site.person(GUEST).wait_for(claim[0], within=0.5)


def test_somebody_elses_claim_is_not_shown_by_a_button_either(site, claim):
    site.press(HANMEI, "look", "no-such-claim")
    site.person(HANMEI).wait_for("E-NO-CLAIM")


def test_a_command_that_fails_is_never_silent(site):
    """Slack's Web API is down, so that not even who asks is known: the answer to the command itself says so."""
    control, sunli = site.control(), site.person(SUNLI)
    says(sunli, "/invoice help")
    control.change_person(SUNLI, title="总监！")
    control.idle()
    for method in ("users.info", "conversations.open", "chat.postMessage"):
        control.fault("slack_error", method, error="internal_error", times=None)
    try:
        told = sunli.wait_until(lambda: failing(sunli), "the person is still known", within=20)
    finally:
        control.clear_faults()
    assert "Slack 暂时没有响应" in told
    assert "Slack is not answering" in told
    assert "可以试试" in says(sunli, "/invoice help")


def failing(person):
    told = says(person, "/invoice help")
    return None if "可以试试" in told else told


def test_home_of_an_employee(site, claim):
    reference, _ = claim
    lilei = site.person(LILEI)
    draft = paper()
    drops(lilei, draft)
    lilei.open_home()
    home = lilei.wait_for_home(draft.seller_name)
    told = home.text_all()
    assert "要你处理：" in told
    assert "进行中：" in told
    assert "全部未完成" not in told
    assert re.search(r"等 王芳（自 ", told)
    assert told.index("要你处理") < told.index("进行中")

    site.person(WANGFANG).open_home()
    waiting = site.person(WANGFANG).wait_for_home(reference)
    assert "等你审批：" in waiting.text_all()
    assert "李雷" in waiting.text_all()


def test_home_of_an_approver_opens_the_details_and_is_drawn_again(site, english):
    reference, _ = english
    david = site.person(DAVID)
    david.open_home()
    home = david.wait_for_home(reference)
    assert "Waiting for your decision: " in home.text_all()
    press_beside(david, home, reference)
    modal = david.wait_for_modal(reference)
    modal.close()

    approves(david, reference, "Approve", "Approved")
    home.click("Refresh")
    after = david.wait_until(
        lambda: david.home if reference not in david.home.text_all() else None, "the claim is still there"
    )
    assert "Nothing needs you now" in after.text_all()
    emma = site.person(EMMA)
    emma.open_home()
    assert "Under way: " in emma.wait_for_home(reference).text_all()


def press_beside(person, home, words):
    """The button in the row with these words."""
    (block,) = [block for block in home.blocks if words in str(block) and "accessory" in block]
    element = block["accessory"]
    person.act_on({"view_id": home.view["id"]}, block, element, element["value"])


def test_home_of_finance_has_the_queue(site, claim):
    zhaomin = site.person(ZHAOMIN)
    zhaomin.open_home()
    told = zhaomin.wait_for_home("全部未完成的报销单").text_all()
    assert re.search(r"• .+：\d+ 张，合计 ¥[\d,.]+，最早的从 \d\d-\d\d \d\d:\d\d 起", told)
    assert "李雷" in told


def test_a_home_press_that_is_refused_is_answered_by_direct_message(site):
    hanmei = site.person(HANMEI)
    drops(hanmei, paper())
    hanmei.open_home()

    def edit_buttons():
        home = hanmei.wait_for_home("截至")
        accessories = ((home, block, block.get("accessory", {})) for block in home.blocks)
        return next((each for each in accessories if each[2].get("action_id") == "edit"), None)

    home, block, element = hanmei.wait_until(edit_buttons, "no draft on the Home tab")
    site.press(HANMEI, "discard", element["value"])
    hanmei.act_on({"view_id": home.view["id"]}, block, element, element["value"])
    hanmei.wait_for("E-NO-DRAFT")
