"""干部教育管理监督: cadre files, posts and quota, appointments, oversight, matters, training."""
