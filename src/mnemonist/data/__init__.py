"""Data: images that are shipped, and files of patterns and cues read as rows and written back alike."""

from mnemonist.data.digits import digits
from mnemonist.data.mask import known, present
from mnemonist.data.reading import read
from mnemonist.data.table import Form, Table

__all__ = ["Form", "Table", "digits", "known", "present", "read"]
