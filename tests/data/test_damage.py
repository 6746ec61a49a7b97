"""However a file is damaged, it is read or it is refused in one sentence: no other exception comes out."""

import io
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mnemonist.data import read
from mnemonist.errors import UnreadableFile


def written(write):
    stream = io.BytesIO()
    write(stream)
    return stream.getvalue()


PIXELS = np.random.default_rng(0).integers(0, 256, (9, 9), dtype=np.uint8)
WHOLE = {
    "a.png": written(lambda stream: Image.fromarray(PIXELS).save(stream, "PNG")),
    "palette.png": written(lambda stream: Image.fromarray(PIXELS).convert("P").save(stream, "PNG", transparency=3)),
    "a.jpg": written(lambda stream: Image.fromarray(PIXELS).save(stream, "JPEG")),
    "a.npy": written(lambda stream: np.save(stream, PIXELS)),
    "a.npz": written(lambda stream: np.savez_compressed(stream, PIXELS)),
    "a.csv": b"a,b,c\n1,2.5,\n-3e4,nan,6\n",
}


@pytest.mark.parametrize("name", WHOLE)
def test_damage_is_found_or_harmless(name):
    whole = WHOLE[name]
    places = st.dictionaries(st.integers(0, len(whole) - 1), st.integers(0, 255), max_size=4)

    @given(places, st.integers(0, len(whole)))
    def holds(changes, end):
        content = bytearray(whole)
        for place, value in changes.items():
            content[place] = value
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, name)
            path.write_bytes(content[: end if end % 3 == 0 else None])
            try:
                assert not np.isinf(read(path).rows).any()
            except UnreadableFile as refusal:
                sentence = str(refusal)
            else:
                return
            assert sentence.startswith(str(path))
            assert "\n" not in sentence

    holds()
