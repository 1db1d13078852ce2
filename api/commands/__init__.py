"""The verbs of the command `quiet`, one file each."""
