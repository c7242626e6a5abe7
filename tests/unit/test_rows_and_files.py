"""Import files and their rows, before anything is stored."""

import csv
import gzip
import io
import json
import os
import random
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.files import BadFile, Line, read_lines
from directory.errors import InvalidInput
from directory.regions import Regions
from directory.rows import parse_row
from directory.values import Kind, Plan

HEADER = b"id,region,name\n"
ROW = {"id": "a-1", "region": "ca", "name": "Boréal inc."}


def lines(folder: Path, content: bytes) -> list[Line]:
    path = folder / "few.csv"
    path.write_bytes(content)
    return list(read_lines(path))


def why(folder: Path, content: bytes) -> str:
    with pytest.raises(BadFile) as caught:
        lines(folder, content)
    return str(caught.value)


def bad_fields(**fields: Any) -> set[str]:
    with pytest.raises(InvalidInput) as caught:
        parse_row({**ROW, **fields}, Regions())
    return set(caught.value.fields)


def test_each_line_is_read_with_its_number(tmp_path: Path) -> None:
    read = lines(tmp_path, HEADER + b"a,ca,Un\n\nb,ca,Deux\n")
    assert [(line.number, line.fields and line.fields["id"]) for line in read] == [(2, "a"), (4, "b")]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + HEADER + b"a,ca,Un\n",
        HEADER.replace(b"\n", b"\r\n") + b"a,ca,Un\r\n",
        HEADER + b"a,ca,Un",
        b"id, region ,name\na,ca,Un\n",
        gzip.compress(HEADER + b"a,ca,Un\n"),
        b'{"id": "a", "region": "ca", "name": "Un"}\n',
        b'\xef\xbb\xbf{"id": "a", "region": "ca", "name": "Un"}\r\n',
        gzip.compress(b'{"id": "a", "region": "ca", "name": "Un"}'),
    ],
    ids=["byte order mark", "CRLF", "no last line break", "spaces", "gzip", "JSON", "JSON with mark", "JSON gzip"],
)
def test_the_usual_ways_of_writing_a_file_are_read_alike(tmp_path: Path, content: bytes) -> None:
    assert [line.fields for line in lines(tmp_path, content)] == [{"id": "a", "region": "ca", "name": "Un"}]


def test_quotes_and_commas_stand_for_what_csv_says(tmp_path: Path) -> None:
    (line,) = lines(tmp_path, HEADER + b'a,ca,"Un, deux ""et"" trois"\n')
    assert line.fields is not None
    assert line.fields["name"] == 'Un, deux "et" trois'


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"a,ca,Bor\xe9al\n", "not UTF-8"),
        (b"a,ca,\xed\xa0\x80\n", "not UTF-8"),
        (b"a,ca\n", "2 values where the header names 3"),
        (b"a,ca,Un,deux\n", "4 values where the header names 3"),
        (b'a,ca,"Un\n', "not a line of CSV"),
        (b'a,ca,"Un"x\n', "not a line of CSV"),
        (b"a,ca," + b"x" * 200_000 + b"\n", "not a line of CSV"),
    ],
    ids=["Latin-1", "surrogate", "too few", "too many", "open quote", "after a quote", "endless"],
)
def test_a_broken_line_says_why_and_the_next_is_read(tmp_path: Path, bad: bytes, reason: str) -> None:
    broken, whole = lines(tmp_path, HEADER + bad + b"b,ca,Deux\n")
    assert (broken.number, broken.fields, broken.reason) == (2, None, reason)
    assert whole.fields is not None


def test_an_endless_line_is_one_bad_line_and_its_rest_is_no_row(tmp_path: Path) -> None:
    endless = b"a,ca," + b"x" * (1_000_000 - 5) + b"b,ca,Hidden in it"
    long, last = lines(tmp_path, HEADER + endless + b"\nc,ca,Trois\n")
    assert (long.number, long.fields) == (2, None)
    assert (last.number, last.fields and last.fields["id"]) == (3, "c")


