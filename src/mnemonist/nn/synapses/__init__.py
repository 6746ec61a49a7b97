"""Synapses of a hierarchy, an energy each: a namespace of its own, for `Hopfield` and `Attention` are layers too."""

from mnemonist.nn.missing import in_words

try:
    from mnemonist.nn.synapses.attention import Attention
    from mnemonist.nn.synapses.bias import Bias
    from mnemonist.nn.synapses.dense import Dense
    from mnemonist.nn.synapses.hopfield import Hopfield
    from mnemonist.nn.synapses.synapse import Synapse
    from mnemonist.nn.synapses.windows import Convolution, Pooling
except ModuleNotFoundError as error:
    raise in_words(error) from error

__all__ = ["Attention", "Bias", "Convolution", "Dense", "Hopfield", "Pooling", "Synapse"]
