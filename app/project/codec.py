"""Dataclasses to plain JSON values and back, exactly, by the types of their fields.

Fractions become ``"num/den"``. Floats keep every digit, as Python writes the shortest text that
reads back the same; infinities, for which JSON has no number, become ``"inf"`` and ``"-inf"``.
A field that a document lacks takes its default, so that older documents can be read.
"""

from __future__ import annotations

import math
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from fractions import Fraction
from typing import Any, TypeVar

T = TypeVar("T")
_INFINITE = ("inf", "-inf")


class CodecError(ValueError):
    """A value is not of the type that belongs there; the text says where."""


class UnknownFieldError(CodecError):
    """A list entry has a field that this version doesn't know and couldn't keep."""


def encode(value: Any) -> Any:
    """Give a value as objects, lists, texts, numbers, true, false and null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): encode(entry) for key, entry in value.items()}
    if isinstance(value, (tuple, list)):
        return [encode(entry) for entry in value]
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, float) and math.isinf(value):
        return str(value)
    if value is None or (isinstance(value, (bool, int, float, str)) and value == value):
        return value
    raise TypeError(f"{value!r} has no place in a project")


def decode(kind: type[T], data: Any, place: str = "") -> T:
    """Read what `encode` wrote as a value of type ``kind``.

    Fields that the dataclasses don't have are passed over, except in entries of lists, where
    `unknown_fields` couldn't bring them back. Raises `CodecError`.
    """
    return typing.cast(T, _decode(kind, data, place, in_list=False))


def unknown_fields(kind: Any, data: Any) -> dict[str, Any]:
    """What ``data`` holds beyond the fields of ``kind``, in the same nesting."""
    if not isinstance(data, dict):
        return {}
    if is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        found = {key: value for key, value in data.items() if key not in hints}
        inner = {key: unknown_fields(hints[key], data[key]) for key in hints if key in data}
    elif typing.get_origin(kind) is Mapping:
        found = {}
        inner = {key: unknown_fields(typing.get_args(kind)[1], data[key]) for key in data}
    else:
        return {}
    return {**found, **{key: value for key, value in inner.items() if value}}


def with_unknown(kind: Any, data: dict[str, Any], unknown: Mapping[str, Any]) -> dict[str, Any]:
    """Put `unknown_fields` back; what belongs to an entry that is gone goes with it."""
    made = dict(data)
    hints = typing.get_type_hints(kind) if is_dataclass(kind) else {}
    for key, value in unknown.items():
        if is_dataclass(kind) and key not in hints:
            made[key] = value
        elif isinstance(made.get(key), dict):
            inner = hints[key] if hints else typing.get_args(kind)[1]
            made[key] = with_unknown(inner, made[key], value)
    return made


def _decode(kind: Any, data: Any, place: str, in_list: bool) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if is_dataclass(kind):
        return _decode_object(kind, data, place, in_list)
    if origin in (typing.Union, types.UnionType):
        if data is None and type(None) in arguments:
            return None
        (kind,) = (argument for argument in arguments if argument is not type(None))
        return _decode(kind, data, place, in_list)
    if origin is typing.Literal:
        if data in arguments:
            return data
    elif origin is tuple and isinstance(data, list):
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            arguments = (arguments[0],) * len(data)
        if len(arguments) == len(data):
            return tuple(
                _decode(entry_kind, entry, f"{place}[{number}]", True)
                for number, (entry_kind, entry) in enumerate(zip(arguments, data, strict=True))
            )
    elif origin is Mapping and isinstance(data, dict):
        return {
            key: _decode(arguments[1], value, f"{place}.{key}", in_list)
            for key, value in data.items()
        }
    elif kind is Fraction and isinstance(data, str):
        try:
            return Fraction(data)
        except (ValueError, ZeroDivisionError):
            pass
    elif kind is float and isinstance(data, (int, float)) and not isinstance(data, bool):
        if math.isfinite(data):
            return float(data)
    elif kind is float and data in _INFINITE:
        return float(data)
    elif kind in (bool, int, str) and type(data) is kind:
        return data
    raise CodecError(f"{place or 'the file'} holds something else than it should")


def _decode_object(kind: Any, data: Any, place: str, in_list: bool) -> Any:
    if not isinstance(data, dict):
        raise CodecError(f"{place or 'the file'} holds something else than it should")
    hints = typing.get_type_hints(kind)
    if in_list and (extra := sorted(set(data) - set(hints))):
        raise UnknownFieldError(f"{place}.{extra[0]} is not known to this version")
    values = {}
    for field in fields(kind):
        inner = f"{place}.{field.name}".lstrip(".")
        if field.name in data:
            values[field.name] = _decode(hints[field.name], data[field.name], inner, in_list)
        elif field.default is MISSING and field.default_factory is MISSING:
            raise CodecError(f"{inner} is missing")
    return kind(**values)
