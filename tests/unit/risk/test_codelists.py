"""A published list is taken in as it was downloaded, with its origin; a damaged or mixed one is refused at its line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from wherry.foundation.errors import InputWrong
from wherry.programmes.errors import ProgrammeUnreadable
from wherry.programmes.files import load
from wherry.risk.codelists import take_in
from wherry.risk.codelists.shapes import why_not

PUBLISHED = Path(__file__).parents[4] / "shared" / "data" / "codelists"
ASTHMA, DIABETES, DRUG = "195967001", "44054006", "35647511000001107"


@pytest.fixture
def programme(tmp_path: Path) -> Path:
    folder = tmp_path / "programme"
    folder.mkdir()
    (folder / "programme.yaml").write_text("code: programme\n")
    return folder


def _file(programme: Path, content: str | bytes, name: str = "list.csv") -> Path:
    file = programme.parent / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (f"code,term\n{ASTHMA},Asthma\n", [ASTHMA]),
        (f"\ufeffcode,term\r\n{ASTHMA},Asthma\r\n{DIABETES},Diabetes\r\n", [ASTHMA, DIABETES]),
        (f'"code","term"\n"{ASTHMA}","Asthma, ""adult"",\nof two lines"\n{DIABETES},x\n', [ASTHMA, DIABETES]),
        (f"id,name,active,notes\n{ASTHMA},Asthma,y,\n{DIABETES},x,n,old\n", [ASTHMA, DIABETES]),
        (f"snomedcode,Grouping_16,Grouping_6\n{ASTHMA},1,2\n", [ASTHMA]),
        (f"code,term\n{ASTHMA},Asthma\n{DIABETES},x\n{ASTHMA},Asthma again\n\n,\n", [ASTHMA, DIABETES]),
        (f"Code\tTerm\n{ASTHMA}\tAsthma\n", [ASTHMA]),
        (f"code;term\n{ASTHMA};Asthma, of two words\n", [ASTHMA]),
        (f"Asthma codes,,\n,,\nSNOMED CT Concept ID,Term,\n{ASTHMA},Asthma,\n", [ASTHMA]),
        (f"code\n{ASTHMA}", [ASTHMA]),
        (f"term,code\nAsthma,{ASTHMA}\n", [ASTHMA]),
    ],
    ids=[
        *("plain", "mark and carriage returns", "quoted", "id and name", "with categories", "repeated", "tabs"),
        *("semicolons", "lines before the header", "codes alone", "the term first"),
    ],
)
def test_a_list_is_read_as_its_publisher_wrote_it(programme: Path, content: str | bytes, codes: list[str]) -> None:
    taken = take_in(file=_file(programme, content), programme=programme, name="asthma")
    assert list(load(programme).codelists["asthma"].pairs) == codes
    assert (taken.system, taken.codes) == ("snomed", len(codes))


@pytest.mark.parametrize(
    ("content", "system", "said"),
    [
        ("code,term\n1.95967E+08,Asthma\n", None, "list.csv:2: a spreadsheet has shortened this code"),
        ("code,term\n195967001.0,Asthma\n", None, "list.csv:2: a program has read this code as a number"),
        (f"code,term\n{ASTHMA},x\n195967002,Asthma\n", None, "list.csv:3: 195967002 is no SNOMED CT code: its check"),
        (f'code,term\n{ASTHMA},"a\nb"\n195967002,x\n', None, "list.csv:4: 195967002 is no SNOMED CT code"),
        ("code,term\n0195967001,Asthma\n", None, "list.csv:2: 0195967001 is no SNOMED CT code: .* no zero in front"),
        ("code,term\n301485011,Asthma\n", None, "this numbers a description or a relationship, not a concept"),
        (f"code,term\n{DRUG},x\n1024771000000108,Hospice\n", None, "list.csv:3: .*another extension, not a dm.d"),
        (f"code,term\n{DRUG},x\n", "snomed", "list.csv:2: .* is no SNOMED CT code: this is a dm.d code"),
        ("code,term\nE11,Diabetes\n", None, "list.csv:2: E11 is no SNOMED CT code: .*digits only; if it is of another"),
        ("code,term\nE11,x\n44054006,x\n", "icd10", "list.csv:3: 44054006 is no ICD-10 code: ICD-10 codes"),
        ("bnf_code,term\n802010G0,Azathioprine\n", None, "list.csv:2: 802010G0 is no BNF code: .*the first zero"),
        ("icd10_code,term\nE11,x\n", "snomed", "list.csv:1: its codes are under icd10code"),
        (f"code,term,system\n{ASTHMA},x,SNOMED\nE11,x,ICD10\n", None, "list.csv:3: this list mixes code systems"),
        ("code,term\n,x\n", None, "list.csv:2: this row has no code"),
        ('code,term\n"195967001,x\n', None, "list.csv:2: this is not CSV"),
        (b"code,term\n195967001,M\xe9ni\xe8re\n", None, "list.csv:2: the list is not CSV in UTF-8"),
        ("read this,please\n1,2\n", None, "list.csv:1: no column is called code"),
        ("code,term\n", None, "holds no codes"),
        ("", None, "is empty"),
        (b"code,term\n1\0", None, "is not text"),
    ],
)  # fmt: skip
def test_what_is_damaged_or_of_another_system_is_refused_at_its_line(
    programme: Path, content: str | bytes, system: str | None, said: str
) -> None:
    with pytest.raises(InputWrong, match=said):
        take_in(file=_file(programme, content), programme=programme, name="asthma", system=system)
    assert not (programme / "codelists").exists()


def test_a_leading_zero_is_kept(programme: Path) -> None:
    file = _file(programme, "bnf_code,bnf_name\n0802010G0,Azathioprine\n")
    assert take_in(file=file, programme=programme, name="medicine").system == "bnf"
    assert list(load(programme).codelists["medicine"].pairs.items()) == [("0802010G0", "Azathioprine")]


def test_a_header_of_several_systems_gives_the_one_asked_for(programme: Path) -> None:
    file = _file(programme, f"dmd_type,dmd_id,dmd_name,bnf_code\nAMP,{DRUG},Fluticasone,0302000N0\n")
    assert take_in(file=file, programme=programme, name="first").system == "dmd"
    taken = take_in(file=file, programme=programme, name="second", system="bnf")
    assert list(load(programme).codelists["second"].pairs) == ["0302000N0"]
    assert taken.system == "bnf"


def test_only_the_rows_of_one_category_are_taken(programme: Path) -> None:
    file = _file(programme, f"code,Term,Grouping_6\n{ASTHMA},a,5\n{DIABETES},b,1\n")
    taken = take_in(file=file, programme=programme, name="five", only={"Grouping_6": "5"})
    assert (taken.codes, taken.left) == (1, 1)
    with pytest.raises(InputWrong, match=r"list.csv:1: there is no column Grouping_7"):
        take_in(file=file, programme=programme, name="five", only={"Grouping_7": "5"})
    with pytest.raises(InputWrong, match="no row has what --only asks for"):
        take_in(file=file, programme=programme, name="five", only={"Grouping_6": "7"})


def test_the_codes_may_stand_under_any_name_that_is_given(programme: Path) -> None:
    file = _file(programme, f"Cluster,Refset member\nAST,{ASTHMA}\n")
    assert take_in(file=file, programme=programme, name="asthma", column="Refset member").codes == 1


def test_importing_again_writes_the_same_bytes_and_keeps_the_programmes_own_words(programme: Path) -> None:
    (programme / "codelists").mkdir()
    about = programme / "codelists" / "asthma.yaml"
    about.write_text('words: "Asthma: any"\nsystem: snomed\nsource: sample\nillustrative: true\nuse: none\n')
    (programme / "codelists" / "asthma.csv").write_text(f"code,term\n{DIABETES},x\n")
    file = _file(programme, f"code,term\n{ASTHMA},Asthma\n", "primis-ast-7a1b2c3d.csv")

    first = take_in(file=file, programme=programme, name="asthma", licence="OGL")
    written = {each.name: each.read_bytes() for each in (programme / "codelists").iterdir()}
    again = take_in(file=file, programme=programme, name="asthma", licence="OGL")

    assert (first.before, again.before) == (1, 1)
    assert {each.name: each.read_bytes() for each in (programme / "codelists").iterdir()} == written
    told = load(programme).codelists["asthma"]
    assert (told.source, told.licence, told.illustrative) == ("primis-ast-7a1b2c3d.csv", "OGL", False)
    assert 'words: "Asthma: any"\n' in about.read_text()
    assert 'version: "7a1b2c3d"\n' in about.read_text()
    assert "sha256: " in about.read_text()


def test_a_sample_of_another_programme_stays_a_sample(programme: Path) -> None:
    file = _file(programme, "code,term\n60621009,Body mass index\n")
    file.with_suffix(".yaml").write_text("system: snomed\nunits: [kg/m2]\nsource: a\nillustrative: true\n")
    take_in(file=file, programme=programme, name="bmi")
    told = load(programme).codelists["bmi"]
    assert (told.illustrative, told.units) == (True, ("kg/m2",))


def test_codes_that_are_not_those_imported_are_refused(programme: Path) -> None:
    take_in(file=_file(programme, f"code,term\n{ASTHMA},Asthma\n"), programme=programme, name="asthma")
    with (programme / "codelists" / "asthma.csv").open("a") as text:
        text.write(f"{DIABETES},Diabetes\n")
    with pytest.raises(ProgrammeUnreadable, match=r"asthma.csv:1: these are not the codes that were imported"):
        load(programme)
    take_in(file=_file(programme, f"code,term\n{DIABETES},x\n"), programme=programme, name="asthma")
    assert list(load(programme).codelists["asthma"].pairs) == [DIABETES]


def test_a_list_never_changes_its_code_system(programme: Path) -> None:
    take_in(file=_file(programme, f"code,term\n{DRUG},x\n"), programme=programme, name="inhaler")
    with pytest.raises(InputWrong, match=r"the programme's list inhaler is dm.d, and this would be SNOMED CT"):
        take_in(file=_file(programme, f"code\n{ASTHMA}\n"), programme=programme, name="inhaler", system="snomed")
    with pytest.raises(InputWrong, match=r"1024771000000108 is no dm.d code"):
        take_in(file=_file(programme, "code\n1024771000000108\n"), programme=programme, name="inhaler")


@pytest.mark.parametrize(
    ("system", "right", "wrong"),
    [
        ("snomed", [ASTHMA, "1024771000000108", "900000000000207008"], ["19596700", "19596701", "95967001", DRUG]),
        ("dmd", [DRUG, "327131002"], ["35647511000001106", "1024771000000108"]),
        ("icd10", ["E11", "E11.9", "E119", "U07.1", "E10X", "A17.0†"], ["E1", "11.9", "E11.999", "e11"]),
        ("opcs4", ["K40", "K40.1", "K401"], ["K4", "401", "K40.123"]),
        ("bnf", ["03", "0302", "030302", "0603020T0", "0603020T0AAACAC"], ["603020T0", "99", "0603020T"]),
        ("read", ["C10E.", "XE0UR", "H33..00"], ["C10", "C10E.1"]),
        ("rxnorm", ["1049502"], ["01", "A1"]),
        ("local", ["lives_alone", "in"], ["lives alone", ""]),
    ],
)  # fmt: skip
def test_the_codes_of_a_system_have_its_shape(system: str, right: list[str], wrong: list[str]) -> None:
    assert [code for code in right if why_not(code=code, system=system)] == []
    assert [code for code in wrong if not why_not(code=code, system=system)] == []


def test_one_changed_or_swapped_digit_is_found() -> None:
    changed = [ASTHMA[:at] + str((int(ASTHMA[at]) + 1) % 10) + ASTHMA[at + 1 :] for at in range(1, len(ASTHMA))]
    swapped = [
        ASTHMA[:at] + ASTHMA[at + 1] + ASTHMA[at] + ASTHMA[at + 2 :]
        for at in range(len(ASTHMA) - 1)
        if ASTHMA[at] != ASTHMA[at + 1]
    ]
    assert all(why_not(code=code, system="snomed") for code in [*changed, *swapped])


def test_every_published_list_beside_the_project_is_taken_in_whole(programme: Path) -> None:
    if not PUBLISHED.is_dir():
        pytest.skip("the published codelists are not beside this project; nothing to take in")
    lists = sorted(PUBLISHED.glob("*.csv"))
    for number, file in enumerate(lists):
        with file.open(encoding="utf-8-sig", newline="") as text:
            codes = {(row.get("code") or row.get("id") or "").strip() for row in csv.DictReader(text)}
        taken = take_in(file=file, programme=programme, name=f"list_{number}")
        assert (taken.codes, taken.before) == (len(codes), 0), file.name
        assert taken.system == ("dmd" if file.stem.endswith(("rx", "rxm1", "rxm2")) else "snomed"), file.name
    assert len(load(programme).codelists) == len(lists) > 40
