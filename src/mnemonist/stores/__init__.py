"""Stores: where memories live. In rows, in bits, in files."""
