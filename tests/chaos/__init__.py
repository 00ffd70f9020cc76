"""`make chaos`: the real processes, broken at named points and at random moments. See docs/guides/chaos.md."""
