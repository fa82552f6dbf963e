"""Where a person finds us on the web: the links a mail carries."""


def mail_links(public_url: str, attempt: str, token: str) -> dict[str, str]:
    """Return the addresses `unsubscribe` and `answer` of one mail; the token makes them unguessable."""
    root = f"{public_url.rstrip('/')}/mail/{attempt}/{token}"
    return {"unsubscribe": f"{root}/unsubscribe", "answer": f"{root}/answer"}
