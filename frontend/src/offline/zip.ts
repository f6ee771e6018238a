/** A ZIP archive of text files, compressed by the browser.
 *  https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */

const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];
const VERSION = 20;
/** Bit 11: names are in UTF-8. */
const UTF8 = 1 << 11;
const DEFLATED = 8;
/** The first day that the format knows, so that equal content gives an equal file. */
const FIRST_DAY = 0x21;

interface Packed {
  readonly name: Uint8Array;
  readonly content: Uint8Array;
  readonly size: number;
  readonly crc: number;
}

export async function zip(files: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const packed = await Promise.all(Object.entries(files).map(([name, text]) => pack(name, text)));
  const parts: Uint8Array[] = [];
  const entries: Uint8Array[] = [];
  let at = 0;
  for (const one of packed) {
    const local = bytes(words(LOCAL), halves(VERSION), described(one), one.name, one.content);
    const rest = bytes(halves(0, 0, 0), words(0, at));
    entries.push(bytes(words(CENTRAL), halves(VERSION, VERSION), described(one), rest, one.name));
    parts.push(local);
    at += local.length;
  }
  const central = bytes(...entries);
  const count = packed.length;
  return bytes(...parts, central, words(END), halves(0, 0, count, count), words(central.length, at), halves(0));
}

async function pack(name: string, text: string): Promise<Packed> {
  const raw = new TextEncoder().encode(text);
  const stream = new Blob([raw]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const content = new Uint8Array(await new Response(stream).arrayBuffer());
  return { name: new TextEncoder().encode(name), content, size: raw.length, crc: crc32(raw) };
}

/** The fields that the header of a file and its entry in the directory share. */
const described = ({ name, content, size, crc }: Packed): Uint8Array =>
  bytes(halves(UTF8, DEFLATED, 0, FIRST_DAY), words(crc, content.length, size), halves(name.length, 0));

const halves = (...values: number[]): Uint8Array => bytes(...values.map((value) => [value, value >>> 8]));
const words = (...values: number[]): Uint8Array =>
  bytes(...values.map((value) => [value, value >>> 8, value >>> 16, value >>> 24]));

function bytes(...parts: ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let rest = n;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/** The check sum of PNG, gzip and ZIP (https://www.w3.org/TR/png/#D-CRCAppendix). */
export function crc32(content: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of content) rest = TABLE[(rest ^ byte) & 0xff]! ^ (rest >>> 8);
  return (rest ^ 0xffffffff) >>> 0;
}
