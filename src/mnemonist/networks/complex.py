r"""The model that a weighted simplicial complex makes.

    E(s) = −Σ_σ w_σ Π_{i∈σ} s_i        h_i = Σ_{σ∋i} w_σ Π_{j∈σ∖i} s_j        flipping i costs 2 s_i h_i

E is linear in each neuron, so that is exact, and as weights are whole numbers over N so are ties. On all sets of one
size d this is a dense memory of degree d but for its lower powers.

Source: Burns & Fukai 2023, arXiv:2305.05179. Shapes: tables (M, d) of neurons, weights (M,) for each; state (B, N).
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mnemonist._array import Array, beside, namespace
from mnemonist.core.neurons import Binary, Neurons
from mnemonist.core.power import Power
from mnemonist.core.separation import Separation, Summary
from mnemonist.core.similarity import Dot
from mnemonist.dynamics.model import Sites
from mnemonist.networks.simplices import Table
from mnemonist.readout.nearness import Nearness
from mnemonist.readout.reader import Reader
from mnemonist.stores.protocol import Store

_NUMBERS_AT_ONCE = 2**24
_TIE = 8 * 2.0**-52


@dataclass(frozen=True, eq=False)
class Complex:
    """Tables of simplices, their weights, N w_σ, and a reader of the patterns stored in them."""

    tables: tuple[Table, ...]
    totals: tuple[Array, ...]
    reader: Reader

    has_energy = True
    descends = True
    single_step = False

    @property
    def neurons(self) -> Neurons:
        """±1."""
        return Binary()

    @property
    def like(self) -> Array:
        """Cues must be of the library, device and width of the patterns."""
        return self.reader.patterns.like

    @property
    def batch_size(self) -> int | None:
        """As many as have their products in bounded memory."""
        return max(1, _NUMBERS_AT_ONCE // sum(table.size for table in self.tables))

    # --- the state -----------------------------------------------------------------------------------------------

    def start(self, cues: Array, known: Array | None) -> Array:
        """Return the cues as floats, 0 where unknown."""
        xp = namespace(cues, self.like)
        x = xp.astype(cues, self.neurons.dtype(cues, self.like))
        return x if known is None else xp.where(known, x, xp.zeros_like(x))

    def visible(self, state: Array) -> Array:
        """Return the state: every neuron is visible."""
        return state

    def step(self, state: Array, movable: Array, *, cue_mask: Array | None = None) -> Array:
        """Return the state after every free neuron followed its field at once; an undecided one silences its sets."""
        xp, sites = namespace(state), self.sites(state)
        gains = xp.stack([sites.gains(site) for site in range(sites.count)], axis=1)
        target = xp.astype(2 * xp.argmin(gains, axis=-1) - 1, state.dtype)
        return xp.where(movable & (xp.min(gains, axis=-1) < 0), target, state)

    def sites(self, state: Array) -> "ProductSites":
        """Begin a sweep at a state (B, N)."""
        return ProductSites(self, state)

    def energy(self, state: Array, summary: Summary | None = None) -> Array:
        """Return E (B,) in float64: it is made of simplices, not of scores."""
        xp = namespace(state)
        x, energy = xp.astype(state, xp.float64).T, xp.zeros(state.shape[0], dtype=xp.float64)
        for table, totals in zip(self.tables, self.totals, strict=True):
            energy = energy - totals @ _products(x, table)
        return energy / state.shape[-1]

    @cached_property
    def stars(self) -> tuple[tuple[tuple[Table, Array], ...], ...]:
        """For each neuron and size, the other members (deg, d − 1) of its simplices and their N w (deg,)."""
        n = self.like.shape[-1]
        by_size = [_stars(table, totals, n) for table, totals in zip(self.tables, self.totals, strict=True)]
        return tuple(zip(*by_size, strict=True))

    @property
    def separation(self) -> Separation:
        """How overlaps become the weights of a recall."""
        return self.reader.separation


def simplex_reader(tables: tuple[Table, ...], patterns: Store) -> Reader:
    """Return a reader by overlaps, under the power of the largest odd size, as without mirror images."""
    sizes = [table.shape[1] for table in tables]
    power = Power(min(100, max([size for size in sizes if size % 2] or sizes)))
    return Reader(Dot(), power, Binary(), patterns, nearness=Nearness(None, per_site=True), by_overlap=True)


class ProductSites(Sites):
    """The sites of a state: the products of a neuron's simplices are taken when it is asked, in O(degree · d)."""

    def __init__(self, model: Complex, state: Array) -> None:
        xp = namespace(state)
        self._xp, self._stars, self._dtype = xp, model.stars, state.dtype
        self._state = xp.asarray(xp.astype(state, xp.float64).T, copy=True)  # (N, B)

    @property
    def count(self) -> int:
        """N."""
        return int(self._state.shape[0])

    def movable(self, movable: Array) -> Array:
        """Return `movable` (B, N): each neuron is a site."""
        return movable

    def gains(self, site: int) -> Array:
        """Return E(s_i = −1) − E(now) and E(s_i = +1) − E(now): (B, 2), ties as 0, N times over."""
        xp, value = self._xp, self._state[site, :]
        field, size = self._field(site)
        field = xp.where(xp.abs(field) > _TIE * size, field, xp.zeros_like(field))
        change = xp.where(value == 0, xp.abs(field), 2 * value * field)
        target = xp.where(value == 0, xp.sign(field), -value)
        gain, none = xp.where(value == 0, -change, change), xp.zeros_like(field)
        return xp.stack([xp.where(target < 0, gain, none), xp.where(target > 0, gain, none)], axis=-1)

    def levels(self, site: int) -> Array:
        """Return E(s_i = −1) and E(s_i = +1) less the first: (B, 2), in the units of the energy."""
        rise = -2 * self._field(site)[0] / self.count
        return self._xp.stack([self._xp.zeros_like(rise), rise], axis=-1)

    def _field(self, site: int) -> tuple[Array, float]:
        """Return N times the field (B,) at a site, and the sum of its terms' sizes."""
        field, size = self._xp.zeros_like(self._state[site, :]), 0.0
        for others, totals in self._stars[site]:
            field = field + totals @ _products(self._state, others)
            size += float(self._xp.sum(self._xp.abs(totals)))
        return field, size

    def put(self, site: int, option: Array, where: Array) -> None:
        """Give the site −1 (option 0) or +1 (option 1) in the cues of `where`."""
        xp, old = self._xp, self._state[site, :]
        self._state[site, :] = xp.where(where, xp.astype(2 * option - 1, xp.float64), old)

    def state(self) -> Array:
        """Return the state (B, N) in the dtype it came in."""
        return self._xp.astype(self._state.T, self._dtype, copy=True)


