"""What the reader is trained on and judged by."""
