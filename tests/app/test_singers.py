"""Who is who: order, screen time, joining and choosing."""

from __future__ import annotations

from fractions import Fraction

import pytest
from pipeline_fakes import Person, make_scan

from app.errors import BadInputError, NotPossibleError
from app.singers import choose, find_singers, letters, parse_join

TRIO = (Person(0.8, width=60), Person(0.2, width=70, stop=2.0), Person(0.5, width=120, start=1.0))


def test_singers_are_named_from_left_to_right() -> None:
    singers = find_singers(make_scan(TRIO))
    assert [(singer.id, singer.tracks) for singer in singers] == [
        ("A", (1,)),
        ("B", (2,)),
        ("C", (0,)),
    ]
    assert [singer.name for singer in singers] == ["Singer A", "Singer B", "Singer C"]
    assert [round(singer.centre, 3) for singer in singers] == [0.2, 0.5, 0.8]


def test_times_and_quality() -> None:
    left, middle, right = find_singers(make_scan(TRIO, first_pts=50))
    assert (left.first, left.last, left.seconds) == (2, 4, 2.0)
    assert (middle.first, middle.last, middle.seconds) == (3, 6, 3.0)
    assert middle.quality > 0.9
    assert right.quality < middle.quality, "a face of 60 pixels is worth less than one of 120"


def test_a_glimpse_is_no_singer() -> None:
    scan = make_scan((Person(0.2, stop=0.36), Person(0.7)))
    assert [singer.tracks for singer in find_singers(scan)] == [(1,)]


def test_joined_singers_keep_the_first_id_and_all_tracks() -> None:
    scan = make_scan((Person(0.2, stop=1.0), Person(0.5), Person(0.8, start=2.0)))
    singers = find_singers(scan, [("C", "a")])
    assert [(singer.id, singer.tracks) for singer in singers] == [("A", (0, 2)), ("B", (1,))]
    assert singers[0].seconds == 3.0
    assert (singers[0].first, singers[0].last) == (0, 4)


def test_joining_nobody_is_refused() -> None:
    with pytest.raises(BadInputError, match="no singer 'X' to join"):
        find_singers(make_scan(TRIO), [("A", "X")])


@pytest.mark.parametrize(
    ("spec", "ids"),
    [
        ("left", ["A"]),
        ("RIGHT", ["C"]),
        ("largest", ["B"]),
        ("2", ["B"]),
        ("c", ["C"]),
        ("right,A", ["C", "A"]),
        ("A,1,left", ["A"]),
    ],
)
def test_choose(spec: str, ids: list[str]) -> None:
    assert [singer.id for singer in choose(find_singers(make_scan(TRIO)), spec)] == ids


@pytest.mark.parametrize("spec", ["D", "4", "0", "middle", ""])
def test_choosing_nobody_names_who_is_there(spec: str) -> None:
    with pytest.raises(BadInputError, match="one of A, B, C"):
        choose(find_singers(make_scan(TRIO)), spec)


def test_no_face_is_not_possible() -> None:
    with pytest.raises(NotPossibleError, match="No face was found"):
        choose(find_singers(make_scan(())))


def test_the_largest_is_large_for_long() -> None:
    scan = make_scan((Person(0.3, width=90), Person(0.7, width=120, stop=1.0)))
    assert choose(find_singers(scan), "largest")[0].centre == pytest.approx(0.3)


def test_ids_go_on_after_z() -> None:
    assert [letters(n) for n in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


def test_parse_join() -> None:
    assert parse_join(" a + C") == ("A", "C")
    for text in ("A", "A+", "+", ""):
        with pytest.raises(BadInputError, match="--join A\\+B"):
            parse_join(text)


def test_times_are_exact_fractions() -> None:
    singer = find_singers(make_scan((Person(0.5, start=0.04),)))[0]
    assert singer.first == Fraction(1, 25)
