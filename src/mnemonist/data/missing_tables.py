"""What is missing, in words: frames, Parquet and workbooks need packages that the rest does not."""

from mnemonist.errors import MissingExtra


def in_words(error: ModuleNotFoundError, who: str, package: str) -> ImportError:
    """Return how a package is installed where that is what is missing, else the error as it is."""
    if error.name != package:
        return error
    must, fix = f"needs {package}", "pip install 'mnemonist[tables]'"
    return MissingExtra(f"{who}: {must}; it is not installed. {fix}", who=who, must=must, fix=fix)
