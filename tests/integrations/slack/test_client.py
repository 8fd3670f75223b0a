"""How a workspace is reached."""

import pytest

from core.ports import ChatUnavailable
from integrations.http import NotAllowed
from integrations.slack.client import Slack, asking


def test_the_token_goes_to_slacks_own_hosts_alone():
    slack = Slack("xoxb-1")
    assert slack.door._hosts == {"files.slack.com", "hooks.slack.com"}
    with pytest.raises(NotAllowed):
        slack.door.get("https://slack.com.evil.example/x", headers={}, most=1)
    slack.door.close()


def test_nothing_is_tried_again_by_itself_and_modals_give_up_within_a_triggers_life():
    slack = Slack("xoxb-1")
    assert slack.api.retry_handlers == slack.modals.retry_handlers == []
    assert slack.modals.timeout == 2
    slack.door.close()


@pytest.mark.parametrize("error", ["ratelimited", "internal_error", "fatal_error"])
def test_what_passes_is_unavailable(slack, control, error):
    control.fault("slack_error", "auth.test", error=error)
    with pytest.raises(ChatUnavailable), asking():
        slack.api.auth_test()


def test_a_method_is_left_alone_for_as_long_as_slack_asked(slack, control):
    control.fault("rate_limited", "users.list", retry_after=30)
    for _ in range(3):
        with pytest.raises(ChatUnavailable) as waits, asking():
            slack.api.users_list()
        assert 29 < waits.value.retry_after <= 30
    assert control.counts()["users.list"] == 1
    with asking():
        slack.api.auth_test()


def test_a_revoked_token_waits_for_the_administrator(slack, control):
    control.fault("token_revoked")
    with pytest.raises(ChatUnavailable, match="token_revoked") as waits, asking():
        slack.api.auth_test()
    assert waits.value.retry_after == 60


def test_nobody_there_is_unavailable():
    slack = Slack("xoxb-1", base_url="http://127.0.0.1:9/api/", timeout=2)
    with pytest.raises(ChatUnavailable), asking():
        slack.api.auth_test()
    slack.door.close()


def test_a_gateways_page_in_place_of_an_answer_is_unavailable(slack, control):
    control.fault("http_error", "auth.test", status=502)
    with pytest.raises(ChatUnavailable), asking():
        slack.api.auth_test()
