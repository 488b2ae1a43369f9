"""Fine-tuning as a service on this machine: uploaded files, jobs that outlive it, and the models they make."""
