"""Evidence as pictures that a Word paper can hold: photographs and scans made small enough, pages of a pdf drawn.

What comes out is JPEG, without the place and the camera that a telephone notes in a photograph.
"""

import io
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps
from pypdfium2 import PdfDocument, PdfiumError

from reports.readers.pdf import ONE_AT_A_TIME

_PDF: Final = "application/pdf"
_FORMATS: Final = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP")
_LONGEST_SIDE: Final = 1400
_QUALITY: Final = 75
_MOST_PIXELS: Final = 50_000_000


class NotShown(Exception):
    """Why a file cannot be shown, in words."""


def is_pictured(media_type: str) -> bool:
    """Whether files of this type are shown as pictures."""
    return media_type == _PDF or media_type.startswith("image/")


def pictures(path: Path, media_type: str, most: int) -> tuple[list[bytes], int]:
    """The first `most` pages of a file, and how many it has; one picture is unpacked at a time.

    Raises: NotShown, for one that is damaged, encrypted or too large to unpack.
    """
    try:
        if media_type == _PDF:
            with ONE_AT_A_TIME:
                return _of_pdf(path, most)
        with Image.open(path, formats=_FORMATS) as image:
            count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
            return [_of_image(image, number) for number in range(min(most, count))], count
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotShown("图片尺寸过大") from error
    except (PdfiumError, OSError, SyntaxError, ValueError) as error:
        raise NotShown("打不开：已损坏、已加密，或是 HEIC 格式") from error


def _of_pdf(path: Path, most: int) -> tuple[list[bytes], int]:
    with PdfDocument(path) as document:
        document.init_forms()
        drawn = []
        for number in range(min(most, len(document))):
            page = document[number]
            scale = _LONGEST_SIDE / max(1, *page.get_size())
            drawn.append(_small(page.render(scale=scale).to_pil()))
            page.close()
        return drawn, len(document)


def _of_image(image: Image.Image, number: int) -> bytes:
    image.seek(number)
    if image.width * image.height > _MOST_PIXELS and image.format != "JPEG":
        raise NotShown("图片尺寸过大")
    image.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))  # a JPEG is unpacked at a fraction of its size
    return _small(image)


def _small(image: Image.Image) -> bytes:
    """Upright, on white, no side longer than a page needs."""
    image = ImageOps.exif_transpose(image)
    is_clear = image.has_transparency_data
    if is_clear or image.mode in ("1", "P"):  # shades between two colours come with more of them
        image = image.convert("RGBA" if is_clear else "RGB")
    image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    if is_clear:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
