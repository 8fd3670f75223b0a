"""RapidOCR's parts put together for invoices: which way up, how slanted, where the words are, what they say.

The models lie in the wheel; nothing is downloaded. The parts are called one by one, as a page needs each once: the
whole-page call turns every single run by its own guess and reads "%6" for "9%".
"""

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import rapidocr
from numpy.typing import NDArray
from omegaconf import DictConfig, OmegaConf
from rapidocr.ch_ppocr_cls import TextClassifier
from rapidocr.ch_ppocr_det import TextDetector
from rapidocr.ch_ppocr_rec import TextRecInput, TextRecognizer
from rapidocr.utils.parse_parameters import ParseParams
from rapidocr.utils.process_img import get_rotate_crop_image

from core.invoice import Box
from core.reading.layout import Word, word
from integrations.reading.pages import Pixels, cut

logging.getLogger("RapidOCR").setLevel(logging.ERROR)  # it announces every part it loads

Corners = NDArray[np.float32]
"""N × 4 × 2 points in pixels: top left, top right, bottom right, bottom left of each run of text."""

DETECTION_SIDE = int(os.environ.get("PIAOBOT_DETECTION_SIDE", "960"))
_PACKAGE = Path(rapidocr.__file__).parent
_LEGIBLE = 0.5  # confidence below which a run is a stain
_SPOKEN_FOR = 12  # the widest runs that decide which way up a page is
_SLANT = 0.6  # degrees below which a page counts as straight


def warm_up() -> None:
    """Load the models: about a second and 150 MB."""
    for load in (_detector, _turner, _recogniser):
        load()


@dataclass(frozen=True)
class ReadPage:
    """An upright page with its words (in fractions of it) and the corners of each run that was found on it."""

    picture: Pixels
    words: tuple[Word, ...]
    corners: Corners

    def line(self, box: Box, *, margin: float = 0.15, ends: float = 0.15) -> Pixels:
        """The place cut out level, however the paper lay, with margins in heights of the line: around it, at its ends."""
        height, width = self.picture.shape[:2]
        centre = np.array([(box.x0 + box.x1) / 2 * width, (box.y0 + box.y1) / 2 * height])
        for points in self.corners:
            across, down = points[1] - points[0], points[3] - points[0]
            inside = (points.min(axis=0) <= centre).all() and (centre <= points.max(axis=0)).all()
            if inside and across[0] > 1.5 * down[1]:
                start, end = ((place * width - points[0, 0]) / across[0] for place in (box.x0, box.x1))
                above, along = down * margin, across / across[0] * down[1] * ends
                top, bottom = (points[1] - points[0], points[2] - points[3])
                run = (
                    points[0] + top * start - above - along, points[0] + top * end - above + along,
                    points[3] + bottom * end + above + along, points[3] + bottom * start + above - along,
                )  # fmt: skip
                return np.asarray(get_rotate_crop_image(self.picture, np.array(run, dtype=np.float32)), dtype=np.uint8)
        return cut(self.picture, box, margin=margin)


def shown_as(picture: Pixels) -> ReadPage:
    """A page that was not read here, to cut places from."""
    return ReadPage(picture, (), np.zeros((0, 4, 2), dtype=np.float32))


def read_page(picture: Pixels, *, side: int = DETECTION_SIDE) -> ReadPage:
    """Turn and straighten a page, then read it; no words when nothing is written on it.

    Args:    side: the page is looked over for text at this many pixels of its long side.
    """
    _detector().limit_side_len = side
    upright, corners = _upright(picture)
    if not len(corners):
        return ReadPage(picture, (), corners)
    upright, corners = _straight(upright, corners)
    texts = _recognise([get_rotate_crop_image(upright, points.copy()) for points in corners])
    height, width = upright.shape[:2]
    words = tuple(
        word(text, _box(points, width, height), confidence)
        for points, (text, confidence) in zip(corners, texts, strict=True)
        if confidence >= _LEGIBLE and text.strip()
    )
    return ReadPage(upright, words, corners)


def read_line(picture: Pixels) -> tuple[str, float]:
    """One run of text, cut out, read again at a larger scale: the text and the engine's confidence."""
    height = picture.shape[0]
    larger = cv2.resize(picture, None, fx=96 / height, fy=96 / height, interpolation=cv2.INTER_CUBIC)
    return _recognise([np.asarray(larger, dtype=np.uint8)])[0]


