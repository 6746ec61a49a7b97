"""A catalogue of what is passed by mistake, or in an unusual form: each is made anew for each call."""

import array
import datetime
import decimal
import fractions
import pathlib
from collections.abc import Callable
from typing import Any

import array_api_strict
import numpy as np
import pandas as pd
import polars as pl
import scipy.sparse
import torch

N = 6
ROWS = np.array([[1.0, 1, -1, -1, 1, -1], [-1, 1, 1, -1, -1, -1], [1, -1, 1, 1, 1, -1]])
CODES = np.array([[1, 0, 0, 1, 0, 0], [0, 1, 0, 0, 1, 0], [0, 0, 1, 0, 0, 1]])


def _read_only() -> Any:
    rows = ROWS.copy()
    rows.flags.writeable = False
    return rows


def _endless() -> Any:
    rows: list[Any] = [1.0]
    rows.append(rows)
    return rows


class Strange:
    """A thing whose representation fails, too."""

    def __repr__(self) -> str:
        raise RuntimeError("no words")


THINGS: dict[str, Callable[[], Any]] = {
    "None": lambda: None,
    "True": lambda: True,
    "False": lambda: False,
    "an empty string": lambda: "",
    "a word": lambda: "high",
    "a number as text": lambda: "3",
    "auto": lambda: "auto",
    "smooth": lambda: "smooth",
    "textbook": lambda: "textbook",
    "a name with a zero": lambda: "a\0b",
    "bytes": lambda: b"\x03\x05",
    "a bytearray": lambda: bytearray(b"\x03\x05"),
    "an object": object,
    "an object without words": Strange,
    "a function": lambda: abs,
    "a type": lambda: float,
    "an ellipsis": lambda: ...,
    "a slice": lambda: slice(2),
    "a path": lambda: pathlib.Path("nowhere"),
    "a date": lambda: datetime.date(2024, 1, 1),
    "a generator": lambda: (row for row in ROWS),
    "a dictionary": lambda: {"a": 1},
    "an empty dictionary": dict,
    "a set": lambda: {1, 2},
    "an empty set": set,
    "an empty list": list,
    "an empty tuple": tuple,
    "nested empty lists": lambda: [[], []],
    "a range": lambda: range(N),
    "a list that holds itself": _endless,
    "a list of None": lambda: [None] * N,
    "a list of words": lambda: ["a"] * N,
    "a ragged list": lambda: [[1.0, -1], [1.0]],
    "a list of huge whole numbers": lambda: [10**400] * N,
    "a random generator": lambda: np.random.default_rng(3),
    "a random state": lambda: np.random.RandomState(3),
}

NUMBERS: dict[str, Callable[[], Any]] = {
    "NaN": lambda: float("nan"),
    "infinity": lambda: float("inf"),
    "minus infinity": lambda: float("-inf"),
    "minus one": lambda: -1,
    "minus a half": lambda: -0.5,
    "zero": lambda: 0,
    "minus zero": lambda: -0.0,
    "a half": lambda: 0.5,
    "one": lambda: 1,
    "two": lambda: 2,
    "two and a half": lambda: 2.5,
    "a float that is whole": lambda: 3.0,
    "10**400": lambda: 10**400,
    "minus 10**400": lambda: -(10**400),
    "2**64": lambda: 2**64,
    "a complex number": lambda: 1 + 1j,
    "a fraction": lambda: fractions.Fraction(5, 2),
    "a huge fraction": lambda: fractions.Fraction(10**400, 3),
    "a decimal": lambda: decimal.Decimal("2.5"),
    "a NumPy NaN": lambda: np.float64("nan"),
    "a NumPy whole number": lambda: np.int8(2),
    "a NumPy float": lambda: np.float32(2.5),
    "a NumPy bool": lambda: np.bool_(True),
    "a long double": lambda: np.longdouble("2.5"),
    "an array of one NaN": lambda: np.array(np.nan),
    "an array of minus one": lambda: np.array(-1.0),
    "an array of one": lambda: np.array(2.5),
    "an array of one whole number": lambda: np.array(2),
    "an array of one bool": lambda: np.array(True),
    "an array of one word": lambda: np.array("high"),
    "an array of one object": lambda: np.array(None, object),
    "an array of one complex number": lambda: np.array(1j),
    "an array (1,)": lambda: np.array([2.5]),
    "the masked number": lambda: np.ma.masked,
    "a masked number": lambda: np.ma.array(2.5, mask=True),
    "a masked array of one": lambda: np.ma.array(2.5),
    "a masked array of one bool": lambda: np.ma.array(True),
    "a tensor of one word's number": lambda: torch.tensor(2.5),
    "a date of NumPy's": lambda: np.datetime64("2024-01-01"),
}

