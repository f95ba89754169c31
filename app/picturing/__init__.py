"""Pictures of a drawing as files: PNG, SVG and PDF, off the UI thread, with the drawing inside."""
