"""Starting Pulumi, watching it, ending it, and what a run is told and allowed."""
