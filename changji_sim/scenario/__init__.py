"""A scenario (情景) in memory: its values as plain data, the distributions it draws from, the files it reads."""
