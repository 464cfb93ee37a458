"""Starts the software on one machine: environment, PostgreSQL, Valkey, web, worker, scheduler.

Only the standard library may be imported here: this code runs before anything is installed.
"""
