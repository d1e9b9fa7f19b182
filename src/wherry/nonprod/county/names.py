"""Common given and family names by language, put together at random; nobody real is meant."""

from __future__ import annotations

FEMALE = {
    "en": (
        "Margaret Jean Patricia Susan Linda Christine Karen Julie Sarah Emma Laura Charlotte Sophie Olivia Amelia"
        " Dorothy Joan Sheila Barbara Maureen Janet Carol Helen Alison Rachel Rebecca Chloe Grace Ruby Isla"
        " Edith Doris Hazel Rosemary Gillian Wendy Tracey Nicola Claire Hannah Lucy Megan Freya Poppy"
    ).split(),
    "pl": "Anna Katarzyna Małgorzata Agnieszka Barbara Ewa Zofia Julia Maja Łucja".split(),
    "lt": "Rasa Daiva Jurgita Aušra Ona Irena Emilija Gabija Ieva Živilė".split(),
}
MALE = {
    "en": (
        "John David Peter Michael Robert Paul Andrew Mark Stephen James Thomas Daniel Oliver George Harry"
        " Ronald Kenneth Derek Brian Keith Alan Roger Graham Trevor Nigel Simon Gary Matthew Luke Jack Alfie"
        " Noah Arthur Stanley Leonard Raymond Dennis Geoffrey Malcolm Barry Kevin Adam Ryan Samuel Leo"
    ).split(),
    "pl": "Piotr Krzysztof Andrzej Tomasz Paweł Jan Stanisław Michał Jakub Łukasz".split(),
    "lt": "Jonas Darius Vytautas Mindaugas Tomas Rokas Lukas Matas Žygimantas Arūnas".split(),
}
FAMILY = {
    "en": (
        "Smith Jones Brown Taylor Wilson Clarke Wright Green Baker Moore Ward Cooper Turner Bailey Palmer Harvey Howard"
        " Barker Chapman Cubitt Bullen Larter Gooch Tooley Kett Mallett Thirtle Catchpole Blyth Gedge Bunn Utting Howes"
        " Nudd Leggett Pymar Sayer Rix Youngs Daynes Mace Fiske Goffin Hipperson Kerrison Lusher Mobbs Neave"
        " Overton Pye Riches Spinks Tuttle Utteridge Varley Woodrow Yaxley Amis Beales Copeman Dack Eke Fulcher"
        " Grimes Halls Ireson"
    ).split(),
    "pl": "Nowak Kowalska Wiśniewski Wójcik Kamiński Lewandowski Zieliński Szymańska Woźniak Dąbrowski".split(),
    "lt": (
        "Kazlauskas Petrauskas Jankauskas Stankevičius Butkus Paulauskas Urbonas Žukauskas Navickas Balčiūnas"
    ).split(),
}
STREETS = (
    "Wherry Road, Reedcutters Way, Mardle Lane, Staithe Street, Windpump Close, Swallowtail Drive, Bittern Avenue,"
    " Loke Row, Marsh Harrier Road, Samphire Court, Beacon Hill, Flint Lane, Dyke View, Osier Walk, Marram Green"
).split(", ")
