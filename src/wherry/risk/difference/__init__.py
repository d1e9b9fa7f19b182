"""
Two runs beside each other: who entered the lists, who left, whose place changed, and why, in words.

From the two outputs and their sidecars alone it is known what each run said; with the evidence the store keeps of both,
also what was known of somebody in a run that says nothing of them.
"""
