"""What is wrong with an installation: deciders over facts that thin probes bring."""
