"""What the steps of the compatibility suite share: its data, its notation, and the servers it talks to."""
