"""What pages show, in the reader's words."""
