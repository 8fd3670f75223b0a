"""What the doors count and time, for Prometheus."""

from prometheus_client import Counter, Histogram

ACK_SECONDS = Histogram(
    "piaobot_ack_seconds",
    "Seconds until Slack had its answer.",
    ["kind"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3),
)
TURNED_AWAY = Counter("piaobot_turned_away_total", "Requests without effect, by reason.", ["reason"])
