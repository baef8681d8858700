"""api.twilio.com: the v2010 API, its dates in RFC 2822 and its lists with relative links."""
