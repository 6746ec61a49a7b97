"""Data: images that are shipped, and files of patterns and cues read as rows and written back alike."""

from mnemonist.data.encoding import Encoding, Plain, Scaled, Threshold, column_encoding, encoding
from mnemonist.data.mask import known, present
from mnemonist.data.range import check_ranges
from mnemonist.data.reading import read
from mnemonist.data.shipped import digits
from mnemonist.data.table import Form, Table

__all__ = [
    "Encoding",
    "Form",
    "Plain",
    "Scaled",
    "Table",
    "Threshold",
    "check_ranges",
    "column_encoding",
    "digits",
    "encoding",
    "known",
    "present",
    "read",
]
