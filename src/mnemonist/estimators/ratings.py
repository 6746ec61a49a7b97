r"""Ratings: what users say of items, and the three memories that tell what they would say of others.

    projection   s_u = x_u B,  B = I − P diag(1/P_ii),  P = (XᵀX + λI)⁻¹         without self-coupling
    users        s_u = Σ_v softmax_v(β cos(x_u, x_v)) x_v
    items        r̂_ui = μ + b_u + b_i + Σ_{j rated by u} softmax_j(β c_ij) r̃_uj

B is the projection rule with a rest λ whose diagonal is held at 0: a linear memory, in which tastes add up. The softmax
of users answers with a mixture of a few whole users, who never liked all that one does: it loses. c is the cosine of
the residuals r̃ of two items, shrunk where few users rated both.

Source: Steck 2019, arXiv:1905.03375 (B); Kanter & Sompolinsky 1987 (the projection rule without self-coupling); Koren
2010 (residuals and shrinkage). Shapes: X (U, I) sparse; P, B, c (I, I).
"""

from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

Numbers = np.ndarray[Any, Any]

_SHRINK = 50.0  # users that a cosine of items is shrunk by
_BIAS = (5.0, 10.0)  # ratings that an item's and a user's mean are shrunk by
_ITEMS = 256  # whose predictions are made together


def couplings(counts: Any, strength: float) -> Numbers:
    """Return B (I, I) of ratings (U, I), its diagonal 0; costs O(I³)."""
    gram = np.asarray((counts.T @ counts).todense(), np.float64)
    gram[np.diag_indices_from(gram)] += strength
    p = np.linalg.inv(gram)
    b = p / -np.diag(p)
    b[np.diag_indices_from(b)] = 0.0
    return np.asarray(b)


def cosines(rows: Any, others: Any) -> Numbers:
    """Return the cosines (U, V) of sparse rows."""
    product = np.asarray((rows @ others.T).todense())
    lengths = [np.sqrt(np.asarray(each.multiply(each).sum(axis=1)).ravel()) for each in (rows, others)]
    scale = np.outer(*lengths)
    return np.asarray(product / np.where(scale > 0, scale, 1.0))


def mixtures(rows: Any, users: Any, beta: float, themselves: Numbers | None) -> Numbers:
    """Return the scores (B, I) that softmax mixtures of users give, each of the others; 0 where there are none."""
    h = beta * cosines(rows, users)
    if themselves is not None:
        h[np.arange(len(h)), themselves] = -np.inf
    peak = h.max(axis=1, keepdims=True)
    f = np.exp(h - np.where(np.isfinite(peak), peak, 0.0))
    mass = f.sum(axis=1, keepdims=True)
    return np.asarray((users.T @ (f / np.where(mass > 0, mass, 1.0)).T).T)


class Biases(NamedTuple):
    """The mean rating, and by how much users (U,) and items (I,) are off it."""

    mean: float
    users: Numbers
    items: Numbers


def biases(ratings: Any) -> Biases:
    """Return the biases of ratings (U, I), shrunk where there are few."""
    table = ratings.tocoo()
    mean = float(table.data.mean()) if table.nnz else 0.0
    by_item, by_user = _BIAS
    items = _sums(table.col, table.data - mean, ratings.shape[1], by_item)
    users = _sums(table.row, table.data - mean - items[table.col], ratings.shape[0], by_user)
    return Biases(mean, users, items)


def _sums(which: Numbers, off: Numbers, count: int, shrink: float) -> Numbers:
    return np.bincount(which, off, count) / (np.bincount(which, minlength=count) + shrink)


def residuals(ratings: Any, known: Biases) -> Any:
    """Return the ratings less the biases (U, I), sparse."""
    table = ratings.tocoo()
    off = table.data - known.mean - known.users[table.row] - known.items[table.col]
    return sparse.csr_array((off, (table.row, table.col)), shape=ratings.shape)


def alike(off: Any) -> Numbers:
    """Return c (I, I): the cosines of residuals over the users of both, shrunk where these are few."""
    there = off.copy()
    there.data = np.ones_like(there.data)
    squares = off.multiply(off).tocsr()
    product = np.asarray((off.T @ off).todense())
    both = np.asarray((there.T @ there).todense())
    mine = np.asarray((squares.T @ there).todense())
    scale = np.sqrt(mine * mine.T)
    c = product / np.where(scale > 0, scale, 1.0) * both / (both + _SHRINK)
    c[np.diag_indices_from(c)] = -np.inf  # an item does not answer for itself
    return np.asarray(c)


def predicted(off: Any, c: Numbers, users: Numbers, items: Numbers, beta: float) -> Numbers:
    """Return Σ_j softmax_j(β c_ij) r̃_uj (B,) of pairs of a user and an item, over what the user rated."""
    found = np.zeros(len(users))
    order = np.argsort(users, kind="stable")
    cuts = np.flatnonzero(np.diff(users[order])) + 1
    for some in np.split(order, cuts) if len(order) else ():
        user = int(users[some[0]])
        rated = off.indices[off.indptr[user] : off.indptr[user + 1]]
        said = off.data[off.indptr[user] : off.indptr[user + 1]]
        if not len(rated):
            continue
        h = beta * c[np.ix_(items[some], rated)]
        peak = h.max(axis=1, keepdims=True)
        f = np.exp(h - np.where(np.isfinite(peak), peak, 0.0))
        mass = f.sum(axis=1)
        found[some] = (f @ said) / np.where(mass > 0, mass, 1.0)
    return found
