"""The commands of `torchloom`, a file each. Only those that draw need Qt; none needs a screen."""
