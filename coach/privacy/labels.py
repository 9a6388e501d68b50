"""What the number after some words is called, and which codes and amounts are nobody's. Patterns only."""

from __future__ import annotations

from typing import Literal

import regex

__all__ = ["NOT_A_CODE", "Label", "is_amount", "label_before"]

Label = Literal["none", "identity", "card", "account", "order", "phone", ""]

NOT_A_CODE = regex.compile(
    r"(?i)(?:ISO|GBT?|IEC|UTF|HTTPS?|SHA|RFC|USB|DDR|[RG]TX|PM|V|TEL|PHONE|COVID|PX)-?[0-9](?-i:.*)|GBT? [0-9]{4,5}|(?-i:[A-Z]{3,}-?(?:19|20)[0-9]{2})"
)
"""Standards, versions and years that look like a code."""

_LABELS: tuple[tuple[Label, regex.Pattern[str]], ...] = (
    (
        "none",
        regex.compile(
            r"工号|坐席号|员工号?|分机|窗口|验证码|密码|型号|机型|航班|车次|版本|邮编|条款|规则|编码|序列号|余额|金额|价格|费用|积分|合计|一共"
        ),
    ),
    ("identity", regex.compile(r"身份证|证件")),
    ("card", regex.compile(r"卡号|银行卡|信用卡|储蓄卡|借记卡|存折")),
    (
        "account",
        regex.compile(
            r"账号|帐号|账户|户号|客户编?号|会员|学号|社保|医保|病历|门诊号|就诊|缴费号|缴费编号|表号|QQ|微信|护照|驾驶?证|档案|税号"
        ),
    ),
    (
        "order",
        regex.compile(
            r"(?:订单|运单|保单|工单|快递|物流|包裹|流水|受理|投诉|报案|报修|合同|发票|回执|申请|预约|案件|参考|服务|维修|退款|面单)"
            r"(?:单|的|上的?)?(?:编号|号码|号)|单号|工单|保单|运单|订单|合同"
        ),
    ),
    ("phone", regex.compile(r"电话|手机|号码|联系方式|座机|固话|拨打?")),
)
_REACH = 14
_MONEY = regex.compile(r" ?(?:元|块|万(?!一)|亿|%|美元|港币|欧元|积分)|\.[0-9]{1,2}(?![0-9.])")
_THOUSANDS = regex.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")


def label_before(before: str, question: str) -> Label:
    """What the number after `before` is called: the last label there, else the last in the question."""
    for text in (before[-_REACH:], question):
        places = [(m.end(), name) for name, pattern in _LABELS for m in pattern.finditer(text)]
        if places:
            return max(places)[1]
    return ""


def is_amount(words: str, text: str, end: int) -> bool:
    """Whether the number `words`, which ends at `end` of `text`, is a sum: by its unit, its decimals or its thousands."""
    return _MONEY.match(text, end) is not None or _THOUSANDS.fullmatch(words) is not None
