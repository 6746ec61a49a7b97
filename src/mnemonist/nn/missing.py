"""What is missing, in words: these modules need torch, which the rest of the package does not."""

from mnemonist.errors import MissingExtra


def in_words(error: ModuleNotFoundError) -> ImportError:
    """Return how torch is installed where that is what is missing, else the error as it is."""
    if error.name != "torch":
        return error
    who, must, fix = "mnemonist.nn", "needs PyTorch", "pip install 'mnemonist[torch]'"
    return MissingExtra(f"{who} {must}: {fix}", who=who, must=must, fix=fix)
