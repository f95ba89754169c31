"""The small safetensors reader of exported scripts, against the library."""

import pytest
import torch
from safetensors.torch import save_file

from backends.pytorch.weights_file import DTYPES, read_weights


def test_it_reads_what_the_library_writes(tmp_path):
    path = tmp_path / "w.safetensors"
    tensors = {
        f"{dtype}".removeprefix("torch."): torch.arange(6).reshape(2, 3).to(dtype)
        for dtype in DTYPES.values()
    }
    tensors |= {"scalar": torch.tensor(2.5), "empty": torch.zeros(0, 3)}
    save_file(tensors, path, metadata={"format": "pt"})
    read = read_weights(path)
    assert read.keys() == tensors.keys()
    for name, tensor in tensors.items():
        assert torch.equal(read[name], tensor)
        assert read[name].dtype == tensor.dtype
        assert read[name].shape == tensor.shape


def test_damaged_files_are_refused(tmp_path):
    path = tmp_path / "w.safetensors"
    save_file({"a": torch.ones(100)}, path)
    content = path.read_bytes()
    for length in (0, 5, 30, len(content) - 7):
        path.write_bytes(content[:length])
        with pytest.raises(ValueError, match="damaged"):
            read_weights(path)
