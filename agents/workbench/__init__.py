"""The workbench: prompts as versioned data, how they are tested, and how they come into force."""
