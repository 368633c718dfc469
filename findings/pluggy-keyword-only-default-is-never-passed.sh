#!/usr/bin/env bash
# pluggy 1.7.0: a hook implementation with a keyword-only argument that has a
# default value never gets what the caller passes for it.
#
# Expected: the caller's value; the default only where the caller gives none. An
# ordinary argument with a default works like that.
# Seen, for hook.pay(amount=100, share=0.5):
#   def pay(self, amount, share=0.1)     -> 50.0
#   def pay(self, amount, *, share=0.1)  -> 10.0
# register() and check_pending() find nothing to say, and the call warns of
# nothing. Without the default, the call raises TypeError.
#
# For a user: an author of a plugin who puts a star in front of an argument, to be
# clear, computes with the default for ever, whatever the caller says.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    pluggy==1.7.0 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
import warnings
from importlib.metadata import version

import pluggy

warnings.simplefilter("error")
print("pluggy", version("pluggy"))
spec, impl = pluggy.HookspecMarker("fund"), pluggy.HookimplMarker("fund")


class Spec:
    @spec
    def pay(self, amount, share):
        """What is paid."""


class Ordinary:
    @impl
    def pay(self, amount, share=0.1):
        return amount * share


class KeywordOnly:
    @impl
    def pay(self, amount, *, share=0.1):
        return amount * share


paid = {}
for plugin in (Ordinary, KeywordOnly):
    manager = pluggy.PluginManager("fund")
    manager.add_hookspecs(Spec)
    manager.register(plugin())
    manager.check_pending()
    [paid[plugin.__name__]] = manager.hook.pay(amount=100, share=0.5)
print(paid)

assert paid == {"Ordinary": 50.0, "KeywordOnly": 10.0}
PY
