"""The county's organisations and what each offers, as the directory the lead organisation keeps."""

from __future__ import annotations

from pathlib import Path

from wherry.nonprod.county.sheet import Sheet

_HEADER = "organisation_code,name,kind,place,service,need,opens,closes,daily_capacity,email".split(",")
_ROWS = """
icb|Wherry Integrated Care Board|board||Clinical review desk|something_else|09:00|17:00|40|
norwich_council|Norwich City Council|council|norwich|Essentials and hardship team|essentials|09:00|17:00|25|
norwich_council|Norwich City Council|council|norwich|Welfare rights advice|money|09:00|17:00|15|
norwich_council|Norwich City Council|council|norwich|Adult care first contact|care|08:00|18:00|12|
waveney_council|Waveney District Council|council|waveney|Essentials and hardship team|essentials|09:00|17:00|25|
waveney_council|Waveney District Council|council|waveney|Welfare rights advice|money|09:00|17:00|15|
waveney_council|Waveney District Council|council|waveney|Adult care first contact|care|08:00|18:00|12|
D82001|Wensum Reach Surgery|practice|norwich|Practice duty team|something_else|08:00|18:30|20|
D82002|Castle Meadow Practice|practice|norwich|Practice duty team|something_else|08:00|18:30|20|
D82003|Oulton Broad Surgery|practice|waveney|Practice duty team|something_else|08:00|18:30|20|
D82004|Kirkley Mill Practice|practice|waveney|Practice duty team|something_else|08:00|18:30|20|
D82005|Thurne Mill Surgery|practice|norwich|Practice duty team|something_else|08:30|17:00|8|
food_hub|Broads Food Hub|charity||Food parcels to the door|food|08:00|20:00|60|
city_pharmacy|City Pharmacy|pharmacy||Medicines delivered|medicines|08:30|18:30|50|
mind_line|Broads Mind Line|charity||Talking support|mental_health|08:00|22:00|20|
mind_line|Broads Mind Line|charity||Telephone friendship|loneliness|09:00|20:00|30|
county_library|County Library Service|employer||Volunteer callers|loneliness|10:00|16:00|10|
""".strip().splitlines()


def directory(folder: Path) -> Sheet:
    """Write the partner directory: one row a service, an organisation in as many rows as it has services."""
    sheet = Sheet(folder, "partner_directory.csv", _HEADER)
    for line in _ROWS:
        row = dict(zip(_HEADER, line.split("|"), strict=True))
        row["email"] = f"{row['organisation_code'].lower().replace('_', '.')}@example.org"
        sheet.add(row)
    sheet.close()
    return sheet
