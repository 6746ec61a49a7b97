"""Memories as scikit-learn's estimators: they fill, label, predict, clean, find what is odd, and recommend.

    from mnemonist.estimators import AssociativeImputer, AssociativeClassifier

    AssociativeImputer().fit_transform(X)                    # holes are NaN
    AssociativeClassifier().fit(X, y).predict_proba(X_new)   # features may be NaN too

All go into pipelines and searches. Without scikit-learn, the first name that is used says how to install it.
"""

from typing import Any

import lazy_loader

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    """Load a name that `__init__.pyi` lists when it is first used. Raises `MissingExtra` without scikit-learn."""
    try:
        return _load(name)
    except ModuleNotFoundError as error:
        if error.name not in ("sklearn", "scipy"):
            raise
        from mnemonist.errors import MissingExtra

        who, must, fix = "mnemonist.estimators", "needs scikit-learn", "pip install 'mnemonist[sklearn]'"
        raise MissingExtra(f"{who} {must}: {fix}", who=who, must=must, fix=fix) from error
