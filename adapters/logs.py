"""Where log lines go: one JSON object a line, in UTC, personal data masked."""

import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import orjson
import structlog

from compliance.redaction import mask_mapping


def _mask(_: object, __: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return mask_mapping(line)


def configure_logs(path: Path | None = None, *, level: str = "info") -> None:
    """Write log lines to `path`, or to standard error when there is none."""
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _mask,
            structlog.processors.JSONRenderer(serializer=orjson.dumps, default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(file=path.open("ab") if path else sys.stderr.buffer),
        cache_logger_on_first_use=False,  # a logger that keeps its stream would outlive it
    )
