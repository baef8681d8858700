"""FLOOR 3. The rules on a stack: what a run has registered, and what only the state knows. It knows no policy SDK.

A run is reported on twice. Of each tenant that it registers: the violations of its manifest. At its end: what the
manifests did not show, such as keys that are too old, entries whose drift is ignored, resources that a project's own
code made.
"""
