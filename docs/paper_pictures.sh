#!/bin/sh
# Take the pictures of the papers: each written by its page or command from the demonstration as it stands today, drawn by LibreOffice.
#     sh docs/paper_pictures.sh        (needs LibreOffice, poppler-utils and the fonts of fonts-noto-cjk)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
bin=$here/../.venv/bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RECTIFY_DATA_DIR="$work/data" PYTHONPATH="$here/.."
year=$(date +%Y)

"$bin/python" - "$work" "$year" <<'END'
import sys
from pathlib import Path

from starlette.testclient import TestClient

from app.cli.common import clock, ledger, settings, system_by
from app.demo.making import make_demo
from app.web.application import create_app
from documents.halfyear.summary_docx import write_bulletin
from models.enums import TokenScope
from rectification.halfyear.summaries import last_month
from rectification.halfyear.summary_versions import summary_of
from rectification.office.people import list_people
from rectification.office.sources import list_sources
from rectification.office.tokens import make_token

work, year = Path(sys.argv[1]), int(sys.argv[2])
make_demo(settings(), ledger(), clock())
with ledger().unit_of_work() as session:
    ids = {person.login: person.id for person in list_people(session)}
    paper_no = f"云法督〔{year}〕3号"
    source = next(row.id for row in list_sources(session, 1) if row.paper_no == paper_no)
    (work / "bulletin.docx").write_bytes(write_bulletin(summary_of(session, 1, last_month(clock().today))))
    token = make_token(session, system_by(), ids["su"], "papers", TokenScope.READ, 30)
board = TestClient(create_app(settings(), ledger(), clock))
for name, address in {
    "source-report": f"sources/{source}/report.docx",
    "annual": f"annual/{year}.docx",
    "duty": f"annual/{year}/duty.docx",
    "closing-sheet": f"tasks/{year}-010/sheet.docx",
    "closing-sheet-unsigned": f"tasks/{year - 1}-007/sheet.docx",
    "dossier": f"tasks/{year}-008/dossier.docx",
    "look-back": f"tasks/{year - 2}-003/look-back.docx",
    "urging": f"calls/{ids['hejing']}/notice.docx",
}.items():
    answer = board.get(f"/api/{address}", headers={"Authorization": f"Bearer {token}"})
    (work / f"{name}.docx").write_bytes(answer.raise_for_status().content)
END

paper() { # its name, then the command that writes it, up to the file
    name=$1
    shift
    "$bin/rectify" "$@" "$work/$name" >/dev/null
}
paper briefing.docx briefing write --out
paper briefing-full.docx briefing write --full --out
paper breakdown.docx breakdown export
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
