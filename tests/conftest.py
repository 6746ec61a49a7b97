"""Fixtures that every test may use."""

from types import ModuleType

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, settings

from arrays import LIBRARIES

pytest_plugins = ["claims"]

settings.register_profile(
    "here", max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.differing_executors]
)
settings.load_profile("here")
torch.set_num_threads(1)  # the workers of pytest share the processors already: more threads wait for each other


@pytest.fixture(params=sorted(LIBRARIES))
def xp(request: pytest.FixtureRequest) -> ModuleType:
    """An array library: NumPy, the strict reference of the standard, torch."""
    return LIBRARIES[request.param]


@pytest.fixture
def rng() -> np.random.Generator:
    """A generator with a fixed seed."""
    return np.random.default_rng(0)
