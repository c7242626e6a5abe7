"""The command line, the settings and the wiring: the one place that imports everything and joins engines to rules."""

__version__ = "0.1.0"
