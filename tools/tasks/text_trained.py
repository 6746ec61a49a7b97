"""Masked words by models that are trained, for so many seconds: a transformer, and a logistic regression.

The transformer is a masked language model of width 128, four layers of four heads, before-normalised, that reads up to
64 words and tells those hidden, 15 in 100; the regression reads the eight words around, each in its place, one weight
for each of these and each of the thousand commonest words. Both see the sentences that the memory stores, in random
order, and stop when their time is up; the number of their updates is told.
"""

import math
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from mnemonist.tasks.masked_words import MaskedWords
from tools.tasks.text_words import Asked, Tally

WIDTH, LAYERS, HEADS, LENGTH, BATCH, HIDDEN, RATE, WARM = 128, 4, 4, 64, 64, 0.15, 1e-3, 100
COMMON, CONTEXTS = 1000, 256  # words that the regression tells, and gaps in one of its updates


class Transformer(nn.Module):
    """Words (B, T) in codes, `size` where hidden, to logits (B, T, size)."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size
        self.words, self.places = nn.Embedding(size + 2, WIDTH, padding_idx=size + 1), nn.Embedding(LENGTH, WIDTH)
        nn.init.normal_(self.words.weight, std=0.02)
        layer = nn.TransformerEncoderLayer(WIDTH, HEADS, 4 * WIDTH, 0.0, "gelu", batch_first=True, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, LAYERS, nn.LayerNorm(WIDTH), enable_nested_tensor=False)
        self.bias = nn.Parameter(torch.zeros(size))

    def forward(self, codes: Tensor, at: Tensor) -> Tensor:
        """Return logits (M, size) at the places (M, 2) that are asked for."""
        x = self.words(codes) + self.places.weight[: codes.shape[1]]
        x = self.layers(x, src_key_padding_mask=codes == self.size + 1)[at[:, 0], at[:, 1]]
        return x @ self.words.weight[: self.size].T + self.bias


def transformer(masked: MaskedWords, questions: Asked, seconds: float, seed: int = 0) -> dict[str, float]:
    """Return the line of a transformer that was trained for so many seconds."""
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    size = len(masked.vocabulary)
    sentences = [one[:LENGTH] for one in np.split(masked.words, masked.spans[1:-1]) if len(one)]
    model = Transformer(size)
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    start, steps = time.perf_counter(), 0
    while (spent := (time.perf_counter() - start) / seconds) < 1:
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1.0, (steps + 1) / WARM) * max(0.05, math.cos(math.pi / 2 * spent))
        chosen = [sentences[i] for i in rng.integers(len(sentences), size=BATCH)]
        codes = _padded(chosen, size + 1)
        hidden = torch.from_numpy(rng.random(codes.shape) < HIDDEN) & (codes <= size - 1)
        at = hidden.nonzero()
        if not len(at):
            continue
        wanted = codes[hidden]
        loss = nn.functional.cross_entropy(model(codes.masked_fill(hidden, size), at), wanted)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        steps += 1
    tally = _told_by_transformer(model.eval(), questions, size)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    return tally.line() | {"updates": steps, "seconds to train": seconds, "parameters": parameters}


@torch.no_grad()
def _told_by_transformer(model: Transformer, questions: Asked, size: int) -> Tally:
    """Ask one by one, with the words around each gap that fit, and unseen ones hidden too."""
    tally = Tally()
    for (codes, place), word in zip(questions.places, questions.words, strict=True):
        start = time.perf_counter()
        first = max(0, min(place - LENGTH // 2, len(codes) - LENGTH))
        shown = np.where(codes < 0, size, codes)[first : first + LENGTH].astype(np.int64)
        shown[place - first] = size
        logits = model(torch.from_numpy(shown)[None], torch.tensor([[0, place - first]]))
        p = torch.softmax(logits[0], dim=0).numpy()
        tally.seconds += time.perf_counter() - start
        tally.add(p, word)
    return tally


def _padded(sentences: Sequence[Any], filler: int) -> Tensor:
    """Return codes (B, T) of sentences, filled up."""
    codes = np.full((len(sentences), max(map(len, sentences))), filler, np.int64)
    for row, sentence in zip(codes, sentences, strict=True):
        row[: len(sentence)] = sentence
    return torch.from_numpy(codes)


def logistic(masked: MaskedWords, questions: Asked, seconds: float, seed: int = 0) -> dict[str, float]:
    """Return the line of a logistic regression over the words around that was trained for so many seconds."""
    torch.sparse.check_sparse_tensor_invariants.disable()  # asked for, or else torch warns
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    size, rows = len(masked.vocabulary), masked.contexts.block().rows
    common = np.argsort(-masked.sides[0].unigrams, kind="stable")[:COMMON]
    told = np.full(size, -1)
    told[common] = np.arange(len(common))
    usable = np.flatnonzero(told[masked.words] >= 0)
    weights = nn.EmbeddingBag((size + 1) * rows.shape[1], len(common), mode="sum", sparse=True)
    nn.init.zeros_(weights.weight)
    bias = nn.Parameter(torch.log(torch.from_numpy(masked.sides[0].unigrams[common] + 1e-9)).float())
    optimiser = torch.optim.Adagrad([weights.weight, bias], lr=0.1)
    start, steps = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        chosen = usable[rng.integers(len(usable), size=CONTEXTS)]
        wanted = torch.from_numpy(told[masked.words[chosen]])
        loss = nn.functional.cross_entropy(weights(_features(rows[chosen], size)) + bias, wanted)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        steps += 1
    tally = Tally()
    for gap, word in zip(questions.gaps, questions.words, strict=True):
        tally_start, p = time.perf_counter(), 1e-3 * masked.sides[0].unigrams
        with torch.no_grad():
            logits = weights(_features(np.concatenate(gap)[None], size)) + bias
        p[common] += (1 - 1e-3) * torch.softmax(logits[0], dim=0).numpy()
        tally.seconds += time.perf_counter() - tally_start
        tally.add(p, word)
    return tally.line() | {"updates": steps, "seconds to train": seconds, "parameters": weights.weight.numel()}


def _features(rows: Any, size: int) -> Tensor:
    """Return which weights (B, 8) the words around ask for; those that are not known have one of their own."""
    codes = np.where(rows < 0, size, rows).astype(np.int64)
    return torch.from_numpy(codes + (size + 1) * np.arange(codes.shape[1]))
