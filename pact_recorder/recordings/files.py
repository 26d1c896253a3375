"""Which files a session has, and which names it may have."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

from pact_recorder.errors import UsageError
from pact_recorder.http.visible import visible

SESSION_SUFFIX = ".yaml"
JOURNAL_SUFFIX = ".journal"

MAX_NAME = 100
_MAX_NAME_BYTES = 200  # file systems allow 255, suffixes and names of temporary files included
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f\ud800-\udfff<>:"/\\|?*\u2028\u2029\u202a-\u202e\u2066-\u2069]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)  # devices on Windows


@dataclass(frozen=True, slots=True)
class SessionFiles:
    """The paths of a session's files, all in one folder."""

    folder: Path
    name: str

    @classmethod
    def of(cls, folder: Path, name: str) -> SessionFiles:
        """The files of the session of this name; UsageError when it cannot be a name."""
        return cls(folder, checked_name(name))

    @property
    def session(self) -> Path:
        """The YAML file."""
        return self.folder / (self.name + SESSION_SUFFIX)

    @property
    def journal(self) -> Path:
        """The journal, there while a process records and after it was killed."""
        return self.folder / (self.name + JOURNAL_SUFFIX)

    @property
    def lock(self) -> Path:
        """The lock file."""
        return self.folder / (self.name + ".lock")


def checked_name(name: str) -> str:
    """The name itself when it can be a session's; else UsageError with the reason."""
    reason = _objection(name)
    if reason:
        raise UsageError(f"{name[: MAX_NAME + 1]!r} cannot be the name of a session: {reason}.")
    return name


def _objection(name: str) -> str:
    if not name:
        return "it is empty"
    if len(name) > MAX_NAME or len(name.encode("utf-8", "surrogatepass")) > _MAX_NAME_BYTES:
        return f"it is longer than {MAX_NAME} characters or {_MAX_NAME_BYTES} bytes"
    if found := _FORBIDDEN.search(name):
        return f"it has the character {found[0]!r}; letters, digits, spaces, dots and dashes are fine"
    if name[0] in ".-" or name != name.strip() or name.endswith("."):
        return "it begins with a dot or dash, ends with a dot, or has spaces around it"
    if _RESERVED.fullmatch(name):
        return "Windows reserves it for a device"
    return ""


def find_session(folder: Path, name_or_path: str) -> Path:
    """The YAML file of a session: a path to one, or its name under the recordings folder.

    Raises UsageError, which names the most similar sessions of the folder, or says that there is no such file.
    """
    as_path = Path(name_or_path)
    candidates = [folder / (name_or_path + SESSION_SUFFIX)] if _objection(name_or_path) == "" else []
    if as_path.name != name_or_path or as_path.suffix in (".yaml", ".yml"):
        candidates.append(as_path)
    if as_path.name == name_or_path:
        candidates.append(folder / name_or_path)
    for candidate in candidates:
        if _is_file(candidate):
            return candidate
    if as_path.name != name_or_path or as_path.suffix == ".json":
        # It was meant as a path, and one that ends in .json as that of a contract.
        raise UsageError(f"There is no file {visible(name_or_path)}{_beside(as_path)}")
    raise UsageError(f"There is no session {name_or_path!r} in {folder}{_advice(folder, name_or_path)}")


def session_names(folder: Path) -> list[str]:
    """The names of the sessions in a folder, in alphabetic order."""
    return sorted(path.stem for path in _listed(folder, SESSION_SUFFIX))


def journals(folder: Path) -> list[Path]:
    """The journals in a folder, in alphabetic order."""
    return sorted(_listed(folder, JOURNAL_SUFFIX))


def _listed(folder: Path, suffix: str) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.suffix == suffix and not path.name.startswith(".")]
    except OSError:
        return []


def _beside(path: Path) -> str:
    """The most similar files of its kind in its folder."""
    stems = [each.stem for each in _listed(path.parent, path.suffix)]
    near = difflib.get_close_matches(path.stem[:MAX_NAME], stems, n=3)
    return (
        f": did you mean {', '.join(visible(str(path.with_name(stem + path.suffix))) for stem in near)}?"
        if near
        else "."
    )


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _advice(folder: Path, wanted: str) -> str:
    if (folder / (wanted[:MAX_NAME] + JOURNAL_SUFFIX)).name in {path.name for path in journals(folder)}:
        return ": it is being recorded, or was killed and will be recovered at the next start."
    names = session_names(folder)
    near = difflib.get_close_matches(wanted[:MAX_NAME], names, n=3)
    if near:
        return f": did you mean {', '.join(near)}?"
    return f"; there are {', '.join(names[:10])}." if names else ", and no other."
