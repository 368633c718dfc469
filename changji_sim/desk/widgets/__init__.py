"""Parts of pages: pictures, tiles, sliders, buttons."""
