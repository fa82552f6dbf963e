"""People who do not exist, written down the way offices write their lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")

FAMILY = (
    "佐藤サトウsato 鈴木スズキsuzuki 髙橋タカハシtakahashi 田中タナカtanaka 伊藤イトウito "
    "渡邊ワタナベwatanabe 山本ヤマモトyamamoto 中村ナカムラnakamura 小林コバヤシkobayashi "
    "加藤カトウkato 吉田ヨシダyoshida 山田ヤマダyamada 佐々木ササキsasaki 山口ヤマグチyamaguchi "
    "松本マツモトmatsumoto 井上イノウエinoue 木村キムラkimura 林ハヤシhayashi 清水シミズshimizu "
    "山﨑ヤマザキyamazaki 森モリmori 池田イケダikeda 橋本ハシモトhashimoto 阿部アベabe "
    "石川イシカワishikawa 山下ヤマシタyamashita 中島ナカジマnakajima 前田マエダmaeda "
    "藤田フジタfujita 小川オガワogawa 後藤ゴトウgoto 岡田オカダokada 長谷川ハセガワhasegawa "
    "村上ムラカミmurakami 近藤コンドウkondo 石井イシイishii 斎藤サイトウsaito 坂本サカモトsakamoto "
    "遠藤エンドウendo 青木アオキaoki"
)
GIVEN = (
    "陽子ヨウコyoko 健一ケンイチkenichi 美咲ミサキmisaki 大輔ダイスケdaisuke 由美子ユミコyumiko "
    "翔太ショウタshota 恵子ケイコkeiko 浩ヒロシhiroshi さくらサクラsakura 誠マコトmakoto "
    "直美ナオミnaomi 拓也タクヤtakuya 真由美マユミmayumi 隆タカシtakashi 葵アオイaoi "
    "和子カズコkazuko 修オサムosamu 久美子クミコkumiko 亮リョウryo 智子トモコtomoko 剛ツヨシtsuyoshi "
    "明美アケミakemi 蓮レンren 幸子サチコsachiko 学マナブmanabu 裕子ユウコyuko 実ミノルminoru "
    "結衣ユイyui 茂シゲルshigeru 千尋チヒロchihiro"
)
ABROAD_FAMILY = (
    "Carter Nguyen Smith Brown Garcia Wilson Chen Kumar Silva Jones Santos Taylor Meyer Park Rossi Dubois"
)
ABROAD_GIVEN = (
    "Emily James Linh Maria David Priya Carlos Anna Michael Grace Daniel Sofia Thomas Min-ji Marco Claire"
)
AREAS = (
    ("東京都", "03-5550"),
    ("大阪府", "06-5550"),
    ("神奈川県", "045-555"),
    ("愛知県", "052-555"),
    ("北海道", "011-555"),
    ("福岡県", "092-555"),
    ("宮城県", "022-555"),
    ("京都府", "075-555"),
    ("兵庫県", "078-555"),
    ("広島県", "082-555"),
    ("埼玉県", "048-555"),
    ("千葉県", "043-555"),
    ("静岡県", "054-555"),
    ("新潟県", "025-555"),
    ("熊本県", "096-555"),
)
RANKS = ("ゴールド", "シルバー", "シルバー", "ブロンズ", "ブロンズ", "レギュラー", "レギュラー")
GOODS = (
    "煎茶セット",
    "玄米茶 500g",
    "ほうじ茶ティーバッグ",
    "和菓子詰合せ",
    "抹茶スターターキット",
    "季節の紅茶",
    "昆布茶",
)
EVIDENCE = ("Webフォーム", "店頭申込書", "購入時チェック欄", "電話受付票", "会員登録")
JAPANESE = ("日本語", "日本語", "日本語", "Japanese", "JA", "ja", "日", "")
ENGLISH = ("英語", "English", "EN", "en", "英")
FULL_WIDTH = str.maketrans("0123456789-()+", "０１２３４５６７８９－（）＋")


class Dice:
    """Chance from a seed, the same on every machine and every Python: a hash of the seed and a counter."""

    def __init__(self, seed: str) -> None:
        """Begin at the seed's first throw."""
        self._seed, self._throws = seed, 0

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to limit - 1."""
        self._throws += 1
        thrown = blake2b(f"{self._seed}\0{self._throws}".encode(), digest_size=8).digest()
        return int.from_bytes(thrown, "big") % limit

    def one_of(self, things: Sequence[T]) -> T:
        """Return one of some things."""
        return things[self.below(len(things))]

    def has(self, percent: int) -> bool:
        """Tell whether something of that chance happened."""
        return self.below(100) < percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name as it is written, as it is read, and in Latin letters."""

    written: str
    kana: str
    latin: str


