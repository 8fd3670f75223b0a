"""The bot is away for longer than Slack keeps trying: files sent meanwhile are found when it is back."""

from sandbox.papers import to_pdf
from tests.faults.desk import seen_once
from tests.faults.mortal import mortal_site
from tests.journeys.people import HANMEI, LILEI, drops, paper

INTAKE = "C0INTAKE"
AWAY = {"retry_delays": "0.1,0.1,0.1", "PIAOBOT_INTAKE_CHANNELS": INTAKE}
"""Slack's real delays are nothing, a minute and five minutes."""


def test_files_sent_while_nobody_was_there(tmp_path):
    invoices = [paper() for _ in range(3)]
    database_url = f"sqlite:///{tmp_path / 'site.db'}"
    with mortal_site(database_url, tmp_path, {"server": {}}, **AWAY) as (site, bots):
        lilei, hanmei = site.person(LILEI), site.person(HANMEI)
        drops(lilei, invoices[0])
        sent = lilei.drop(("in the channel.pdf", to_pdf(paper())), channel=INTAKE)
        lilei.wait_for("1 个文件已收到", channel=INTAKE, thread=sent)
        bots["server"].kill()
        lilei.drop((f"{invoices[1].number}.pdf", to_pdf(invoices[1])))
        missed = hanmei.drop((f"{invoices[2].number}.pdf", to_pdf(invoices[2])), channel=INTAKE)
        hanmei.say("你好")
        lilei.wait_until(lambda: given_up(site) >= 3, "Slack to give up")
        bots["server"].start()

        lilei.wait_for(invoices[1].number, within=60)
        hanmei.wait_for(invoices[2].number, within=60)
        assert site.control().idle(30)
        assert seen_once(lilei, [invoices[0].number, invoices[1].number]) == {1: 2}
        hanmei.wait_for("1 个文件已收到", channel=INTAKE, thread=missed)
        assert [len(each.replies()) for each in (sent, missed)] == [1, 1]


def given_up(site):
    """How many events Slack will not tell again."""
    return len([each for each in site.control().deliveries("event") if each["state"] == "failed"])