def products(rows: Array, table: Table) -> Array:
    """Return Π_{i∈σ} ξ_i of rows (K, N) for each simplex of a table: (M, K)."""
    return _products(rows.T, table)


def _products(columns: Array, table: Table) -> Array:
    """Return the products over each row of a table (M, d) of columns (N, B): (M, B)."""
    xp = namespace(columns)
    members = [xp.take(columns, beside(table[:, k], columns), axis=0) for k in range(table.shape[1])]
    return math.prod(members[1:], start=members[0])


def _stars(table: Table, totals: Array, n: int) -> list[tuple[Table, Array]]:
    """Return, for each of n neurons, the others of its simplices in a table, and their N w."""
    size = table.shape[1]
    rows, places = np.divmod(np.argsort(table, axis=None, kind="stable"), size)
    bounds = np.searchsorted(table[rows, places], np.arange(n + 1))
    others = np.stack([np.delete(np.arange(size), place) for place in range(size)])  # (d, d − 1)
    stars = []
    for i in range(n):
        mine, place = rows[bounds[i] : bounds[i + 1]], places[bounds[i] : bounds[i + 1]]
        members = np.take_along_axis(table[mine], others[place], axis=1)
        stars.append((members, namespace(totals).take(totals, beside(mine, totals), axis=0)))
    return stars
