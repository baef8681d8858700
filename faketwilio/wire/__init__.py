"""HTTP as Twilio speaks it: credentials, forms, lists in pages, errors."""
