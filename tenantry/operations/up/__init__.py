"""Making Twilio as the manifests say: plan, show, apply, and the outcome of it."""
