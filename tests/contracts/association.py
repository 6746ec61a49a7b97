"""What every association promises, whatever its separation. A new one subclasses `AssociationContract`."""

import itertools
import warnings
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from mnemonist.core.separation import Separation
from mnemonist.nn.association import Association

Given = tuple[Tensor, Tensor, Tensor]


def given(seed: int = 0, dtype: torch.dtype = torch.float64) -> Given:
    """Return states (2, 3, 4), stored patterns (2, 5, 4) and their values (2, 5, 3)."""
    rng = torch.Generator().manual_seed(seed)
    return tuple(0.7 * torch.randn(2, *shape, generator=rng, dtype=dtype) for shape in ((3, 4), (5, 4), (5, 3)))  # type: ignore[return-value]


def some_hidden() -> Tensor:
    """Return a mask (2, 3, 5) that hides some patterns from each state."""
    mask = torch.ones(2, 3, 5, dtype=torch.bool)
    mask[0, :, 1] = mask[1, 0, 2:] = mask[1, 1, 0] = False
    return mask


class AssociationContract:
    """Subclass it with `separation`, and `beta` where 1.5 leads to a kink."""

    separation: Separation
    beta = 1.5

    def make(self, **options: object) -> Association:
        return Association(self.separation, **({"beta": self.beta} | options))  # type: ignore[arg-type]

    def plain(self, state: np.ndarray, stored: np.ndarray, values: np.ndarray, steps: int) -> np.ndarray:
        """Return the readout of one state, as it is written."""
        for step in range(1, steps + 1):
            f = self.separation.weights(self.beta * stored @ state)
            f = f / max(np.abs(f).sum(), 1e-300)
            state = f @ (values if step == steps else stored)
        return state

    @pytest.mark.parametrize("value", [torch.nan, torch.inf])
    @pytest.mark.parametrize("masked", [False, True])
    @pytest.mark.parametrize("steps", [1, 3])
    def test_a_state_that_is_no_number_reads_none_and_its_batch_mates_do(self, steps, masked, value) -> None:
        state, stored, values = given()
        mask = some_hidden() if masked else None
        expected = self.make(steps=steps)(state, stored, values, mask)
        state[0, 1, 2] = value
        found = self.make(steps=steps)(state, stored, values, mask)
        assert found[0, 1].isnan().all()
        rest = torch.ones(2, 3, dtype=torch.bool)
        rest[0, 1] = False
        torch.testing.assert_close(found[rest], expected[rest])

    @pytest.mark.parametrize(("dtype", "to"), [(torch.float64, 1e-12), (torch.float32, 1e-6)])
    def test_k_steps_are_the_k_readouts_of_the_plain_formula(self, dtype: torch.dtype, to: float) -> None:
        arrays = given(dtype=dtype)
        for steps in range(1, 6):
            found = self.make(steps=steps)(*arrays).numpy()
            rows = [
                [self.plain(x, stored, values, steps) for x in states]
                for states, stored, values in zip(*(a.numpy().astype(np.float64) for a in arrays), strict=True)
            ]
            np.testing.assert_allclose(found, rows, rtol=to, atol=to)

    def test_the_last_readout_is_of_the_stored_patterns_unless_values_are_given(self) -> None:
        state, stored, _ = given()
        layer = self.make(steps=2)
        assert torch.equal(layer(state, stored), layer(state, stored, stored))

    @pytest.mark.parametrize("fast", [True, pytest.param(False, marks=pytest.mark.slow)])
    def test_gradients_are_those_of_differences(self, fast: bool) -> None:
        beta = torch.tensor(self.beta, dtype=torch.float64, requires_grad=True)
        for associated in (partial(self._associated, None), partial(self._associated, some_hidden())):
            arrays = [x.requires_grad_() for x in given()]
            assert torch.autograd.gradcheck(associated, (*arrays, beta), fast_mode=fast)

    def _associated(self, mask: Tensor | None, state: Tensor, stored: Tensor, values: Tensor, beta: Tensor) -> Tensor:
        return torch.func.functional_call(self.make(beta=beta, steps=2), {"beta": beta}, (state, stored, values, mask))

    def test_what_is_hidden_might_as_well_not_be_stored(self) -> None:
        state, stored, values = given()
        mask = torch.ones(5, dtype=torch.bool)
        mask[1] = mask[3] = False
        layer = self.make(steps=3)
        expected = layer(state, stored[:, mask], values[:, mask])
        for hiding in (mask, torch.where(mask, 0.0, -torch.inf)):
            torch.testing.assert_close(layer(state, stored, values, hiding), expected, rtol=1e-12, atol=1e-12)

    def test_a_row_whose_mask_hides_everything_gives_zero(self) -> None:
        arrays = [x.requires_grad_() for x in given()]
        mask = some_hidden()
        mask[0, 1] = mask[1, 2] = False
        for hiding in (mask, torch.where(mask, 0.0, -torch.inf).double()):
            found, weights = self.make()(*arrays, hiding, return_association=True)
            fused = self.make()(*arrays, hiding)
            for x in (found, fused):
                assert not x[0, 1].any()
                assert not x[1, 2].any()
            assert not weights[0, 1].any()
            for grad in torch.autograd.grad(fused.sum() + found.square().sum(), arrays):
                assert grad.isfinite().all()
            alone = torch.autograd.grad(self.make()(*arrays, hiding)[0, 1].sum(), arrays)
            assert not any(grad.any() for grad in alone)

    def test_associations_are_shares(self) -> None:
        state, stored, _ = given()
        weights = self.make(steps=2).weights(state, stored, some_hidden())
        total = weights.abs().sum(-1)
        torch.testing.assert_close(total, (total > 0).double(), rtol=1e-12, atol=1e-12)
        assert not weights[~some_hidden()].any()

    def test_they_are_what_the_readout_is_made_of(self) -> None:
        arrays = given()
        layer = self.make(steps=3)
        found, weights = layer(*arrays, some_hidden(), return_association=True)
        torch.testing.assert_close(found, weights @ arrays[2], rtol=1e-12, atol=1e-12)
        torch.testing.assert_close(layer(*arrays, some_hidden()), found, rtol=1e-12, atol=1e-12)

    @pytest.mark.parametrize("tol", [0.0, 0.05])
    def test_no_state_knows_of_its_batch_mates(self, tol: float) -> None:
        state, stored, values = given()
        layer = self.make(steps=6, tol=tol)
        expected = layer(state, stored, values)
        for i in range(2):
            for j in range(3):
                alone = layer(state[i, j : j + 1], stored[i], values[i])
                torch.testing.assert_close(alone[0], expected[i, j], rtol=1e-12, atol=1e-12)

    def test_patterns_shared_by_a_batch_are_those_of_each(self) -> None:
        state, stored, values = given()
        layer = self.make(steps=2)
        for mask in (None, some_hidden(), some_hidden()[:, :1], some_hidden()[0, 0]):
            shared = layer(state, stored[0], values[0], mask)
            each = layer(state, stored[:1].expand(2, 5, 4), values[:1].expand(2, 5, 3), mask)
            torch.testing.assert_close(shared, each, rtol=1e-12, atol=1e-12)

    def test_updates_never_raise_the_energy(self) -> None:
        state, stored, _ = given()
        if not self.separation.normalised:
            with pytest.raises(TypeError, match="must be normalised"):
                self.make().energy(state, stored)
            return
        for mask in (None, some_hidden()):
            energies = [
                self.make().energy(self.make(steps=steps).settle(state, stored, mask), stored, mask)
                for steps in range(1, 8)
            ]
            for before, after in itertools.pairwise(energies):
                assert (after <= before + 1e-12).all()
            assert (energies[-1] < energies[0] - 1e-3).any()

    def test_its_update_is_the_state_less_the_slope_of_the_energy(self) -> None:
        state, stored, _ = given()
        if not self.separation.normalised:
            return
        state.requires_grad_()
        (slope,) = torch.autograd.grad(self.make().energy(state, stored).sum(), state)
        torch.testing.assert_close(state - slope, self.make()(state, stored), rtol=1e-10, atol=1e-10)

    def test_it_maps(self) -> None:
        arrays = given()
        layer = self.make(steps=2, tol=1e-3)
        torch.testing.assert_close(torch.func.vmap(layer)(*arrays), layer(*arrays), rtol=1e-12, atol=1e-12)
        shared = torch.func.vmap(layer, (0, None, None))(arrays[0], arrays[1][0], arrays[2][0])
        expected = layer(arrays[0], arrays[1][0], arrays[2][0])
        torch.testing.assert_close(shared, expected, rtol=1e-12, atol=1e-12)

    @pytest.mark.slow
    def test_it_compiles_whole(self) -> None:
        arrays, layer = (*given(), some_hidden()), self.make()
        torch._dynamo.reset()
        compiled = torch.compile(layer, fullgraph=True, backend="eager")
        torch.testing.assert_close(compiled(*arrays), layer(*arrays), rtol=1e-12, atol=1e-12)

    @pytest.mark.slow
    @pytest.mark.filterwarnings("ignore:.*script_method:DeprecationWarning")  # of torch's compiler about torch
    @pytest.mark.parametrize(("backend", "steps"), [("aot_eager", 2), ("inductor", 1)])
    def test_its_compiled_gradients_are_its_own(self, backend: str, steps: int) -> None:
        layer, results = self.make(steps=steps, tol=1e-3), []
        torch._dynamo.reset()
        for call in (torch.compile(layer, fullgraph=True, backend=backend), layer):
            arrays = [x.requires_grad_() for x in given()]
            found = call(*arrays, some_hidden())
            results.append([found, *torch.autograd.grad(found.square().sum(), arrays)])
        for one, other in zip(*results, strict=True):
            torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-9)

    @pytest.mark.slow
    def test_it_exports(self) -> None:
        layer, arrays = self.make(steps=2, tol=1e-3), (*given(), some_hidden())
        batch = torch.export.Dim("batch", min=1)
        program = torch.export.export(layer, arrays, dynamic_shapes=({0: batch},) * 4)
        longer = tuple(torch.cat([x, x, x]) for x in arrays)
        torch.testing.assert_close(program.module()(*longer), layer(*longer), rtol=1e-12, atol=1e-12)

    @pytest.mark.slow
    def test_it_runs_elsewhere(self, tmp_path: Path) -> None:
        arrays = (*(x.float() for x in given()), some_hidden())
        assert_runs_elsewhere(self.make(steps=2), arrays, tmp_path / "layer.onnx")

    def test_under_autocast_it_computes_in_bf16_and_stays_near(self) -> None:
        state, stored, values = given(dtype=torch.float32)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found = self.make(steps=2)(state, stored, values, some_hidden())
        assert found.dtype == torch.bfloat16
        expected = self.make(steps=2)(state, stored, values, some_hidden())
        torch.testing.assert_close(found.float(), expected, rtol=0.1, atol=0.1)


def assert_runs_elsewhere(layer: torch.nn.Module, arrays: tuple[Tensor, ...], file: Path) -> None:
    """Assert that a layer written as ONNX gives in onnxruntime what it gives here."""
    import onnxruntime

    with warnings.catch_warnings():  # of torch's exporter about torch
        warnings.simplefilter("ignore", FutureWarning)
        torch.onnx.export(layer.eval(), arrays, file, dynamo=True, verbose=False)
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    inputs = {each.name: x.numpy() for each, x in zip(session.get_inputs(), arrays, strict=True)}
    (found,) = session.run(None, inputs)
    np.testing.assert_allclose(found, layer(*arrays).detach().numpy(), rtol=1e-5, atol=1e-5)
