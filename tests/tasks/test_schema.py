"""A schema tells what columns hold, encodes them, and gives back values as their columns have them."""

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pytest

from mnemonist.errors import InvalidArgument, InvalidType
from mnemonist.tasks.column_kinds import Category, Number, Ordinal
from mnemonist.tasks.schema import Schema, told


def kind(name, cells):
    return Schema.learn({name: cells}).kinds[name]


@pytest.mark.parametrize(
    ("name", "cells", "is_a"),
    [
        ("x", ["1.5", "2.25", "NA"], "number, 2 decimals"),
        ("x", ["12 %", "5 %", "7 %"], "whole number"),
        ("x", [str(n) for n in range(5, 45)], "whole number"),
        ("x", ["1", "3", "5"] * 4, "whole number, one of 3"),
        ("class", ["0", "1", "2"] * 4, "category of 3"),
        ("x", ["0", "1", "1", "0"], "category of 2"),
        ("zip", ["01234", "98765", "01234", "98765", "10115", "10115"], "category of 3"),
        ("zip", ["01234", "98765", "10115"], "key, carried along"),
        ("plz", [10115, 10117, 20095, 80331], "key, carried along"),
        ("id", ["7", "9", "4"], "key, carried along"),
        ("customerId", [7, 9, 4], "key, carried along"),
        ("rownames", ["1", "2", "3", "", "5"], "key, carried along"),
        ("year", ["1990", "1991", "1992", "1993"], "whole number"),
        ("x", ["yes", "no", "Yes".lower()], "yes or no"),
        ("x", [True, False, None], "yes or no"),
        ("x", ["red", "blue", "red", "blue"], "category of 2"),
        ("x", ["x", "", "x", ""], "one value, carried along"),
        ("x", ["a b c", "d e f", "g h i"], "text, carried along"),
        ("x", ["", "NA", "?"], "empty, carried along"),
        ("x", [None, None], "empty, carried along"),
        ("day", ["2020-01-31", "2020-02-01"], "date"),
        ("day", [dt.date(2020, 1, 31), None], "date"),
        ("x", [*["1.5"] * 40, "broken"], "number, 1 decimal"),
    ],
)
def test_what_a_column_holds_is_told_by_its_cells(name, cells, is_a):
    assert told(kind(name, cells)) == is_a


@pytest.mark.parametrize(
    ("cells", "code", "spelt"),
    [
        (["31.12.2020", "01.02.2021"], "15.07.2021", "15.07.2021"),
        (["3/4/2020", "12/31/2020"], "1/5/2021", "1/5/2021"),
        (["2020-01-02T06:30:00", "2020-01-03T07:45:10"], "2020-05-06T01:02:03", "2020-05-06T01:02:03"),
        (["9/30/1990 0:00:00", "10/2/1990 13:00:00"], "1/2/1991 4:00:00", "1/2/1991 4:00:00"),
        (["5 May 2020", "12 June 2021"], "1 May 2020", "1 May 2020"),
    ],
)
def test_dates_are_days_and_come_back_in_their_form(cells, code, spelt):
    date = kind("day", cells)
    assert date.spelt(date.code(code)) == spelt
    assert [date.spelt(date.code(cell)) for cell in cells] == cells


def test_filled_values_are_such_as_the_column_has():  # case 17
    assert kind("x", ["4.9", "5.1", "6.0"]).spelt(4.899990921180228) == "4.9"
    assert kind("class", [0, 1, 2] * 5).value(1) == 1
    assert kind("grade", ["0", "1", "2"] * 5).spelt(1.1102230246251565e-16) == "0"
    assert kind("n", [str(n) for n in range(3, 40)]).spelt(123.21769682372314) == "39"
    assert kind("price", ["0.50", "1.25", "0.10"]).spelt(-0.3) == "0.00"
    assert kind("mass", [str(25 * n) for n in range(100, 130)]).spelt(3138.4) == "3150"
    assert kind("x", [0.1, 0.25, 1.5]).value(0.123456) == 0.12
    assert kind("x", [1, 2, 3, 7]).value(2.4) == 2


def test_an_order_is_told_by_the_frame_alone():
    for frame in (
        pd.DataFrame({"x": pd.Categorical(["lo", "hi", None, "mid"], ["lo", "mid", "hi"], ordered=True)}),
        pl.DataFrame({"x": ["lo", "hi", None, "mid"]}, schema={"x": pl.Enum(["lo", "mid", "hi"])}),
    ):
        schema = Schema.learn(frame)
        assert isinstance(schema.kinds["x"], Ordinal)
        np.testing.assert_array_equal(schema.encode(frame)[:, 0], [0, 2, np.nan, 1])
        assert schema.kinds["x"].value(1.2) == "mid"
    plain = Schema.learn({"x": ["lo", "hi", "lo", "hi"]})
    assert isinstance(plain.kinds["x"], Category)


def test_codes_and_sizes_are_numbers_and_places_of_options():
    schema = Schema.learn({"a": ["1.5", "NA", "2.5"], "id": [7, 8, 9], "b": ["x", "y", "x"], "c": [True, None, False]})
    np.testing.assert_array_equal(schema.sizes, [0, 2, 2])
    codes = schema.encode({"c": [True, False], "b": ["y", "unknown"], "z": [1, 2]})
    np.testing.assert_array_equal(codes, [[np.nan, 1, 1], [np.nan, np.nan, 0]])


