"""What `mnemonist.nn` offers, each name loaded when it is first used: see `__init__.py`."""

from .association import Association as Association
from .encoder import HopfieldEncoderLayer as HopfieldEncoderLayer
from .hflayers import from_hflayers as from_hflayers
from .hopfield import Hopfield as Hopfield
from .lookup import HopfieldLayer as HopfieldLayer
from .pooling import HopfieldPooling as HopfieldPooling
from .projected import projected as projected
