/** CRC-32 as gzip and Parquet pages use it, four bytes at a time. */

let tables: Uint32Array | null = null;

/** Four tables of 256 entries, one after the other. */
function makeTables(): Uint32Array {
  const made = new Uint32Array(1024);
  for (let i = 0; i < 256; i++) {
    let value = i;
    for (let bit = 0; bit < 8; bit++) {
      value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    }
    made[i] = value;
  }
  for (let i = 256; i < 1024; i++) {
    const before = made[i - 256];
    made[i] = (before >>> 8) ^ made[before & 255];
  }
  return made;
}

/** The CRC-32 of `bytes[start, end)`, as an unsigned number. */
export function crc32(bytes: Uint8Array, start: number, end: number): number {
  const t = (tables ??= makeTables());
  let crc = -1;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    crc ^=
      bytes[at] |
      (bytes[at + 1] << 8) |
      (bytes[at + 2] << 16) |
      (bytes[at + 3] << 24);
    crc =
      t[768 + (crc & 255)] ^
      t[512 + ((crc >>> 8) & 255)] ^
      t[256 + ((crc >>> 16) & 255)] ^
      t[crc >>> 24];
  }
  for (; at < end; at++) {
    crc = (crc >>> 8) ^ t[(crc ^ bytes[at]) & 255];
  }
  return ~crc >>> 0;
}
