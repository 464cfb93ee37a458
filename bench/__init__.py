"""What the heavy parts cost, measured: ``python -m bench`` lists what there is."""