ARRAYS: dict[str, Callable[[], Any]] = {
    "rows": ROWS.copy,
    "a row": ROWS[0].copy,
    "rows as a list": ROWS.tolist,
    "whole numbers": lambda: ROWS.astype(np.int64),
    "float16": lambda: ROWS.astype(np.float16),
    "float32": lambda: ROWS.astype(np.float32),
    "long doubles": lambda: ROWS.astype(np.longdouble),
    "bools": lambda: ROWS > 0,
    "a row of bools": lambda: ROWS[0] > 0,
    "bools as a list": (ROWS > 0).tolist,
    "a bool for each row": lambda: np.array([True, False, True]),
    "codes": CODES.copy,
    "codes as bools": lambda: CODES > 0,
    "0/1": lambda: (ROWS > 0).astype(np.uint8),
    "0/1/2": lambda: np.arange(N) % 3,
    "rows that are read only": _read_only,
    "rows by column": lambda: np.asfortranarray(ROWS),
    "rows backwards": lambda: ROWS[::-1, ::-1],
    "a matrix": lambda: ROWS.copy().view(np.matrix),
    "other byte order": lambda: ROWS.astype(">f8"),
    "NaN somewhere": lambda: np.where(np.arange(N) == 2, np.nan, ROWS),
    "infinity somewhere": lambda: np.where(np.arange(N) == 2, np.inf, ROWS),
    "all NaN": lambda: np.full((3, N), np.nan),
    "zeros": lambda: np.zeros((3, N)),
    "large numbers": lambda: 1e60 * ROWS,
    "small numbers": lambda: 1e-60 * ROWS,
    "halves": lambda: ROWS / 2,
    "no rows": lambda: np.zeros((0, N)),
    "nothing": lambda: np.zeros(0),
    "no columns": lambda: np.zeros((2, 0)),
    "too few columns": ROWS[:, :-1].copy,
    "too many columns": lambda: np.ones((3, N + 1)),
    "three axes": lambda: np.ones((2, 3, N)),
    "complex numbers": lambda: ROWS + 0j,
    "objects": lambda: ROWS.astype(object),
    "words": lambda: ROWS.astype(str),
    "dates": lambda: np.zeros((3, N), "datetime64[s]"),
    "records": lambda: np.zeros(3, [("a", float)]),
    "a masked array": lambda: np.ma.array(ROWS, mask=ROWS > 0),
    "a masked array without holes": lambda: np.ma.array(ROWS),
    "a masked array of bools": lambda: np.ma.array(ROWS > 0, mask=ROWS < 0),
    "a masked array of bools without holes": lambda: np.ma.array(ROWS > 0),
    "a masked array of words": lambda: np.ma.array(ROWS.astype(str), mask=ROWS > 0),
    "a masked array of three axes": lambda: np.ma.array(np.ones((2, 3, N)), mask=True),
    "masked codes": lambda: np.ma.array(CODES, mask=[[True] * 3 + [False] * 3] + [[False] * N] * 2),
    "all masked": lambda: np.ma.masked_all((3, N)),
    "a frame": lambda: pd.DataFrame(ROWS),
    "a frame with holes": lambda: pd.DataFrame(np.where(ROWS > 0, ROWS, np.nan), columns=list("abcdef")),
    "a frame of bools": lambda: pd.DataFrame(ROWS > 0),
    "a frame of words": lambda: pd.DataFrame(ROWS.astype(str)),
    "a frame with a name twice": lambda: pd.DataFrame(ROWS, columns=list("abcdea")),
    "an empty frame": pd.DataFrame,
    "a row of a frame": lambda: pd.DataFrame(ROWS).iloc[0],
    "a frame of polars": lambda: pl.DataFrame(ROWS),
    "a lazy frame": lambda: pl.DataFrame(ROWS).lazy(),
    "a series of polars": lambda: pl.Series(ROWS[0]),
    "a sparse array": lambda: scipy.sparse.csr_array(ROWS),
    "a tensor": lambda: torch.as_tensor(ROWS),
    "a tensor of bools": lambda: torch.as_tensor(ROWS > 0),
    "a learned tensor": lambda: torch.as_tensor(ROWS).requires_grad_(),
    "an array of another library": lambda: array_api_strict.asarray(ROWS),
    "a buffer": lambda: array.array("d", ROWS[0]),
    "a memory view": lambda: memoryview(ROWS[0].copy()),
    "an array of ids": lambda: np.array([0, 1]),
    "an id twice": lambda: [0, 0],
    "ids in a column": lambda: [[0]],
    "masked ids": lambda: np.ma.array([0, 1], mask=[True, False]),
    "float ids": lambda: np.array([0.0]),
    "an unknown id": lambda: [7],
    "a square": lambda: np.ones((N, N)),
}

VALUES = THINGS | NUMBERS | ARRAYS

EXTREME: tuple[Any, ...] = (
    0, -0.0, 5e-324, 1e-310, 1e-300, 1e-200, 1e-160, 1e-100, 1e-45, 1e-38, 1e-20, 1e-10, 1e-5, 1e5, 1e10, 1e16, 1e20,
    1e38, 1e39, 1e100, 1e154, 1e160, 1e200, 1e300, 1.7e308, -5e-324, -1e-300, -1e300, 2**31, 2**53 + 1, 2**63 - 1,
    2**63, 2**64, 10**15, 10**18, 10**400, -(10**400), np.float32(1e-45), np.float32(3e38), np.float16(6e-8),
    np.longdouble("1e-4000"), np.longdouble("1e4000"), np.int64(2**62), np.uint64(2**63),
    fractions.Fraction(1, 10**400), fractions.Fraction(10**400),
    np.nextafter(1, 2), np.nextafter(1, 0), np.nextafter(0.5, 0), np.array(1e-320),
)  # fmt: skip
