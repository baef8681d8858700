"""What runs that did not end well left behind: marks of the stack, pending creates, orphans, second accounts."""
