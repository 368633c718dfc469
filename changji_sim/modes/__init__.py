"""Support modes (支持方式): the class that a plugin subclasses, finding and loading plugins, checks of their answers."""
