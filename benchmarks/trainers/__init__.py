"""The classic CNN trained by Torchloom, by hand, and by three other trainers."""
