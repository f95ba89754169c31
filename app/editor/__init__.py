"""Python as text: how it is coloured, and an editor for it, shared by panels and dialogs."""
