"""The pages: desk, board and audit."""
