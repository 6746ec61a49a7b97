"""The landscape of a reader: which kind it is, is chosen here."""

from mnemonist.memories.continuous_landscape import ContinuousLandscape
from mnemonist.memories.discrete_landscape import DiscreteLandscape, MixedLandscape
from mnemonist.memories.landscape import Landscape
from mnemonist.readout.reader import Reader


def landscape_of(reader: Reader) -> Landscape:
    """Return the landscape in which neurons of their kind move."""
    if reader.neurons.mixed:
        return MixedLandscape(reader)
    return DiscreteLandscape(reader) if reader.neurons.discrete else ContinuousLandscape(reader)
