// PS3.8 §9.3: what the layers above may use of the PDU codec.
export { Bounded } from './bounded.js';
export { decodePdu } from './decode.js';
export {
  encodePdu,
  encodePresentationData,
  presentationDataHeadBytes,
  writePresentationDataHead,
} from './encode.js';
export { type Frame, Framer } from './framer.js';
export { associationPduBytesMax, pduBytesMax } from './limits.js';
export * from './pdu.js';
export {
  type AssociateAcceptSeen,
  decodeAssociateAccept,
  decodeAssociateReject,
  encodeAssociateRequest,
} from './requestor-pdus.js';
export { type AbortReason, abortReasons, WireProblem } from './wire-problem.js';
