"""Documents and folders as they lie on disk: text with a known encoding, and what a configuration holds."""

from dataclasses import dataclass
from pathlib import Path

from compliance.problem import DocumentInvalid, Problem, Wording, wording

_LARGEST = 1 << 20
_SUFFIXES = frozenset({".yaml", ".yml"})
_POLICY, _SETTINGS, _SHIFTS = "policy.yaml", "dialer.yaml", "shifts.yaml"


def read_text(path: Path, shown: str | None = None) -> str:
    """Return a document's text (UTF-8, with or without a mark at its head), called `shown` in its problems.

    Raises DocumentInvalid when there is no such file, when it is larger than 1 MiB, or, with line and column, when
    it holds bytes that are no UTF-8.
    """
    name = shown or str(path)
    try:
        if path.stat().st_size > _LARGEST:
            raise _invalid(
                name,
                what=wording(
                    "This is larger than 1 MiB, so it is no document", "1 MiBを超えており文書ではありません"
                ),
                remedy=wording("Name the document that is meant", "正しい文書を指定してください"),
            )
        content = path.read_bytes()
    except OSError as error:
        raise _unopened(name, error) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _undecoded(name, content, error) from error


def unopened(path: Path, error: OSError) -> DocumentInvalid:
    """Return the problem of a file that cannot be opened."""
    return _unopened(str(path), error)


def _unopened(name: str, error: OSError) -> DocumentInvalid:
    match error:
        case FileNotFoundError():
            what = wording("There is no such file", "ファイルがありません")
        case IsADirectoryError():
            what = wording("This is a folder, not a file", "ファイルではなくフォルダです")
        case PermissionError():
            what = wording("This file may not be read", "読み取り権限がありません")
        case _:
            what = wording(
                f"This file cannot be read ({error.strerror})", f"読み取れません({error.strerror})"
            )
    remedy = wording("Check the name and the rights", "名前と権限を確かめてください")
    return _invalid(name, what=what, remedy=remedy)


def _undecoded(name: str, content: bytes, error: UnicodeDecodeError) -> DocumentInvalid:
    before = content[: error.start]
    line = before.count(b"\n") + 1
    column = len(before.rpartition(b"\n")[2].decode("utf-8-sig", "replace")) + 1
    what = wording("This holds bytes that are no UTF-8 text", "UTF-8として読めない文字があります")
    remedy = wording(
        "Save the file as UTF-8 (it may have been saved as Shift_JIS)",
        "UTF-8で保存し直してください(Shift_JISで保存されている可能性があります)",
    )
    return DocumentInvalid([Problem(file=name, line=line, column=column, what=what, remedy=remedy)])


def _invalid(name: str, *, what: Wording, remedy: Wording) -> DocumentInvalid:
    return DocumentInvalid([Problem(file=name, line=1, column=1, what=what, remedy=remedy)])


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigTree:
    """The documents of a configuration: campaign files by name, and the others where present."""

    campaigns: tuple[Path, ...]
    policy: Path | None = None
    settings: Path | None = None
    shifts: Path | None = None


def config_tree(root: Path) -> ConfigTree:
    """Return what `root` holds: a folder like `config/`, a folder of campaign files, or one campaign file.

    A folder without a `campaigns` folder is taken to be one itself. Raises DocumentInvalid when there is nothing.
    """
    if root.is_file():
        return ConfigTree(campaigns=(root,))
    folder = root / "campaigns" if (root / "campaigns").is_dir() else root
    tree = ConfigTree(
        campaigns=_documents(folder),
        policy=_present(root / _POLICY),
        settings=_present(root / _SETTINGS),
        shifts=_present(root / _SHIFTS),
    )
    if tree == ConfigTree(campaigns=()):
        what = wording(
            "This folder holds no campaign file (*.yaml)", "キャンペーンファイル(*.yaml)がありません"
        )
        remedy = wording("Name a folder like config/", "config/ のようなフォルダを指定してください")
        raise _invalid(str(root), what=what, remedy=remedy)
    return tree


def _documents(folder: Path) -> tuple[Path, ...]:
    if not folder.is_dir():
        return ()
    found = (path for path in folder.iterdir() if path.suffix in _SUFFIXES and path.is_file())
    return tuple(sorted(path for path in found if path.name not in {_POLICY, _SETTINGS, _SHIFTS}))


def _present(path: Path) -> Path | None:
    return path if path.is_file() else None
