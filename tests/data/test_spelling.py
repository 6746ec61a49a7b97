"""Numbers are read as their column spells them, and written alike."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemonist.data.spelling import Spelling, decimal_mark, is_missing, spelling_of


@pytest.mark.parametrize(
    ("cells", "numbers", "new", "spelt"),
    [
        (["1.50", "2.25"], [1.5, 2.25], 3.14159, "3.14"),
        (["0.90", "0.50"], [0.9, 0.5], 0.7, "0.70"),
        (["1.5", "2", "2.25"], [1.5, 2.0, 2.25], 3.10001, "3.1"),
        (["1,5", "2,25"], [1.5, 2.25], 3.14159, "3,14"),
        (["1,234", "12,345,678"], [1234, 12345678], 98765.4, "98,765"),
        (["1.234,50", "12,00"], [1234.5, 12.0], 9876.5, "9.876,50"),
        (["1 234", "12 345"], [1234, 12345], 6789, "6 789"),
        (["12 %", "7 %"], [12, 7], 33.3, "33 %"),
        (["12.5%", "7.0%"], [12.5, 7.0], 33.333, "33.3%"),
        (["$1,234.00", "$5.50"], [1234, 5.5], 1000.456, "$1,000.46"),
        (["-$5.50", "$2.25"], [-5.5, 2.25], -1.5, "-$1.50"),
        (["5 €", "10 €"], [5, 10], 7.4, "7 €"),
        (["1e-05", "2.5e-07"], [1e-5, 2.5e-7], 3.14e-6, "3.1e-06"),
        (["120 cm", "95 cm"], [120, 95], 100.2, "100 cm"),
        (["−5", "+3"], [-5, 3], -2, "-2"),
        ([".5", "1."], [0.5, 1.0], 0.25, "0.2"),
    ],
)
def test_a_column_is_read_and_written_as_it_spells_numbers(cells, numbers, new, spelt):
    spelling, read = spelling_of(cells)
    assert read == len(cells)
    assert [spelling.read(cell) for cell in cells] == numbers
    assert spelling.write(new) == spelt


def test_the_decimal_mark_of_a_file_tells_what_one_cell_does_not():
    assert decimal_mark(["1,234", "2,5"]) == ","
    assert decimal_mark(["1,234", "2.5"]) == "."
    assert spelling_of(["1,234"], ",")[0].read("1,234") == 1.234
    assert spelling_of(["1,234"], ".")[0].read("1,234") == 1234


@pytest.mark.parametrize("cell", ["1_0", "inf", "0x1F", "1e999", "12 May", "1.2.3", "1,23,4", "abc", "", "1 2 3 4 5 x"])
def test_what_is_no_number_is_none(cell):
    assert Spelling().read(cell) is None


def test_one_stray_number_does_not_give_a_column_its_decimals():
    spelling, _ = spelling_of(["4.9"] * 40 + ["4.899990921180228"])
    assert spelling.write(5.123456) == "5.1"


@given(st.floats(-1e9, 1e9), st.sampled_from([Spelling(), Spelling(",", "."), Spelling(".", ",", "$")]))
def test_what_is_written_is_read_as_it_was_rounded(number, spelling):
    spelling = Spelling(spelling.decimal, spelling.thousands, spelling.before, decimals=3)
    back = spelling.read(spelling.write(number))
    assert back is not None
    assert math.isclose(back, spelling.rounded(number), abs_tol=1e-9, rel_tol=1e-15)


@pytest.mark.parametrize(
    "cell",
    ["", " ", "NA", "N/A", "#N/A", "n/a", "None", "<NA>", "null", "NULL", "?", "-", ".", "nan", "NaN", "#DIV/0!"],
)
def test_the_words_that_mean_none_are_known(cell):
    assert is_missing(cell)
    assert not is_missing(cell + "x")
