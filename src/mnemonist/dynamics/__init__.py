"""How a state moves until it rests, and what is then said of it."""
