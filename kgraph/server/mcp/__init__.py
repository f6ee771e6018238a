"""A server of the Model Context Protocol (https://modelcontextprotocol.io/): tools that answer with their evidence."""
