"""The door: who may be called, how much is read, what the log says."""

import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from integrations.http import Door, NoAnswer, NotAllowed, Redaction, TooLarge, redacted


class Echo(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(429)
        self.send_header("content-type", "Text/Plain; charset=utf-8")
        self.send_header("retry-after", "7")
        self.end_headers()
        self.wfile.write(b"x" * 100)

    def do_POST(self):
        content = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        """Nothing is written to the terminal."""


@pytest.fixture
def host() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def door(host) -> Iterator[Door]:
    door = Door(frozenset({host, "files.slack.com"}), timeout=2)
    yield door
    door.close()


def test_an_answer_comes_with_what_callers_ask_of_it(door, host):
    answer = door.get(f"http://{host}/a", headers={}, most=100)
    assert (answer.status, answer.content_type, answer.content, answer.retry_after) == (
        *(429, "text/plain"),
        *(b"x" * 100, 7.0),
    )


def test_json_is_posted(door, host):
    assert door.post_json(f"http://{host}/a", {"text": "你好"}).content.decode().count("你好") == 1


def test_no_more_is_read_than_the_caller_takes(door, host):
    with pytest.raises(TooLarge):
        door.get(f"http://{host}/a", headers={}, most=99)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/x",
        "http://files.slack.com/x",
        "https://files.slack.com.evil.example/x",
        "https://files.slack.com@evil.example/x",
        "https://files.slack.com:8443/x",
        "http://127.0.0.1:1/x",
        "ftp://files.slack.com/x",
        "//files.slack.com/x",
        "",
    ],
)
def test_only_listed_hosts_are_called_and_only_encrypted(door, url):
    with pytest.raises(NotAllowed):
        door.get(url, headers={}, most=1)


def test_nobody_there_is_no_answer():
    door = Door(frozenset({"127.0.0.1:9"}), timeout=2)
    with pytest.raises(NoAnswer):
        door.get("http://127.0.0.1:9/x", headers={}, most=1)
    door.close()


def test_an_answer_that_takes_too_long_is_given_up(host):
    door = Door(frozenset({host}), timeout=2, longest=0)
    with pytest.raises(NoAnswer):
        door.get(f"http://{host}/a", headers={}, most=100)
    door.close()


def test_secrets_are_taken_out():
    text = "POST https://hooks.slack.com/actions/T1/2/secret?x=1 Bearer abc.def xoxb-1-2-a and xapp-1-A"
    assert redacted(text) == "POST https://hooks.slack.com/… (secret) (secret) and (secret)"


def test_the_librarys_own_log_keeps_no_address(door, host, caplog):
    with caplog.at_level(logging.INFO, logger="httpx"):
        door.post_json(f"http://{host}/actions/T1/secret", {})
    assert "secret" not in caplog.text
    assert host in caplog.text


def test_a_record_with_arguments_is_redacted_whole():
    record = logging.LogRecord("x", logging.INFO, "x", 1, "to %s", ("https://a.example/s",), None)
    assert Redaction().filter(record)
    assert record.getMessage() == "to https://a.example/…"
