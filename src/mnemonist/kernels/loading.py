"""When compiled kernels are loaded: once the slow twins have worked for as long as that takes.

Loading takes a third of a second, whatever comes first; from then on a kernel is faster than its twin at any size. So
a process that asks little never waits for it. What it will ask nobody knows, so the twins' work is added up: kernels
are loaded when all of it so far, with what is asked now, would take longer than loading them. Whatever is asked, and in
however small pieces, then takes at most twice as long as it had to.

    seconds = 50 µs · steps of NumPy + 5 ns · products

Twins and kernels give the same answers, so it does not matter which thread counts first, or that one is not counted:
no lock is taken, which a process that forks might keep for ever.
"""

from mnemonist.kernels.available import kernels_run

_LOADING = 0.3  # seconds
_STEP = 50e-6
_PRODUCT = 5e-9


class _Work:
    """The seconds that slow twins worked in this process, or would have."""

    def __init__(self) -> None:
        self.seconds = 0.0


_work = _Work()


def worth_it(steps: int, products: int) -> bool:
    """Say whether kernels are to do what takes a slow twin so many steps and products, and can."""
    if _work.seconds < _LOADING:
        _work.seconds += _STEP * steps + _PRODUCT * products
    return _work.seconds >= _LOADING and kernels_run()
