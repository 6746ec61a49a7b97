"""`python tools/make_hflayers_golden.py FOLDER`: what layers of the reference package hflayers give, as a golden file.

FOLDER holds the package `hflayers` of github.com/ml-jku/hopfield-layers, of which nothing is kept but numbers: weights,
inputs and outputs of the cases below, in tests/nn/golden/hflayers.safetensors, and in its metadata the arguments of
each case and the names of the 33 arguments of `Hopfield`.
"""

import inspect
import json
import sys
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

OUT = Path(__file__).parent.parent / "tests" / "nn" / "golden" / "hflayers.safetensors"
PATTERNS = ("stored_pattern", "state_pattern", "pattern_projection")
BARE = {f"normalize_{of}{end}": False for of in PATTERNS for end in ("", "_affine")}
STATIC = {f"{of}_as_static": True for of in PATTERNS}
LONG = {"update_steps_eps": 1e-30}  # so that it makes all its steps
SELF, THREE = ((3, 5, 8),), ((3, 7, 8), (3, 5, 8), (3, 7, 8))  # stored patterns, states, patterns to project
CASES: dict[str, tuple[str, dict[str, Any], tuple[tuple[int, ...], ...]]] = {
    "defaults": ("Hopfield", {"input_size": 8}, SELF),
    "no norms": ("Hopfield", {"input_size": 8, "num_heads": 2, **BARE}, SELF),
    "four readouts": ("Hopfield", {"input_size": 8, "num_heads": 2, "update_steps_max": 3, **LONG}, SELF),
    "widths": (
        "Hopfield",
        {"input_size": 8, "num_heads": 2, "hidden_size": 6, "pattern_size": 3, "output_size": 4, "scaling": 0.7},
        SELF,
    ),
    "widths of three": (
        "Hopfield",
        {"input_size": 8, "num_heads": 2, "stored_pattern_size": 6, "pattern_projection_size": 9,
         "association_activation": "tanh"},
        ((3, 7, 6), (3, 5, 8), (3, 7, 9)),
    ),
    "norm of heads": (
        "Hopfield",
        {"input_size": 8, "num_heads": 2, "hidden_size": 6, "normalize_hopfield_space": True,
         "normalize_hopfield_space_affine": True, "input_bias": False},
        SELF,
    ),
    "norms without weights": (
        "Hopfield",
        {"input_size": 8, "normalize_state_pattern_eps": 0.1} | {f"normalize_{of}_affine": False for of in PATTERNS},
        SELF,
    ),
    "connected": ("Hopfield", {"input_size": 8, "num_heads": 2, "pattern_projection_as_connected": True}, THREE),
    "connected and static": (
        "Hopfield",
        {"input_size": 8, "num_heads": 2, "pattern_projection_as_connected": True, "pattern_projection_as_static": True,
         "stored_pattern_size": 4, "pattern_projection_size": 4},
        ((3, 7, 4), (3, 5, 8), (3, 7, 4)),
    ),
    "retrieval": (
        "Hopfield",
        {"disable_out_projection": True, "scaling": 0.4, "update_steps_max": 2, **LONG, **BARE, **STATIC},
        THREE,
    ),
    "normalised retrieval": ("Hopfield", {"input_size": 8, "disable_out_projection": True, **STATIC}, THREE),
    **{of: ("Hopfield", {"input_size": 8, f"{of}_as_static": True}, THREE) for of in PATTERNS},
    "pooling": ("HopfieldPooling", {"input_size": 8, "num_heads": 2, "quantity": 4}, SELF),
    "static pooling": ("HopfieldPooling", {"input_size": 8, "quantity": 2, "state_pattern_as_static": True}, SELF),
    "look-up": ("HopfieldLayer", {"input_size": 8, "num_heads": 2, "quantity": 6}, SELF),
    "look-up of values": (
        "HopfieldLayer",
        {"input_size": 8, "quantity": 6, "lookup_weights_as_separated": True, "pattern_projection_size": 5,
         "output_size": 3},
        SELF,
    ),
}  # fmt: skip


def main(folder: str) -> None:
    """Run all cases, and write what they gave."""
    sys.path.insert(0, folder)
    import hflayers

    tensors: dict[str, torch.Tensor] = {}
    told: dict[str, Any] = {}
    for seed, (name, (kind, arguments, shapes)) in enumerate(CASES.items()):
        torch.manual_seed(seed)
        layer = getattr(hflayers, kind)(**arguments).eval().double()
        with torch.no_grad():
            for weight in layer.parameters():  # as made, they are too small to tell the cases apart
                weight.add_(0.3 * torch.randn_like(weight))
            inputs = [torch.randn(shape, dtype=torch.float64) for shape in shapes]
            output = layer(inputs[0] if len(inputs) == 1 else tuple(inputs))
        told[name] = {"kind": kind, "arguments": arguments}
        tensors |= {f"{name}/weights/{key}": weight for key, weight in layer.state_dict().items()}
        tensors |= {f"{name}/input/{i}": x for i, x in enumerate(inputs)} | {f"{name}/output": output.contiguous()}
    names = list(inspect.signature(hflayers.Hopfield.__init__).parameters)[1:]
    OUT.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, OUT, metadata={"cases": json.dumps(told), "arguments": json.dumps(names)})


if __name__ == "__main__":
    main(sys.argv[1])
