r"""Checksums of many bytes, nearly as fast as they can be read.

    s_b = Σ (the 64-bit words of block b) mod 2⁶⁴        sum = CRC-32 of s_0, s_1, …

A block has 64 KiB; the last is filled up with zeros. Any single error within 8 bytes of a block is found, others but
for one in 2⁶⁴; what is not is words that changed places within a block. A fault is what this finds, and not fraud.

Shapes: bytes (n,) uint8; block sums (⌈n/65536⌉,) uint64.
"""

import zlib
from typing import Any

import numpy as np

BLOCK = 2**16

Bytes = np.ndarray[Any, Any]


def block_sums(chunk: Bytes) -> Bytes:
    """Return the sums of blocks of which a chunk (n,) is made; only the last may be cut short."""
    full = len(chunk) // BLOCK * BLOCK
    sums: Bytes = np.add.reduce(chunk[:full].view("<u8").reshape(-1, BLOCK // 8), axis=1)
    if full == len(chunk):
        return sums
    rest = np.zeros(-(-(len(chunk) - full) // 8) * 8, np.uint8)
    rest[: len(chunk) - full] = chunk[full:]
    return np.append(sums, np.add.reduce(rest.view("<u8")))


def folded(sums: Bytes) -> int:
    """Return one number, 0 … 2³² − 1, of the sums of all blocks in their order."""
    return zlib.crc32(np.ascontiguousarray(sums, "<u8").data)
