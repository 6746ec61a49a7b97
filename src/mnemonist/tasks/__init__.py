"""Tasks: what memories are for. Rows encoded for a model's neurons, files restored from files, texts from texts."""

from mnemonist.tasks.association_map import AssociativeMap
from mnemonist.tasks.compatible_range import check_ranges
from mnemonist.tasks.encoding import Encoding, Plain, Scaled, Threshold, column_encoding, encoding
from mnemonist.tasks.records import RecordMemory
from mnemonist.tasks.schema import Schema
from mnemonist.tasks.text import Found, TextMemory

__all__ = [
    "AssociativeMap", "Encoding", "Found", "Plain", "RecordMemory", "Scaled", "Schema", "TextMemory", "Threshold",
    "check_ranges", "column_encoding", "encoding",
]  # fmt: skip
