r"""From features to prototypes: how many memories answer together, and for how many classes each votes.

    alone      the share of images in which no second memory adds .9 as much to the right answer as the leading one
    within     how many memories do, on average
    votes      for how many classes α a memory votes, η_μα > 0; counted of memories that lead for an image at least,
               for those that never do keep, or drift to, whatever does not matter

Of small degrees an answer is the sum of many features, each voting for several classes; of large ones it is the word of
one prototype, which votes for one.

Source: Krotov & Hopfield 2016, arXiv:1606.01164, §4 and figure 3. Shapes: images (M, N); counts are (M,).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from mnemonist.experiments.learning import Images, Trained
from mnemonist.nn.classifier import DenseAssociativeClassifier

_RIVAL = 0.9  # of the leading contribution
_ROWS = 1000  # looked at together

Numbers = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Statistics:
    """What the held out images say of a trained memory: `within` (M,), `votes` (L,) of the L memories that lead."""

    degree: int
    error: float
    within: Numbers
    leading: Numbers
    votes: Numbers

    @property
    def alone(self) -> float:
        """The share of images that one memory answers alone."""
        return float((self.within == 1).mean())

    @property
    def modal_votes(self) -> int:
        """For how many classes most memories vote."""
        return int(np.bincount(self.votes).argmax())


def statistics(result: Trained, images: Images) -> Statistics:
    """Return the statistics of one trained memory."""
    within, leaders = answering(result.model, images.held_inputs, images.held_labels)
    leading = np.unique(leaders)
    votes = (result.model.votes.detach() > 0).sum(dim=-1).numpy()[leading]
    return Statistics(result.recipe.degree, result.error, within, leading, votes)


@torch.no_grad()  # type: ignore[untyped-decorator]
def answering(model: DenseAssociativeClassifier, inputs: Tensor, labels: Tensor) -> tuple[Numbers, Numbers]:
    """Return how many memories (M,) add within .9 of the leading one to the right answer, and which leads (M,)."""
    within, leaders = [], []
    for rows, right in zip(inputs.split(_ROWS), labels.split(_ROWS), strict=True):
        added = model.contributions(rows, right)
        most = added.max(dim=-1)
        within.append((added >= _RIVAL * most.values[:, None]).sum(dim=-1))
        leaders.append(most.indices)
    return torch.cat(within).numpy(), torch.cat(leaders).numpy()
