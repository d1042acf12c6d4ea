"""The commands of the program, one module each; cheap to import.

Every module has ``NAME``, ``HELP``, ``add_arguments(parser)`` and ``run(args, terminal, token)``,
which returns the exit code or raises an error of ``app.errors``.
"""
