"""The user's own scenarios: kept in his folder by the shipped ones' schema, faults told with file and line, nothing shipped overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest
from real_calls import WASHER

from coach.errors import InputError, KnowledgeError
from coach.roleplay import Scenario, load_scenarios
from coach.roleplay.from_call import scenario_from_call
from coach.roleplay.from_text import scenario_from_text
from coach.roleplay.own import OwnScenarios, scenario_from_yaml, scenario_yaml
from coach.transcripts import parse_text

FOLDER = Path(__file__).resolve().parents[3] / "knowledge"
GOOD = """id: leaking-pot
title: 新买的锅漏水
industry: 电商
summary: 王女士新买的锅漏水，想换一口。
story: [新买的锅一烧水就漏]
want: 换一口锅
problem: [锅, 漏水]
"""


@pytest.fixture
def own(tmp_path: Path) -> OwnScenarios:
    return OwnScenarios(tmp_path / "data" / "scenarios", FOLDER)


@pytest.fixture
def pot() -> Scenario:
    return scenario_from_yaml(GOOD)


def test_what_is_saved_is_found_listed_and_deleted(own: OwnScenarios, pot: Scenario) -> None:
    assert own.all().scenarios == {}
    path = own.save(pot)
    assert path == own.folder / "leaking-pot.yaml"
    assert own.find("leaking-pot") == own.find(" 新买的锅漏水 ") == pot
    assert own.all().scenarios == {"leaking-pot": pot}
    assert own.all().faults == ()
    own.delete("leaking-pot")
    assert own.all().scenarios == {}
    assert list(own.folder.iterdir()) == []


@pytest.mark.parametrize("shipped", load_scenarios(FOLDER).values(), ids=lambda one: one.id)
def test_writing_and_reading_a_scenario_changes_nothing(shipped: Scenario, own: OwnScenarios) -> None:
    mine = shipped.model_copy(update={"id": f"my-{shipped.id}"[:60]})
    own.save(mine)
    assert own.find(mine.id) == mine
    assert scenario_from_yaml(scenario_yaml(shipped)) == shipped


def test_made_scenarios_can_be_saved(own: OwnScenarios) -> None:
    for made in (
        scenario_from_call(parse_text(WASHER)),
        scenario_from_text("王女士的快递三天没动，想知道什么时候能到。"),
    ):
        own.save(made)
        assert own.find(made.id) == made


def test_rare_characters_and_words_that_yaml_takes_for_others_stay(own: OwnScenarios, pot: Scenario) -> None:
    odd = pot.model_copy(
        update={"id": "𠮷祥-锅", "title": "😀锅", "want": "no", "off": ("on", "2101", "null", "a: b", "- c", "# d")}
    )
    own.save(odd)
    assert own.find("𠮷祥-锅") == odd


def test_an_id_in_use_is_overwritten_only_when_asked(own: OwnScenarios, pot: Scenario) -> None:
    own.save(pot)
    other = pot.model_copy(update={"title": "另一口锅"})
    with pytest.raises(InputError, match="已经有一个叫“leaking-pot”的场景"):
        own.save(other)
    with pytest.raises(InputError, match="已经有"):
        own.save(other.model_copy(update={"id": "Leaking-Pot"}))
    assert own.find("leaking-pot") == pot
    own.save(other, replace=True)
    assert own.find("leaking-pot") == other
    own.save(other.model_copy(update={"id": "Leaking-Pot"}), replace=True)
    assert [path.name for path in own.folder.iterdir()] == ["Leaking-Pot.yaml"]


def test_a_shipped_id_is_never_taken(own: OwnScenarios, pot: Scenario) -> None:
    for id_ in ("parcel-lost", "Parcel-Lost"):
        with pytest.raises(InputError, match="自带场景的 id"):
            own.save(pot.model_copy(update={"id": id_}), replace=True)
    with pytest.raises(InputError, match="自带的场景，不能删"):
        own.delete("parcel-lost")
    assert not own.folder.exists()


@pytest.mark.parametrize("id_", ["../锅", "a/b", "锅", "a" * 61, "", "con", "锅 锅", "..", "a.yaml", "锅\n锅"])
def test_an_id_that_is_no_file_name_is_refused(own: OwnScenarios, pot: Scenario, id_: str) -> None:
    with pytest.raises(InputError, match="不能当 id"):
        own.save(pot.model_copy(update={"id": id_}))
    with pytest.raises(InputError):
        own.delete(id_)
    with pytest.raises(InputError):
        own.find(id_)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (GOOD + "colour: red\n", "锅.yaml 第 8 行：colour：不认识的键"),
        (GOOD + "facts:\n  - {id: a, kind: phone, value: '1', say: 电话是1}\n  - {id: a, kind: phone, value: '2', say: 电话是2}\n", "重复的 id"),
        (GOOD + "facts:\n  - {id: a, kind: phone, value: '139', say: 没有号码}\n", "事实 a 的 say 里没有 value"),
        (GOOD + "facts:\n  - {id: a, kind: colour, value: 红, say: 红的}\n", "第 9 行：facts.0.kind：不在允许的取值之内"),
        (GOOD + "title: 又一个\n", "第 8 行：键“title”重复"),
        (GOOD.replace("want: 换一口锅\n", ""), "want：缺少这一项"),
        (GOOD.replace("[锅, 漏水]", "[]"), "problem：条目太少"),
        (GOOD.replace("换一口锅", "''"), "want：不能为空"),
        (GOOD.replace("mood", "mood") + "mood: happy\n", "mood：不在允许的取值之内"),
        (GOOD + "prefers: nothing\n", "prefers 不在 settle 里"),
        ("id: [", "不是合法的 YAML"),
        ("", "文件是空的"),
        ("- a\n- b\n", "第 1 行"),
    ],
)  # fmt: skip
def test_a_faulty_file_is_told_with_file_and_line(own: OwnScenarios, tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "锅.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as told:
        own.add(path)
    assert fault in str(told.value)
    assert "锅.yaml" in str(told.value)
    with pytest.raises(KnowledgeError) as told:
        scenario_from_yaml(text, "表单")
    assert "表单.yaml" in str(told.value)
    assert not own.folder.exists()


def test_a_good_file_is_added_whatever_it_is_called(own: OwnScenarios, tmp_path: Path) -> None:
    path = tmp_path / "随便叫什么.yaml"
    path.write_text("\ufeff" + GOOD, encoding="utf-8")
    assert own.add(path).id == "leaking-pot"
    assert (own.folder / "leaking-pot.yaml").is_file()


def test_faulty_files_in_the_folder_are_left_out_and_told(own: OwnScenarios, pot: Scenario) -> None:
    own.save(pot)
    (own.folder / "bad.yaml").write_text(GOOD + "colour: red\n", encoding="utf-8")
    (own.folder / "other-name.yaml").write_text(GOOD, encoding="utf-8")
    (own.folder / "parcel-lost.yaml").write_text(GOOD.replace("leaking-pot", "parcel-lost"), encoding="utf-8")
    (own.folder / "latin.yaml").write_bytes("id: 锅".encode("gbk"))
    (own.folder / "notes.txt").write_text("不是场景", encoding="utf-8")
    shelf = own.all()
    assert list(shelf.scenarios) == ["leaking-pot"]
    assert len(shelf.faults) == 4
    assert any("bad.yaml 第 8 行" in fault for fault in shelf.faults)
    assert any("id 要和文件名一样：other-name" in fault for fault in shelf.faults)
    with pytest.raises(KnowledgeError, match=r"bad\.yaml 第 8 行"):
        own.find("bad")


def test_what_is_not_there_is_told(own: OwnScenarios) -> None:
    with pytest.raises(InputError, match="没有“锅盖”"):
        own.find("锅盖")
    with pytest.raises(InputError, match="没有“guo-gai”"):
        own.delete("guo-gai")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, pot: Scenario) -> None:
    (tmp_path / "scenarios").write_text("一个文件", encoding="utf-8")
    with pytest.raises(InputError, match="存不下这个场景"):
        OwnScenarios(tmp_path / "scenarios", FOLDER).save(pot)
