"""What the adapters count and time, for Prometheus. Labels are our own words: never names, ids or amounts."""

from prometheus_client import Counter, Histogram

READING_SECONDS = Histogram(
    "piaobot_reading_seconds",
    "Seconds from a file's bytes to its invoices, by the strongest source that spoke.",
    ["source"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64),
)
UNREADABLE = Counter("piaobot_unreadable_total", "Files that gave nothing, by code.", ["code"])
INVOICES = Counter("piaobot_invoices_read_total", "Invoices found, by kind.", ["kind"])
QUESTIONS = Counter("piaobot_questions_total", "Fields a person was asked about, by field.", ["field"])
SLACK_ERRORS = Counter("piaobot_slack_errors_total", "Calls Slack did not take, by its error name.", ["error"])
OA_ERRORS = Counter("piaobot_oa_errors_total", "Calls the OA did not take, by kind of failure.", ["system", "error"])
JOBS = Counter("piaobot_jobs_total", "Jobs ended, by name and outcome.", ["job", "outcome"])
JOB_SECONDS = Histogram("piaobot_job_seconds", "Seconds a job ran, by name.", ["job"])
