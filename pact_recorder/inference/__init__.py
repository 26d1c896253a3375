"""Contracts inferred from many samples, with their evidence."""

from pact_recorder.inference.inferring import Inference, Inferred, infer

__all__ = ["Inference", "Inferred", "infer"]
