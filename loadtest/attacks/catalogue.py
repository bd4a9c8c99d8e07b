"""Every attack and every claim there is, in the order of the tables."""

from loadtest.attacks.attack import ATTACKS, CLAIMS
from loadtest.attacks.claims import closed, doors, process, speech, truth
from loadtest.attacks.stalls import commands, everywhere, garbage, history, masks, memory, storms

__all__ = ["ATTACKS", "CLAIMS", "MODULES"]
# Importing them has filled the two.
MODULES = (
    *(commands, everywhere, history, masks, garbage, storms, memory),
    *(closed, speech, doors, process, truth),
)
