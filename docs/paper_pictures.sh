#!/bin/sh
# Take the pictures of the papers: each written by its command from the demonstration as it stands today, drawn by LibreOffice.
#     sh docs/paper_pictures.sh        (needs LibreOffice, poppler-utils and the fonts of fonts-noto-cjk)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
bin=$here/../.venv/bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RECTIFY_DATA_DIR="$work/data" PYTHONPATH="$here/.."
year=$(date +%Y)

"$bin/python" -c 'from app.cli.common import clock, ledger, settings
from app.demo.making import make_demo
make_demo(settings(), ledger(), clock())'

paper() { # its name, then the command that writes it, up to the file
    name=$1
    shift
    "$bin/rectify" "$@" "$work/$name" >/dev/null
}
paper briefing.docx briefing write --out
paper briefing-full.docx briefing write --full --out
paper bulletin.docx summary write --out
paper source-report.docx documents source "云法督〔$year〕3号" --out
paper annual.docx annual write --year "$year" --out
paper duty.docx annual write --duty --year "$year" --out
paper breakdown.docx breakdown export
paper closing-sheet.docx task sheet "$year-010"
paper closing-sheet-unsigned.docx task sheet "$((year - 1))-007"
paper dossier.docx task dossier "$year-008"
paper look-back.docx task look-back-sheet "$((year - 2))-003"
paper urging.docx task notice deng
paper for-signature.docx task notice liang --signing
paper ledger.xlsx ledger export
paper ledger-public.xlsx ledger export --public

FONTCONFIG_FILE="$here/fonts.conf" soffice "-env:UserInstallation=file://$work/profile" --headless \
    --convert-to pdf --outdir "$work" "$work"/*.docx "$work"/*.xlsx >/dev/null
rm -rf "$here/images/papers"
mkdir -p "$here/images/papers"
for pdf in "$work"/*.pdf; do
    pdftoppm -l 4 -r 79 -gray -png "$pdf" "$here/images/papers/$(basename "$pdf" .pdf)"
done
"$bin/python" - "$here"/images/papers/*.png <<'END'
import pathlib, sys
from PIL import Image
for name in sys.argv[1:]:
    Image.open(name).quantize(12).save(name, optimize=True)
    if pathlib.Path(name).stat().st_size > 120 * 1024:
        sys.exit(f"{name} is larger than 120 KB")
END
