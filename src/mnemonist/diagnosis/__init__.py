"""What ails a memory, and what would help; where its model comes from."""
