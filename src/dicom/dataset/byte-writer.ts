// PS3.5 §7.3: little endian bytes, one after the other, into a buffer that grows.

export class ByteWriter {
  /** Bytes written so far; may be set back to take some away. */
  length = 0;
  private buffer: Buffer;

  constructor(initialBytes: number) {
    this.buffer = Buffer.allocUnsafe(initialBytes);
  }

  /** What was written. Of no use any more once more is written. */
  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  tag(tag: number): void {
    const at = this.reserve(4);
    this.buffer.writeUInt16LE(tag >>> 16, at);
    this.buffer.writeUInt16LE(tag & 0xffff, at + 2);
  }

  uint16(value: number): void {
    const at = this.reserve(2);
    this.buffer.writeUInt16LE(value, at);
  }

  uint32(value: number): void {
    const at = this.reserve(4);
    this.buffer.writeUInt32LE(value, at);
  }

  latin1(text: string): void {
    const at = this.reserve(text.length);
    this.buffer.write(text, at, 'latin1');
  }

  uint8(value: number): void {
    const at = this.reserve(1);
    this.buffer[at] = value;
  }

  copy(source: Uint8Array): void {
    const at = this.reserve(source.length);
    this.buffer.set(source, at);
  }

  copyRange(source: Buffer, start: number, end: number): void {
    const at = this.reserve(end - start);
    source.copy(this.buffer, at, start, end);
  }

  /** Writes over the 32 bits at `at`: a length that is known afterwards. */
  patchUint32(at: number, value: number): void {
    this.buffer.writeUInt32LE(value, at);
  }

  /** Makes room and returns where it begins. Call it first: it may put another buffer in the place of the old one. */
  private reserve(bytes: number): number {
    const at = this.length;
    const needed = at + bytes;
    if (needed > this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
      this.buffer.copy(larger, 0, 0, at);
      this.buffer = larger;
    }
    this.length = needed;
    return at;
  }
}
