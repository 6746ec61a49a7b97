"""Tasks: what memories are for. Rows encoded for a model's neurons, files restored from files."""

from mnemonist.tasks.association_map import AssociativeMap
from mnemonist.tasks.compatible_range import check_ranges
from mnemonist.tasks.encoding import Encoding, Plain, Scaled, Threshold, column_encoding, encoding

__all__ = ["AssociativeMap", "Encoding", "Plain", "Scaled", "Threshold", "check_ranges", "column_encoding", "encoding"]
