"""Take the pictures of the papers: each written from the demonstration as it stands today, drawn by LibreOffice.

.venv/bin/python docs/paper_pictures.py [FOLDER]
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from pypdfium2 import PdfDocument

IMAGES: Final = Path(__file__).parent / "images" / "papers"
MOST_PAGES: Final = 4
MOST_BYTES: Final = 120 * 1024
PAPERS: Final = {
    "汇报材料.docx": "briefing write --out",
    "汇报材料全套提纲.docx": "briefing write --full --out",
    "整改情况报告.docx": "documents source 云法督〔{year}〕3号 --out",
    "年度报告素材.docx": "annual write --year {year} --out",
    "履职清单.docx": "annual write --duty --year {year} --out",
    "任务分解表.docx": "breakdown export",
    "销号单.docx": "task sheet {year}-010",
    "待签的销号单.docx": "task sheet {last_year}-007",
    "销号单和佐证材料.docx": "task dossier {year}-008 --out",
    "回头看核查记录.docx": "task look-back-sheet {before}-003",
    "催办通知单.docx": "task notice deng",
    "呈签提示单.docx": "task notice liang --signing",
    "台账.xlsx": "ledger export",
}
"""Each paper with the command that writes it."""
FONTS: Final = """<?xml version="1.0"?><fontconfig><include>/etc/fonts/fonts.conf</include>{}</fontconfig>"""
STANDS_FOR: Final = """<match><test name="family"><string>{}</string></test>
<edit name="family" mode="assign" binding="strong"><string>Noto {} CJK SC</string></edit>
<edit name="weight" mode="assign"><const>{}</const></edit></match>"""
FACES: Final = {
    "方正小标宋简体": ("Serif", "bold"),
    "仿宋_GB2312": ("Serif", "regular"),
    "楷体_GB2312": ("Serif", "regular"),
    "黑体": ("Sans", "regular"),
}
"""What is drawn for the fonts of the standard, which no free system has."""


def main(images: Path) -> None:
    """Write the pages of every paper into `images`."""
    folder = Path(tempfile.mkdtemp())
    os.environ["RECTIFY_DATA_DIR"] = str(folder / "data")
    from app.cli.common import clock, ledger, settings  # settings are read as they are asked for first
    from app.cli.root import run
    from app.demo.making import make_demo

    make_demo(settings(), ledger(), clock())
    year = clock().today.year
    shutil.rmtree(images, ignore_errors=True)
    images.mkdir(parents=True)
    for name, command in PAPERS.items():
        words = command.format(year=year, last_year=year - 1, before=year - 2).split()
        if run([*words, str(folder / name)]):
            raise SystemExit(f"{name}: not written")
    ledger().dispose()
    draw(folder, images)
    shutil.rmtree(folder)


def draw(folder: Path, images: Path) -> None:
    """The first pages of every paper in `folder`, as small as a page can be and still be read."""
    office = [f"-env:UserInstallation=file://{folder / 'profile'}", "--headless", "--convert-to", "pdf"]
    faces = "".join(STANDS_FOR.format(name, *face) for name, face in FACES.items())
    (folder / "fonts.conf").write_text(FONTS.format(faces), encoding="utf-8")
    command = ["soffice", *office, "--outdir", str(folder), *(str(folder / name) for name in PAPERS)]
    with_fonts = os.environ | {"FONTCONFIG_FILE": str(folder / "fonts.conf")}
    subprocess.run(command, check=True, capture_output=True, env=with_fonts)
    for name in PAPERS:
        with PdfDocument(folder / f"{Path(name).stem}.pdf") as pdf:
            for number in range(min(MOST_PAGES, len(pdf))):
                page = pdf[number].render(scale=1.1).to_pil().convert("L").quantize(12)
                place = images / f"{Path(name).stem}-{number + 1}.png"
                page.save(place, optimize=True)
                if place.stat().st_size > MOST_BYTES:
                    raise SystemExit(f"{place.name}: {place.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES)
