"""How the service looks after itself: what is ill, whom to tell, and signs of life for others to watch."""
