"""The same list of recalls, answered by whichever version of mnemonist is on the path; see `compare_answers`."""
