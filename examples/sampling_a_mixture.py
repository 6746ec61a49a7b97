r"""A kernel memory at temperature 1/β is a Gaussian mixture: Langevin samples of it beside the exact density.

    exp(−E(x)/T) = Σ_μ exp(−½β‖x − ξ_μ‖²)  at T = 1/β:   one Gaussian of variance 1/β around each memory

Run `python examples/sampling_a_mixture.py [out.png]`; it takes half a minute at most and needs mnemonist[plot].
Source: the energy of Hoover et al. 2024, arXiv:2410.24153.
"""

import sys
from typing import Any

import numpy as np

import mnemonist as mn
from mnemonist.plotting.canvas import INK, QUIET, RIGHT, Canvas

BETA = 3.0  # sharper, the walks cross between memories so rarely that far more steps are needed
MEMORIES = np.array([[-1.0, -0.6], [0.9, -0.8], [0.1, 0.9]])
_EDGES = np.linspace(-2.5, 2.5, 41)


def sampled(walkers: int, steps: int) -> np.ndarray[Any, Any]:
    """Return where `walkers` independent walks (walkers, 2) are after `steps` small steps from the middle."""
    memory = mn.kernel_memory(BETA)
    memory.store(MEMORIES)
    warm = mn.Langevin(temperature=1 / BETA, step=0.02)
    return memory.recall(np.zeros((walkers, 2)), dynamics=warm, max_steps=steps, rng=0).state


def density(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the mixture's exact density (...) at points (..., 2)."""
    squares = ((x[..., None, :] - MEMORIES) ** 2).sum(axis=-1)
    return np.exp(-BETA * squares / 2).mean(axis=-1) * BETA / (2 * np.pi)


def along(x: np.ndarray[Any, Any], axis: int) -> np.ndarray[Any, Any]:
    """Return the density (...) of one coordinate alone."""
    return np.exp(-BETA * (x[..., None] - MEMORIES[:, axis]) ** 2 / 2).mean(axis=-1) * np.sqrt(BETA / (2 * np.pi))


def distance(points: np.ndarray[Any, Any], axis: int) -> float:
    """Return the largest gap between the samples' distribution of one coordinate and the mixture's."""
    x = np.sort(points[:, axis])
    grid = np.linspace(-6, 6, 6001)
    exact = np.interp(x, grid, np.cumsum(along(grid, axis)) * (grid[1] - grid[0]))
    return float(np.abs(np.arange(1, len(x) + 1) / len(x) - exact).max())


def figure(points: np.ndarray[Any, Any]) -> Any:
    """Return the samples over the density's contours, and both coordinates' histograms over their densities."""
    canvas, grid = Canvas(9.0, 3.4), np.linspace(-2.5, 2.5, 201)
    plane = canvas.axes(0.5, 0.5, 2.4, 2.4)
    plane.scatter(*points.T, s=1, color=RIGHT, alpha=0.4)
    plane.contour(grid, grid, density(np.stack(np.meshgrid(grid, grid), axis=-1)), colors=INK, linewidths=0.7)
    plane.plot(*MEMORIES.T, "x", color=INK)
    canvas.text(1.7, 0.25, f"{len(points)} walks, and the exact density")
    for axis in (0, 1):
        panel = canvas.axes(3.5 + 2.8 * axis, 0.5, 2.4, 2.4)
        panel.hist(points[:, axis], bins=_EDGES, density=True, color=RIGHT, alpha=0.4)
        panel.plot(grid, along(grid, axis), color=INK, linewidth=1)
        panel.tick_params(colors=QUIET)
        canvas.text(4.7 + 2.8 * axis, 0.25, f"coordinate {axis + 1}: largest gap {distance(points, axis):.3f}")
    return canvas.figure


if __name__ == "__main__":
    figure(sampled(walkers=2000, steps=500)).savefig(sys.argv[1] if len(sys.argv) > 1 else "mixture.png")
