"""What training costs in Torchloom, compared with the same training written by hand."""
