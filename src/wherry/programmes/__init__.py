"""
A programme is a folder of files: read it, hash it, lay a place's overlay over it, keep the line of every value.

In:      programmes/<name>/ (YAML, codelists) and programmes/places/<place>/<name>.yaml
Out:     ProgrammeFiles: plain values with their lines and their origin (central, or which place, agreed by whom)
Never:   executes content; Django; the network; a default for something the files do not say
Hazards: H-10 (a wrong or weakened version of the rules is used)
Next:    population, feeds
"""
