"""The checksums that invoice QR codes end with. Source: domain table, 4."""


def crc16_buypass(data: bytes) -> int:
    """Polynomial 0x8005, initial 0, not reflected: the tax-control disks and the 数电 portal."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = ((crc << 1) ^ (0x8005 if crc & 0x8000 else 0)) & 0xFFFF
    return crc


def crc16_modbus(data: bytes) -> int:
    """Reflected, initial 0xFFFF: rail."""
    return _reflected(data, 0xFFFF)


def crc16_arc(data: bytes) -> int:
    """Reflected, initial 0: some third-party renderers."""
    return _reflected(data, 0)


def _reflected(data: bytes, crc: int) -> int:
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0xA001 if crc & 1 else 0)
    return crc
