"""What a preview of a pull request does not cover, or why there can be none."""
