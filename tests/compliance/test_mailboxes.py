"""E-mail addresses as lists have them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.mailboxes import read_email


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("taro@example.jp", "taro@example.jp"),
        (" Taro.Yamada@Example.JP ", "Taro.Yamada@example.jp"),
        ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ", "taro@example.jp"),
        ("mailto:taro@example.jp", "taro@example.jp"),
        ("taro+list@example.co.jp", "taro+list@example.co.jp"),
        ("taro@日本語.jp", "taro@xn--wgv71a119e.jp"),
        ("taro..x.@docomo.ne.jp", "taro..x.@docomo.ne.jp"),
    ],
)
def test_a_mailbox_is_read(text: str, address: str) -> None:
    """Width and the domain's case do not matter; old carrier addresses with odd dots are real."""
    assert read_email(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "taro",
        "taro@",
        "@example.jp",
        "taro@example",
        "taro@example..jp",
        "ta ro@example.jp",
        "taro..x@example.jp",
        "taro@-example.jp",
        "taro@127.0.0.1",
        "太郎@example.jp",
        "a@b.jp, c@d.jp",
        "taro@example.jp\r\nBcc: all@example.jp",
        f"{'a' * 65}@example.jp",
        f"taro@{'a.' * 130}jp",
    ],
)
def test_what_mail_cannot_reach_is_refused(text: str) -> None:
    """No address, two, one with a header hidden in it, one too long: none of them is a mailbox."""
    assert read_email(text) is None


@given(st.text(max_size=40) | st.emails())
def test_any_text_is_a_mailbox_or_none(text: str) -> None:
    """Nothing people can type raises, and a mailbox read again is itself."""
    address = read_email(text)
    assert address is None or read_email(address) == address
