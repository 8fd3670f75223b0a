"""Every setting, read once from the environment. docs/settings.md explains each; a test keeps the two together."""

from datetime import timedelta
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from integrations.reading.limits import ReadingLimits

_MEGABYTE = 1024 * 1024


class Settings(BaseSettings):
    """Names are as in the environment: SLACK_… for what Slack gives, PIAOBOT_… for ours."""

    model_config = SettingsConfigDict(env_prefix="PIAOBOT_", env_file=".env", extra="ignore", populate_by_name=True)

    slack_bot_token: SecretStr = Field(SecretStr(""), validation_alias=AliasChoices("SLACK_BOT_TOKEN"))
    slack_signing_secret: SecretStr = Field(SecretStr(""), validation_alias=AliasChoices("SLACK_SIGNING_SECRET"))
    slack_app_token: SecretStr = Field(SecretStr(""), validation_alias=AliasChoices("SLACK_APP_TOKEN"))
    slack_api_url: str = Field("https://slack.com/api/", validation_alias=AliasChoices("SLACK_API_URL"))

    port: int = 8500
    host: str = "127.0.0.1"
    public_url: str = ""
    data_dir: Path = Path("data")
    config_dir: Path = Path("config")
    database_url: str = ""
    encryption_keys: SecretStr = SecretStr("")
    intake_channels: str = ""
    executor_id: str = "piaobot-1"
    undo_seconds: float = 60
    remind_hours: float = 24
    scan_seconds: float = 2
    job_care_seconds: float = 15
    readers: int = 1
    file_megabytes: int = Field(20, gt=0)
    file_pages: int = Field(50, gt=0)
    archive_entries: int = Field(200, gt=0)
    archive_megabytes: int = Field(200, gt=0)
    archive_depth: int = Field(2, gt=0)
    file_megapixels: int = Field(60, gt=0)
    file_seconds: float = Field(60, gt=0)
    reader_memory_megabytes: int = Field(2048, gt=0)
    company_locale: str = "zh-CN"
    time_zone: str = "Asia/Shanghai"
    least_free_gb: float = 2
    log_level: str = "INFO"

    def url_of_database(self) -> str:
        """SQLite in the data folder unless another is named."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'piaobot.db'}"

    def url_for_people(self) -> str:
        """Where a browser reaches the web pages."""
        return (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    def channels(self) -> frozenset[str]:
        """The ids of the intake channels, given separated by commas."""
        return frozenset(channel.strip() for channel in self.intake_channels.split(",") if channel.strip())

    def reading_limits(self) -> ReadingLimits:
        """How much one file may ask of us."""
        return ReadingLimits(
            bytes=self.file_megabytes * _MEGABYTE,
            pages=self.file_pages,
            pixels=self.file_megapixels * 1_000_000,
            seconds=self.file_seconds,
            memory_bytes=self.reader_memory_megabytes * _MEGABYTE,
            entries=self.archive_entries,
            unpacked_bytes=self.archive_megabytes * _MEGABYTE,
            depth=self.archive_depth,
        )

    def undo_window(self) -> timedelta:
        """How long an approver can take a decision back."""
        return timedelta(seconds=self.undo_seconds)

    def remind_after(self) -> timedelta:
        """How long a task waits before its approver is reminded."""
        return timedelta(hours=self.remind_hours)
