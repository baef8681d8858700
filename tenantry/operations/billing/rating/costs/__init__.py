"""From usage records to figures: units and costs of a charge, what nobody covers, and where Twilio's total went."""
