"""Support modes (支持方式): the class plugins subclass, finding and loading plugins, checks of their answers."""
