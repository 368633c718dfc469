"""The seven forms of support of 第三条, each a plugin through the same door as a stranger's."""
