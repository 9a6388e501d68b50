"""The shipped knowledge: whole, consistent, free of the documents' corrupted wordings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach.assistant import Coach
from coach.errors import InputError, KnowledgeError
from coach.knowledge import load_standard
from coach.knowledge.handbook import MAX_CLAUSE_CHARS, read_chapter
from coach.knowledge.yaml_file import Strict, read_yaml
from coach.settings import knowledge_dir
from coach.transcripts import CallMeta, Transcript, Turn

CORRUPTED = [
    "不久乐为",
    "您征询",
    "尚有其他",
    "生活快乐",
    "一般话",
    "珍贵建议",
    "在反复一下",
    "但愿理解",
    "积极拨打",
    "不批准",
    "若有也许",
    "23厘米",
    "铃声但是三",
    "核实的拨打",
    "拨打着",
    "简历信赖",
    "哪位价",
    "感到阿生",
    "破门大骂",
    "井正确",
    "大快",
    "大慢",
    "5WIH",
    "弄些年龄",
    "信任与支出",
    "因地置宜",
    "你谓",
    "简结",
    "主应让客户",
]
LONGEST_FILLER = 3  # 嗯, OK: anybody says them
COMPANIES = [
    "10000号",
    "中国电信",
    "奕世",
    "长安铃木",
    "联合洲际",
    "大龙供暖",
    "大龙报修",
    "湖北哲科",
    "斐贝",
    "市北广场",
    "中电购物",
]


def test_every_clause_has_text_questions_and_sources(coach: Coach) -> None:
    for clause in coach.knowledge.clauses.values():
        assert 0 < len(clause.text) <= MAX_CLAUSE_CHARS, clause.id
        assert 3 <= len(clause.asked_as) <= 8, clause.id
        assert clause.sources, clause.id


def test_sources_name_the_five_documents(coach: Coach) -> None:
    documents = {s.document for c in coach.knowledge.clauses.values() for s in c.sources}
    assert len(documents) == 5
    assert all(name.endswith(".txt") for name in documents)


def test_every_situation_has_phrases_and_every_slot_an_example(coach: Coach) -> None:
    used = {phrase.situation for phrase in coach.knowledge.phrases.values()}
    assert used == set(coach.knowledge.situations)
    for phrase in coach.knowledge.phrases.values():
        assert "【" not in phrase.filled(), phrase.id


@pytest.mark.parametrize("word", [*CORRUPTED, *COMPANIES])
def test_no_corrupted_wording_or_sample_company_stands_in_what_users_read(word: str) -> None:
    files = [p for p in knowledge_dir().rglob("*") if p.suffix in {".md", ".yaml"}]
    assert files
    assert [p.name for p in files if word in p.read_text(encoding="utf-8")] == []


def test_every_phrase_with_slots_filled_critiques_clean(coach: Coach) -> None:
    faults = {}
    for phrase in coach.knowledge.phrases.values():
        call = Transcript((Turn("agent", phrase.filled()),), CallMeta(excerpt=True, from_start=False))
        if found := [(f.rule, f.message) for f in coach.critique(call).findings if f.severity != "info"]:
            faults[phrase.id] = (phrase.filled(), found)
    assert faults == {}


def test_an_unknown_standard_is_told_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"没有名为“nope”的规范.*default"):
        load_standard("nope", knowledge_dir())


def test_a_users_standard_is_laid_over_the_default(tmp_path: Path) -> None:
    own = tmp_path / "strict.yaml"
    own.write_text(
        "version: 1\nname: strict\ntitle: 从严\nwhy: 试用\nparameters: {hold_seconds: 30}\n", encoding="utf-8"
    )
    standard = load_standard(str(own), knowledge_dir())
    assert standard.parameters["hold_seconds"] == 30
    assert standard.parameters["rings"] == 3


def test_a_standard_with_an_unknown_parameter_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "odd.yaml"
    own.write_text("version: 1\nname: odd\ntitle: 一\nwhy: 二\nparameters: {hold_minutes: 3}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="hold_minutes"):
        load_standard(str(own), knowledge_dir())


CHAPTER = "# 试章\n\n## ABC-01 标题\n正文。\n- 场景：hold\n- 问法：一｜二｜三\n- 出处：a.txt › 一\n"


def test_a_chapter_reads_as_written(tmp_path: Path) -> None:
    path = tmp_path / "01.md"
    path.write_text(CHAPTER, encoding="utf-8")
    (clause,) = read_chapter(path)
    assert (clause.id, clause.title, clause.text, clause.asked_as) == ("ABC-01", "标题", "正文。", ("一", "二", "三"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("正文。", "", "没有正文"),
        ("正文。", "长" * 151, "151 字"),
        ("- 问法：一｜二｜三\n", "", "缺少问法"),
        ("a.txt › 一", "a.txt", "出处"),
        ("## ABC-01", "## abc", "标题应当"),
        ("# 试章", "试章", "第一行"),
    ],
)
def test_a_faulty_chapter_is_told_with_file_and_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "01.md"
    path.write_text(CHAPTER.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=message) as error:
        read_chapter(path)
    assert "01.md 第" in str(error.value)


class _Thing(Strict):
    name: str
    sizes: tuple[int, ...]


def read_thing(path: Path) -> _Thing:
    file = read_yaml(path)
    return file.validate(_Thing, file.data)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: a\nsizes: [1]\nextra: 1\n", r"x.yaml 第 3 行：extra：不认识的键"),
        ("name: a\n", r"sizes：缺少这一项"),
        ("name: a\nsizes:\n  - 1\n  - b\n", r"第 4 行"),
        ("name: a\nname: b\nsizes: []\n", r"第 2 行：键“name”重复"),
        ("name: [a\n", r"不是合法的 YAML"),
        ("", r"文件是空的"),
    ],
)
def test_a_faulty_yaml_file_is_told_with_line_and_reason(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=message):
        read_thing(path)


def test_training_and_held_back_lines_share_no_text(root: Path) -> None:
    def texts(folder: Path) -> set[str]:
        lines = [line for p in folder.glob("lines*.jsonl") for line in p.read_text("utf-8").splitlines()]
        return {text for line in lines if len(text := json.loads(line)["text"]) > LONGEST_FILLER}

    assert texts(root / "eval" / "training").isdisjoint(texts(root / "eval" / "heldback"))
