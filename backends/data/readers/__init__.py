"""Functions that read data into numpy arrays, pasted as they are into exported folders.

They import the standard library, numpy and each other (and Pillow where images are decoded), and
refuse with `DataError`. Each `load_…` answers `(train, test)`: arrays by column name, rows first.
"""
