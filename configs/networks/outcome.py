"""What the scripts of the examples share: they run Seamount, print a table of what came out and say whether it is what they claim."""
import json
import os
import subprocess
import sys


def seamount(*arguments):
    """The summary of a run. Ends the script with the words of a run that fails."""
    done = subprocess.run([os.environ.get("SEAMOUNT", "seamount"), *map(str, arguments), "--json", "-", "-q"],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


class Table:
    """Rows of Markdown, and claims about them."""

    def __init__(self, *head):
        self._failed = []
        self.add(*head)
        self.add(*["---"] * len(head))

    def add(self, *cells):
        print("| " + " | ".join(map(str, cells)) + " |", flush=True)

    def check(self, holds, claim):
        if not holds:
            self._failed.append(claim)

    def end(self):
        """Exit code 1 if a claim does not hold."""
        if self._failed:
            sys.exit("not reached: " + "; ".join(self._failed))
