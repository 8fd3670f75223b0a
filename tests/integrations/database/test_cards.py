"""Cards follow what they show; the inbox keeps what came in; members are remembered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.directory import Member
from core.ports import CardRow
from integrations.database.members import SqlMembers
from tests.integrations.database.samples import LATER, NOON, race

SUBJECT = "claim:c1"


def changed(transactions, *subjects):
    with transactions.write() as tx:
        for subject in subjects:
            tx.cards.changed(subject)


class TestSubjects:
    def test_each_change_enqueues_one_showing(self, transactions, enqueued):
        changed(transactions, SUBJECT, SUBJECT, "document:d1")
        changed(transactions, SUBJECT)
        assert enqueued() == ["show:claim:c1:1", "show:claim:c1:2", "show:document:d1:1"]

    def test_one_holder_at_a_time_shows_a_subject(self, transactions):
        changed(transactions, SUBJECT)
        with transactions.write() as tx:
            assert tx.cards.take(SUBJECT, "one", NOON) == 1
        with transactions.write() as tx:
            assert tx.cards.take(SUBJECT, "two", NOON) is None
            assert tx.cards.take(SUBJECT, "one", NOON) == 1
            assert tx.cards.take("claim:unknown", "one", NOON) is None

    def test_a_lease_that_ran_out_is_anybodys(self, transactions):
        changed(transactions, SUBJECT)
        with transactions.write() as tx:
            tx.cards.take(SUBJECT, "one", NOON, lease_seconds=60)
        with transactions.write() as tx:
            assert tx.cards.take(SUBJECT, "two", NOON + timedelta(seconds=59)) is None
            assert tx.cards.take(SUBJECT, "two", NOON + timedelta(seconds=60)) == 1
        with transactions.write() as tx:
            assert not tx.cards.shown(SUBJECT, "one", 1)
            assert tx.cards.take(SUBJECT, "three", NOON + timedelta(seconds=61)) is None

    def test_shown_gives_the_lease_back(self, transactions):
        changed(transactions, SUBJECT)
        with transactions.write() as tx:
            tx.cards.take(SUBJECT, "one", NOON)
            assert tx.cards.shown(SUBJECT, "one", 1)
            assert tx.cards.behind(LATER) == []
        changed(transactions, SUBJECT)
        with transactions.write() as tx:
            assert tx.cards.take(SUBJECT, "two", NOON) == 2

    def test_what_was_shown_is_not_shown_again(self, transactions):
        changed(transactions, SUBJECT)
        with transactions.write() as tx:
            tx.cards.take(SUBJECT, "one", NOON)
            tx.cards.shown(SUBJECT, "one", 1)
            assert tx.cards.take(SUBJECT, "two", LATER) is None

    def test_what_changed_while_it_was_shown_is_shown_again(self, transactions):
        changed(transactions, SUBJECT)
        with transactions.write() as tx:
            version = tx.cards.take(SUBJECT, "one", NOON)
        changed(transactions, SUBJECT)
        with transactions.write() as tx:
            assert not tx.cards.shown(SUBJECT, "one", version)
            assert tx.cards.take(SUBJECT, "two", NOON) is None
            assert tx.cards.take(SUBJECT, "one", NOON) == 2
            assert tx.cards.shown(SUBJECT, "one", 2)

    def test_given_back_it_waits_until_its_time(self, transactions):
        changed(transactions, SUBJECT)
        with transactions.write() as tx:
            tx.cards.take(SUBJECT, "one", NOON)
            tx.cards.give_back(SUBJECT, "two")
            assert tx.cards.take(SUBJECT, "two", NOON) is None
            tx.cards.give_back(SUBJECT, "one", NOON + timedelta(seconds=5))
        with transactions.write() as tx:
            assert tx.cards.take(SUBJECT, "one", NOON + timedelta(seconds=4)) is None
            assert tx.cards.behind(NOON + timedelta(seconds=4)) == []
            assert tx.cards.behind(NOON + timedelta(seconds=5)) == [(SUBJECT, NOON + timedelta(seconds=5))]
            assert tx.cards.take(SUBJECT, "two", NOON + timedelta(seconds=5)) == 1
            tx.cards.give_back(SUBJECT, "two")
            assert tx.cards.take(SUBJECT, "one", NOON) == 1

    def test_behind_lists_what_nobody_holds(self, transactions):
        changed(transactions, "claim:a", "claim:b", "claim:c")
        with transactions.write() as tx:
            tx.cards.take("claim:a", "one", NOON)
            tx.cards.take("claim:b", "one", NOON)
            tx.cards.shown("claim:b", "one", 1)
        with transactions.read() as tx:
            assert subjects(tx.cards.behind(NOON)) == ["claim:c"]
            assert subjects(tx.cards.behind(LATER)) == ["claim:a", "claim:c"]
            assert subjects(tx.cards.behind(LATER, limit=1)) == ["claim:a"]

    def test_of_ten_that_take_at_once_one_shows(self, transactions):
        changed(transactions, SUBJECT)

        def take(holder):
            with transactions.write() as tx:
                return tx.cards.take(SUBJECT, holder, NOON)

        assert sorted(race(*[lambda n=n: take(f"holder {n}") for n in range(10)]), key=str) == [1] + [None] * 9

    def test_changes_of_the_same_subjects_in_any_order_never_block_each_other(self, transactions, enqueued):
        subjects = ["claim:a", "document:b"]
        race(*[lambda order=order: changed(transactions, *order) for order in (subjects, subjects[::-1]) * 10])
        assert len(enqueued()) == 40


class TestCards:
    def test_a_card_is_replaced_by_its_key(self, transactions):
        with transactions.write() as tx:
            tx.cards.put(CardRow("k1", SUBJECT, "chen"))
            assert tx.cards.get("k1") == CardRow("k1", SUBJECT, "chen")
            tx.cards.put(CardRow("k1", SUBJECT, "chen", "D1/17.5 picture"))
            tx.cards.put(CardRow("k2", SUBJECT, "liu"))
            tx.cards.put(CardRow("k3", "claim:c2", "liu"))
        with transactions.read() as tx:
            assert tx.cards.get("k1") == CardRow("k1", SUBJECT, "chen", "D1/17.5 picture")
            assert tx.cards.get("k9") is None
            assert [row.key for row in tx.cards.rows(SUBJECT)] == ["k1", "k2"]

    def test_a_card_is_found_where_it_was_posted(self, transactions):
        with transactions.write() as tx:
            tx.cards.put(CardRow("k1", SUBJECT, "chen", "D1/17.5 picture"))
            tx.cards.put(CardRow("k2", SUBJECT, "liu", "D2/17.5"))
            tx.cards.put(CardRow("k2", SUBJECT, "liu", "D2/18.5"))
        with transactions.read() as tx:
            assert tx.cards.find("D1/17.5").key == "k1"
            assert tx.cards.find("D2/18.5").key == "k2"
            assert tx.cards.find("D2/17.5") is None


class TestInbox:
    def test_a_key_is_stored_once(self, transactions):
        with transactions.write() as tx:
            assert tx.inbox.add("chat", "E1", '{"text": "发票"}')
        with transactions.write() as tx:
            assert not tx.inbox.add("chat", "E1", "other")
            assert tx.inbox.add("oa", "E1", "callback")
        with transactions.read() as tx:
            assert tx.inbox.get("chat", "E1") == '{"text": "发票"}'
            with pytest.raises(KeyError):
                tx.inbox.get("chat", "E2")

    def test_of_ten_deliveries_at_once_one_is_stored(self, transactions):
        def deliver():
            with transactions.write() as tx:
                return tx.inbox.add("chat", "E1", "body")

        assert sum(race(*[deliver] * 10)) == 1


class TestMembers:
    WANG = Member("T1", "U1", "wang", "王芳", "zh-CN", "Asia/Shanghai")

    @pytest.fixture
    def members(self, engine):
        members = SqlMembers(engine)
        members.put(self.WANG, NOON)
        return members

    def test_a_member_is_remembered(self, members):
        assert members.get("T1", "U1") == (self.WANG, NOON)
        assert members.by_person("wang") == self.WANG
        assert members.get("T1", "U2") is None
        assert members.by_person("liu") is None

    def test_looked_up_again_the_member_is_replaced(self, members):
        left = replace(self.WANG, person=None, welcome=False)
        members.put(left, LATER)
        assert members.get("T1", "U1") == (left, LATER)
        assert members.by_person("wang") is None

    def test_of_two_who_are_the_same_person_the_last_welcome_one_is_it(self, members):
        members.put(replace(self.WANG, user_id="U2"), LATER)
        members.put(replace(self.WANG, user_id="U3", welcome=False), LATER + timedelta(hours=1))
        assert members.by_person("wang").user_id == "U2"

    def test_forgotten_the_member_is_gone(self, members):
        members.forget("T1", "U1")
        members.forget("T1", "U9")
        assert members.get("T1", "U1") is None


def subjects(behind):
    return [each.subject for each in behind]
