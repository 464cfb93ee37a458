"""Programme 换届选举: terms, elections, the wave of village and community bodies."""
