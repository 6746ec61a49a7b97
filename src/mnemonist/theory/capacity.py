r"""Capacity: how many random patterns a classical network of ±1 neurons holds.

    K = α_c N,        α_c = max_y ½ [erf(y)/y − (2/√π) e^(−y²)]² = 0.137906

Beyond that load it retrieves nothing, below it all but 1.6 % of the pixels at least. This is for patterns whose pixels
are independent fair coins, as N → ∞, in the replica-symmetric theory. Correlated patterns, such as images, fail at far
lower loads: see `theory.crosstalk`.

Source: Amit, Gutfreund & Sompolinsky 1985, PRL 55:1530.
"""

CRITICAL_LOAD = 0.137906
