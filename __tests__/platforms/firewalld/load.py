# usage: unshare -n python3 load.py PROGRAMS ETC-FOLDER
# Loads that folder in place of /etc/firewalld by firewalld's own code, as its server does at its start, without a bus,
# and prints the state and the loaded rules.
import os
import sys

programs, etc = sys.argv[1:]
# A version other than the machine's has its own Python.
sys.path.insert(0, os.path.join(programs, "usr/lib/python3/dist-packages"))
answer = os.dup(1)
os.dup2(2, 1)

from firewall import config
from firewall.core.fw import Firewall
from gi.repository import GLib

config.set_system_config_paths(etc)
config.set_default_config_paths(os.path.join(programs, "usr/lib/firewalld"))
firewall = Firewall()
try:
    firewall.start()
except Exception as problem:
    print(problem)
# 2.3.2 and later fill sets after the start, a thousand entries at once.
while GLib.MainContext.default().iteration(False):
    pass
os.write(answer, f"{firewall.get_state().lower()}\n".encode())
os.dup2(answer, 1)
os.execvp("nft", ["nft", "list", "ruleset"])
