"""Some cues at a time, few at first, so that progress shows; all of them, each once."""

from hypothesis import given
from hypothesis import strategies as st

from mnemonist.tasks.restoration import _parts


@given(st.integers(1, 500), st.integers(1, 2**28))
def test_parts_begin_with_one_cue_and_cover_all(cues, size):
    parts = list(_parts(cues, size))
    assert [index for part in parts for index in range(part.start, part.stop)] == list(range(cues))
    assert parts[0].stop == 1
    assert max(part.stop - part.start for part in parts) <= 64
