"""The actions of a task as pages: one row per verb, with its form and its call."""
