"""How things are called and how amounts are printed, in Chinese and English."""
