"""Two sentences become a scenario: the story in the order told and in the first person, what is wanted, the facts, the words of the matter."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from coach.errors import InputError
from coach.roleplay import Scenario
from coach.roleplay.from_text import scenario_from_text


@dataclass(frozen=True)
class Told:
    """A text, and what has to come out of it.

    Attributes:
        name: For the report.
        text: The text.
        opens: What the first clause of the story holds.
        want: What he wants.
        facts: Values, apart by blanks.
        problem: Words of the matter, apart by blanks.
        caller: Name and title.
        mood: complaint, enquiry, request; blank where any will do.
    """

    name: str
    text: str
    opens: str
    want: str
    facts: str
    problem: str
    caller: str = ""
    mood: str = ""


TOLD = (
    Told(
        "bank",
        "刘女士，手机银行用户，昨天转账5000元转错了人，对方不肯退，卡尾号7712，手机13900004411。她想把钱追回来。",
        "昨天转账5000元转错了人",
        "把钱追回来",
        "刘 7712 13900004411",
        "转账",
        "刘女士",
    ),
    Told(
        "shop",
        "小张是学生，在网上买的耳机用了三天左耳就没声音了，订单号66120987，他想换一个新的。",
        "耳机用了三天左耳就没声音了",
        "换一个新的",
        "66120987",
        "耳机 声音",
    ),
    Told(
        "courier",
        "赵先生的生鲜包裹在驿站放了两天没人通知，水果都烂了，运单号JD009812345，电话13900004412。他要求赔偿。",
        "生鲜包裹在驿站放了两天没人通知",
        "拿到赔偿",
        "赵 JD009812345 13900004412",
        "包裹 驿站",
        "赵先生",
        "complaint",
    ),
    Told(
        "insurance",
        "马先生追尾了别人的车，报案号BX20261107，定损员三天没来，他希望今天就有人去定损。",
        "定损员三天没来",
        "今天就有人去定损",
        "马 BX20261107",
        "追尾",
        "马先生",
    ),
    Told(
        "gym",
        "董小姐办了健身房年卡，上个月店搬走了，离家太远，想退卡，卡号VIP8812，还剩七个月。",
        "我办了健身房年卡",
        "退卡",
        "董 VIP8812",
        "健身房",
        "董小姐",
    ),
    Told(
        "school",
        "许老师订的200本教材少发了20本，下周一就要开课。希望周日之前补齐。",
        "我订的200本教材少发了20本",
        "周日之前补齐",
        "许",
        "教材",
        "许老师",
    ),
    Told(
        "telecom",
        "王奶奶,手机每个月多扣15元彩铃费,她从来没开过,号码13900004416,想取消这个业务。",
        "手机每个月多扣15元彩铃费",
        "取消这个业务",
        "王 15元 13900004416",
        "取消",
        "王奶奶",
    ),
    Told("card", "我想办一张信用卡，不知道要什么条件。", "我想办一张信用卡", "办一张信用卡", "", "信用卡 条件"),
    Told(
        "visa",
        "高女士的签证材料交了半个月没有消息，受理号QZ778201，机票订的是下周三，她希望这周出结果。",
        "签证材料交了半个月没有消息",
        "这周出结果",
        "高 QZ778201",
        "签证 材料",
        "高女士",
    ),
)

ROUGH = (
    Told(
        "heating",
        "冯大爷家暖气不热，室内只有14度，老人有关节炎，电话13900004420，希望今天能上门。",
        "我家暖气不热",
        "今天能上门",
        "冯 13900004420",
        "暖气",
        "冯大爷",
    ),
    Told(
        "water-purifier",
        "杜先生家的净水器换完滤芯以后水有一股怪味，老人不敢喝，机器编号JS-20881。他要求重新换滤芯。",
        "净水器换完滤芯以后水有一股怪味",
        "重新换滤芯",
        "杜 JS-20881",
        "净水器 滤芯",
        "杜先生",
    ),
    Told(
        "mri",
        "孙阿姨给老伴约了周三的核磁，医院临时通知机器坏了要改期，她家住城外，来一趟要两个小时，想知道最早能改到哪天。",
        "我给老伴约了周三的核磁",
        "知道最早能改到哪天",
        "孙",
        "核磁 改期",
        "孙阿姨",
    ),
    Told(
        "airline",
        "周先生明天上午十点的航班被取消，他下午要开会，订票电话13900004413，希望改签到今晚或者安排别的航空公司。",
        "我明天上午十点的航班被取消",
        "改签到今晚或者安排别的航空公司",
        "周 13900004413",
        "航班 改签",
        "周先生",
    ),
    Told(
        "english-class",
        "家长吴女士给孩子报了寒假英语班，交了4800元，上了两次课觉得老师发音不标准，想退剩下的学费。",
        "我给孩子报了寒假英语班",
        "退剩下的学费",
        "吴 4800元",
        "英语班 学费",
        "吴女士",
    ),
    Told(
        "wedding",
        "新娘林小姐的婚纱照拖了两个月还没出片，婚礼在下个月18号，她很着急，要求月底前拿到相册。",
        "我的婚纱照拖了两个月还没出片",
        "月底前拿到相册",
        "林",
        "婚纱照 相册",
        "林小姐",
    ),
    Told(
        "car",
        "何先生的车保养完第二天仪表盘亮故障灯，4S店说要收检测费300元，车牌京A12345，他希望免费检测。",
        "我的车保养完第二天仪表盘亮故障灯",
        "免费检测",
        "何 300元 京A12345",
        "保养 故障",
        "何先生",
    ),
    Told(
        "flat",
        "物业业主蒋女士家楼上漏水，天花板湿了一大片，找了物业三次都没人管，住在青松里6号楼2单元301，想要物业协调楼上修理。",
        "我家楼上漏水",
        "物业协调楼上修理",
        "蒋 青松里6号楼2单元301",
        "漏水 天花板",
        "蒋女士",
    ),
    Told(
        "hotel",
        "旅客韩先生在网上订了海边酒店两晚，到店被告知没有房间，订单号HT556677，付了1260元，希望安排同等酒店或者全额退款。",
        "我在网上订了海边酒店两晚",
        "安排同等酒店或者全额退款",
        "韩 HT556677 1260元",
        "酒店 房间",
        "韩先生",
    ),
    Told(
        "clinic",
        "我上个月在你们店做的牙，昨天掉了一颗，我想让你们免费重做，我叫程飞，电话13900004418。",
        "我上个月在你们店做的牙",
        "让你们免费重做",
        "程飞 13900004418",
        "免费",
    ),
    Told(
        "air-conditioner",
        "客户买的空调装上以后一直滴水，打了四次电话都说派人来，到现在没人上门。",
        "我买的空调装上以后一直滴水",
        "把这件事弄清楚",
        "",
        "空调 滴水",
    ),
    Told(
        "take-away",
        "一位中年男士打来投诉，说外卖迟到一个小时，饭都凉了，骑手态度还差，要求退全款38元并道歉。",
        "外卖迟到一个小时",
        "退全款38元",
        "",
        "外卖",
        mood="complaint",
    ),
    Told(
        "health-insurance",
        "市民曹先生想问新生儿医保怎么办，需要带什么材料，孩子上周五出生。",
        "我想问一下新生儿医保怎么办",
        "知道新生儿医保怎么办",
        "曹",
        "新生儿 医保",
        "曹先生",
    ),
    Told(
        "humidifier",
        "彭先生在商场买了一台加湿器，开了一晚上不出雾，换过滤芯也不行。他要求退货，当时花了399元，订单号PQ55120，手机13900007781。",
        "开了一晚上不出雾",
        "退货",
        "彭 399元 PQ55120 13900007781",
        "加湿器",
        "彭先生",
    ),
    Told(
        "oranges",
        "苗女士订了一箱橙子，说好两天到，打开箱子烂了一半。她希望补发一箱，送到海棠路18号3栋602，电话13900007782。",
        "我订了一箱橙子，打开箱子烂了一半",
        "补发一箱",
        "苗 海棠路18号3栋602 13900007782",
        "橙子",
        "苗女士",
    ),
    Told(
        "parking",
        "贺先生办了停车月卡，抬杆总是不认他的车，每次都要按铃等保安。他想把车牌重新登记，车牌苏E7K290，电话13900007785。",
        "抬杆总是不认我的车",
        "把车牌重新登记",
        "贺 苏E7K290 13900007785",
        "停车",
        "贺先生",
    ),
)
"""Told as trainers write, with who he is before the name, the matter in two clauses, and what he must do beside what he wants."""


def check(told: Told) -> None:
    made = scenario_from_text(told.text)
    assert told.opens in made.story[0]
    assert made.want == told.want
    assert set(told.facts.split()) <= {fact.value for fact in made.facts}
    assert set(told.problem.split()) <= set(made.problem)
    assert not {"还是", "有点", "或者", "安排", "你们", "怎么办", "需要", "只有", "现在"} & set(made.problem)
    assert told.caller in {"", f"{made.caller.name}{made.caller.title}"}
    assert told.mood in {"", made.mood}
    assert not any("先生" in clause or "女士" in clause or clause.startswith(("他", "她")) for clause in made.story)
    assert all(fact.value in fact.say and "," not in fact.say for fact in made.facts)


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told.name)
def test_story_want_facts_and_problem_come_out(told: Told) -> None:
    check(told)


@pytest.mark.parametrize("told", ROUGH, ids=lambda told: told.name)
def test_they_come_out_of_rougher_texts_too(told: Told) -> None:
    check(told)


def test_a_caller_for_a_colleague_is_a_call_by_proxy() -> None:
    made = scenario_from_text(
        "来电的是恒远公司的邓经理，找你们的采购部孙主管，孙主管在开会，他想请孙主管下午三点前回电，电话13900004415。"
    )
    assert made.direction == "proxy"
    assert made.caller.name == "邓"
    assert made.want == "请孙主管下午三点前回电"


def test_a_visit_asked_after_is_a_call_out() -> None:
    made = scenario_from_text("坐席回访袁女士，她上周修过燃气灶，火还是打不着，希望师傅再来一次，地址梧桐路12号。")
    assert (made.direction, made.caller.name) == ("outbound", "袁")
    assert next(fact.value for fact in made.facts if fact.kind == "address") == "梧桐路12号"


def test_the_story_is_told_in_its_order() -> None:
    made: Scenario = scenario_from_text(
        "杜先生去年给父母装了一台净水器，这个月滤芯换完以后水有一股怪味，他打过两次电话，第一次说是正常的，第二次让他等，他要求换滤芯。"
    )
    told = "，".join(made.story)
    order = [told.index(part) for part in ("装了一台净水器", "怪味", "打过两次电话", "第一次", "第二次")]
    assert order == sorted(order)


def test_what_he_asks_for_is_no_fact_of_his() -> None:
    made = scenario_from_text(
        "孟先生买了两张门票，演出改期他去不了。他想退票，赔他200元路费，三天内到账，订单号YC330871。"
    )
    assert {fact.value for fact in made.facts} == {"孟", "YC330871"}
    assert made.want == "退票"


def test_an_address_in_the_wish_is_known_to_him() -> None:
    made = scenario_from_text("雷先生想把快递改送到枣园路12号5栋，运单号SF77120033，电话13900007784。")
    assert next(fact for fact in made.facts if fact.kind == "address").say == "地址是枣园路12号5栋"


def test_what_a_number_is_called_is_no_word_of_the_matter() -> None:
    made = scenario_from_text("雷先生的快递三天没动，运单号SF77120033。他想知道什么时候到，会员号HY20817。")
    assert not {"运单", "会员号", "会员"} & set(made.problem)


def test_what_he_keeps_to_himself_is_hidden() -> None:
    made = scenario_from_text("郑先生的包裹破了，运单号YD6655443，其实里面的东西值3000元，他想知道怎么赔。")
    assert [fact.value for fact in made.facts if fact.hidden] == ["3000元"]


@pytest.mark.parametrize("text", ["", "快递没到", "嗯" * 1_001])
def test_too_short_and_too_long_texts_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="场景要写"):
        scenario_from_text(text)


def test_rare_characters_and_full_width_forms_are_read() -> None:
    made = scenario_from_text("𠮷祥店的ＷＩＦＩ坏了😀，电话１３９００００４４１９，李女士想今天修好。")
    assert "13900004419" in {fact.value for fact in made.facts}
    assert made == scenario_from_text("𠮷祥店的ＷＩＦＩ坏了😀，电话１３９００００４４１９，李女士想今天修好。")
