"""Migrations that make many tables: the models are drawn once, not once for every step.

Django draws a model and all its neighbours anew after each step, and here every model is a
neighbour of every other, through organisations and accounts. A programme of thirty tables with
their triggers then takes minutes to create; drawn once, it takes a second.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration, operations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# What a table that is made in its last form has already.
_PARTS = (operations.AddField, operations.AddIndex, operations.AddConstraint)


class WholeMigration(Migration):
    """A migration whose steps go from the state before all of them to the state after all of them.

    For migrations that make tables, seed them and hang triggers on them. One that alters the same
    column twice, or fills one before it is made narrower, wants Django's own.
    """

    def apply(
        self,
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
        collect_sql: bool = False,
    ) -> ProjectState:
        """Take all steps forwards."""
        if collect_sql:
            return super().apply(project_state, schema_editor, collect_sql)
        before = project_state.clone()
        # Without models drawn, a step of the state costs nothing.
        project_state.__dict__.pop("apps", None)
        for step in self.operations:
            step.state_forwards(self.app_label, project_state)
        made: set[str] = set()
        for step in self.operations:
            if isinstance(step, operations.CreateModel):
                made.add(step.name_lower)
            elif isinstance(step, _PARTS) and step.model_name_lower in made:
                continue
            self._take(step, schema_editor, before, project_state)
        return project_state

    def _take(
        self,
        step: Operation,
        schema_editor: BaseDatabaseSchemaEditor,
        before: ProjectState,
        after: ProjectState,
    ) -> None:
        # What seeds a table asks for the models of the state it is given first.
        seeds = isinstance(step, operations.RunPython)
        given: Any = after if seeds else before
        step.database_forwards(self.app_label, schema_editor, given, after)
