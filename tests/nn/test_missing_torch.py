"""Without torch the room says how to get it, and the rest of the package goes on."""

import subprocess
import sys

SCRIPT = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torch":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
import mnemonist as mn
from mnemonist import nn
memory = mn.kernel_memory(8.0)
memory.store([[1.0, 0.0]])
print(memory.recall([0.9, 0.1]).nearest)
try:
    nn.Association
except mn.errors.MissingExtra as error:
    print(error)
try:
    import mnemonist.nn.synapses
except mn.errors.MissingExtra as error:
    print(error)
"""


def test_the_first_name_says_how_to_install_it() -> None:
    run = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    told = "mnemonist.nn needs PyTorch: pip install 'mnemonist[torch]'"
    assert run.stdout.splitlines() == ["0", told, told]
