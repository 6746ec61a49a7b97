"""What `mnemonist.estimators` offers, each name loaded when it is first used: see `__init__.py`."""

from .classifier import AssociativeClassifier as AssociativeClassifier
from .denoiser import AssociativeDenoiser as AssociativeDenoiser
from .imputer import AssociativeImputer as AssociativeImputer
from .outliers import AssociativeOutlierDetector as AssociativeOutlierDetector
from .recommender import AssociativeRecommender as AssociativeRecommender
from .regressor import AssociativeRegressor as AssociativeRegressor
