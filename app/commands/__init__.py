"""The commands of `torchloom`, a file each. They need neither Qt nor a screen, save two that draw."""
