"""The example runs, and its samples are the mixture's."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

PATH = Path(__file__).parents[2] / "examples" / "sampling_a_mixture.py"


def test_the_samples_are_the_mixtures(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("sampling_a_mixture", PATH)
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    points = example.sampled(walkers=400, steps=300)
    # Kolmogorov: a gap above 2.23/√400 = .111 has a chance of 1e-4.
    assert max(example.distance(points, axis) for axis in (0, 1)) < 0.111
    cells = np.stack(np.meshgrid(*2 * [np.linspace(-4, 4, 161)]), axis=-1)
    assert example.density(cells).sum() * 0.05**2 == pytest.approx(1.0, abs=1e-6)
    example.figure(points).savefig(tmp_path / "mixture.png")
    assert (tmp_path / "mixture.png").stat().st_size > 10_000
