"""Print a draft as PDF with a font cut down to its characters, so that the file stays small.

Needs LibreOffice, chromium, Debian's fonts-noto-cjk and fonttools (`uv run --with fonttools`).
"""

import os
import subprocess
import tempfile
from pathlib import Path

from tests.samples.word import FONT, write_docx

COLLECTION = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SIMPLIFIED = 2  # place of the SC face in the collection
ALWAYS = "0123456789 -—第页共"  # running lines and page numbers
FONTS_CONF = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{folder}/cache</cachedir></fontconfig>"""


def small_font(text: str, target: Path) -> None:
    """Write the font's glyphs for `text` with TrueType outlines: chromium embeds others glyph by glyph."""
    from fontTools.pens.cu2quPen import Cu2QuPen  # type: ignore[import-not-found]
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-not-found]
    from fontTools.subset import Options, Subsetter  # type: ignore[import-not-found]
    from fontTools.ttLib import TTCollection, newTable  # type: ignore[import-not-found]

    font = TTCollection(COLLECTION).fonts[SIMPLIFIED]
    subsetter = Subsetter(Options(layout_features=[], notdef_outline=True))
    subsetter.populate(text=text + ALWAYS)
    subsetter.subset(font)
    outlines, drawn = font.getGlyphSet(), {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(outlines)
        outlines[name].draw(Cu2QuPen(pen, 2.0, reverse_direction=True))
        drawn[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = font.getGlyphOrder(), drawn
    limits = font["maxp"]
    limits.tableVersion = 0x00010000
    for name in [
        "TwilightPoints",
        "Storage",
        "FunctionDefs",
        "InstructionDefs",
        "StackElements",
        "SizeOfInstructions",
        "ComponentElements",
    ]:
        setattr(limits, f"max{name}", 0)
    limits.maxZones = 1
    font["post"].formatType = 3.0
    for table in {"CFF ", "VORG"} & set(font.keys()):
        del font[table]
    font.sfntVersion = "\x00\x01\x00\x00"
    font.save(target)


def write_pdf(draft: str, target: Path, via: str) -> None:
    """Print the draft: `via` docx with LibreOffice, `via` html with chromium."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        small_font(draft, home / "small.ttf")
        (home / "fonts.conf").write_text(FONTS_CONF.format(folder=folder), encoding="utf-8")
        source = home / f"{target.stem}.{via}"
        if via == "docx":
            write_docx(draft, source)
            command = ["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless"]
            command += ["--convert-to", "pdf", "--outdir", str(target.parent), str(source)]
        else:
            face = f'<style>@font-face{{font-family:"{FONT}";src:url(small.ttf)}}</style>'
            source.write_text(draft.replace("<style>", face + "<style>", 1), encoding="utf-8")
            command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
            command += [f"--print-to-pdf={target}", source.as_uri()]
        environment = os.environ | {"FONTCONFIG_FILE": str(home / "fonts.conf")}
        subprocess.run(command, check=True, capture_output=True, timeout=180, env=environment)
