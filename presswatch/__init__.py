"""presswatch: the service that remembers, shows, sends and starts."""

__version__ = "0.1.0"
