"""The script that mitmdump loads from the installed package, in a folder where nothing can shadow an import."""
