"""HTML in and out: other programs' HTML to Markdown, Markdown to HTML, formulas as MathML, whole pages."""
