"""Whether what looks like a name is a word instead."""

from __future__ import annotations

import regex

from coach.facts.identifiers import COMPOUND_SURNAMES, SURNAMES
from coach.lexicon import words

__all__ = ["ALL_COMPOUND", "ALL_SURNAMES", "NOT_A_PERSON", "SURE_SURNAMES", "VERBS", "is_word"]

ALL_SURNAMES = SURNAMES + "肖闫闻荣麦尉裘荀寇佘狄茅缪庾晁粟逯蒲储阙钮戎杭芮滑麻幸束鲜厉逄郗宿尚付代海农隗卯仝"
"""Surnames of one character; those `coach.facts` leaves out, as it has less to tell them by, among them."""
ALL_COMPOUND = COMPOUND_SURNAMES + "|钟离|左丘|东郭|闻人|申屠|太史|拓跋|独孤|万俟|澹台|公冶|濮阳|淳于|仲孙"

SURE_SURNAMES = frozenset(
    "王李张刘陈杨赵黄吴徐孙胡朱郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎潘杜戴姜范姚谭廖邹熊陆郝崔邱秦侯邵孟龚庞樊殷陶翟倪鲁葛"
    "韦毕聂邢祁詹靳裴鲍覃霍褚窦骆贺乔沈尹黎林周何余汪孔康毛顾段雷钱马钟夏江史田龙肖闫裘荀"
)
"""Surnames that are seldom a word of their own before a title."""
VERBS = frozenset("位车包向和来都应时连查从就但还会归由有能把再经随同被付代海")
"""Surnames that are more often a preposition, a verb or an adverb: 向经理反映, 查师傅到哪了."""

NOT_A_PERSON = regex.compile(
    r"谢谢|感谢|许多|许可|程序|程度|董事|黄金|王牌|胡乱|陆续|郑重|范围|曾经|罗列|杜绝|张罗|张贴|李子|周[一二三四五六日末天期边转]|马上|马路|顾客|顾问|何时|何况|何必"
    r"|林业|高[兴级管中端速铁峰温]|夏[天季]|江[苏西边]|田[园径]|龙头|钱[包款]|康复|毛病|史[上料]|余[额下]|段[时落]|雷[达电]|孔雀"
    r"|苏州|郑州|徐州|许昌|常州|温州|沈阳|唐山|韩国|吴江|彭州|邓州|罗湖|梁溪|韶关|陈述|叶子|姜[汤片]|梁[上山]|宋[代朝]|唐[朝代]|杨[树梅]|熊[猫]|贺[卡词电]|乔迁|程[控]|于[是此]"
    r"|钟[点头表]|方[便法式案面向]|安[全装排检保心静]|金[额牌卡融]|白[天班领色]|成[功都为本]|全[部款额名国天家]|明[天早晚白年]|单[位子号元]|商[家户品场城]|项目|车[主队间辆子位险]|房[东子间屋]"
    r"|保[安险洁修证养]|和[平你您我他号电地单日年工]|来[的了着吗接吧签源]|车来|都[是行可没有在]|应[该急聘]|时[候间]|连[接锁]|解[决释放]|关[于系注]|计[划算费]|官[方网]|文[件员]|施工|司机|包[裹装括]"
    r"|强[烈制]|焦急|任[何务意]|管[理道家]|水[费电]|路[上过]|游[客戏]|向[您你上]|查[一看询到]|原[来因告]|华[为东]|花[园店]|常[规用]|冷[气冻]|古[镇城]|温度|符合|习惯|万[一能]|米[饭面]|石[家油]|牛奶"
    r"|宁愿|宫颈|平[台时]|\p{Han}?(?:客服|坐席|业主|用户|客户|会员|员工|机主|本人|公司|人员|大厦|小区|银行)|.{2}(?:的|了|吗|在)$"
)
"""Beginnings of words that start with a surname."""


def is_word(text: str) -> bool:
    """Whether the dictionary knows `text` as one word."""
    return words(text) == [text]
