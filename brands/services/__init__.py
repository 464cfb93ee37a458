"""Verbs of 党建品牌: keyword-only, atomic, complete; page, admin and import call the same.

Where somebody may write is settled by the queryset that the caller took the object from, what he
may do by ``brands.permissions``; states, two people, documents and places are settled here. A verb
that refuses raises :class:`core.errors.Refusal` and has changed nothing.
"""
