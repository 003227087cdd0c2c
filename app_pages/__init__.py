"""Pages: they draw and nothing else."""
