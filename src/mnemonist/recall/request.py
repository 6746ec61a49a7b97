"""What a recall is asked: cues, what is known of them, what may move, how, and for how long. Checked.

Shapes: cues, known, free are (B, N).
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from mnemonist._array import Array, device, namespace
from mnemonist.core.neurons import Neurons
from mnemonist.core.number import as_float, check_flag, check_number, check_whole, is_whole, plain
from mnemonist.dynamics.protocol import Dynamics
from mnemonist.dynamics.settle import Limits
from mnemonist.errors import IllegalCombination, InvalidArgument, InvalidType, shown
from mnemonist.recall.checks import check_mask, check_rows, check_values
from mnemonist.recall.model import RecallModel

UNFAMILIAR = 0.01  # the familiarity below which a cue is unfamiliar, unless told


@dataclass(frozen=True, eq=False)
class Request:
    """Checked arguments of a recall; `known` is None where all is known, `single` says that there was one cue (N,)."""

    cues: Array
    known: Array | None
    movable: Array
    single: bool
    dynamics: Dynamics
    limits: Limits
    seed: int
    unfamiliar: float | None = UNFAMILIAR


def check_request(  # noqa: PLR0913 - what a recall can be asked
    who: str,
    model: RecallModel,
    cues: Any,
    *,
    known: Any,
    clamped: Any,
    dynamics: Any,
    max_steps: Any,
    tol: Any,
    rng: Any,
    trace: Any,
    unfamiliar: Any = UNFAMILIAR,
) -> Request:
    """Check the arguments of the method `who`, in its words, against the model that it asks."""
    rows, single = check_rows(who, "cues", cues, model.like.shape[-1], model.like, model.neurons)
    mask = None if known is None else check_mask(who, "known", known, rows, model.neurons)
    check_values(who, "cues", rows, mask, model.neurons)
    return Request(
        cues=rows,
        known=None if mask is None or bool(namespace(mask).all(mask)) else mask,
        movable=_movable(who, rows, mask, clamped, model.neurons),
        single=single,
        dynamics=_dynamics(who, dynamics, model),
        limits=_limits(who, model, max_steps, tol, trace),
        seed=seed_of(who, rng),
        unfamiliar=_unfamiliar(who, unfamiliar),
    )


def _movable(who: str, rows: Array, known: Array | None, clamped: Any, neurons: Neurons) -> Array:
    """Return what may move (B, N): all but what is clamped."""
    xp, sphere = namespace(rows), neurons.directions
    if clamped is False or (clamped is None and (known is None or sphere)):
        return xp.ones(rows.shape, dtype=xp.bool, device=device(rows))
    fixed: Array = known if clamped is None else check_mask(who, "clamped", clamped, rows, neurons)
    if sphere and bool(xp.any(fixed)):
        raise IllegalCombination(
            f"{who}: clamped must be False on a sphere, where a direction has no fixed coordinates; got a clamp. "
            "Leave clamped out, or use kernel_memory."
        )
    if known is not None and bool(xp.any(fixed & ~known)):
        raise InvalidArgument(
            f"{who}: clamped must be a subset of known; got a clamped coordinate that is not known. "
            "Clear it in clamped."
        )
    return ~fixed


def _dynamics(who: str, given: Any, model: RecallModel) -> Dynamics:
    """Return the dynamics, where they move such a model."""
    neurons = model.neurons
    if not isinstance(given, Dynamics):
        raise InvalidType(
            f"{who}: dynamics must be Synchronous() or another kind of dynamics; got {shown(given)}. Pass one."
        )
    if neurons.mixed != (given.needs == "sites and step"):
        raise IllegalCombination(
            f"{who}: Alternating() moves mixed states, and nothing else does; this memory has {neurons}, and got "
            f"{given}. Leave dynamics out."
        )
    if given.needs == "sites" and not neurons.discrete:
        raise IllegalCombination(
            f"{who}: {given} moves discrete neurons; this memory has {neurons}. Use Synchronous()."
        )
    if given.needs == "sites" and not hasattr(model, "sites"):
        raise IllegalCombination(
            f"{who}: {given} moves neurons one at a time; this memory moves them all at once, in step. "
            "Use Synchronous(), or leave dynamics out."
        )
    if given.needs in ("force", "flow") and neurons.discrete:
        raise IllegalCombination(
            f"{who}: {given} moves continuous neurons; this memory has {neurons}. Use Glauber(temperature)."
        )
    return given


def _limits(who: str, model: RecallModel, max_steps: Any, tol: Any, trace: Any) -> Limits:
    """Return when to stop."""
    steps = check_whole(who, "max_steps", max_steps, least=0, most=math.inf, fix="0 returns the start.")
    if tol is not None:
        check_number(who, "tol", tol, least=0, fix="Leave it out for the default.")
    steps = min(steps, 1) if model.single_step else steps
    return Limits(steps, None if tol is None else float(tol), model.batch_size, check_flag(who, "trace", trace))


def _unfamiliar(who: str, given: Any) -> float | None:
    """Return the level of familiarity; the default is passed on as the very object that it is."""
    if given is None or given is UNFAMILIAR:
        return given
    level = as_float(given)
    if level is None or not 0 <= level < 1:
        raise InvalidArgument(
            f"{who}: unfamiliar must be a share >= 0 and < 1, or None; got {shown(given)}. At 0.01 one in a hundred "
            "genuine cues is turned away."
        )
    return level


def seed_of(who: str, rng: Any) -> int:
    """Return the 64-bit seed of a call."""
    if rng is None:
        return 0
    if is_whole(rng, 0, math.inf):
        return int(plain(rng))
    if isinstance(rng, np.random.Generator):
        return int(rng.integers(2**63))
    raise InvalidType(
        f"{who}: rng must be a seed >= 0 or a numpy.random.Generator; got {shown(rng)}. "
        "Pass numpy.random.default_rng(seed)."
    )
