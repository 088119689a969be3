"""Evidence as pictures that a Word paper or a page can show: photographs and scans made small enough, pages of a pdf drawn.

What comes out is JPEG, without the place and the camera that a telephone notes in a photograph.
"""

import io
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps
from pypdfium2 import PdfDocument, PdfiumError, PdfPage, raw

from reports.readers.pdf import ONE_AT_A_TIME

_PDF: Final = "application/pdf"
_FORMATS: Final = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP")
LONGEST_SIDE: Final = 1400
_QUALITY: Final = 75
_MOST_PIXELS: Final = 50_000_000


class NotShown(Exception):
    """Why a file cannot be shown, in words."""


def is_pictured(media_type: str) -> bool:
    """Whether files of this type are shown as pictures."""
    return media_type == _PDF or media_type.startswith("image/")


def pictures(
    path: Path, media_type: str, most: int, *, first: int = 0, longest: int = LONGEST_SIDE
) -> tuple[list[bytes], int]:
    """At `most` so many pages of a file from the `first` on, and how many it has; one picture is unpacked at a time.

    No side is longer than `longest`.

    Raises: NotShown, for one that is no picture, damaged, encrypted or too large to unpack.
    """
    if not is_pictured(media_type):
        raise NotShown("这种格式的内容不能显示为图片")
    try:
        if media_type == _PDF:
            with ONE_AT_A_TIME, PdfDocument(path) as document:
                document.init_forms()
                count = len(document)
                return [_of_page(document[n], longest) for n in range(first, min(first + most, count))], count
        with Image.open(path, formats=_FORMATS) as image:
            count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
            return [_of_image(image, n, longest) for n in range(first, min(first + most, count))], count
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotShown("图片尺寸过大") from error
    except (PdfiumError, OSError, SyntaxError, ValueError) as error:
        raise NotShown("打不开：已损坏、已加密，或是 HEIC 格式") from error


def _of_page(page: PdfPage, longest: int) -> bytes:
    for each in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]):
        width, height = each.get_px_size()
        if width * height > _MOST_PIXELS:
            raise NotShown("图片尺寸过大")
    drawn = page.render(scale=longest / max(1, *page.get_size())).to_pil()
    page.close()
    return _small(drawn, longest)


def _of_image(image: Image.Image, number: int, longest: int) -> bytes:
    image.seek(number)
    if image.width * image.height > _MOST_PIXELS and image.format != "JPEG":
        raise NotShown("图片尺寸过大")
    image.draft("RGB", (longest, longest))  # a JPEG is unpacked at a fraction of its size
    return _small(image, longest)


def _small(image: Image.Image, longest: int) -> bytes:
    """Upright, on white, no side longer than a page needs."""
    image = ImageOps.exif_transpose(image)
    is_clear = image.has_transparency_data
    if is_clear or image.mode in ("1", "P"):  # shades between two colours come with more of them
        image = image.convert("RGBA" if is_clear else "RGB")
    image.thumbnail((longest, longest))
    if is_clear:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