def fields(folder: Path, content: bytes) -> list[Any]:
    """By line: what each holds, None for a broken one."""
    return [(line.number, line.fields and (line.fields["id"], line.fields["name"])) for line in lines(folder, content)]


@pytest.mark.parametrize("before", ["1 Main St", 'the "Old" Mill, 2', "x" * 150_000, "\n" * 50_000])
def test_who_writes_line_breaks_into_a_value_writes_no_rows_with_it(tmp_path: Path, before: str) -> None:
    written = io.StringIO()
    csv.writer(written).writerows(
        [("id", "region", "name"), ("a", "ca", f"{before}\nc-1,ca,Somebody else,\nx"), ("b", "ca", "Deux")]
    )
    first, second = fields(tmp_path, written.getvalue().encode())
    assert first[1] is None or first[1][0] == "a"
    assert second[1] == ("b", "Deux")


def test_a_value_with_line_breaks_is_one_line_by_the_number_of_its_first(tmp_path: Path) -> None:
    content = HEADER + b'a,ca,"Un\r\n\n""et"" d\xe9"\nb,ca,"Deux\nTrois"\nc,ca,"Quatre"\n'
    assert fields(tmp_path, content) == [(2, None), (5, ("b", "Deux\nTrois")), (7, ("c", "Quatre"))]


def test_quotes_that_are_not_closed_as_csv_closes_them_break_their_own_line_alone(tmp_path: Path) -> None:
    content = HEADER + b'a,ca,"Un\nb,ca,Deux\nc,ca,"Trois, quatre"\nd,ca,5" Pipe\ne,ca,"Six\nf,ca,Sept'
    assert fields(tmp_path, content) == [
        (2, None), (3, ("b", "Deux")), (4, ("c", "Trois, quatre")), (5, ("d", '5" Pipe')), (6, None), (7, ("f", "Sept")),
    ]  # fmt: skip


@pytest.mark.parametrize("bad", [b"[]", b"5", b'{"id": "a"', b"{" * 100_000, b'{"id": "a\xe9"}', b"a,ca,Un"])
def test_a_line_that_is_no_json_object_says_so_and_the_next_is_read(tmp_path: Path, bad: bytes) -> None:
    whole = json.dumps(ROW).encode()
    first, broken, last = lines(tmp_path, whole + b"\n" + bad + b"\n" + whole)
    assert broken.fields is None
    assert broken.reason
    assert first.fields == last.fields == ROW


def test_a_file_of_one_column_too_many_names_it_and_lists_what_is_known(tmp_path: Path) -> None:
    said = why(tmp_path, b"id,region,name,shoe_size\n")
    assert "shoe_size" in said
    assert "postal_code" in said
    assert len(why(tmp_path, b"id,region,name," + b"a" * 90_000)) < 1_000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"id,name\na,Un\n", "no column region"),
        (b"id,region,name,name\n", "twice"),
        (b"id,region,name,\n", "no name"),
        (b"\x00\x01\x02", "no text in UTF-8"),
        ("id,region,name\na,ca,Un\n".encode("utf-16"), "no text in UTF-8"),
        ('{"id": "a"}\n'.encode("utf-16"), "no text in UTF-8"),
        ("id,region,name,numéro\n".encode("latin-1"), "no text in UTF-8"),
        (b"PK\x03\x04\x14\x00\x1b[31m", "no text in UTF-8"),
        (b"id,region,name\ra,ca,Un\r", "no line of CSV"),
        (b'"id","region","name\na,ca,Un\n', "no line of CSV"),
        (b'[{"id": "a", "region": "ca", "name": "Un"}]', "an object in each line"),
        (gzip.compress(HEADER + b"a,ca,Un\n" * 9_999, mtime=0)[:-20], "damaged"),
        (gzip.compress(HEADER, mtime=0)[:-4] + b"\x00" * 4, "damaged"),
    ],
)
def test_a_file_that_makes_no_sense_as_a_whole_is_refused_with_a_sentence(
    tmp_path: Path, content: bytes, said: str
) -> None:
    assert said in why(tmp_path, content)


