from importlib import import_module

from django.apps import AppConfig


class Faulty(AppConfig):
    name = "faulty"

    def ready(self) -> None:
        import_module("faulty.breaks").begin()  # it imports models, which are there only now
