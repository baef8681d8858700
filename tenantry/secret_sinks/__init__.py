"""Where secrets of API keys are delivered to: the only floor with the clients of these stores, each in its own file."""
