// PS3.8 §9.3.3 to §9.3.8 and PS3.7 Annex D.3.3: the PDUs an acceptor sends. A requestor's own: requestor-pdus.ts.
import {
  type AssociateAccept,
  contextResults,
  type ExtendedNegotiation,
  type OutgoingPdu,
  type PresentationContextAnswer,
  type PresentationDataValue,
  pduHeaderBytes,
  pduTypes,
  pdvHeaderBytes,
  protocolVersion,
  type UserInformation,
} from './pdu.js';

export function encodePdu(pdu: OutgoingPdu): Buffer {
  switch (pdu.type) {
    case 'associate-ac':
      return frame(pduTypes['associate-ac'], encodeAssociateAccept(pdu));
    case 'associate-rj':
      return frame(pduTypes['associate-rj'], Buffer.from([0, pdu.result, pdu.source, pdu.reason]));
    case 'release-rq':
    case 'release-rp':
      return frame(pduTypes[pdu.type], Buffer.alloc(4));
    case 'abort':
      return frame(pduTypes.abort, Buffer.from([0, 0, pdu.source, pdu.reason]));
  }
}

/** One P-DATA-TF that holds one PDV. */
export function encodePresentationData(value: PresentationDataValue): Buffer {
  const { contextId, isCommand, isLast, fragment } = value;
  const head = Buffer.allocUnsafe(presentationDataHeadBytes);
  return Buffer.concat([
    writePresentationDataHead(head, contextId, isCommand, isLast, fragment.length),
    fragment,
  ]);
}

/** Bytes that stand before the fragment of such a PDU. */
export const presentationDataHeadBytes = pduHeaderBytes + pdvHeaderBytes;

/** Writes them into `head`, and returns it. */
export function writePresentationDataHead(
  head: Buffer,
  contextId: number,
  isCommand: boolean,
  isLast: boolean,
  fragmentBytes: number,
): Buffer {
  head.writeUInt8(pduTypes['p-data'], 0);
  head.writeUInt8(0, 1);
  head.writeUInt32BE(pdvHeaderBytes + fragmentBytes, 2);
  head.writeUInt32BE(fragmentBytes + 2, 6);
  head.writeUInt8(contextId, 10);
  head.writeUInt8((isCommand ? 0x01 : 0) | (isLast ? 0x02 : 0), 11);
  return head;
}

function encodeAssociateAccept(pdu: AssociateAccept): Buffer {
  const fixed = Buffer.alloc(68);
  fixed.writeUInt16BE(protocolVersion, 0);
  fixed.write(pdu.calledAETitle.slice(0, 16).padEnd(16, ' '), 4, 'latin1');
  fixed.write(pdu.callingAETitle.slice(0, 16).padEnd(16, ' '), 20, 'latin1');
  return Buffer.concat([
    fixed,
    item(0x10, Buffer.from(pdu.applicationContext, 'latin1')),
    ...pdu.presentationContexts.map(encodeContext),
    item(0x50, encodeUserInformation(pdu.userInformation)),
  ]);
}

function encodeContext(context: PresentationContextAnswer): Buffer {
  const head = Buffer.from([context.id, 0, contextResults[context.result], 0]);
  return item(0x21, Buffer.concat([head, item(0x40, Buffer.from(context.transferSyntax, 'latin1'))]));
}

export function encodeUserInformation(information: UserInformation): Buffer {
  const maximum = Buffer.alloc(4);
  maximum.writeUInt32BE(information.pduBytesMax ?? 0, 0);
  const parts = [item(0x51, maximum), item(0x52, Buffer.from(information.implementationClassUID, 'latin1'))];
  const window = information.asynchronousOperations;
  if (window !== null) {
    const body = Buffer.alloc(4);
    body.writeUInt16BE(window.invoked, 0);
    body.writeUInt16BE(window.performed, 2);
    parts.push(item(0x53, body));
  }
  parts.push(item(0x55, Buffer.from(information.implementationVersionName, 'latin1')));
  parts.push(...information.extendedNegotiations.map(encodeExtendedNegotiation));
  return Buffer.concat(parts);
}

function encodeExtendedNegotiation(negotiation: ExtendedNegotiation): Buffer {
  const name = Buffer.from(negotiation.sopClass, 'latin1');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(name.length, 0);
  return item(0x56, Buffer.concat([length, name, negotiation.applicationInformation]));
}

export function item(type: number, body: Buffer): Buffer {
  const head = Buffer.from([type, 0, 0, 0]);
  head.writeUInt16BE(body.length, 2);
  return Buffer.concat([head, body]);
}

export function frame(type: number, body: Buffer): Buffer {
  const head = Buffer.from([type, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(body.length, 2);
  return Buffer.concat([head, body]);
}
