"""Wherry: find the people most at risk, reach them, ask, get it done, and prove that it helped."""
