"""The configuration files: the samples work, and a fault is named with its file, line and column."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from core.directory import Role
from core.invoice import ItemLine, Severity
from core.money import Money
from core.policy import AutoApproval, guess_category
from core.routing import RouteFacts, choose_route
from integrations.configuration import ConfigurationError, load_configuration
from integrations.language import Languages

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "config"
CHINESE = Languages(ROOT / "locales").for_locale("zh-CN", "UTC")


@pytest.fixture
def folder(tmp_path):
    for name in ("people", "company", "policy"):
        shutil.copy(SAMPLES / f"{name}.yaml", tmp_path)
    return tmp_path


def change(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    before = text[: text.index(old)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def refused(folder):
    with pytest.raises(ConfigurationError) as caught:
        load_configuration(folder)
    return caught.value


def test_the_samples_are_the_people_of_the_sandbox():
    directory = load_configuration(SAMPLES).directory
    workspace = yaml.safe_load((ROOT / "sandbox" / "people.yaml").read_text(encoding="utf-8"))
    members = {member["email"]: member for member in workspace["people"]}
    assert directory.team_id == workspace["team"]["id"]
    for person in directory.people.values():
        assert members[person.email]["real_name"] == person.name
        assert person.slack in (None, members[person.email]["id"])
    assert {person.id: person.manager for person in directory.people.values()} == {
        "sunli": None,
        "wangfang": "sunli",
        "david": "sunli",
        "lilei": "wangfang",
        "hanmeimei": "wangfang",
        "emma": "david",
        "zhaomin": "sunli",
        "qianfeng": "sunli",
        "zhoujie": "sunli",
    }
    assert [person.id for person in directory.holders(Role.REVIEWER)] == ["zhaomin", "qianfeng"]
    assert [person.id for person in directory.holders(Role.ADMIN)] == ["zhoujie"]


def test_the_sample_entities_are_the_buyers_of_the_sandboxs_invoices():
    from sandbox.papers import OWN_ENTITIES

    entities = load_configuration(SAMPLES).directory.entities.values()
    assert {entity.name: entity.tax_id for entity in entities} == OWN_ENTITIES


def test_everybody_of_the_samples_can_submit_but_nobody_to_themselves():
    configuration = load_configuration(SAMPLES)
    for person in configuration.directory.people.values():
        facts = RouteFacts(person.id, person.id, person.id, Money(Decimal(9000)), person.entity)
        steps = choose_route(facts, configuration.policy, configuration.directory).steps
        assert person.id not in {each for step in steps for each in step.approvers}


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("*纸制品*A4复印纸", "office"),
        ("*文具*中性笔", "office"),
        ("*餐饮服务*餐费", "meals"),
        ("*住宿服务*住宿费", "lodging"),
        ("*运输服务*客运服务费", "travel"),
        ("*信息技术服务*软件服务费", "software"),
        ("*物流辅助服务*收派服务费", "delivery"),
    ],
)
def test_the_samples_guess_the_category_of_the_sandboxs_goods(item, expected):
    assert guess_category([ItemLine(item)], {}, load_configuration(SAMPLES).policy) == expected


def test_the_version_names_the_content_and_not_the_comments(folder):
    before = load_configuration(folder).policy.version
    change(folder, "policy.yaml", "# The rules. Amounts in CNY.", "# Another comment.")
    assert load_configuration(folder).policy.version == before
    change(folder, "policy.yaml", "second_approval_above: 5000.00", "second_approval_above: 6000")
    changed = load_configuration(folder).policy
    assert changed.version != before
    assert changed.second_approval_above == Decimal(6000)


def test_auto_approval_is_read_and_has_defaults(folder):
    assert load_configuration(folder).policy.auto_approve == AutoApproval()
    change(folder, "policy.yaml", "monthly_cap: 1000.00", "monthly_cap: 300")
    assert load_configuration(folder).policy.auto_approve == AutoApproval(monthly_cap=Decimal(300))


def test_severities_are_read(folder):
    change(folder, "policy.yaml", "severities: {}", "severities: {D2: block, Q5: note}")
    assert load_configuration(folder).policy.severities == {"D2": Severity.BLOCK, "Q5": Severity.NOTE}


FAULTS = [
    ("policy.yaml", "note_age_days: 90", "note_age_days: soon", 15, "must be a whole number"),
    ("policy.yaml", "note_age_days: 90", "note_age_days: 400", 15, "must not be more than"),
    ("policy.yaml", "note_age_days: 90", "note_age: 90", 10, "no name this file knows"),
    ("policy.yaml", "5000.00", "plenty", 0, "must be an amount"),
    ("policy.yaml", "5000.00", "-0.01", 0, "second_approval_above must be 0 or more"),
    ("policy.yaml", "5000.00", ".nan", 0, "second_approval_above must be an amount"),
    (
        "policy.yaml",
        "approve:\n  up_to: 200.00",
        "approve:\n  up_to: 2000",
        None,
        "monthly_cap must not be less than up_to",
    ),
    ("policy.yaml", "approve:\n  up_to: 200.00", "approve:\n  up_to: small", None, "up_to must be an amount"),
    ("policy.yaml", "percent: 5", "percent: 101", 9, "audit_sample_percent must be 100 or less"),
    ("policy.yaml", "percent: 5", "percent: 2.5", 9, "audit_sample_percent must be a whole number"),
    ("policy.yaml", "note_age_days: 90", "note_age_days: true", 15, "note_age_days must be a whole number"),
    ("policy.yaml", "most_age_days: 365", "most_age_days: 0", 15, "most_age_days must be 1 or more"),
    ("policy.yaml", "zh: 办公用品,", "zh: '',", 4, "must not be empty"),
    ("policy.yaml", "zh: 办公用品,", f"zh: {'长' * 61},", 4, "at most 60 characters"),
    ("policy.yaml", "severities: {}", "severities: [A1]", 0, "Here belong names with values"),
    ("policy.yaml", "severities: {}", "severities: {D2: fatal}", 17, "fatal is not known"),
    ("policy.yaml", "severities: {}", "severities: {D9: warn}", 17, "no check D9"),
    ("policy.yaml", "key: lodging,", "key: travel,", 5, "travel stands here twice"),
    ("policy.yaml", "most_age_days: 365", "most_age_days: 365\nmost_age_days: 400", None, "stands here twice"),
    ("company.yaml", "91110108MAJTF2GC56", "91110108MAJTF2GC57", 0, "no valid tax id"),
    ("company.yaml", "91110108MAJTF2GC56", "911101081234567890", 0, "must be text"),
    ("company.yaml", "id: shanghai", "id: beijing", 4, "beijing stands here twice"),
    ("people.yaml", "slack: U0LILEI", "slack: lilei", 7, "must be a Slack user id"),
    ("people.yaml", "emma@morningstar.example", "emma", 0, "must be an e-mail address"),
    ("people.yaml", "emma@morningstar.example", "DAVID@morningstar.example", 0, "stands here twice"),
    ("people.yaml", "manager: david", "manager: nobody", 9, "no person nobody"),
    (
        "people.yaml",
        "email: sunli@morningstar.example,",
        "email: sunli@morningstar.example, manager: lilei,",
        43,
        "themselves",
    ),
    ("people.yaml", "entity: shanghai, manager: david", "entity: paris, manager: david", 8, "no entity paris"),
    ("people.yaml", "roles: [admin]", "roles: [admin, reviewer]", 0, "decide no claim"),
    ("people.yaml", "roles: [admin]", "roles: [cashier, accountant]", 0, "cashier"),
    ("people.yaml", "roles: [admin]", "roles: [king]", 8, "king is not known"),
    ("people.yaml", "name: Emma Clarke, ", "", None, "name is missing"),
    ("people.yaml", "team: T0MORNSTAR", "team: &it T0MORNSTAR\nother: *it", None, "References"),
    ("people.yaml", "cost_centre: MGMT", "active: maybe", 8, "active must be true or false"),
    ("people.yaml", "team: T0MORNSTAR", "team: 2026-02-30", None, "no YAML (day is out of range for month)"),
    ("people.yaml", "team: T0MORNSTAR", "team: [T0MORNSTAR", None, "no YAML ("),
    ("people.yaml", "team: T0MORNSTAR", "team: !python/object:os.system T0MORNSTAR", None, "no YAML"),
]


@pytest.mark.parametrize(("file", "old", "new", "column", "words"), FAULTS, ids=[fault[4] for fault in FAULTS])
def test_a_fault_is_named_with_its_place_in_both_languages(folder, file, old, new, column, words):
    line, start = change(folder, file, old, new)
    problem = refused(folder)
    assert words in str(problem)
    if column is not None:
        assert f"{file}, line {line}, column {start + column}: " in str(problem)
    assert str(problem).startswith(f"{file}, line ")
    assert CHINESE.say(problem.message).startswith(f"{file} 第 ")


def test_all_faults_of_a_file_are_named_at_once(folder):
    change(folder, "policy.yaml", "note_age_days: 90", "note_age_days: soon")
    change(folder, "policy.yaml", "most_age_days: 365", "most_age_days: later")
    problem = refused(folder)
    assert [message.values["problem"].values["name"] for message in problem.problems] == [
        "note_age_days",
        "most_age_days",
    ]
    assert str(problem).count("\n") == 1
    assert CHINESE.say(problem.message).count("\n") == 1


def test_without_a_reviewer_no_claim_could_be_approved(folder):
    path = folder / "people.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("roles: [reviewer], ", ""), encoding="utf-8")
    assert "no claim could be approved" in str(refused(folder))


def test_an_empty_file_and_a_missing_one_are_named(folder):
    (folder / "policy.yaml").write_text("", encoding="utf-8")
    assert "policy.yaml, line 1, column 1: Here belong names with values" in str(refused(folder))
    (folder / "policy.yaml").unlink()
    assert "policy.yaml cannot be read" in str(refused(folder))
    (folder / "policy.yaml").write_bytes("reasons: 原因".encode("gb18030"))
    assert "policy.yaml is not saved as UTF-8" in str(refused(folder))
