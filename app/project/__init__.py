"""What Solovox remembers: undo, the project file, autosave, recent files; no Qt."""
