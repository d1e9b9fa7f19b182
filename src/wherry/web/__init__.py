"""
The five sites, and the components they share.

In:      requests from residents and staff, each with a named actor and purpose
Out:     pages, complete without JavaScript
Never:   a decision of its own: sites call journeys, actions and queries; a site never imports another site
Hazards: H-14 (a condition shown to somebody who only needs the category of need)
Next:    fhir_api
"""
