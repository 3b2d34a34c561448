from tests.web.report.conftest import cookies_raise

__all__ = ["cookies_raise"]
