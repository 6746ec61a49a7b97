"""Contact sheets: each cue beside what was recalled and the memory nearest to that, with a line of verdict below.

Only reduced images are kept, so a sheet takes little whatever the cues are. Small images are enlarged by whole factors.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from mnemonist.tasks.image_restoration import Restored
from mnemonist.tasks.restoration import Finding

if TYPE_CHECKING:
    from PIL.Image import Image

_CELL, _GAP, _MARGIN, _LINE = 176, 10, 28, 20  # pixels
_MOST = 60  # cues on a sheet
_PAPER, _INK, _DIM, _HIDDEN = (250, 250, 248), (34, 34, 34), (120, 120, 120), (214, 208, 220)
_TITLES = ("cue", "recalled", "nearest memory")


@dataclass
class Sheet:
    """Rows of three small images, and the verdict on each."""

    rows: list[tuple[list["Image | None"], str, str, bool]] = field(default_factory=list)
    count: int = 0

    def add(self, one: Restored, verdict: str) -> None:
        """Put a cue on the sheet, as long as there is room."""
        self.count += 1
        if len(self.rows) < _MOST:
            images = [None if image is None else _small(image) for image in (one.cue, one.image, one.nearest)]
            finding: Finding = one.finding
            self.rows.append((images, finding.cue, verdict, finding.kind.name == "MEMORY"))

    def image(self) -> "Image":
        """Return the sheet as one image."""
        from PIL import Image, ImageDraw, ImageFont

        across = 1 if len(self.rows) < 4 else 2 if len(self.rows) < 16 else 3
        down = -(-len(self.rows) // across)
        high = max((image.height for images, *_ in self.rows for image in images if image is not None), default=_CELL)
        wide, tall = 3 * _CELL + 2 * _GAP, high + 2 * _LINE + _GAP
        size = (
            2 * _MARGIN + across * wide + (across - 1) * _MARGIN,
            2 * _MARGIN + _LINE + 8 + down * (tall + _GAP) + _LINE,
        )
        page = Image.new("RGB", size, _PAPER)
        draw, font, bold = ImageDraw.Draw(page), ImageFont.load_default(13), ImageFont.load_default(14)
        for column in range(across):
            for cell, title in enumerate(_TITLES):
                x = _MARGIN + column * (wide + _MARGIN) + cell * (_CELL + _GAP) + _CELL // 2
                draw.text((x, _MARGIN), title, fill=_DIM, font=bold, anchor="ma")
        for number, (images, name, verdict, good) in enumerate(self.rows):
            left = _MARGIN + (number % across) * (wide + _MARGIN)
            top = _MARGIN + _LINE + 8 + (number // across) * (tall + _GAP)
            for cell, image in enumerate(images):
                if image is not None:
                    x = left + cell * (_CELL + _GAP) + (_CELL - image.width) // 2
                    page.paste(image, (x, top + (high - image.height) // 2))
            draw.text((left, top + high + 6), _fitting(name, draw, bold, wide), fill=_INK, font=bold)
            colour = (22, 110, 60) if good else (170, 80, 10)
            draw.text((left, top + high + 6 + _LINE - 3), _fitting(verdict, draw, font, wide), fill=colour, font=font)
        if self.count > len(self.rows):
            text = f"the first {len(self.rows)} of {self.count} cues"
            draw.text((_MARGIN, size[1] - _MARGIN - 4), text, fill=_DIM, font=font)
        return page


def _small(values: np.ndarray) -> "Image":
    """Return an image (h, w, 1 or 3) that fits into a cell; what is hidden is tinted."""
    from PIL import Image

    colours = np.repeat(values, 3, axis=-1) if values.shape[-1] == 1 else values
    shown = np.isfinite(colours).all(axis=-1, keepdims=True)
    pixels = np.where(shown, np.rint(255 * np.clip(np.nan_to_num(colours), 0, 1)), _HIDDEN).astype(np.uint8)
    image = Image.fromarray(pixels)
    larger = _CELL // max(image.size)
    if larger > 1:
        return image.resize((image.width * larger, image.height * larger), Image.Resampling.NEAREST)
    share = min(1.0, _CELL / max(image.size))
    size = max(1, round(image.width * share)), max(1, round(image.height * share))
    return image.resize(size, Image.Resampling.LANCZOS)


def _fitting(text: str, draw: Any, font: Any, width: int) -> str:
    """Return a text, cut where it is too long for its line or cannot be shown."""
    text = "".join(letter if letter.isprintable() else "?" for letter in text)
    if draw.textlength(text, font=font) <= width:
        return text
    while text and draw.textlength(text + "…", font=font) > width:
        text = text[:-1]
    return text + "…"


def verdict(finding: Finding, others: Sequence[str] = ()) -> str:
    """Return what became of a cue, in a line."""
    parts = [finding.kind.name.lower().replace("_", " ")]
    if finding.kind.name != "UNFAMILIAR":
        parts[0] += f": {finding.memory}"
    if finding.hidden and finding.size:
        parts.append(f"{100 * finding.hidden / finding.size:.0f}% hidden")
    if finding.more.get("psnr") is not None:
        parts.append(f"PSNR {finding.more['psnr']:.1f} dB")
    if finding.more.get("ssim") is not None:
        parts.append(f"SSIM {finding.more['ssim']:.3f}")
    return ", ".join([*parts, *others])
