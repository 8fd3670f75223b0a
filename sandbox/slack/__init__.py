"""The Slack-compatible server: Web API, signed events, interactivity and the web page."""
