"""The contract of a support mode: separate named checks, how many of them ran, and which failed or were left out."""
