"""Explorers for JupyterLab: controls wired to pictures. What is shown comes from the model, the charts and the maps."""

from conflictkit.widgets.deployments import explore_deployments as explore_deployments
from conflictkit.widgets.estimates import explore_estimates as explore_estimates
from conflictkit.widgets.territory import explore_territory as explore_territory
from conflictkit.widgets.together import explore as explore
