"""Files from a workspace, and everything that can come in their place."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from core.errors import Unreadable
from core.ports import ChatUnavailable
from integrations.slack.client import Slack
from integrations.slack.files import SlackFiles

CONTENT = b"\x89PNG\r\n" + b"x" * 5000


@pytest.fixture
def sent(lilei) -> str:
    message = lilei.drop(("发票 1.png", CONTENT))
    return str(message.files[0]["id"])


def code_of(files: SlackFiles, chat_file: str) -> str:
    with pytest.raises(Unreadable) as refused:
        files.download(chat_file)
    return refused.value.code


def test_a_file_comes_with_its_name(slack, sent):
    assert SlackFiles(slack).download(sent) == ("发票 1.png", CONTENT)


def test_a_file_too_large_is_refused_before_it_is_fetched(slack, sent):
    assert code_of(SlackFiles(slack, most=4999), sent) == "E-TOO-LARGE"


def test_a_sign_in_page_is_no_file(slack, control, sent):
    control.fault("no_files_read")
    assert code_of(SlackFiles(slack), sent) == "E-HTML"


def test_a_deleted_file_is_said_to_be_deleted(slack, lilei, sent):
    lilei.delete_file(sent)
    assert code_of(SlackFiles(slack), sent) == "E-FILE-DELETED"


@pytest.mark.parametrize(("error", "code"), [("missing_scope", "E-HTML"), ("not_allowed", "E-FILE-REFUSED")])
def test_what_slack_will_not_tell_is_refused(slack, control, sent, error, code):
    control.fault("slack_error", "files.info", error=error)
    assert code_of(SlackFiles(slack), sent) == code


def test_a_slack_that_does_not_answer_is_tried_again(slack, control, sent):
    control.fault("rate_limited", "files.info", retry_after=3)
    with pytest.raises(ChatUnavailable) as busy:
        SlackFiles(slack).download(sent)
    assert busy.value.retry_after == 3.0


class Liar(BaseHTTPRequestHandler):
    """A files.info of a test's own, and what its addresses answer."""

    file: dict
    sizes: list[int]
    tokens: list[str]

    def do_POST(self):
        self._answer(200, "application/json", json.dumps({"ok": True, "file": self.file}).encode())

    def do_GET(self):
        self.tokens.append(self.headers.get("authorization", ""))
        match self.path:
            case "/moved":
                self.send_response(302)
                self.send_header("location", f"http://127.0.0.1:{self.server.server_port}/file")
                self.end_headers()
            case "/endless":
                self._answer(200, "image/png", b"x" * 100_000)
            case "/broken":
                self._answer(503, "text/plain", b"")
            case _:
                self._answer(200, "image/png", b"picture")

    def _answer(self, status, content_type, content):
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        """Nothing is written to the terminal."""


@pytest.fixture
def liar() -> Iterator[tuple[SlackFiles, str, type[Liar]]]:
    handler = type("ThisLiar", (Liar,), {"file": {}, "tokens": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}"
    slack = Slack("xoxb-secret", base_url=f"{base}/api/", timeout=2)
    yield SlackFiles(slack, most=50_000), base, handler
    slack.door.close()
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ({"mode": "tombstone"}, "E-FILE-DELETED"),
        ({"mode": "hidden_by_limit"}, "E-FILE-DELETED"),
        ({"is_external": True, "url_private": "http://127.0.0.1/x"}, "E-FILE-ELSEWHERE"),
        ({"file_access": "access_denied"}, "E-HTML"),
        ({"size": 50_001}, "E-TOO-LARGE"),
        ({"url_private_download": "https://evil.example/x"}, "E-FILE-ELSEWHERE"),
        ({"url_private_download": "http://files.slack.com/x"}, "E-FILE-ELSEWHERE"),
        ({"url_private_download": "file:///etc/passwd"}, "E-FILE-ELSEWHERE"),
        ({"url_private_download": "http://127.0.0.1:1@evil.example/x"}, "E-FILE-ELSEWHERE"),
        ({}, "E-FILE-ELSEWHERE"),
    ],
)
def test_what_must_not_be_fetched_is_not(liar, file, code):
    files, _, handler = liar
    handler.file = {"name": "a.png", **file}
    assert code_of(files, "F1") == code
    assert handler.tokens == []


def test_more_than_was_announced_is_not_read(liar):
    files, base, handler = liar
    handler.file = {"name": "a.png", "size": 10, "url_private_download": f"{base}/endless"}
    assert code_of(files, "F1") == "E-TOO-LARGE"


@pytest.mark.parametrize("path", ["moved", "broken"])
def test_a_redirect_or_an_error_is_tried_again_and_never_followed(liar, path):
    files, base, handler = liar
    handler.file = {"name": "a.png", "url_private_download": f"{base}/{path}"}
    with pytest.raises(ChatUnavailable):
        files.download("F1")
    assert len(handler.tokens) == 1


def test_the_token_goes_along(liar):
    files, base, handler = liar
    handler.file = {"name": "a.png", "url_private_download": f"{base}/file"}
    assert files.download("F1") == ("a.png", b"picture")
    assert handler.tokens == ["Bearer xoxb-secret"]
