"""`/api/v1`: what the pages show, for programs. Its description is served at `/api/v1/openapi.json`."""
