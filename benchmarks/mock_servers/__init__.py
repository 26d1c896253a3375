"""What `mock_server.py` is made of: contracts, the servers side by side, and how they are measured."""
