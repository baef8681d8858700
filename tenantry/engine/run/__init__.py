"""Starting Pulumi, watching it, ending it, and the settings and permissions of a run."""
