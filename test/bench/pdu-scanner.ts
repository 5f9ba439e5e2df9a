// Counts answers in a stream of PDUs (PS3.8 §9.3) without decoding data sets, so that what is measured is the server.

const HEAD_BYTES = 6;
const P_DATA = 0x04;
const PDV_HEAD_BYTES = 6;
const IS_COMMAND = 1;
const IS_LAST = 2;
/** Command Data Set Type (0000,0800): no data set follows (PS3.7 §E.1). */
const NO_DATA_SET = 0x0101;
const DATA_SET_TYPE = 0x0800;
const STATUS = 0x0900;

export interface PduSink {
  /** A response that carries an answer (pending). */
  answered(status: number): void;
  /** The response that ends the operation. */
  ended(status: number): void;
  /** Any PDU but P-DATA-TF. */
  other(type: number, body: Buffer): void;
  /** The identifier of an answer, whole; leave it out to skip data sets unread. */
  readonly identifier?: (bytes: Buffer) => void;
}

export class PduScanner {
  private rest: Buffer | null = null;
  private command: Buffer[] = [];
  private data: Buffer[] = [];

  constructor(private readonly sink: PduSink) {}

  push(chunk: Buffer): void {
    const bytes = this.rest === null ? chunk : Buffer.concat([this.rest, chunk]);
    let at = 0;
    while (at + HEAD_BYTES <= bytes.length) {
      const end = at + HEAD_BYTES + bytes.readUInt32BE(at + 2);
      if (end > bytes.length) break;
      const type = bytes[at] ?? 0;
      if (type === P_DATA) this.scan(bytes, at + HEAD_BYTES, end);
      else this.sink.other(type, bytes.subarray(at + HEAD_BYTES, end));
      at = end;
    }
    this.rest = at < bytes.length ? bytes.subarray(at) : null;
  }

  private scan(bytes: Buffer, from: number, end: number): void {
    for (let at = from; at < end; ) {
      const next = at + 4 + bytes.readUInt32BE(at);
      const control = bytes[at + 5] ?? 0;
      const isLast = (control & IS_LAST) !== 0;
      if ((control & IS_COMMAND) !== 0) this.takeCommand(bytes.subarray(at + PDV_HEAD_BYTES, next), isLast);
      else if (this.sink.identifier !== undefined) {
        this.takeData(bytes.subarray(at + PDV_HEAD_BYTES, next), isLast, this.sink.identifier);
      }
      at = next;
    }
  }

  private takeCommand(fragment: Buffer, isLast: boolean): void {
    if (!isLast || this.command.length > 0) this.command.push(fragment);
    if (!isLast) return;
    const whole = this.command.length === 0 ? fragment : Buffer.concat(this.command);
    this.command = [];
    const { status, hasDataSet } = responseIn(whole);
    if (hasDataSet) this.sink.answered(status);
    else this.sink.ended(status);
  }

  private takeData(fragment: Buffer, isLast: boolean, identifier: (bytes: Buffer) => void): void {
    this.data.push(fragment);
    if (!isLast) return;
    const whole = Buffer.concat(this.data);
    this.data = [];
    identifier(whole);
  }
}

/** A command set is Implicit VR Little Endian, all of group 0000 (PS3.7 §6.3.1). */
export function responseIn(command: Buffer): { readonly status: number; readonly hasDataSet: boolean } {
  let status = -1;
  let hasDataSet = false;
  for (let at = 0; at + 8 <= command.length; at += 8 + command.readUInt32LE(at + 4)) {
    const element = command.readUInt16LE(at + 2);
    if (element === STATUS) status = command.readUInt16LE(at + 8);
    else if (element === DATA_SET_TYPE) hasDataSet = command.readUInt16LE(at + 8) !== NO_DATA_SET;
  }
  return { status, hasDataSet };
}
