"""The bench over generated documents counts what it should: a wrong value called verified is never overlooked."""

import json
import subprocess
import sys
from dataclasses import asdict, replace
from itertools import count
from pathlib import Path

import generated_set
from labels import paired

from core.invoice import Field, FieldName, FieldState, Kind, ReadInvoice
from sandbox.papers.generated import Condition, Generated, generated, planned

ROOT = Path(__file__).resolve().parents[2]


def read_as(document: Generated, **values: tuple[str, FieldState]) -> generated_set.Result:
    """The document's score if reading had given these values and nothing else."""
    label = document.labels[0]
    fields = {FieldName(name): Field(value=value, state=state) for name, (value, state) in values.items()}
    invoice = ReadInvoice(page=1, kind=Kind(label["kind"]), fields=fields)
    return generated_set.score(document, (invoice,), seconds=0.1)


def an_original(name: str) -> Generated:
    """The first original of that name; it is a PDF, so it is drawn at once."""
    place = next(at for at in count() if planned(2, at)[:2] == (name, Condition.ORIGINAL))
    return generated(2, place)


def seed_of_originals(many: int) -> int:
    """A seed whose first documents are originals, which are read without OCR."""
    return next(seed for seed in count() if all(planned(seed, at)[1] is Condition.ORIGINAL for at in range(many)))


def test_an_original_is_read_without_a_question() -> None:
    result = generated_set.measure(an_original("digital_ordinary"))

    assert result.misses == ()
    assert result.right == result.labelled > 8
    assert result.asked == (0,)
    assert generated_set.failing([result]) == []
    assert generated_set.result_from(json.loads(json.dumps(asdict(result)))) == result


def test_a_wrong_value_fails_only_when_it_is_verified() -> None:
    document = an_original("fiscal")

    read, verified = (read_as(document, total=("0.01", state)) for state in (FieldState.READ, FieldState.VERIFIED))

    assert [miss.field for miss in read.wrong] == [miss.field for miss in verified.wrong_but_verified] == ["total"]
    assert read.wrong_but_verified == []
    assert "generated: a wrong value is called verified" in generated_set.failing([verified])
    assert "generated: a wrong value is called verified" not in generated_set.failing([read])


def test_what_is_not_on_the_face_must_not_be_verified_unless_it_is_true() -> None:
    document = an_original("fiscal")

    invented, implied = (read_as(document, currency=(value, FieldState.VERIFIED)) for value in ("USD", "CNY"))

    assert [miss.read for miss in invented.wrong_but_verified] == ["USD"]
    assert implied.wrong_but_verified == []


def test_questions_count_for_readable_pictures_and_not_for_hard_ones() -> None:
    result = replace(generated_set.measure(an_original("digital_ordinary")), asked=(5,))

    failed = {condition: generated_set.failing([replace(result, condition=condition.value)]) for condition in Condition}

    assert failed[Condition.HARD] == []
    assert failed[Condition.ORIGINAL] == ["generated: an original asks a question"]
    assert failed[Condition.PHOTO] == ["generated: more questions about a photo than promised"]
    assert failed[Condition.SCAN] == ["generated: more questions about a scan than promised"]


def test_labels_meet_the_invoice_of_their_number_then_of_their_kind() -> None:
    taxi, slip = (ReadInvoice(page=1, kind=kind, fields={}) for kind in (Kind.TAXI, Kind.TILL_SLIP))
    numbered = ReadInvoice(
        page=1, kind=Kind.BUS, fields={FieldName.NUMBER: Field(value="00000001", state=FieldState.READ)}
    )
    labels = [{"kind": "till_slip", "number": None}, {"kind": "ship", "number": "00000001"}]

    pairs = paired(labels, (taxi, numbered, slip))

    assert [invoice for _, invoice in pairs] == [slip, numbered, taxi]
    assert pairs[2][0] == {"kind": "nothing"}


def test_a_soak_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    seed = seed_of_originals(3)

    def soak(documents: int) -> str:
        run = subprocess.run(
            [sys.executable, "script/bench_soak.py", "--count", str(documents), "--seed", str(seed), "--state", tmp_path],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return run.stdout

    first = soak(2)
    (kept,) = tmp_path.glob("*.jsonl")
    kept.write_text(kept.read_text() + '{"seed": 1, "pla')  # as a run leaves it that was ended while writing
    second = soak(3)

    assert first.startswith("0 read before")
    assert second.startswith("2 read before")
    assert [json.loads(line)["place"] for line in kept.read_text().splitlines()] == [0, 1, 2]
    assert "generated: 3 files" in second
