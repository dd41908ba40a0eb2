"""The commands of the command line, a module a kind. Each takes words, does one job or query, and prints."""
