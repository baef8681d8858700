"""What a run that did not end well left in Twilio and nobody wants any more: found, told, and then deleted."""