def _names(text: str) -> tuple[Name, ...]:
    names = []
    for word in text.split():
        latin = word.lstrip("".join(letter for letter in word if not letter.isascii()))
        japanese = word.removesuffix(latin)
        kana = japanese.lstrip("".join(letter for letter in japanese if not "ァ" <= letter <= "ー"))
        names.append(Name(written=japanese.removesuffix(kana), kana=kana, latin=latin))
    return tuple(names)


_FAMILY_NAMES, _GIVEN_NAMES = _names(FAMILY), _names(GIVEN)


def somebody(dice: Dice, *, is_japanese: bool) -> Name:
    """Return a name; the space between its halves is wide, narrow or missing, as in any real list."""
    if not is_japanese:
        given, family = dice.one_of(ABROAD_GIVEN.split()), dice.one_of(ABROAD_FAMILY.split())
        return Name(written=f"{given} {family}", kana="", latin=f"{given}.{family}".lower())
    family_name, given_name = dice.one_of(_FAMILY_NAMES), dice.one_of(_GIVEN_NAMES)
    space = dice.one_of(("\u3000", " ", "\u3000", ""))
    return Name(
        written=f"{family_name.written}{space}{given_name.written}",
        kana=f"{family_name.kana} {given_name.kana}",
        latin=f"{given_name.latin}.{family_name.latin}",
    )


def mobile(person: int) -> str:
    """Return the fictional mobile number of the n-th person: every one has 555 in it, up to 300,000 of them."""
    prefix, within = ("090", "080", "070")[person % 3], person // 3 % 100_000
    return f"{prefix}-555{within // 10_000}-{within % 10_000:04d}"


def written(dice: Dice, number: str) -> str:
    """Return a domestic number in one of the ways that offices write them."""
    first, second, third = number.split("-")
    return dice.one_of(
        (
            number,
            number,
            number,
            number.replace("-", ""),
            number.translate(FULL_WIDTH),
            f"({first}){second}-{third}",
            f"{first}({second}){third}",
            f"+81 {first[1:]}-{second}-{third}",
            f"+81{first[1:]}{second}{third}",
            f"81-{first[1:]}-{second}-{third}",
            f"{first} {second} {third}",
            f"{first}ー{second}ー{third}",
            f"+81 (0){first[1:]}-{second}-{third}",
        )
    )


def dated(dice: Dice, day: date) -> str:
    """Return a day in one of the ways that offices write them."""
    era = f"{day.year - 2018}"
    return dice.one_of(
        (
            f"{day:%Y/%m/%d}",
            f"{day:%Y/%m/%d}",
            f"{day:%Y-%m-%d}",
            f"{day.year}/{day.month}/{day.day}",
            f"{day.year}年{day.month}月{day.day}日",
            f"令和{era}年{day.month}月{day.day}日",
            f"R{era}.{day.month}.{day.day}",
        )
    )


def day_before(dice: Dice, last: date, within: int) -> date:
    """Return a day at most so many days before the last one."""
    return last - timedelta(days=dice.below(within))
