"""The invented companies: our own entities, and sellers with what they sell. None of them exists."""

from dataclasses import dataclass
from decimal import Decimal

from sandbox.papers import identity
from sandbox.papers.identity import Region

BUYER_NAME = "晨星科技（北京）有限公司"
BUYER_TAX_ID = "91110108MAJTF2GC56"

OWN_ENTITIES = {
    BUYER_NAME: BUYER_TAX_ID,
    "晨星科技（上海）有限公司": "91310115MA8KPAP7XC",
    "晨星软件（深圳）有限公司": "91440305MA4F7UPC51",
}
"""Name to tax id of the companies that pay in the sandbox."""


@dataclass(frozen=True)
class Goods:
    """Something a seller sells; prices in yuan with tax, whole; most is how many one invoice may hold."""

    name: str
    unit: str
    lowest: int
    highest: int
    spec: str = ""
    most: int = 1


@dataclass(frozen=True)
class Seller:
    """An invented company. short is its everyday name, rate the text in its 税率 column."""

    name: str
    short: str
    region: Region
    address: str
    bank: str
    rate: str
    goods: tuple[Goods, ...]

    @property
    def tax_id(self) -> str:
        return identity.tax_id(self.region.district, self.name)


SELLERS: dict[str, tuple[Seller, ...]] = {
    "office": (
        Seller(
            "杭州云帆文具有限公司",
            "云帆文具",
            identity.ZHEJIANG,
            "杭州市西湖区桂树路18号 0571-80001234",
            "云栖银行西湖支行 3301000012345678",
            "13%",
            (
                Goods("*纸制品*A4复印纸", "包", 18, 32, "70g 500张", 20),
                Goods("*文具*中性笔", "支", 2, 6, "0.5mm 黑", 60),
                Goods("*文具*档案盒", "个", 8, 16, "55mm", 30),
                Goods("*计算机配套产品*硒鼓", "支", 120, 320, "CF-226", 3),
                Goods("*文具*白板笔", "盒", 15, 28, "10支装", 8),
            ),
        ),
        Seller(
            "苏州青禾办公用品有限公司",
            "青禾办公",
            identity.JIANGSU,
            "苏州市虎丘区枫桥路66号 0512-60005678",
            "江畔银行枫桥支行 3205000087654321",
            "1%",
            (
                Goods("*文具*笔记本", "本", 9, 25, "B5 80页", 40),
                Goods("*家具*人体工学椅", "把", 480, 960, "黑色网布", 2),
                Goods("*小型家电*台灯", "台", 60, 180, "LED 12W", 4),
            ),
        ),
    ),
    "meals": (
        Seller(
            "北京松间小馆餐饮管理有限公司",
            "松间小馆",
            identity.BEIJING,
            "北京市海淀区知春巷9号 010-62000199",
            "燕园银行海淀支行 1101000011223344",
            "6%",
            (Goods("*餐饮服务*餐费", "次", 86, 680),),
        ),
        Seller(
            "成都蜀味轩餐饮有限公司",
            "蜀味轩",
            identity.SICHUAN,
            "成都市武侯区锦里西路27号 028-85002266",
            "锦水银行武侯支行 5101000044332211",
            "1%",
            (Goods("*餐饮服务*餐饮服务", "", 120, 900),),
        ),
    ),
    "lodging": (
        Seller(
            "上海海棠酒店管理有限公司",
            "海棠酒店",
            identity.SHANGHAI,
            "上海市浦东新区海棠路301号 021-58003300",
            "申浦银行张江支行 3101000055667788",
            "6%",
            (Goods("*住宿服务*住宿费", "天", 320, 680, "标准间", 4),),
        ),
        Seller(
            "广州珠湾商务酒店有限公司",
            "珠湾酒店",
            identity.GUANGDONG,
            "广州市天河区体育巷12号 020-38004455",
            "南粤银行天河支行 4401000099887766",
            "6%",
            (Goods("*住宿服务*房费", "间", 280, 560, "大床房", 3),),
        ),
    ),
    "transport": (
        Seller(
            "深圳鹏程出行科技有限公司",
            "鹏程出行",
            identity.SHENZHEN,
            "深圳市南山区科苑路88号 0755-26006677",
            "鹏湾银行南山支行 4403000013572468",
            "3%",
            (Goods("*运输服务*客运服务费", "次", 18, 160),),
        ),
    ),
    "software": (
        Seller(
            "武汉星桥软件技术有限公司",
            "星桥软件",
            identity.HUBEI,
            "武汉市武昌区珞珈路5号 027-87008899",
            "楚江银行武昌支行 4201000024681357",
            "6%",
            (
                Goods("*信息技术服务*软件服务费", "套", 1200, 9800, "年度订阅"),
                Goods("*信息技术服务*云存储服务", "月", 99, 399, "1TB", 12),
            ),
        ),
    ),
    "courier": (
        Seller(
            "北京迅雁速运有限公司",
            "迅雁速运",
            identity.BEIJING,
            "北京市海淀区西三旗路40号 010-82007788",
            "燕园银行西三旗支行 1101000066554433",
            "6%",
            (Goods("*物流辅助服务*收派服务费", "票", 12, 46, "", 12),),
        ),
    ),
}
"""Sellers by category: office, meals, lodging, transport, software, courier."""


def rate_of(rate: str) -> Decimal:
    """A printed rate as a fraction: "13%" is 0.13; words such as 免税 are 0."""
    return Decimal(rate.removesuffix("%")) / 100 if rate.endswith("%") else Decimal(0)
