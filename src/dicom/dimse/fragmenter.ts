// PS3.8 Annex E and §9.3.1: messages cut into P-DATA-TF PDUs that the peer is ready to receive.
import { encodePresentationData, pduBytesMax, pdvHeaderBytes } from '../wire/index.js';
import { peerPduBytesMin } from './limits.js';

/**
 * The PDUs of one message. `peerPduBytesMax` is what the peer announced: 0 is unlimited and gets our own maximum;
 * what is too small to carry anything counts as the smallest we serve. Fragments have an even length (PS3.8 §9.3.5.1).
 */
export function fragmentMessage(
  contextId: number,
  command: Buffer,
  dataSetBytes: Buffer | null,
  peerPduBytesMax: number,
): readonly Buffer[] {
  const pduBytes = peerPduBytesMax === 0 ? pduBytesMax : Math.min(peerPduBytesMax, pduBytesMax);
  const room = Math.max(pduBytes, peerPduBytesMin) - pdvHeaderBytes;
  const fragmentBytesMax = room - (room % 2);
  const pdus = fragment(contextId, true, command, fragmentBytesMax);
  return dataSetBytes === null
    ? pdus
    : [...pdus, ...fragment(contextId, false, dataSetBytes, fragmentBytesMax)];
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