def test_values_that_stand_for_none_are_none_as_text_and_as_numbers():
    for cells in (["1", "-999", "-999.0", "5", "7"], [1, -999, -999.0, 5, 7]):
        schema = Schema.learn({"x": cells}, hidden=[-999])
        assert schema.blank(cells).tolist() == [False, True, True, False, False]
        assert schema.kinds["x"].low == 1


def test_another_table_may_spell_numbers_and_options_in_its_own_way():
    schema = Schema.learn({"x": ["1234.5", "1.0"], "c": ["1", "2"] * 1, "k": ["3", "4"]}, kinds={"k": Category((3, 4))})
    other = schema.fitted({"x": ["1.234,5", "7,5"], "k": [3, 4]})
    assert other.encode({"x": ["1.234,5"], "k": ["4"]})[0, 0] == 1234.5
    assert other.kinds["x"].spelt(2345.67) == "2.345,7"
    assert other.encode({"k": ["4"]})[0, -1] == 1


def test_what_is_known_better_is_said():
    frame = {"x": ["1", "2", "3", "1"], "y": ["1", "2", "3", "4"]}
    schema = Schema.learn(frame, ignore=["y"], kinds={"x": Category(("1", "2", "3"))})
    assert str(schema) == "x: category of 3\ny: ignored, carried along"
    with pytest.raises(InvalidArgument, match=r"got 'z'\. It has x, y"):
        Schema.learn(frame, ignore=["z"])
    with pytest.raises(InvalidType, match="ignore must be several values"):
        Schema.learn(frame, ignore="x")
    assert isinstance(schema.fitted(frame).kinds["x"], Category)
    assert isinstance(Schema.learn(frame).kinds["x"], Number)


@pytest.mark.parametrize(
    ("cells", "more", "told_of", "value"),
    [
        ([*range(100, 200)], [1000, -7], 990.4, 990),
        ([*range(0, 3000, 25)], [30], 33.0, 35),
        ([1, 2, 3] * 4, [9], 8.4, 9),
        ([1, 2, 3] * 4, [*range(10, 40)], 25.2, 25),
        ([*range(30)], [2.25], 7.126, 7.13),
        ([*(str(n) for n in range(30))], ["2,25", "3,5"], 7.126, 7.13),
        ([0.5, 1.25, 2.75], [-3.5], -2.5, -2.5),
    ],
)
def test_other_rows_widen_what_a_number_may_be(cells, more, told_of, value):
    assert Schema.learn({"x": cells}).extended({"x": more}).kinds["x"].value(told_of) == value


def test_kinds_that_were_given_stay_as_they_were():
    given = Number(whole=True, low=1, high=5)
    schema = Schema.learn({"x": [1, 2, 3], "y": [1, 2, 3]}, kinds={"x": given}).extended({"x": [9.5], "y": [9]})
    assert schema.kinds["x"] == given
    assert schema.kinds["y"].high == 9


def test_other_rows_widen_what_a_date_may_be():
    days = [dt.datetime(2020, 1, 1), dt.datetime(2020, 3, 1)]
    schema = Schema.learn({"day": days})
    late = schema.kinds["day"].code(dt.datetime(2030, 1, 1, 6, 30))
    assert schema.kinds["day"].value(late).year == 2021
    assert schema.extended({"day": [dt.datetime(2029, 5, 6, 7, 8)]}).kinds["day"].value(late) == dt.datetime(
        2030, 1, 1, 6, 30
    )


def test_lists_in_tuples_are_carried_along():
    schema = Schema.learn({"x": [([1],), ([2],), ([1],), ([2],)]})
    assert str(schema) == "x: text, carried along"
    assert Schema.learn({"x": ["a", "b", "a", "b"]}).encode({"x": [([1],), "b"]})[1, 0] == 1


@pytest.mark.parametrize(
    ("cells", "options"),
    [
        (["True", "False", "", "TRUE", "TRUE"], ("TRUE", "False")),
        (["Yes", "yes", "no", "yes", "NO", "no"], ("yes", "no")),
        (["Yes", "yes", "YES"], None),
        (["1", "1.0", "2", "2", "1.0"], ("1.0", "2")),
        ([1.0, "1", "x", "x", 1.0, "x"], (1.0, "x")),
    ],
)
def test_an_option_has_the_spelling_that_is_most_frequent(cells, options):
    assert getattr(kind("x", cells), "options", None) == options


def test_other_cells_may_spell_yes_in_their_own_way():
    schema = Schema.learn({"x": ["yes", "no", "yes", "no"]}).fitted({"x": ["YES", "Yes", "YES", "No"]})
    assert schema.kinds["x"].options == ("YES", "No")
    assert schema.encode({"x": ["Yes", "NO"]})[:, 0].tolist() == [0, 1]
    assert schema.extended({"x": ["Yes", "maybe"]}).kinds["x"].options == ("YES", "No", "maybe")
