"""What `mnemonist.nn` offers, each name loaded when it is first used: see `__init__.py`."""

from . import synapses as synapses
from .descent import Descent as Descent
from .energy_transformer import EnergyTransformer as EnergyTransformer
from .hierarchy import Hierarchy as Hierarchy
from .neuron_layer import InputLayer as InputLayer
from .neuron_layer import NeuronLayer as NeuronLayer
from .rest import at_rest as at_rest
