"""Looking at the samples of any data source: what they hold, in which part, and finding some."""
