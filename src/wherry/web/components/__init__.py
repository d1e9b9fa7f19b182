"""
The look the five sites share: layouts, form fields, our own pieces, words by language, response headers.

In:      plain frozen values from a site's views; nothing from the database
Out:     a Jinja environment, templates under `wherry/`, dictionaries for the NHS.UK macros, response headers
Never:   a model, a query, a clinical reason chosen for showing (the view decides), the NHS logo or name
Hazards: H-08 (somebody sees what is another's): what somebody typed is never kept for the next page (`drawn.py`)
Next:    person, support_team, clinicians, partners, programme_office
"""
