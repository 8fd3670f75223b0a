"""Hostile files by the whole way: Slack's upload, event, job, reader process, and the card in words.

On SQLite only: the readers and the sentences are the same for both databases. Two readers of 768 MB, and 25 seconds a
file, so that what takes minutes and gigabytes ends soon.
"""

import os
import re
import signal
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from sandbox.papers import decompression_bomb, empty, to_ofd, to_pdf, to_picture, to_xml, truncated_pdf
from tests.journeys import hostile_files as hostile
from tests.journeys.people import DAVID, EMMA, HANMEI, LILEI, WANGFANG, paper
from tests.journeys.processes import at_rest, bot_of, busy, eventually, readers_of, resident_megabytes
from tests.journeys.site import site as open_site
from tests.originals import MOF, rail

BOT = "U0PIAOBOT"
PATIENCE = 120
MOST_GROWTH = 200
"""Megabytes: a few files of 20 MB on their way, and none of the gigabytes they unpack to."""

KEPT = {LILEI: "已保存（24 小时）", EMMA: "is kept (24 hours)"}
ADVICE = {LILEI: "请", EMMA: "lease "}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    settings = {"PIAOBOT_READERS": "2", "PIAOBOT_READER_MEMORY_MEGABYTES": "768", "PIAOBOT_FILE_SECONDS": "25"}
    with open_site(f"sqlite:///{folder / 'site.db'}", folder, **settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def bot(site):
    """Its number, once its readers are there; at the end it is still the same process, and has not grown."""
    pid = bot_of(site)
    eventually(lambda: len(readers_of(pid)) == 2, "two readers")
    is_read(site.person(HANMEI), paper())
    before = resident_megabytes(pid)
    yield pid
    assert bot_of(site) == pid
    assert resident_megabytes(pid) < before + MOST_GROWTH
    assert is_ready(site)
    assert_nothing_was_claimed(site)


@pytest.fixture(scope="module")
def trap():
    """An address of this machine, and the paths that were asked for there."""
    asked = []

    class Trap(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Trap) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/trap", asked
        server.shutdown()


def is_ready(site):
    return httpx.get(f"{site.bot}/readyz", trust_env=False, timeout=10).status_code == 200


def is_read(person, invoice, name="invoice.pdf", content=None):
    """The draft of an invoice that this person sends."""
    sent = person.drop((name, content or to_pdf(invoice)))
    return person.wait_for(invoice.number, after=sent, within=PATIENCE)


def answers(person, sent):
    return [message for message in person.messages() if message.user == BOT and message.ts > sent.ts]


def is_refused(site, name, content, code, *, kept=True):
    """A Chinese and an English reader send it at once; each is told, and that is all that happens. What they read."""
    people = [site.person(user) for user in (LILEI, EMMA)]
    sent = [person.drop((name, content)) for person in people]
    read = []
    for person, message in zip(people, sent, strict=True):
        said = person.wait_for(code, after=message, within=PATIENCE)
        read.append(said.text_all())
        assert ADVICE[person.id] in read[-1]
        assert (KEPT[person.id] in read[-1]) == kept
        assert not said.buttons
        assert [each.ts for each in answers(person, message)] == [said.ts]
    assert re.search("[\u4e00-\u9fff]{4}", read[0])
    assert not re.search("[\u4e00-\u9fff]", read[1])
    return read


def assert_nothing_was_claimed(site):
    shown = site.person(LILEI).on_screen() + site.person(EMMA).on_screen() + site.person(WANGFANG).on_screen()
    assert "CL-" not in shown


@pytest.mark.parametrize(
    ("name", "make", "code"),
    [
        ("content.pdf", hostile.flate_bomb, "E-READER-CRASHED"),
        ("nested.pdf", hostile.nested_flate_bomb, "E-READER-CRASHED"),
        ("pixels.png", decompression_bomb, "E-PIXELS"),
        ("comment.png", hostile.text_chunk_bomb, "E-IMAGE-BROKEN"),
        ("archive.zip", hostile.zip_bomb, "E-TOO-LARGE"),
        ("archive.pdf", hostile.zip_bomb, "E-TOO-LARGE"),
        ("long.pdf", hostile.many_pages, "E-PAGES"),
        ("pages-loop.pdf", hostile.pages_in_a_loop, "E-PDF-BROKEN"),
        ("drawing-loop.pdf", hostile.drawing_in_a_loop, "E-READER-CRASHED"),
        ("cut.pdf", truncated_pdf, "E-PDF-BROKEN"),
        ("cut.jpg", lambda: to_picture(paper(), format="JPEG")[:20_000], "E-IMAGE-BROKEN"),
        ("cut.png", lambda: to_picture(paper())[:20_000], "E-IMAGE-BROKEN"),
        ("head-only.jpg", lambda: b"\xff\xd8\xff", "E-IMAGE-BROKEN"),
        ("laughs.xml", hostile.billion_laughs, "E-XML-ENTITIES"),
        ("outside.zip", lambda: hostile.archive(("../../etc/cron.d/x", to_xml(paper()))), "E-ZIP-PATH"),
        ("outside.ofd", lambda: hostile.with_entry(to_ofd(paper()), "../../x"), "E-ZIP-PATH"),
        ("crowded.zip", hostile.crowded, "E-ZIP-ENTRIES"),
        ("nested.zip", lambda: hostile.nested(to_xml(paper())), "E-ZIP-DEPTH"),
        ("foreign.xml", lambda: rail().replace(MOF.encode(), b"http://example.com/taxonomy/"), "E-NOT-AN-INVOICE"),
        ("page.pdf", lambda: b"<!DOCTYPE html><html><body>invoice</body></html>", "E-HTML"),
    ],
)
def test_it_is_refused_in_words(site, bot, name, make, code):
    for said in is_refused(site, name, make(), code):
        assert name in said


def test_an_empty_file_leaves_nothing_to_keep(site, bot):
    chinese, english = is_refused(site, "empty.pdf", empty(), "E-EMPTY", kept=False)
    assert "没有内容可保存" in chinese
    assert "nothing to keep" in english


@pytest.mark.parametrize(
    ("name", "make", "code", "chinese", "english"),
    [
        ("invoice.xml", hostile.xml_that_fetches, "E-XML-ENTITIES", "XML 文件", "XML file"),
        (
            "drawing.svg",
            lambda address: hostile.xml_that_fetches(address, b"svg"),
            "E-XML-ENTITIES",
            "XML 文件",
            "XML file",
        ),
        ("bare.svg", hostile.svg_that_fetches, "E-TYPE", "SVG 图片", "an SVG picture"),
    ],
)
def test_nothing_that_an_xml_names_is_fetched(site, bot, trap, name, make, code, chinese, english):
    address, asked = trap
    said = is_refused(site, name, make(address), code)
    assert chinese in said[0]
    assert english in said[1]
    assert Path("/etc/hostname").read_text().strip() not in "".join(said)
    assert asked == []


def test_a_pdf_with_javascript_is_read_and_runs_nothing(site, bot, trap):
    address, asked = trap
    invoice = paper()
    is_read(site.person(LILEI), invoice, content=hostile.with_javascript(to_pdf(invoice), address))
    assert asked == []


def test_a_polyglot_is_what_its_beginning_says_and_nothing_else(site, bot):
    also_archive, also_page, also_pdf = paper(), paper(), paper()
    lilei, emma = site.person(LILEI), site.person(EMMA)
    is_read(lilei, also_archive, content=hostile.with_archive(to_pdf(also_archive)))
    page = hostile.with_page_inside(to_picture(also_page, dpi=110, format="JPEG"))
    assert "script" not in is_read(emma, also_page, "page.php.jpg", page).text_all()
    other = paper()
    both = to_picture(also_pdf, dpi=110) + to_pdf(other)
    is_read(lilei, also_pdf, "both.pdf", both)
    assert other.number not in lilei.on_screen()


def test_a_name_cannot_call_people_or_turn_the_text_around_it(site, bot):
    """255 characters: a mention of everybody, code, a link, and the mark that turns text around."""
    name = ("<!channel> `x` *b* <http://evil.example|Slack> \u202efdp.exe " + "x" * 255)[:251] + ".pdf"
    invoice = paper()
    chinese, english = is_refused(site, name, truncated_pdf(), "E-PDF-BROKEN")
    is_read(site.person(LILEI), invoice, name)
    for said in (chinese, english):
        assert "<!channel>" in said  # plain_text: letters that call nobody
        assert "\u202e" not in said
        assert len(said) < 300
    for call in site.control().calls("chat.postMessage") + site.control().calls("chat.update"):
        sent = str(call["args"])
        assert "\u202e" not in sent
        assert "<!channel>" not in str(call["args"].get("text"))
        if "channel>" in sent:
            assert "'type': 'mrkdwn'" not in sent


def test_a_file_that_eats_memory_costs_itself(site, bot):
    """The reader hits its limit and dies; a file sent at the same time is read, and so is the next."""
    before = readers_of(bot)
    lilei, david, invoice = site.person(LILEI), site.person(DAVID), paper()
    hungry = lilei.drop(("hungry.pdf", hostile.hungry()))
    is_read(david, invoice)
    said = lilei.wait_for("E-READER-CRASHED", after=hungry, within=PATIENCE)
    assert "程序中断" in said.text_all()
    assert len(answers(lilei, hungry)) == 1
    assert bot_of(site) == bot
    eventually(lambda: len(readers_of(bot)) == 2 and readers_of(bot) != before, "another reader in its place")
    is_read(lilei, paper())


def test_a_reader_that_the_kernel_kills_costs_its_file(site, bot):
    """SIGKILL is what a machine without memory sends; readers offer themselves first."""
    lilei = site.person(LILEI)
    for reader in readers_of(bot):
        assert Path(f"/proc/{reader}/oom_score_adj").read_text().strip() == "1000"
    both_wait(bot)
    sent = lilei.drop(("slow.pdf", hostile.slow()))
    os.kill(eventually(lambda: working(bot), "a reader at work"), signal.SIGKILL)
    lilei.wait_for("E-READER-CRASHED", after=sent, within=PATIENCE)
    is_read(lilei, paper())


def test_readers_that_hang_are_stopped_and_only_their_files_fail(site, bot):
    """One reads a page that takes minutes; the other is stopped from outside. Both lanes are free again in time."""
    lilei, emma, david, hanmei = (site.person(user) for user in (LILEI, EMMA, DAVID, HANMEI))
    both_wait(bot)
    slow = lilei.drop(("slow.pdf", hostile.slow()))
    first = eventually(lambda: working(bot), "a reader at work")
    is_read(david, paper())
    assert "slow.pdf …" in answers(lilei, slow)[0].text_all(), "read beside it, not after it"

    (second,) = readers_of(bot) - {first}
    with stopped(second):
        stuck = emma.drop(("stuck.pdf", to_pdf(paper())))
        waited = is_read(hanmei, paper())
        assert is_ready(site)
        chinese = lilei.wait_for("E-TIMEOUT", after=slow, within=PATIENCE).text_all()
        english = emma.wait_for("E-TIMEOUT", after=stuck, within=PATIENCE).text_all()
    assert waited.buttons
    assert "超过 25 秒" in chinese
    assert "longer than 25 seconds" in english
    eventually(lambda: len(readers_of(bot)) == 2, "two readers")
    assert not readers_of(bot) & {first, second}
    is_read(emma, paper())


def both_wait(bot):
    """Wait until both readers are there, warm and without a file."""
    eventually(lambda: len(readers := readers_of(bot)) == 2 and all(map(at_rest, readers)), "two readers at rest")


def working(bot):
    return next(filter(busy, readers_of(bot)), None)


@contextmanager
def stopped(pid):
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        if Path(f"/proc/{pid}").exists():
            os.kill(pid, signal.SIGCONT)


def test_the_readers_have_no_way_to_the_network(site, bot):
    """As the machine sees them: another network than the bot's, whose only end is an unconnected loopback."""
    bots = Path(f"/proc/{bot}/ns/net").readlink()
    for reader in readers_of(bot):
        if Path(f"/proc/{reader}/ns/net").readlink() == bots:
            pytest.skip("this machine allows no network namespace; `piaobot doctor` says why")
        devices = Path(f"/proc/{reader}/net/dev").read_text().splitlines()[2:]
        assert [line.split(":")[0].strip() for line in devices] == ["lo"]
        assert Path(f"/proc/{reader}/net/route").read_text().splitlines()[1:] == []
