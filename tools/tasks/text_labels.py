"""Labels of texts: by the evidence of a memory, of letters and of meaning too, beside what one would use otherwise."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from mnemonist.tasks import TextMemory
from mnemonist.tasks.meaning import wordllama

Answer = Callable[[str], Any]


def measured(texts: Sequence[str], labels: Sequence[str], asked: int) -> dict[str, Any]:
    """Return accuracy, ms a text and seconds to be ready: of the first `asked` texts, told by all others."""
    test, answers, stored, named = texts[:asked], labels[:asked], texts[asked:], labels[asked:]
    ways = {
        "memory, letters": lambda: _memory(stored, named, None),
        "memory, letters and wordllama": lambda: _memory(stored, named, wordllama()),
        "logistic regression, TF-IDF of words": lambda: _logistic(stored, named),
        "k-NN, TF-IDF of letters": lambda: _neighbours(stored, named),
    }
    lines = {name: _line(make, test, answers) for name, make in ways.items()}
    commonest = max(set(named), key=list(named).count)
    lines["the commonest label"] = {"accuracy": float(np.mean([label == commonest for label in answers]))}
    return {"stored": len(stored), "asked": asked, "labels": len(set(named)), "ways": lines}


def _line(make: Callable[[], Answer], test: Sequence[str], answers: Sequence[str]) -> dict[str, float]:
    start = time.perf_counter()
    answer = make()
    answer(test[0])
    ready = time.perf_counter()
    right = [answer(text) == label for text, label in zip(test, answers, strict=True)]
    ms = 1e3 * (time.perf_counter() - ready) / len(test)
    return {"accuracy": float(np.mean(right)), "ms": ms, "seconds to be ready": ready - start}


def _memory(stored: Sequence[str], named: Sequence[str], embed: Any) -> Answer:
    memory = TextMemory(embed=embed)
    memory.add(stored, labels=named)
    return lambda text: memory.label(text)[0][0]


def _logistic(stored: Sequence[str], named: Sequence[str]) -> Answer:
    """Return a logistic regression, its C chosen by three folds."""
    features = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    tuned = GridSearchCV(LogisticRegression(max_iter=100), {"C": [3.0, 30.0]}, cv=3)
    model = make_pipeline(features, tuned).fit(stored, named)
    return lambda text: model.predict([text])[0]


def _neighbours(stored: Sequence[str], named: Sequence[str]) -> Answer:
    """Return a vote of the nearest, their number chosen by three folds."""
    features = TfidfVectorizer(analyzer="char", ngram_range=(2, 4), sublinear_tf=True)
    counts = {"n_neighbors": [5, 10, 20, 40]}
    tuned = GridSearchCV(KNeighborsClassifier(metric="cosine", weights="distance"), counts, cv=3)
    model = make_pipeline(features, tuned).fit(stored, named)
    return lambda text: model.predict([text])[0]
