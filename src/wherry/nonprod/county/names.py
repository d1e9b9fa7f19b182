"""Common given and family names by language, put together at random; nobody real is meant."""

from __future__ import annotations

from random import Random

_OLDER = 1950
_YOUNGER = 1985
# Given names go by when somebody was born: before 1950, before 1985, since.
_ENGLISH = {
    "female": (
        (
            "Margaret Jean Patricia Dorothy Joan Sheila Barbara Maureen Edith Doris Hazel Rosemary Beryl Audrey"
            " Pamela Joyce Brenda Shirley Sylvia Eileen Kathleen Mavis Daphne Muriel Irene Betty"
        ),
        (
            "Susan Linda Christine Karen Julie Sarah Emma Janet Carol Helen Alison Rachel Gillian Wendy Tracey Nicola"
            " Claire Jacqueline Deborah Sharon Michelle Joanne Lisa Samantha Amanda Louise Victoria"
        ),
        (
            "Laura Charlotte Sophie Olivia Amelia Rebecca Chloe Grace Ruby Isla Hannah Lucy Megan Freya Poppy Emily"
            " Jessica Ava Evie Lily Daisy Holly Molly Ella Mia Phoebe"
        ),
    ),
    "male": (
        (
            "John Peter Ronald Kenneth Derek Brian Keith Roger Stanley Leonard Raymond Dennis Geoffrey Malcolm Arthur"
            " George Eric Norman Gordon Douglas Cyril Ernest Frank Frederick Harold Sidney"
        ),
        (
            "David Michael Robert Paul Andrew Mark Stephen Alan Graham Trevor Nigel Simon Gary Barry Kevin Ian Martin"
            " Philip Richard Neil Anthony Christopher Darren Lee Jason Wayne"
        ),
        (
            "James Thomas Daniel Oliver Harry Matthew Luke Jack Alfie Noah Adam Ryan Samuel Leo Joshua Charlie Jacob"
            " Ethan Archie Freddie Oscar Theo Max Logan Henry Edward"
        ),
    ),
}
_OTHERS = {
    "pl": (
        "Anna Katarzyna Małgorzata Agnieszka Barbara Ewa Zofia Julia Maja Łucja Magdalena Joanna",
        "Piotr Krzysztof Andrzej Tomasz Paweł Jan Stanisław Michał Jakub Łukasz Marcin Grzegorz",
        "Nowak Wiśniewski Wójcik Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski Jankowski Mazur",
    ),
    "lt": (
        "Rasa Daiva Jurgita Aušra Ona Irena Emilija Gabija Ieva Živilė Kristina Asta",
        "Jonas Darius Vytautas Mindaugas Tomas Rokas Lukas Matas Žygimantas Arūnas Saulius Andrius",
        "Kazlauskas Petrauskas Jankauskas Stankevičius Butkus Paulauskas Urbonas Žukauskas Navickas Balčiūnas Rimkus",
    ),
    "pt": (
        "Maria Ana Catarina Sofia Inês Beatriz Marta Teresa Conceição Fátima Joana Mariana",
        "João José António Manuel Pedro Luís Tiago Rui Nuno Gonçalo Miguel Diogo",
        "Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Gonçalves Simões Lourenço Magalhães",
    ),
    "ro": (
        "Maria Elena Ioana Andreea Mihaela Cristina Alexandra Gabriela Daniela Ștefania Roxana Anca",
        "Andrei Alexandru Ion Gheorghe Mihai Ștefan Florin Cătălin Răzvan Marius Bogdan Vasile",
        "Popescu Ionescu Popa Stan Dumitru Stoica Gheorghiu Matei Ciobanu Rusu Țurcanu Munteanu",
    ),
    "ar": (
        "Fatima Aisha Maryam Layla Noor Zainab Huda Salma Rania Amal Yasmin Khadija",
        "Mohammed Ahmed Ali Omar Hassan Khalid Yusuf Ibrahim Tariq Samir Mahmoud Karim",
        "Al-Sayed Haddad Khoury Mansour Nasser Saleh Hamdan Aziz Rahman Qasim Darwish Farouk",
    ),
}
_COMMON = (
    "Smith Jones Brown Taylor Wilson Clarke Wright Green Baker Moore Ward Cooper Turner Bailey Palmer Harvey Howard"
    " Barker Chapman King Allen Carter Mitchell Parker Cook Morris Bell Watson Mason Hunt"
).split()
_LOCAL = (
    "Cubitt Bullen Larter Gooch Tooley Kett Mallett Thirtle Catchpole Blyth Gedge Bunn Utting Howes Nudd Leggett Pymar"
    " Sayer Rix Youngs Daynes Mace Fiske Goffin Hipperson Kerrison Lusher Mobbs Neave Overton Pye Riches Spinks Tuttle"
    " Utteridge Varley Woodrow Yaxley Amis Beales Copeman Dack Eke Fulcher Grimes Halls Ireson Alden Allard Amies"
    " Bacon Balls Banham Barnard Bayfield Betts Bloomfield Bowles Brighton Broom Buckenham Bushell Cator Chaplin"
    " Claxton Coe Cossey Crisp Cushion Daniels Debbage Dewing Dunthorne Dyball Eagle Edrich Elvin Farrow Feltham"
    " Frostick Futter Garrod George Gotts Greenacre Gurney Hales Hannant Harmer Hewitt Hindle Holl Hubbard Huggins"
    " Jarvis Jermy Juby Kemp Kidd Knights Lambert Lark Ling Loades Lown Mann Medler Minns Myhill Nobbs Norton Nurse"
    " Oakley Pegg Pitcher Plumstead Pointer Prior Randell Ransome Reeve Rudd Rump Sadd Seaman Secker Sewell Skipper"
    " Starling Steward Stone Tacon Thaxter Thurston Tibbenham Tubby Underwood Vincent Wales Warnes Watts Whitlam"
    " Wigg Woodhouse Wymer Youell"
).split()
# Common names come up about as often as all local ones together.
_ENGLISH_FAMILY = tuple(_COMMON * 5 + _LOCAL)
_GIVEN = {
    ("en", sex, era): tuple(words.split()) for sex, eras in _ENGLISH.items() for era, words in enumerate(eras)
} | {
    (language, sex, era): tuple(words.split())
    for language, both in _OTHERS.items()
    for sex, words in zip(("female", "male"), both, strict=False)
    for era in range(3)
}
_FAMILY = {"en": _ENGLISH_FAMILY} | {language: tuple(both[2].split()) for language, both in _OTHERS.items()}
_STREETS = (
    "Wherry Reedcutters Mardle Staithe Windpump Swallowtail Bittern Loke Harrier Samphire Beacon Flint Dyke Osier"
    " Marram Heron Sallow Bulrush Sluice Quant Keel Trawler Herring Smack Lantern Saltmarsh Curlew Avocet Teal Otter"
).split()
_KINDS = "Road Street Lane Way Close Drive Avenue Row Court Hill Walk Green".split()


def given_name(*, random: Random, language: str, sex: str, born: int) -> str:
    """Choose a given name somebody of a language, sex and year of birth may have."""
    era = 0 if born < _OLDER else 1 if born < _YOUNGER else 2
    return random.choice(_GIVEN[language, sex, era])


def family_name(*, random: Random, language: str) -> str:
    """Choose a family name."""
    return random.choice(_FAMILY[language])


def street(*, random: Random) -> str:
    """Choose the name of a street."""
    return f"{random.choice(_STREETS)} {random.choice(_KINDS)}"
