"""A window that shows the samples of the data: found, sorted, one by one and summed up."""
