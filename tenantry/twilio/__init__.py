"""FLOOR 1. Twilio on the wire, and the only floor that imports the Twilio SDK: one gateway a kind."""
