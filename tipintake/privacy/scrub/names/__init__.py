"""Whose a name is, where plain words say so: the writer's, a victim's or child's, a suspect's."""
