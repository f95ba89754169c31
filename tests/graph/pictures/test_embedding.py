"""Drawings carried by pictures: found again, or refused with the reason."""

import base64
import hashlib
import io
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.fileio import dumps
from graph.model import Document
from graph.pictures import load_picture, loads_picture, payload, png, svg
from graph.pictures.payload import wrapped
from graph.problems import UserError
from tests.drawing import chain


def chunk(kind: bytes, content: bytes) -> bytes:
    crc = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)


def plain_png() -> bytes:
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        png.SIGNATURE
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0\0"))
        + chunk(b"IEND", b"")
    )


def plain_svg(inside: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg">{inside}<rect/></svg>'.encode()


DRAWING = chain("input conv2d relu flatten dense output")


def carried(text: str) -> list[bytes]:
    """A PNG and an SVG that carry a text."""
    return [png.with_text(plain_png(), text), plain_svg(svg.metadata(text))]


def refusal(data: bytes) -> str:
    with pytest.raises(UserError) as caught:
        loads_picture(data, "net.png")
    return str(caught.value)


def test_a_drawing_comes_back_out_of_its_picture_as_it_went_in():
    for picture in carried(wrapped(DRAWING)):
        assert dumps(loads_picture(picture, "net").document) == dumps(DRAWING)


def test_any_text_chunk_of_the_drawing_is_read():
    text = wrapped(DRAWING).encode()
    bodies = {
        b"tEXt": text,
        b"zTXt": b"\0" + zlib.compress(text),
        b"iTXt": b"\0\0en\0Torchloom\0" + text,
    }
    for kind, body in bodies.items():
        whole = plain_png()
        there = whole.index(b"IEND") - 4
        made = whole[:there] + chunk(kind, b"torchloom\0" + body) + whole[there:]
        assert dumps(loads_picture(made, "net").document) == dumps(DRAWING)


def test_a_picture_without_a_drawing_is_told_apart_from_a_damaged_one():
    for picture in (plain_png(), plain_svg("")):
        assert "carries no drawing" in refusal(picture)
    assert "neither a PNG nor an SVG" in refusal(b"GIF89a")
    assert "neither a PNG nor an SVG" in refusal(b"")


def test_a_picture_that_is_cut_off_is_refused_wherever_it_ends():
    for picture in carried(wrapped(DRAWING)):
        start = picture.index(b"torchloom-drawing")
        for end in range(8, start + 300, 17):
            assert refusal(picture[:end])


def test_a_changed_drawing_is_refused_by_its_hash():
    text = wrapped(DRAWING)
    mark, version, digest, _body = text.split()
    other = base64.b64encode(zlib.compress(dumps(Document()).encode())).decode()
    for picture in carried(f"{mark} {version} {digest} {other}"):
        assert "hash" in refusal(picture)


def test_another_version_is_refused_by_its_number():
    for picture in carried(wrapped(DRAWING).replace(" 1 ", " 7 ", 1)):
        assert "version 7" in refusal(picture)
    for picture in carried("torchloom-drawing x"):
        assert "no drawing of Torchloom" in refusal(picture)


def test_what_unpacks_to_too_much_is_refused_without_unpacking_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(payload, "LARGEST_JSON", 1000)
    packed = zlib.compress(b" " * 5_000_000)
    text = f"torchloom-drawing 1 {hashlib.sha256().hexdigest()} {base64.b64encode(packed).decode()}"
    for picture in carried(text):
        assert "unpacks to more" in refusal(picture)


def test_a_text_chunk_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png, "LARGEST_TEXT", 1000)
    whole = plain_png()
    bomb = chunk(b"zTXt", b"torchloom\0\0" + zlib.compress(b"A" * 5_000_000))
    assert "unpacks to more" in refusal(whole[:33] + bomb + whole[33:])


def test_an_enormous_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payload, "LARGEST_TEXT", 1000)
    monkeypatch.setattr(svg, "LARGEST_TEXT", 1000)
    for picture in carried("torchloom-drawing 1 0 " + "A" * 3000):
        assert "MB" in refusal(picture)


def test_an_svg_with_a_document_type_is_never_expanded():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    bomb = f"<!DOCTYPE svg [{laughs}]><svg>&l11;</svg>".encode()
    assert "document type" in refusal(bomb)
    outside = b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>'
    assert "document type" in refusal(outside)


def test_an_endless_svg_is_not_read_to_its_end():
    endless = b"<svg>" + b"<a/>" * 5_000_000
    assert "carries no drawing" in refusal(endless)
    long = svg.metadata(wrapped(DRAWING)).replace(
        "torchloom-drawing 1 ", "torchloom-drawing 1 " * 9
    )
    assert refusal(plain_svg(long))


def test_an_svg_nested_without_end_is_refused():
    assert "nested" in refusal(b"<svg>" + b"<g>" * 5000)


def test_a_file_of_the_wrong_kind_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no file"):
        load_picture(tmp_path / "gone.png")
    with pytest.raises(UserError, match="is no file"):
        load_picture(tmp_path)
    (tmp_path / "net.png").write_bytes(carried(wrapped(DRAWING))[0])
    assert load_picture(tmp_path / "net.png").document.graph.nodes


def test_many_tiny_chunks_end_the_search():
    many = io.BytesIO()
    many.write(plain_png()[:33])
    many.write(chunk(b"teSt", b"") * (png.MOST_CHUNKS + 5))
    assert "more than 100,000 parts" in refusal(many.getvalue())


def test_a_drawing_too_large_for_a_picture_is_not_put_there(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(payload, "LARGEST_JSON", 100)
    with pytest.raises(UserError, match="without the drawing"):
        wrapped(DRAWING)


WHOLE = carried(wrapped(chain("input dense")))


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=6),
    st.floats(0, 1),
)
def test_a_damaged_picture_is_refused_or_still_whole(picture, changes, end):
    damaged = bytearray(picture)
    for at, value in changes:
        damaged[int(at * (len(damaged) - 1))] = value
    for data in (bytes(damaged), bytes(damaged[: int(end * len(damaged))])):
        try:
            found = loads_picture(data, "net")
        except UserError as error:
            assert str(error)
        else:
            assert dumps(found.document) == dumps(chain("input dense"))


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from([b"", png.SIGNATURE, b"<svg>", b"\xff\xfe<\0s\0v\0g\0"]),
)
def test_any_bytes_are_refused_with_a_reason(data, beginning):
    assert refusal(beginning + data)
