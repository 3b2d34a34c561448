from tests.pipeline.conftest import house, kept, silence

__all__ = ["house", "kept", "silence"]
