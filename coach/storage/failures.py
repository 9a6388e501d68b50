"""What goes wrong in a database, told as the coach's own errors: what, where, and what to do about it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, TimeoutError

from coach.errors import CoachError, InputError, ServiceError

__all__ = ["changed_elsewhere", "locked", "told", "too_new", "unwritable"]

_SQLITE_LOCKED = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL")
_SQLITE_UNWRITABLE = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH", "SQLITE_IOERR")
_FILE_HINT = "请检查权限和剩余空间，或用 COACH_DATA_DIR 换一个文件夹"
_SERVER_HINT = "请检查 COACH_DATABASE_URL 里的地址、账号和密码，以及数据库是否开着"


@contextmanager
def told(where: str) -> Iterator[None]:
    """Raises what the database raises within as InputError or ServiceError about `where`."""
    try:
        yield
    except TimeoutError as error:
        raise locked(where) from error
    except IntegrityError as error:
        raise changed_elsewhere() from error
    except DBAPIError as error:
        raise _failure(error.orig, where) from error
    except sqlite3.Error as error:
        raise _of_sqlite(error, where) from error


def changed_elsewhere() -> InputError:
    """Somebody else went on with the call."""
    return InputError("这通电话刚刚在别处改动过", where="模拟通话", hint="请刷新，再接着来")


def locked(where: str) -> ServiceError:
    """Another program holds the database for too long."""
    return ServiceError("别的程序一直占着数据库，等不到", where=where, hint="请稍后再试，或关掉正在读写它的程序")


def too_new(where: str) -> InputError:
    """The database was made by a later version."""
    return InputError("通话记录是更新版本的三声建的", where=where, hint="请升级三声，或用 COACH_DATA_DIR 换一个文件夹")


def unwritable(where: str) -> ServiceError:
    """The folder or file can't be written."""
    return ServiceError("读写不了通话记录", where=where, hint=_FILE_HINT)


def _failure(error: BaseException | None, where: str) -> CoachError:
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error, where)
    return _of_postgres(getattr(error, "sqlstate", None), where)


def _of_sqlite(error: sqlite3.Error, where: str) -> CoachError:
    name: str = getattr(error, "sqlite_errorname", "")
    if name.startswith(_SQLITE_LOCKED):
        return locked(where)
    if name.startswith("SQLITE_FULL"):
        return ServiceError("磁盘满了，通话存不下", where=where, hint="请腾出空间，或用 COACH_DATA_DIR 换一个文件夹")
    if name.startswith(_SQLITE_UNWRITABLE):
        return unwritable(where)
    if name.startswith("SQLITE_NOTADB"):
        return InputError("这个文件不是数据库", where=where, hint="请把它移开，三声会另建一个")
    if name.startswith("SQLITE_CORRUPT"):
        return InputError("数据库文件坏了", where=where, hint="请换上备份，或把它移开，三声会另建一个")
    return ServiceError(f"数据库出错（{name or '原因不明'}）", where=where, hint=_FILE_HINT)


def _of_postgres(state: str | None, where: str) -> CoachError:
    """After the five characters of SQLSTATE; None: there was no answer to read one from."""
    match state:
        case None:
            return ServiceError("连不上数据库", where=where, hint=_SERVER_HINT)
        case "53100":
            return ServiceError("数据库的磁盘满了，通话存不下", where=where, hint="请数据库的管理员腾出空间")
        case "55P03" | "40P01" | "57014":
            return locked(where)
        case "25006" | "42501":
            return ServiceError("这个账号写不了数据库", where=where, hint="请数据库的管理员给它建表和读写的权限")
        case _ if state.startswith(("08", "28", "3D", "53", "57")):
            return ServiceError("连不上数据库", where=where, hint=_SERVER_HINT)
        case _:
            return ServiceError(f"数据库出错（{state}）", where=where, hint="请看数据库的日志")
