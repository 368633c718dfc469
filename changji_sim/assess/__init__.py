"""Real applications (申报) worked out under the caps: no chance, no envelope."""

from .assess_applications import AssessReport, assess_file

__all__ = ["AssessReport", "assess_file"]
