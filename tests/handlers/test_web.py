import re
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx
import pytest

from core.approval import Verdict
from core.claim import ClaimState
from core.decision import DecisionState
from core.invoice import Finding, Severity
from core.messages import Message
from core.ports import ChatUnavailable
from core.use_cases.sign_in import SESSION_LIFE
from handlers.web import COOKIE
from tests.handlers.desk import EMMA, LILEI, NOON, QIANFENG, UNDO, WANGFANG, ZHAOMIN, serving

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}'


class Forms(HTMLParser):
    """Every form of a page: action → [(hidden and chosen values, options of its select)]."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.found.append((given["action"], {}))
        elif tag == "input":
            self.found[-1][1][given["name"]] = given["value"]


class Browser:
    """One person's browser without any script. It follows redirects and keeps cookies."""

    def __init__(self, desk):
        self.desk = desk
        self.client = httpx.Client(base_url=desk.url, follow_redirects=True, trust_env=False, timeout=30)

    def signs_in(self, person, path="/web"):
        page = self.client.get(self.desk.links.make(person, path))
        return self.sends(page, "/web/enter")

    def opens(self, path):
        return self.client.get(path)

    def sends(self, page, action, /, verdict=None, **typed):
        """Fill in and send the form with this action (and this hidden verdict) of a page."""
        (values,) = [
            values
            for where, values in Forms(page.text).found
            if where == action and verdict in (None, values.get("verdict"))
        ]
        return self.client.post(action, data={**values, **typed})


@pytest.fixture
def desk(engine, keyring, tmp_path):
    with serving(engine, keyring, tmp_path) as desk:
        desk.submits()
        yield desk


@pytest.fixture
def new_browser(desk):
    with ExitStack() as open_ones:

        def opened():
            browser = Browser(desk)
            open_ones.enter_context(browser.client)
            return browser

        yield opened


@pytest.fixture
def browser(new_browser):
    return new_browser()


