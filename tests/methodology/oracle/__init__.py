"""A second engine for methodology documents, written from schemas/spec/methodology.md alone."""
