"""Record real HTTP traffic through mitmproxy, replay it offline with Pact matching, and export Pact contracts."""

__version__ = "0.1.0"

__all__ = ["__version__"]
