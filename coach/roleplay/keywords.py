"""The words a text is about: its content words, without those that any call has. By the dictionary alone, so always the same."""

from __future__ import annotations

import regex

from coach.lexicon import words
from coach.text import normalise

__all__ = ["common", "keywords"]

_COUNTED = regex.compile(
    r"[一二两三四五六七八九十几半百千第\d]|[今明昨后前大]天|周[一二三四五六日末]|星期|[上下本这那每当][周个月年]|[去明今前]年|月[初底末]|天天|年[初底]"
)
_GRAMMAR = regex.compile(r".*[我你您他她它们吗呢吧啊呀嘛]|不.*|没.*|[很太再又还都就才也].*|.*[着过了的得]$")
_COMMON = """
客户 用户 先生 女士 小姐 阿姨 师傅 希望 想要 要求 知道 这个 那个 自己 时候 现在 已经 没有 觉得 说法 一点 一下 就是 但是 可以
能不能 可不可以 是不是 有没有 什么 怎么 以及 问题 事情 处理 解决 服务 公司 电话 号码 手机 名字 姓名 之前 之后 以后 以前 来电
打来 有人 清楚 麻烦 帮忙 请问 您好 你好 谢谢 感谢 因为 所以 然后 而且 如果 的话 这样 那样 这边 那边 这里 那里 这么 那么 多少
为什么 告诉 看看 查查 问问 查询 核实 登记 安排 记录 联系 回复 回电 情况 需要 应该 可能 一直 比较 非常 特别 确实 真的 其实 还有
另外 其他 别的 一样 感觉 意思 东西 地方 直接 马上 尽快 立刻 赶紧 今天 明天 昨天 后天 上午 下午 晚上 早上 中午 小时 分钟 工作日
个月 大概 左右 为您 给您 帮您 方便 稍等 抱歉 理解 放心 之内 以内 最近 当时 刚才 后来 结果 到底 究竟 反正 总是 每次 上次 这次
下次 一次 老是 人家 别人 大家 咱们 你们 我们 他们 只是 只有 或者 还是 不过 本来 原来 居然 竟然 好像 似乎 怎么办 怎么回事 要是
也就是 打电话 给我 帮我 跟我 一个 两个 一些 有些 有点 进行 提供 选择 办法 方式 方案 是否 对吗 好吗 行吗 可以吗 里面 上面 下面
我家 从前 开始 显示 根本 按规定 规定 算算 看一下 接下来 总得 来着 一定 继续 顺便 主要 具体 发现 结束 从来 愿意 高兴 经常 每次 不然 其余 那儿 这儿 这会儿 哪个 好几个 那位 这位 这件 办好 处理好 问清楚 重要 一共 总共 全部 都是
也是 只能 必须 肯定 当然 算是 不到 不是 不能 不要 不会 不想 联系方式 负责 反映 反馈 跟进 申请 同事 专员 部门
"""
_STOP = frozenset(_COMMON.split())


def keywords(text: str, without: str = "", most: int = 40) -> tuple[str, ...]:
    """Content words of `text` in order, at most `most`; none that stands in `without`."""
    found = (word for word in words(normalise(text).text) if _counts(word) and word not in without)
    return tuple(dict.fromkeys(found))[:most]


def common(word: str) -> bool:
    """Whether any call has the word: it tells nothing of the matter."""
    return not _counts(word)


def _counts(word: str) -> bool:
    return len(word) > 1 and word not in _STOP and not _COUNTED.match(word) and not _GRAMMAR.fullmatch(word)
