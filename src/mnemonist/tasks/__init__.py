"""Tasks: what memories are for. Rows encoded for a model's neurons, files restored from files."""

from mnemonist.tasks.association_map import AssociativeMap
from mnemonist.tasks.compatible_range import check_ranges
from mnemonist.tasks.encoding import Encoding, Plain, Scaled, Threshold, column_encoding, encoding
from mnemonist.tasks.records import RecordMemory
from mnemonist.tasks.schema import Schema

__all__ = [
    "AssociativeMap", "Encoding", "Plain", "RecordMemory", "Scaled", "Schema", "Threshold", "check_ranges",
    "column_encoding", "encoding",
]  # fmt: skip
