"""How many samples must speak before a rule may forbid something.

One sample shows what may be there, not what may not. The numbers are the fewest values of a place after which a
contract forbids what none of them was; fewer, and the contract leaves it open.
"""

from typing import Final

NO_NULL: Final = 10
"""Values without a null before null is forbidden (for scalars; an object or an array stays what it is)."""

NO_NULL_OF_ONE: Final = 20
"""The same where all of them were one and the same text or number: recordings of one thing show little of others."""

NO_EMPTY_TEXT: Final = 10
"""Texts of a format, none of them empty, before the empty text is forbidden."""

NO_DECIMALS: Final = 10
"""Integers without a decimal before decimals are forbidden, unless the name says identifier or count."""

DOCUMENTS: Final = 5
"""Documents that these values must come from: the items of one array have much in common."""

NO_EMPTY_ARRAY: Final = 50
"""Documents with an array that is never empty before the empty array is forbidden."""

REPEATED: Final = 20
"""XML elements that were always repeated, or there, before one is asked for."""

FEW: Final = 3
"""Objects of a place from which on it speaks for itself; of fewer, those of the same kind elsewhere speak as well."""

TOLERATED: Final = 0.15
"""Share of cases, expected after objects of the same kind elsewhere, from which on a member is taken for optional."""

A_HEADER: Final = 20
"""Answers that all have a header with a value of their own (an ETag, a date) before it is promised."""

OWN: Final = 5
"""Answers to requests of one kind from which on they speak for themselves, beside those to the operation's others."""

ALIKE: Final = 3
"""Texts that all begin alike before the beginning is promised."""
