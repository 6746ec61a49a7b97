"""The mathematics: similarities, separations, neurons, and the protocols that dynamics run on."""
