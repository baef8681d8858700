"""Who the tenants are in Twilio, from the state and the manifests."""
