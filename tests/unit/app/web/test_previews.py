"""Evidence to look at: pictures the server made of it, for whoever may download it, and words where there are none."""

import io
import re
from typing import Any

import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import select

from models.enums import Verb
from models.task import Evidence
from tests.unit.app.web.conftest import World
from tests.unit.reports.making import scanned_pdf


def picture(kind: str, size: tuple[int, int] = (3000, 2000), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind)
    return out.getvalue()


def pdf_of_a_large_picture() -> bytes:
    """A page that unpacks to 60 million pixels."""
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(595, 842)
    drawn = pypdfium2.PdfImage.new(document)
    drawn.set_bitmap(pypdfium2.PdfBitmap.new_native(10_000, 6_000, pypdfium2.raw.FPDFBitmap_Gray))
    drawn.set_matrix(pypdfium2.PdfMatrix().scale(595, 842))
    page.insert_obj(drawn)
    page.gen_content()
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def handed_in(world: World, name: str, content: bytes) -> str:
    """The address of a file that the officer hands in."""
    officer = world.board.browser(world.home.officer)
    sent = officer.post(
        f"/tasks/{world.running}/evidence", {"kind": "case"}, files={"file": (name, content, "x/y")}
    )
    assert sent.status_code == 303, sent.text
    with world.board.database.reading() as session:
        number = session.scalars(select(Evidence.id).order_by(Evidence.id.desc()).limit(1)).one()
    return f"/tasks/{world.running}/evidence/{number}"


def shown(world: World, address: str) -> Any:
    return world.board.browser(world.home.officer).get(address)


@pytest.mark.parametrize(
    ("name", "content"),
    [("现场.jpg", picture("JPEG")), ("截图.png", picture("PNG")), ("批复.pdf", scanned_pdf(3))],
)
def test_a_picture_or_pdf_is_looked_at_as_a_picture_the_server_made(
    world: World, name: str, content: bytes
) -> None:
    address = handed_in(world, name, content)
    small, large = (shown(world, f"{address}/pages/1{size}") for size in ("?small=true", ""))

    for answer, longest in ((small, 320), (large, 1400)):
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert max(Image.open(io.BytesIO(answer.content)).size) == longest
    assert content not in (small.content, large.content)


def test_every_page_of_a_pdf_can_be_read_and_no_page_beyond(world: World) -> None:
    address = handed_in(world, "批复.pdf", scanned_pdf(3))
    page = shown(world, f"{address}/preview").text
    assert "共 3 页" in page
    assert re.findall(r"/pages/(\d+)\"", page) == ["1", "2", "3"]
    assert f'href="{address}"' in page
    assert shown(world, f"{address}/pages/3").status_code == 200
    assert [shown(world, f"{address}/pages/{n}").status_code for n in (0, 4, 31)] == [404, 404, 404]
    assert shown(world, f"{address}/pages/1?small=huge").status_code == 422


def test_a_long_pdf_shows_its_first_pages_and_says_so(world: World) -> None:
    address = handed_in(world, "卷宗.pdf", scanned_pdf(33))
    page = shown(world, f"{address}/preview").text
    assert "共 33 页，这里看前 30 页" in page
    assert page.count("<img") == 30


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("炸弹.png", picture("PNG", (8000, 8000), "1"), "尺寸过大"),
        ("炸弹.pdf", pdf_of_a_large_picture(), "尺寸过大"),
        ("截断.png", picture("PNG")[:200], "打不开"),
        ("截断.pdf", scanned_pdf()[:300], "打不开"),
        ("台账.txt", "一、案卷".encode(), "这种格式"),
    ],
)
def test_what_cannot_be_shown_is_said_in_plain_words(
    world: World, name: str, content: bytes, why: str
) -> None:
    address = handed_in(world, name, content)
    answer = shown(world, f"{address}/pages/1")
    assert answer.status_code == 415
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("不能预览：")
    assert why in answer.text
    assert shown(world, address).content == content


def test_a_page_that_cannot_be_shown_says_why_and_offers_the_file(world: World) -> None:
    address = handed_in(world, "截断.pdf", scanned_pdf()[:300])
    page = shown(world, f"{address}/preview")
    assert (page.status_code, "不能预览：打不开" in page.text) == (200, True)
    assert f'href="{address}"' in page.text


def test_only_who_may_download_a_piece_may_look_at_it(world: World) -> None:
    address = handed_in(world, "批复.pdf", scanned_pdf())
    stranger, foreign = (world.board.browser(one) for one in (world.home.other, world.foreign.clerk))
    elsewhere = address.replace(world.running, world.plan)
    for looked_at in ("", "/preview", "/pages/1"):
        assert stranger.get(address + looked_at).status_code == 404
        assert foreign.get(address + looked_at).status_code == 404
        assert shown(world, elsewhere + looked_at).status_code == 404
        assert world.board.browser().get(address + looked_at).status_code == 303


def test_nothing_is_left_of_a_file_that_was_destroyed(world: World) -> None:
    address = handed_in(world, "批复.pdf", scanned_pdf())
    before = {path for path in world.board.folder.rglob("*") if path.is_file()}
    assert shown(world, f"{address}/pages/1").status_code == 200
    assert {path for path in world.board.folder.rglob("*") if path.is_file()} == before
    purged = {
        "evidence_id": address.rpartition("/")[2],
        "reason": "误传了个人信息",
        "witness_id": str(world.home.head.id),
    }
    sent = world.board.browser(world.home.clerk).post(
        f"/tasks/{world.running}/{Verb.PURGE_EVIDENCE.value.replace('_', '-')}", purged
    )
    assert sent.status_code == 303
    for looked_at in ("", "/preview", "/pages/1"):
        assert shown(world, address + looked_at).status_code == 404


def test_the_task_and_the_decision_show_pieces_small_and_each_is_downloaded(world: World) -> None:
    address = handed_in(world, "现场.jpg", picture("JPEG"))
    handed_in(world, "说明.txt", "逐件补齐".encode())
    page = shown(world, f"/tasks/{world.running}").text
    leaders = world.board.browser(world.home.leader).get(f"/tasks/{world.running}/terminate").text
    for told in (page, leaders):
        assert f'<img src="{address}/pages/1?small=true"' in told
        assert told.count("?small=true") == 1
        assert f'href="{address}/preview"' in told
        assert f'<a href="{address}">现场.jpg</a>' in told
        assert "说明.txt</a><small>1 KB</small>" in told
