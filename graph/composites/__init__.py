"""Edits of composites: made from blocks, taken apart, named, given parameters, repeated, shared."""
