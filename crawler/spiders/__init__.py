"""The spiders: `sources` visits every chosen source by all its ways in; the others take one way each."""
