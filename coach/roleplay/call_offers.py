"""What the agent of a call offered and the customer took, and what he asked for in vain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from coach.roleplay.call_clauses import clauses, clean, full_width
from coach.roleplay.keywords import keywords
from coach.roleplay.likeness import pairs, share
from coach.roleplay.scenario import Wish
from coach.text import normalise
from coach.transcripts import Transcript

__all__ = ["Offer", "offers_of", "wishes_of"]

_DOING = r"安排|上门|检修|检测|退(?:款|钱|货|费|还)?|补(?:发|偿|寄|办)|换(?:一|新|货|台)|赔|理赔|登记|申请|核实|回(?:您)?电|联系|转(?:给|接|告)|开通|取消|关闭|改(?:到|成|签|约|派)|恢复|复机|重新|补|减免|优惠|赠送|寄|发(?:给|短信)|预约|上报|反映|催|派|减|分(?:两|几)次|先交|过户|挂失|补卡|延期|加急"
_OFFER = regex.compile(
    rf"(?:我|这边|我们|为您|给您|帮您|替您|可以|建议您?|一是|二是|还是|要么|您看|安排|由我)[^,。?!]{{0,14}}?(?:{_DOING})|(?:{_DOING})[^,。?!]{{0,10}}(?:可以吗|好吗|行吗|您看)|三?天(?:之)?内"
)
_NOT_AN_OFFER = regex.compile(
    r"请问|(?:请|麻烦)您?(?:提供|留|报|说|核对)|核对|抱歉|对不起|不(?:能|可以|行|支持)|无法|没(?:有)?(?:办法|权限)|帮您查|查(?:一下|询)|已经?(?:给您)?登记好|怎么称呼|联系方式|联系电话|有什么|转告的|的话|^如果|^要是|贵姓|哪位"
)
_PREFIX = regex.compile(
    r"^(?:好的?|那|明白了?|您看|您放心|请放心|这样|一是|二是|三是|或者|要么|还是|是|建议|的话|\p{Han}{1,3}(?:先生|女士|小姐|阿姨|老师)|,)+|^(?:我|这边|我们|马上|现在|就|先|会|来|可以|这就|立刻|尽快)*(?:帮|给|为|替)您(?:的)?|^(?:我|这边|我们|由我|可以)(?:这边|马上|现在|就|先|会|来|可以|这就|立刻)*"
)
_REFUSED = regex.compile(
    r"^(?:那)?(?:不行|不要|不用|不同意|不接受|不可以|算了|没用)|我不(?:要|同意|接受|想)|凭什么|不能接受"
)
_ACCEPTED = regex.compile(r"^(?:那)?(?:好|行|可以|成|嗯|就这|没问题|同意|中)|就(?:按|这么|这样|选)")
_CHOICE = regex.compile(r"[,。]?(?:还是|要么|或者|二是|也可以)")
_DEMAND = regex.compile(r"(?:赔|免|退|补偿|减|送|马上|立刻|今天就|双倍|道歉|优惠|多给)")
_ASKED = regex.compile(r"(?:能不能|可不可以|必须|我要|给我|要求|得给我|你们得)")
_DECLINED = regex.compile(r"(?<![能可])不(?:能|可以|支持|予)|无法|没(?:有)?(?:办法|权限|这个规定)|做不到|办不了")
_EITHER = regex.compile(r"(?:您看|您是|可以选|方案|办法)[^?]{0,6}?是(?P<one>[^?]{3,40}?),?还是(?P<two>[^?]{3,40})[?]")
_NAMED = 0.5
_SHORTEST = 3
_MOST_OFFERS, _MOST_WISHES = 4, 2
_LONGEST = 30
_HAN = regex.compile(r"\p{Han}")


@dataclass(frozen=True, slots=True)
class Offer:
    """Something the agent offered in turn `no` (0-based)."""

    id: str
    no: int
    title: str
    words: tuple[str, ...]


def offers_of(call: Transcript) -> tuple[list[Offer], str | None]:
    """What the agent offered that the customer didn't refuse, and the id of what he agreed to last."""
    found: list[Offer] = []
    taken: str | None = None
    for no in call.agent_lines():
        made = [o for o in _made(normalise(call.turns[no].text).text) if o not in [f.title for f in found]]
        reply = next((clean(t.text) for t in call.turns[no + 1 : no + 2] if t.speaker == "customer"), "")
        if not made or _REFUSED.search(reply):
            continue
        new = []
        for title in made:
            words = _words(title)
            if words and len(found) < _MOST_OFFERS and not any(set(words) <= set(f.words) for f in found):
                new.append(Offer(f"s{len(found) + 1}", no, title, words))
                found.append(new[-1])
        taken = _taken(new, reply) or taken
    return found, taken


def _words(title: str) -> tuple[str, ...]:
    doing = [word for word in regex.findall(_DOING, title) if len(word) > 1]
    return tuple(dict.fromkeys([*keywords(title, most=5), *doing]))[:6]


def _taken(offers: Sequence[Offer], reply: str) -> str | None:
    """Id of the offer the reply takes: the one it names, or the only one, where it agrees."""
    if not offers:
        return None
    best = max(offers, key=lambda offer: share(offer.title, pairs(reply)))
    if share(best.title, pairs(reply)) >= _NAMED:
        return best.id
    return best.id if len(offers) == 1 and _ACCEPTED.search(reply) else None


def _made(text: str) -> Iterator[str]:
    """Titles of the offers in an agent's line."""
    for sentence in regex.findall(r"[^。!?;]+[。!?;]*", text):
        if choice := _EITHER.search(sentence):
            yield from (_title(choice[name].split(",")[0]) for name in ("one", "two"))
            continue
        for part in _CHOICE.split(sentence):
            own = [clause for clause in clauses(part) if not _NOT_AN_OFFER.search(clause)]
            kept = [
                clause
                for clause in own
                if _OFFER.search(clause) or (_CHOICE.search(sentence) and regex.search(_DOING, clause))
            ]
            for clause in kept[:1]:
                title = _title(clause)
                if len(_HAN.findall(title)) >= _SHORTEST:
                    yield title


def _title(clause: str) -> str:
    bare = regex.sub(r"(?:可以吗|好吗|行吗|您看.*|吗|呢|吧|就行|的)$", "", clause)
    return full_width(_PREFIX.sub("", _PREFIX.sub("", bare))[:_LONGEST]).replace("您", "客户")


def wishes_of(call: Transcript) -> tuple[Wish, ...]:
    """What the customer asked for and the agent declined."""
    found: list[Wish] = []
    for no, turn in enumerate(call.turns[:-1]):
        after = call.turns[no + 1]
        if turn.speaker != "customer" or after.speaker != "agent" or not _DECLINED.search(normalise(after.text).text):
            continue
        for clause in clauses(clean(turn.text)):
            if _DEMAND.search(clause) and _ASKED.search(clause) and (words := keywords(clause, most=4)):
                say = full_width(clause)
                title = (
                    regex.sub(r"^.*?(?:能不能|可不可以|必须|要求|得给我|你们得|我要)(?:给我|帮我|把)?", "", say) or say
                )
                found.append(Wish(title=title, words=words, say=say))
                break
    return tuple(found[:_MOST_WISHES])
