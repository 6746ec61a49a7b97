"""The mathematics: similarities, separations, neurons, and the Lagrangians that they are."""
