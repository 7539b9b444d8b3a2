"""Faults in the processor while the firmware example decides on a code: what each of them makes the program do."""
