"""Past years (往年): assumptions fitted to the registers of last years, with the doubt that is left."""
