"""Compiled loops, each beside the slow twin where it is called, and what they share: threads, registers, Numba."""
