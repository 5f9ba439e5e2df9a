// PS3.8 §9.3.1: each PDU is a type, a reserved byte, a 32-bit big-endian length, and that many bytes.
import { associationPduBytesMax, pduBytesMax, shortPduBytes } from './limits.js';
import { pduHeaderBytes, pduTypes } from './pdu.js';
import { WireProblem } from './wire-problem.js';

const nothing = Buffer.alloc(0);

export interface Frame {
  readonly pduType: number;
  readonly body: Buffer;
}

/**
 * Cuts a stream of bytes into PDUs, however the network has split it. Type and length are judged as soon as the six
 * header bytes are there, before anything is allocated for the body.
 */
export class Framer {
  private readonly header = Buffer.alloc(pduHeaderBytes);
  private headerLength = 0;
  private body: Buffer | null = null;
  private bodyLength = 0;
  private pending: Buffer = nothing;

  /** Gives bytes to the framer. Take the frames with {@link next} before giving more. */
  push(chunk: Buffer): void {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
  }

  /** Is a PDU begun and not complete? */
  get isMidPdu(): boolean {
    return this.headerLength > 0;
  }

  /** Bytes taken for the PDU that is begun: all that its header has announced. */
  get heldBytes(): number {
    return this.body?.length ?? 0;
  }

  /** The next complete PDU, or null when more bytes are needed. Throws {@link WireProblem} for a header that cannot be. */
  next(): Frame | null {
    if (this.body === null) {
      if (this.headerLength === 0 && this.pending.length >= pduHeaderBytes) return this.nextWhole();
      if (!this.fillHeader()) return null;
    }
    return this.nextPart();
  }

  private nextPart(): Frame | null {
    const body = this.body ?? this.beginBody();
    const wanted = body.length - this.bodyLength;
    const taken = this.take(wanted);
    taken.copy(body, this.bodyLength);
    this.bodyLength += taken.length;
    if (this.bodyLength < body.length) return null;
    const frame: Frame = { pduType: this.header.readUInt8(0), body };
    this.body = null;
    this.headerLength = 0;
    return frame;
  }

  /** Most PDUs come in one piece, and are not copied. */
  private nextWhole(): Frame | null {
    const pduType = this.pending.readUInt8(0);
    const length = this.pending.readUInt32BE(2);
    mustBeAcceptable(pduType, length);
    if (this.pending.length >= pduHeaderBytes + length)
      return { pduType, body: this.take(pduHeaderBytes + length).subarray(pduHeaderBytes) };
    this.fillHeader();
    return this.nextPart();
  }

  private fillHeader(): boolean {
    const taken = this.take(pduHeaderBytes - this.headerLength);
    taken.copy(this.header, this.headerLength);
    this.headerLength += taken.length;
    return this.headerLength === pduHeaderBytes;
  }

  private beginBody(): Buffer {
    const length = this.header.readUInt32BE(2);
    mustBeAcceptable(this.header.readUInt8(0), length);
    this.body = Buffer.allocUnsafe(length);
    this.bodyLength = 0;
    return this.body;
  }

  private take(bytes: number): Buffer {
    const taken = this.pending.subarray(0, bytes);
    // An empty rest would still keep the whole chunk in memory.
    this.pending = taken.length === this.pending.length ? nothing : this.pending.subarray(taken.length);
    return taken;
  }
}

function mustBeAcceptable(pduType: number, length: number): void {
  switch (pduType) {
    case pduTypes['associate-rq']:
    case pduTypes['associate-ac']:
      if (length > associationPduBytesMax)
        throw new WireProblem('invalid-parameter', 'association PDU too long');
      return;
    case pduTypes['p-data']:
      if (length > pduBytesMax) throw new WireProblem('invalid-parameter', 'P-DATA-TF longer than announced');
      return;
    case pduTypes['associate-rj']:
    case pduTypes['release-rq']:
    case pduTypes['release-rp']:
    case pduTypes.abort:
      if (length !== shortPduBytes)
        throw new WireProblem('invalid-parameter', 'PDU of a fixed length has another');
      return;
    default:
      throw new WireProblem('unrecognised-pdu', 'not a DICOM PDU');
  }
}
