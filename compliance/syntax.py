"""YAML's syntax errors in words that help the person who made them."""

import yaml

from compliance.problem import Wording, wording

_TAB = (
    wording("A tab stands where spaces must", "空白が必要な所にタブがあります"),
    wording(
        "Indent with spaces; replace the tab by two spaces",
        "字下げには空白を使い、タブを空白2つに替えてください",
    ),
)
_UNCLOSED = (
    wording("This quote or bracket is never closed", "この引用符か括弧が閉じられていません"),
    wording("Close it at the end of the text", "文の終わりで閉じてください"),
)
_COLON = (
    wording(
        "A second colon in one line, or a wrong indentation", "一行に二つ目のコロンがあるか、字下げが違います"
    ),
    wording(
        'Put text with ": " in it in "quotes", or indent this line like the one above',
        '「: 」を含む文は "引用符" で囲むか、上の行と字下げをそろえてください',
    ),
)
_NO_COLON = (
    wording("A colon is missing", "コロンがありません"),
    wording(
        'Write "key: value", with a space after the colon',
        "「キー: 値」のように、コロンの後に空白を入れて書いてください",
    ),
)
_INDENT = (
    wording("This does not belong to what stands above", "上の行とのつながりが分かりません"),
    wording(
        'Indent it like the lines beside it; put text that begins with { or [ in "quotes"',
        '同じ段の行と字下げをそろえ、{ や [ で始まる文は "引用符" で囲んでください',
    ),
)
_SIGN = (
    wording("This sign cannot begin a value", "この記号で値を始めることはできません"),
    wording('Put the text in "quotes"', '文を "引用符" で囲んでください'),
)
_ESCAPE = (
    wording("An unknown escape after a backslash", "「\\」の後の文字が正しくありません"),
    wording(
        "Write the backslash twice, or use 'single quotes'", "「\\」を二つ書くか、'単引用符' を使ってください"
    ),
)
_SEVERAL = (
    wording("A second document begins here", "ここから二つ目の文書が始まっています"),
    wording(
        "Remove the line ---; one file holds one document",
        "「---」の行を消してください。1ファイルに1文書です",
    ),
)
_CONTROL = (
    wording("A control character that cannot be printed", "表示できない制御文字があります"),
    wording("Remove the character", "その文字を消してください"),
)
_FLOW = (
    wording("A comma or a closing bracket is missing", "カンマか閉じ括弧がありません"),
    wording(
        "Write lists as [one, two] and close the bracket",
        "リストは [一, 二] のように書き、括弧を閉じてください",
    ),
)

# What PyYAML's own sentence contains -> ours; the first that fits.
_SENTENCES: tuple[tuple[str, tuple[Wording, Wording]], ...] = (
    ("'\\t'", _TAB),
    ("end of stream", _UNCLOSED),
    ("<stream end>", _UNCLOSED),
    ("mapping values are not allowed", _COLON),
    ("could not find expected ':'", _NO_COLON),
    ("expected ',' or", _FLOW),
    ("expected <block end>", _INDENT),
    ("block sequence entries are not allowed", _INDENT),
    ("mapping keys are not allowed", _INDENT),
    ("cannot start any token", _SIGN),
    ("but found another document", _SEVERAL),
    ("expected '<document start>'", _INDENT),
    ("unknown escape", _ESCAPE),
    ("special characters are not allowed", _CONTROL),
)


def syntax_wording(error: yaml.YAMLError, *, is_unclosed: bool = False) -> tuple[Wording, Wording]:
    """Return (what, remedy) for an error of PyYAML's reader, scanner, parser or composer.

    `is_unclosed` says that a quotation mark was forgotten, whatever PyYAML stumbled over afterwards.
    """
    if is_unclosed:
        return _UNCLOSED
    said = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    for fragment, words in _SENTENCES:
        if fragment in said:
            return words
    return (
        wording(f"Not readable as YAML ({said})", f"YAMLとして読めません({said})"),
        wording(
            'Put the text in "quotes", or check the lines above',
            '文を "引用符" で囲むか、上の行を確かめてください',
        ),
    )
