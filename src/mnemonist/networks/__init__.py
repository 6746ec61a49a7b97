"""Networks: couplings between neurons, the rules that store patterns in them, and simplices of more than two."""
