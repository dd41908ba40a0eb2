"""The pages: what was found, looked up in a browser. Reads the same store as everything else."""