@pytest.mark.parametrize("content", [HEADER + b"a,ca,Un\n", gzip.compress(HEADER + b"a,ca,Un\n")])
def test_a_pipe_is_read_like_a_file(tmp_path: Path, content: bytes) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writing = threading.Thread(target=pipe.write_bytes, args=(content,))
    writing.start()
    read = list(read_lines(pipe))
    writing.join()
    assert [line.fields and line.fields["name"] for line in read] == ["Un"]


@pytest.mark.parametrize("seed", range(8))
def test_a_gzip_file_damaged_in_the_middle_is_refused_with_a_sentence(tmp_path: Path, seed: int) -> None:
    packed = bytearray(gzip.compress(HEADER + b"".join(b"%d,ca,Un\n" % n for n in range(5_000))))
    chance = random.Random(seed)
    at = chance.randrange(20, len(packed) - 100)
    packed[at : at + 20] = chance.randbytes(20)
    assert "damaged" in why(tmp_path, bytes(packed))


def test_what_a_row_leaves_out_has_a_default() -> None:
    row = parse_row(ROW, Regions())
    assert (row.kind, row.plan, row.visible, row.card.country) == (Kind.BUSINESS, Plan.ESSENTIALS, True, "CA")


def test_where_a_row_does_not_say_the_region_decides_whether_it_is_visible() -> None:
    regions = Regions.parse("ca,de=off")
    assert parse_row(ROW, regions).visible is True
    assert parse_row({**ROW, "region": "de"}, regions).visible is False
    assert parse_row({**ROW, "region": "de", "visible": "true"}, regions).visible is True
    assert parse_row({**ROW, "visible": "false"}, regions).visible is False


def test_other_names_are_parted_by_bars() -> None:
    assert parse_row({**ROW, "other_names": "Un| Deux ||Un"}, Regions()).card.other_names == ("Un", "Deux")
    assert parse_row({**ROW, "other_names": ["Un", "Deux"]}, Regions()).card.other_names == ("Un", "Deux")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("id", "-a"),
        ("id", "a" * 61),
        ("id", "a b"),
        ("id", "é"),
        ("id", "a/../b"),
        ("id", 5),
        ("id", None),
        ("region", ""),
        ("region", "zz"),
        ("region", "CAN"),
        ("region", "*"),
        ("kind", "person"),
        ("plan", "gold"),
        ("visible", "maybe"),
        ("name", ""),
        ("name", None),
        ("name", {"a": 1}),
        ("name", "a" * 321),
        ("other_names", 5),
        ("other_names", [1]),
        ("other_names", {"a": "b"}),
        ("email", "x"),
        ("phone", "x"),
        ("website", "x"),
        ("shoe_size", "44"),
        ("", "44"),
    ],
)
def test_a_bad_value_is_named_by_its_column(field: str, value: Any) -> None:
    assert bad_fields(**{field: value}) == {field}


def test_every_bad_column_is_named_at_once() -> None:
    assert bad_fields(id="", region="zz", name="", visible="x") == {"id", "region", "name", "visible"}


def test_a_region_that_is_not_served_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_row({**ROW, "region": "us"}, Regions.parse("ca"))
    assert set(caught.value.fields) == {"region"}


ANY = st.none() | st.booleans() | st.integers() | st.text(st.characters(codec=None, categories=None), max_size=20)


@given(st.dictionaries(st.sampled_from([*ROW, "visible", "other_names", "kind", "x"]), ANY | st.lists(ANY, max_size=2)))
def test_no_json_object_makes_a_row_fail_in_another_way(fields: dict[str, Any]) -> None:
    with suppress(InvalidInput):
        assert parse_row(fields, Regions()).id == fields["id"].strip()