def words_of(page):
    """What stands on the page, without markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", page.text)))


def test_without_a_session_every_page_says_how_to_get_a_link(browser):
    for path in ("/web", "/web/claims/c1", "/web/claims/c1/pages/i-c1"):
        page = browser.opens(path)
        assert page.status_code == 401
        assert "‘Open in the OA’ on a card in Slack" in words_of(page)
        assert "E-SIGN-IN" in page.text
        assert "CL-2026" not in page.text


def test_a_link_leads_to_a_button_and_the_button_to_the_claim(browser, desk):
    url = desk.links.make(WANGFANG, "/web/claims/c1")

    looked = [browser.opens(url) for _ in range(3)]
    assert {page.status_code for page in looked} == {200}
    assert COOKIE not in browser.client.cookies

    page = browser.sends(looked[0], "/web/enter")
    assert page.status_code == 200
    assert urlsplit(str(page.url)).path == "/web/claims/c1"
    assert "CL-2026-0001" in page.text


def test_a_link_works_once_and_says_so(browser, desk, new_browser):
    entry = browser.opens(desk.links.make(WANGFANG, "/web/claims/c1"))
    browser.sends(entry, "/web/enter")

    other = new_browser()
    again = other.sends(entry, "/web/enter")

    assert again.status_code == 403
    assert "E-LINK-USED" in again.text
    assert other.opens("/web").status_code == 401


@pytest.mark.parametrize("https", [False, True])
def test_the_cookie_is_kept_from_scripts_and_other_sites(browser, desk, https):
    object.__setattr__(desk.pages, "https", https)
    token = desk.links.make(WANGFANG, "/web").partition("token=")[2]

    answer = browser.client.post("/web/enter", data={"token": token}, follow_redirects=False)

    given = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")}
    assert {"httponly", "samesite=lax", "max-age=1800", "path=/web"} <= given
    assert ("secure" in given) is https
    assert ("strict-transport-security" in answer.headers) is https


def test_a_session_ends_after_half_an_hour(browser, desk):
    browser.signs_in(WANGFANG)
    desk.time += SESSION_LIFE
    assert browser.opens("/web").status_code == 401


def test_a_leaver_and_a_deactivated_member_are_out_at_once(browser, desk):
    browser.signs_in(WANGFANG)
    there = desk.members[WANGFANG]
    desk.members[WANGFANG] = replace(there, welcome=False)
    assert browser.opens("/web").status_code == 401
    desk.members[WANGFANG] = there
    assert browser.opens("/web").status_code == 200
    desk.people[WANGFANG] = replace(desk.people[WANGFANG], active=False)
    assert browser.opens("/web").status_code == 401


def test_the_page_is_there_while_the_chat_is_not(browser, desk):
    def unavailable(_):
        raise ChatUnavailable("down")

    browser.signs_in(WANGFANG)
    desk.member_of = unavailable
    assert "CL-2026-0001" in browser.opens("/web").text


def test_signing_out(browser):
    page = browser.signs_in(WANGFANG)
    assert browser.sends(page, "/web/leave").status_code == 200
    assert browser.opens("/web").status_code == 401


def test_every_answer_carries_the_headers(browser, desk):
    browser.signs_in(WANGFANG)
    for path in ("/web", "/web/claims/c1", "/web/nowhere", "/web/enter", "/web/web.css", "/web/claims/c1/pages/i-c1"):
        headers = browser.opens(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "script-src" not in policy
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert path == "/web/web.css" or headers["cache-control"] == "no-store"


def test_a_reader_of_chinese_and_a_reader_of_english(desk, new_browser):
    desk.submits("c2", submitter=EMMA, beneficiary=EMMA, payee=EMMA)
    chinese, english = new_browser(), new_browser()
    assert "我的报销单" in words_of(chinese.signs_in(LILEI))
    page = english.signs_in(EMMA)
    assert "Your own claims" in words_of(page)
    assert '<html lang="en">' in page.text
    assert not re.search("[\u4e00-\u9fff]", re.sub("客户来访晚餐|王芳", "", words_of(page)))


def test_lists_show_each_their_own(new_browser):
    wangfang, lilei, zhaomin, emma = (words_of(new_browser().signs_in(who)) for who in (WANGFANG, LILEI, ZHAOMIN, EMMA))
    assert "等你审批 1" in wangfang
    assert "全部未结" not in wangfang
    assert "我的报销单 1" in lilei
    assert "全部未结 1" in zhaomin
    assert "CL-2026" not in emma


def test_the_claim_says_verdict_money_people_fields_and_story(browser):
    page = browser.signs_in(WANGFANG, "/web/claims/c1")
    said = words_of(page)
    for expected in (
        "需注意 1 项、手填 1 项",
        "¥411.90",
        "李雷 · 餐饮",
        "客户来访晚餐",
        "税额由李雷改为 ¥23.32（读作 ¥28.82）",
        "注意：开票已超过 90 天",
        "比对内容",
        "查验",
        "数电普票",
        "未核实",
        "11-24 10:00 李雷 提交",
        "等待 王芳（直属经理）",
        "之后：",
    ):
        assert expected in said, expected
    assert re.search(r'<img src="/web/claims/c1/pages/i-c1" alt="[^"]+的发票"', page.text)


def test_the_picture_is_for_those_who_see_the_claim(browser, new_browser):
    browser.signs_in(WANGFANG)
    picture = browser.opens("/web/claims/c1/pages/i-c1")
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.content.startswith(b"\xff\xd8")
    stranger = new_browser()
    stranger.signs_in(EMMA)
    assert stranger.opens("/web/claims/c1/pages/i-c1").status_code == 404


def test_no_such_claim_and_not_for_your_eyes_look_the_same(browser):
    browser.signs_in(EMMA)
    hidden, absent = browser.opens("/web/claims/c1"), browser.opens("/web/claims/c404")
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.text == absent.text


def test_approved_undone_and_approved_again(browser, desk):
    page = browser.signs_in(WANGFANG, "/web/claims/c1")
    assert "等 王芳" in words_of(page)

    decided = browser.sends(page, "/web/claims/c1/decide", verdict="approve")
    assert decided.status_code == 200
    assert "12:01 前可以撤销" in words_of(decided)
    assert "等 王芳" not in words_of(decided)
    assert [(each.by, each.where, each.effective_at) for each in desk.decisions()] == [(WANGFANG, "web", NOON + UNDO)]

    undone = browser.sends(decided, "/web/claims/c1/undo")
    assert "/web/claims/c1/undo" not in undone.text
    assert [each.state for each in desk.decisions()] == [DecisionState.UNDONE]

    browser.sends(undone, "/web/claims/c1/decide", verdict="approve")
    desk.undo_time_is_over()
    told = browser.opens("/web/claims/c1")
    assert "/web/claims/c1/undo" not in told.text
    assert "等待 赵敏、钱峰" in words_of(told)


def test_too_late_to_undo_is_said(browser, desk):
    page = browser.signs_in(WANGFANG, "/web/claims/c1")
    decided = browser.sends(page, "/web/claims/c1/decide", verdict="approve")
    desk.undo_time_is_over()

    late = browser.sends(decided, "/web/claims/c1/undo")

    assert late.status_code == 409
    assert "E-TOO-LATE" in late.text
    assert "CL-2026-0001" in late.text


@pytest.mark.parametrize(("verdict", "state"), [("return", ClaimState.RETURNED), ("reject", ClaimState.REJECTED)])
def test_sent_back_or_rejected_with_reason_and_words(browser, desk, verdict, state, new_browser):
    page = browser.signs_in(WANGFANG, "/web/claims/c1")
    browser.sends(page, "/web/claims/c1/decide", verdict=verdict, reason="over_limit", words="超标\r\n请分摊")
    desk.undo_time_is_over()

    (decision,) = desk.decisions()
    assert (decision.reason_code, decision.words) == ("over_limit", "超标\n请分摊")
    assert desk.claim().state is state
    owner = new_browser()
    seen = words_of(owner.signs_in(LILEI, "/web/claims/c1"))
    assert "超过制度标准" in seen
    assert "超标 请分摊" in seen


def test_without_a_reason_the_form_comes_back_with_what_was_typed(browser, desk):
    page = browser.signs_in(WANGFANG, "/web/claims/c1")

    back = browser.sends(page, "/web/claims/c1/decide", verdict="return", words="哪位客户？<b>")

    assert back.status_code == 400
    assert "E-INPUT" in back.text
    assert "哪位客户？&lt;b&gt;</textarea>" in back.text
    assert 'aria-invalid="true"' in back.text
    assert desk.decisions() == []


def test_an_invented_reason_is_none(browser, desk):
    page = browser.signs_in(WANGFANG, "/web/claims/c1")
    assert browser.sends(page, "/web/claims/c1/decide", verdict="reject", reason="because").status_code == 400
    assert desk.decisions() == []


def test_who_was_slower_reads_who_was_faster(desk, new_browser):
    desk.record("c1", desk.claim().tasks[0].id, 1, WANGFANG, Verdict.APPROVE)
    desk.undo_time_is_over()
    faster, slower = new_browser(), new_browser()
    page, other = (browser.signs_in(who, "/web/claims/c1") for browser, who in ((faster, ZHAOMIN), (slower, QIANFENG)))
    faster.sends(page, "/web/claims/c1/decide", verdict="approve")

    late = slower.sends(other, "/web/claims/c1/decide", verdict="approve")

    assert late.status_code == 409
    assert "赵敏" in words_of(late)
    assert "E-DECIDED" in late.text
    assert "/decide" not in late.text


def test_a_double_click_decides_once(browser, desk):
    page = browser.signs_in(WANGFANG, "/web/claims/c1")
    assert [browser.sends(page, "/web/claims/c1/decide", verdict="approve").status_code for _ in range(2)] == [200, 200]
    assert len(desk.decisions()) == 1


def test_nobody_decides_what_is_not_theirs(desk, new_browser):
    wangfang = new_browser()
    page = wangfang.signs_in(WANGFANG, "/web/claims/c1")
    ((_, values),) = [form for form in Forms(page.text).found if form[1].get("verdict") == "approve"]
    for who, status in ((LILEI, 409), (ZHAOMIN, 409), (EMMA, 404)):
        other = new_browser()
        own = other.signs_in(who)
        token = Forms(own.text).found[0][1]["token"]
        assert other.client.post("/web/claims/c1/decide", data=values | {"token": token}).status_code == status
        assert other.client.post("/web/claims/c1/decide", data=values).status_code == 403
    assert desk.decisions() == []


@pytest.mark.parametrize(
    "change", [{"token": ""}, {"token": "é"}, {"verdict": "maybe"}, {"round": "x"}, {"round": "²"}]
)
def test_a_form_that_is_not_ours_changes_nothing(browser, desk, change):
    page = browser.signs_in(WANGFANG, "/web/claims/c1")
    ((_, values),) = [form for form in Forms(page.text).found if form[1].get("verdict") == "approve"]
    answer = browser.client.post("/web/claims/c1/decide", data=values | change)
    assert answer.status_code == 403
    assert "E-FORM" in answer.text
    assert desk.decisions() == []


def test_what_people_and_invoices_say_is_text(browser, desk):
    desk.submits("c2", purpose=HOSTILE)
    with desk.transactions.write() as tx:
        tx.findings.replace("i-c2", [Finding("X1", Severity.WARN, Message("{name}", name=HOSTILE), {HOSTILE: HOSTILE})])
    for path in ("/web", "/web/claims/c2"):
        page = browser.signs_in(WANGFANG, path)
        assert HOSTILE in unescape(page.text)
        assert "<script" not in page.text
        assert "<img src=x" not in page.text


def test_a_bug_is_a_sentence_with_a_code_and_no_trace(browser, desk):
    def broken(_):
        raise RuntimeError("/srv/secret/path")

    browser.signs_in(WANGFANG)
    desk.member_of = broken
    page = browser.opens("/web")
    assert page.status_code == 500
    assert re.search("E-[0-9A-F]{8}", page.text)
    assert "secret" not in page.text
    assert "Traceback" not in page.text


def test_an_unknown_address_is_said(browser):
    assert browser.opens("/web/nowhere").status_code == 404
    assert "E-NO-PAGE" in browser.opens("/web/nowhere/at/all").text


def test_time_is_the_readers_own(desk, new_browser):
    desk.members[WANGFANG] = replace(desk.members[WANGFANG], time_zone="Europe/Berlin")
    browser = new_browser()
    page = browser.signs_in(WANGFANG, "/web/claims/c1")
    desk.time += timedelta(minutes=2)
    assert "05:03 前可以撤销" in words_of(browser.sends(page, "/web/claims/c1/decide", verdict="approve"))
