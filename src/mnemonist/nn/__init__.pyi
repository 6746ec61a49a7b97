"""What `mnemonist.nn` offers, each name loaded when it is first used: see `__init__.py`."""

from .association import Association as Association
from .attacks import Boundary as Boundary
from .attacks import boundary as boundary
from .attacks import fast_gradient as fast_gradient
from .attacks import iterative as iterative
from .classifier import DenseAssociativeClassifier as DenseAssociativeClassifier
from .encoder import HopfieldEncoderLayer as HopfieldEncoderLayer
from .hflayers import from_hflayers as from_hflayers
from .hopfield import Hopfield as Hopfield
from .lookup import HopfieldLayer as HopfieldLayer
from .memory_momentum import MemoryMomentum as MemoryMomentum
from .memory_momentum import power_loss as power_loss
from .pooling import HopfieldPooling as HopfieldPooling
from .projected import projected as projected
from .trainer import Trainer as Trainer
from .trainer import constant as constant
from .trainer import cosine as cosine
from .training import Epoch as Epoch
from .training import Training as Training
from .training import error_rate as error_rate
