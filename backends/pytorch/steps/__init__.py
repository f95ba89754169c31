"""Steps between data and model, each run on whole batches where these lie."""
