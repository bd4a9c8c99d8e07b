"""What the server says of itself, each with a program that tries to show the contrary."""
