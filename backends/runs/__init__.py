"""The run store: a folder for each run, with what made it and what came of it."""
