"""Files the program brings along: data, icons and examples."""