def _upright(picture: Pixels) -> tuple[Pixels, Corners]:
    """The page with its text running from left to right, and where the runs are."""
    corners = _detect(picture)
    if len(corners) and _weight(corners, upright=False) > _weight(corners, upright=True):
        picture = np.ascontiguousarray(np.rot90(picture))
        corners = _detect(picture)
    if len(corners) and _upside_down(picture, corners):
        height, width = picture.shape[:2]
        picture = np.ascontiguousarray(np.rot90(picture, 2))
        turned = np.array([width, height], dtype=np.float32) - corners
        corners = np.ascontiguousarray(turned[:, [2, 3, 0, 1]])
    return picture, corners


def _weight(corners: Corners, *, upright: bool) -> float:
    """How much text runs along, or across, in pixels."""
    across = np.linalg.norm(corners[:, 0] - corners[:, 1], axis=1)
    down = np.linalg.norm(corners[:, 0] - corners[:, 3], axis=1)
    return float(across[across > 1.5 * down].sum() if upright else down[down > 1.5 * across].sum())


def _upside_down(picture: Pixels, corners: Corners) -> bool:
    widths = np.linalg.norm(corners[:, 0] - corners[:, 1], axis=1)
    widest = np.argsort(widths)[::-1][:_SPOKEN_FOR]
    seen = _turner()([get_rotate_crop_image(picture, corners[index].copy()) for index in widest]).cls_res
    votes = [float(score) if label == "180" else -float(score) for label, score in seen]
    return sum(votes) > 0


def _straight(picture: Pixels, corners: Corners) -> tuple[Pixels, Corners]:
    """Undo the slant of a photo: the page is turned by the median angle of its wider runs."""
    along = corners[:, 1] - corners[:, 0]
    wide = along[np.linalg.norm(along, axis=1) > 0.08 * picture.shape[1]]
    if not len(wide):
        return picture, corners
    angle = float(np.median(np.degrees(np.arctan2(wide[:, 1], wide[:, 0]))))
    if abs(angle) < _SLANT or abs(angle) > 45:
        return picture, corners
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    straight = cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    moved = cv2.transform(corners.reshape(1, -1, 2), turn).reshape(corners.shape)
    return np.asarray(straight, dtype=np.uint8), np.asarray(moved, dtype=np.float32)


def _detect(picture: Pixels) -> Corners:
    found = _detector()(picture).boxes
    return np.zeros((0, 4, 2), dtype=np.float32) if found is None else np.asarray(found, dtype=np.float32)


def _recognise(runs: Sequence[Pixels]) -> list[tuple[str, float]]:
    seen = _recogniser()(TextRecInput(img=list(runs)))
    return [(text, float(score)) for text, score in zip(seen.txts, seen.scores, strict=True)]


def _box(points: NDArray[np.float32], width: int, height: int) -> Box:
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return Box(
        max(0.0, float(x0) / width),
        max(0.0, float(y0) / height),
        min(1.0, float(x1) / width),
        min(1.0, float(y1) / height),
    )


@cache
def _detector() -> TextDetector:
    return TextDetector(_part("Det", "PP-OCRv6_det_small.onnx", limit_side_len=DETECTION_SIDE, limit_type="max"))


@cache
def _turner() -> TextClassifier:
    return TextClassifier(_part("Cls", "ch_ppocr_mobile_v2.0_cls_mobile.onnx"))


@cache
def _recogniser() -> TextRecognizer:
    return TextRecognizer(_part("Rec", "PP-OCRv6_rec_small.onnx", font_path=None))


def _part(name: str, model: str, **changes: object) -> DictConfig:
    """RapidOCR's own settings for one part, with a session of ours whose threads do not spin while they wait."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = int(os.environ.get("PIAOBOT_OCR_THREADS", "0"))
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(
        str(_PACKAGE / "models" / model), sess_options=options, providers=["CPUExecutionProvider"]
    )
    settings = ParseParams.load(_PACKAGE / "config.yaml")[name]
    return OmegaConf.create({**settings, **changes, "session": session}, flags={"allow_objects": True})
