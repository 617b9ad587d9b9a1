"""Explorers for JupyterLab: controls wired to pictures. What is shown comes from the model, the charts and the maps."""
