"""Recall: the face that all memories share, from a request that is checked to a result that says what it is."""
