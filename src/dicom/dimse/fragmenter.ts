// PS3.8 Annex E and §9.3.1: messages cut into P-DATA-TF PDUs that the peer is ready to receive.
import type { ByteWriter } from '../dataset/index.js';
import {
  encodePresentationData,
  pduBytesMax,
  pdvHeaderBytes,
  presentationDataHeadBytes,
  writePresentationDataHead,
} from '../wire/index.js';
import { peerPduBytesMin } from './limits.js';

/**
 * The PDUs of one message. `peerPduBytesMax` is what the peer announced: 0 is unlimited and gets our own maximum;
 * what is too small to carry anything counts as the smallest we serve. Fragments have an even length (PS3.8 §E.1).
 */
export function fragmentMessage(
  contextId: number,
  command: Buffer,
  dataSetBytes: Buffer | null,
  peerPduBytesMax: number,
): readonly Buffer[] {
  const fragmentBytesMax = fragmentRoom(peerPduBytesMax);
  const pdus = fragment(contextId, true, command, fragmentBytesMax);
  return dataSetBytes === null
    ? pdus
    : [...pdus, ...fragment(contextId, false, dataSetBytes, fragmentBytesMax)];
}

function fragmentRoom(peerPduBytesMax: number): number {
  const pduBytes = peerPduBytesMax === 0 ? pduBytesMax : Math.min(peerPduBytesMax, pduBytesMax);
  const room = Math.max(pduBytes, peerPduBytesMin) - pdvHeaderBytes;
  return room - (room % 2);
}

/** Messages that differ only in their data sets: the answers to one query. Their command set is cut once. */
export class MessageSeries {
  private readonly command: Buffer;
  private readonly fragmentBytesMax: number;
  private readonly head = Buffer.alloc(presentationDataHeadBytes);

  constructor(
    private readonly contextId: number,
    command: Buffer,
    peerPduBytesMax: number,
  ) {
    this.command = Buffer.concat(fragmentMessage(contextId, command, null, peerPduBytesMax));
    this.fragmentBytesMax = fragmentRoom(peerPduBytesMax);
  }

  /** Writes the PDUs of one more message. */
  append(out: ByteWriter, dataSetBytes: Buffer): void {
    out.copy(this.command);
    let at = 0;
    do {
      const end = Math.min(at + this.fragmentBytesMax, dataSetBytes.length);
      const isLast = end === dataSetBytes.length;
      out.copy(writePresentationDataHead(this.head, this.contextId, false, isLast, end - at));
      out.copyRange(dataSetBytes, at, end);
      at = end;
    } while (at < dataSetBytes.length);
  }
}

function fragment(
  contextId: number,
  isCommand: boolean,
  bytes: Buffer,
  fragmentBytesMax: number,
): readonly Buffer[] {
  const pdus: Buffer[] = [];
  let at = 0;
  do {
    const end = Math.min(at + fragmentBytesMax, bytes.length);
    pdus.push(
      encodePresentationData({
        contextId,
        isCommand,
        isLast: end === bytes.length,
        fragment: bytes.subarray(at, end),
      }),
    );
    at = end;
  } while (at < bytes.length);
  return pdus;
}
