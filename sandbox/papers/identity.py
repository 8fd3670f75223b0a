"""Tax identifiers, the checksum of the QR code, and the places they name."""

from dataclasses import dataclass
from random import Random

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, Z, S, V
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # GB 11714
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Region:
    """Where a company is registered.

    district: six digits of GB/T 2260, in the tax id. in_number: two digits in a twenty-digit invoice number
    (plan cities have their own). in_code: four digits in a 发票代码. name and bureau as printed on the face.
    """

    district: str
    in_number: str
    in_code: str
    name: str
    bureau: str


BEIJING = Region("110108", "11", "1100", "北京", "北京市税务局")
SHANGHAI = Region("310115", "31", "3100", "上海", "上海市税务局")
JIANGSU = Region("320505", "32", "3200", "江苏", "江苏省税务局")
ZHEJIANG = Region("330106", "33", "3300", "浙江", "浙江省税务局")
HUBEI = Region("420106", "42", "4200", "湖北", "湖北省税务局")
GUANGDONG = Region("440106", "44", "4400", "广东", "广东省税务局")
SHENZHEN = Region("440305", "95", "4403", "深圳", "深圳市税务局")
SICHUAN = Region("510107", "51", "5100", "四川", "四川省税务局")


def tax_id(district: str, name: str) -> str:
    """An eighteen-character 统一社会信用代码 for an invented company; the same name always gets the same one."""
    organisation = "MA" + "".join(Random(name).choices(_ALPHABET, k=6))
    body = f"91{district}{organisation}{_organisation_check(organisation)}"
    return body + uscc_check(body)


def uscc_check(body: str) -> str:
    """The 18th character of a 统一社会信用代码, from the first seventeen. Source: GB 32100-2015."""
    weighted = sum(_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return _ALPHABET[-weighted % 31]


def crc16_buypass(payload: bytes) -> int:
    """CRC-16/BUYPASS, the last field of most QR codes on Chinese invoices: polynomial 0x8005, not reflected."""
    crc = 0
    for byte in payload:
        crc ^= byte << 8
        for _ in range(8):
            crc = ((crc << 1) ^ (0x8005 if crc & 0x8000 else 0)) & 0xFFFF
    return crc


def crc16_modbus(payload: bytes) -> int:
    """CRC-16/MODBUS, the last field of the QR codes of rail: polynomial 0x8005 reflected, initial 0xFFFF."""
    crc = 0xFFFF
    for byte in payload:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0xA001 if crc & 1 else 0)
    return crc


def _organisation_check(organisation: str) -> str:
    """The ninth character of an organisation code. Source: GB 11714-1997."""
    weighted = sum(
        _ORGANISATION_ALPHABET.index(character) * weight
        for character, weight in zip(organisation, _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X0"[11 - weighted % 11]
