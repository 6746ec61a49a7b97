"""Memories: patterns, a similarity, a separation and neurons put together, behind store and recall."""
