"""Everybody's presses, made again when they failed, until all claims are approved; and what people then see."""

import time
from collections import Counter

from sandbox.person import DidNotWork, NotShown
from tests.faults.mortal import cards_held
from tests.journeys.people import LILEI, QIANFENG, WANGFANG, ZHAOMIN, reference_in

PATIENCE = 90
"""Seconds without any progress after which something counts as lost."""
PEOPLE = (LILEI, WANGFANG, ZHAOMIN, QIANFENG)


class Desk:
    """Everybody's presses: the submitter's, the manager's, and one reviewer's for each claim."""

    def __init__(self, site, count):
        self._people = {user: site.person(user) for user in PEOPLE}
        self._count = count

    def outcomes(self):
        """The references in the sentences that told the submitter of an approval."""
        first_lines = [m.text_all().partition("\n")[0] for m in self._people[LILEI].messages() if m.user != LILEI]
        return [line[:12] for line in first_lines if line[12:].startswith(" 已通过：")]

    def stamped(self):
        """How many drafts say that they were approved, and approvers' cards that they were decided."""
        drafts = [m for m in self._people[LILEI].messages() if " 已通过 · " in m.text_all()]
        cards = [m for user in (WANGFANG, ZHAOMIN, QIANFENG) for m in self._people[user].messages()]
        return len(drafts) + len([m for m in cards if m.text_all().startswith("已同意")])

    def work_until_done(self, calm=lambda: True):
        """Until all is approved and it is calm. Raises AssertionError when nothing moves for too long."""
        before, since = None, time.monotonic()
        while True:
            pressed = sum(self._press_all(user) for user in self._people)
            now = (len(self.outcomes()), self.stamped(), calm(), pressed)
            if now[:3] == (self._count, 4 * self._count, True):
                return
            if now != before:
                before, since = now, time.monotonic()
            assert time.monotonic() < since + PATIENCE, self._stuck()
            time.sleep(0.1)

    def _press_all(self, user):
        pressed = 0
        for card in self._people[user].messages():
            label = self._label(user, card)
            if label is not None:
                try:
                    card.click(label)
                except (DidNotWork, NotShown):  # the bot was dead, or the card has changed since
                    continue
                pressed += 1
        return pressed

    @staticmethod
    def _label(user, card):
        wanted = "提交" if user == LILEI else "同意"
        label = next((each for each in card.buttons if each.startswith(wanted)), None)
        if label is None or user not in (ZHAOMIN, QIANFENG):
            return label
        own = (ZHAOMIN, QIANFENG)[int(reference_in(card)[-1]) % 2]
        return label if user == own else None

    def _stuck(self):
        return self._people[LILEI].on_screen()


def check_everything_is_there_once(site, desk, invoices):
    """For each invoice: one draft card, one card per approver, one outcome; as people see them, and as Slack holds them."""
    count = len(invoices)
    lilei = site.person(LILEI)
    assert seen_once(lilei, [each.number for each in invoices]) == {1: count}, lilei.on_screen()
    references = sorted(set(desk.outcomes()))
    assert Counter(Counter(desk.outcomes()).values()) == {1: count}, lilei.on_screen()
    for user in (WANGFANG, ZHAOMIN, QIANFENG):
        assert seen_once(site.person(user), references) == {1: count}, site.person(user).on_screen()
    held = cards_held(site, *PEOPLE)
    assert set(held.values()) == {1}, held.most_common(5)
    kinds = Counter(key.partition(":")[0] for key in held)
    assert kinds == {"document": count, "task": 3 * count, "outcome": count}


def seen_once(person, texts):
    """How many messages of the bot in this person's direct messages show each text: {messages: texts}."""
    shown = [message.text_all() for message in person.messages() if message.user != person.id]
    return Counter(sum(text in each for each in shown) for text in texts)
