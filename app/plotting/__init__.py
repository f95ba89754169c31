"""What plots are made of: series of numbers, their decimation, and areas with axes."""
