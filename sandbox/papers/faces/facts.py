"""Invented facts: companies, persons, places, numbers. None of the companies and persons exists."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from reportlab.lib.colors import black

from sandbox.papers import identity
from sandbox.papers.companies import OWN_ENTITIES
from sandbox.papers.identity import Region
from sandbox.papers.invention import RECENT

CITIES: tuple[tuple[str, Region], ...] = (
    ("北京", identity.BEIJING),
    ("上海", identity.SHANGHAI),
    ("苏州", identity.JIANGSU),
    ("杭州", identity.ZHEJIANG),
    ("武汉", identity.HUBEI),
    ("广州", identity.GUANGDONG),
    ("深圳", identity.SHENZHEN),
    ("成都", identity.SICHUAN),
)
_BRANDS = ("云舟", "青岚", "拾光里", "鹿鸣谷", "望潮", "墨竹", "星禾", "澄湖", "远山堂", "白鹭洲", "松果树", "晓雾")
PEOPLE = ("林知秋", "周晓岚", "陈一鸣", "许静文", "高远", "沈嘉禾", "何其川", "苏沐", "程砚", "欧阳霁")
STATIONS = (
    ("北京南", "Beijingnan"), ("上海虹桥", "Shanghaihongqiao"), ("杭州东", "Hangzhoudong"), ("南京南", "Nanjingnan"),
    ("武汉", "Wuhan"), ("长沙南", "Changshanan"), ("广州南", "Guangzhounan"), ("深圳北", "Shenzhenbei"),
    ("成都东", "Chengdudong"), ("西安北", "Xi'anbei"), ("苏州", "Suzhou"), ("郑州东", "Zhengzhoudong"),
)  # fmt: skip
AIRPORTS = (("PEK", "北京"), ("SHA", "上海"), ("CAN", "广州"), ("SZX", "深圳"), ("CTU", "成都"), ("WUH", "武汉"))
PLATES = "京沪苏浙鄂粤川"
CENT = Decimal("0.01")
BLACK = black


@dataclass(frozen=True)
class Company:
    """An invented company and where it is registered."""

    name: str
    tax_id: str
    city: str
    region: Region
    phone: str
    address: str
    bank: str


class Party(NamedTuple):
    """Whose invoice it is; the tax id of a person is empty."""

    name: str
    tax_id: str


def company(random: Random, trade: str, *, form: str = "有限公司") -> Company:
    """A company of a trade ("客运", "汽车销售")."""
    city, region = random.choice(CITIES)
    name = f"{city}{random.choice(_BRANDS)}{trade}{form}"
    phone = f"0{random.randrange(10, 99)}-8{digits(random, 7)}"
    street = f"{city}市{random.choice(('桂树', '枫桥', '海棠', '星河'))}路{random.randrange(1, 400)}号"
    bank = f"{random.choice(('云栖', '江畔', '申浦'))}银行{city}支行 {digits(random, 16)}"
    return Company(name, identity.tax_id(region.district, name), city, region, phone, street, bank)


def buyer(random: Random, *, persons: float = 0.15) -> Party:
    """Mostly one of our own entities; now and then another company or a person."""
    drawn = random.random()
    if drawn < persons:
        return Party(random.choice(PEOPLE), "")
    if drawn < persons + 0.15:
        other = company(random, "信息技术")
        return Party(other.name, other.tax_id)
    return Party(*random.choice(sorted(OWN_ENTITIES.items())))


def digits(random: Random, count: int) -> str:
    return "".join(random.choices("0123456789", k=count))


def money(random: Random, lowest: int, highest: int) -> Decimal:
    """Between two sums in yuan; some without fen, some without jiao."""
    fen = Decimal(random.randrange(lowest * 100, highest * 100)) / 100
    return fen.quantize(Decimal(random.choice(("1", "0.1", "0.01")))).quantize(CENT)


def day(random: Random, *, until: date = RECENT, within: int = 300) -> date:
    """A day in the time before the last that papers have."""
    return until - timedelta(days=random.randrange(1, within))


def id_number(random: Random) -> str:
    """A person's id number with its middle masked, as tickets print it."""
    return f"{random.choice(('110108', '310115', '330106'))}{random.randrange(1960, 2004)}****{digits(random, 3)}{random.choice('0123456789X')}"


def plate(random: Random) -> str:
    return random.choice(PLATES) + random.choice("ABCDE") + "".join(random.choices("0123456789ABCDEFGHJKLMNP", k=5))


def two(random: Random, options: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], tuple[str, str]]:
    """Two different places: from and to."""
    first, second = random.sample(options, 2)
    return first, second


def digital_number(random: Random, region: Region, issued: date, channel: str = "2") -> str:
    """The twenty digits of a 数电票."""
    return f"{issued:%y}{region.in_number}{channel}{digits(random, 15)}"


def local_code(random: Random, region: Region, issued: date, trade: str = "0") -> str:
    """The twelve digits of a local paper form: taxi, quota, toll."""
    return f"1{region.in_code}{issued:%y}{trade}{digits(random, 4)}"


def vin(random: Random) -> str:
    """A vehicle identification number whose ninth character is its check digit (GB 16735)."""
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
    body = ["L", *random.choices(letters, k=16)]
    worth = {**dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)),
             **{figure: int(figure) for figure in "0123456789"}}  # fmt: skip
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    rest = sum(worth[character] * weight for character, weight in zip(body, weights, strict=True)) % 11
    return "".join((*body[:8], "0123456789X"[rest], *body[9:]))


def qr(type_: str, code: str, number: str, amount: Decimal, issued: date, check_code: str = "") -> str:
    """The text of an invoice's QR code with its checksum. Rail has MODBUS in lower case, all else BUYPASS."""
    payload = f"01,{type_},{code},{number},{amount:.2f},{issued:%Y%m%d},{check_code},"
    if type_ == "51":
        return payload + f"{identity.crc16_modbus(payload.encode()):04x}"
    return payload + f"{identity.crc16_buypass(payload.encode()):04X}"
