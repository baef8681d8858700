"""monitor.twilio.com: alerts of the Debugger, and the audit log."""
