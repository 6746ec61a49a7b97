"""Sites: the running sums of a sweep over discrete neurons, and all of them decided at once."""
