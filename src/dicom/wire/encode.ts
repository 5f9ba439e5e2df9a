// PS3.8 §9.3.3 to §9.3.8 and PS3.7 Annex D.3.3: the PDUs an acceptor sends.
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
  const { fragment } = value;
  const bytes = Buffer.allocUnsafe(pduHeaderBytes + pdvHeaderBytes + fragment.length);
  bytes.writeUInt8(pduTypes['p-data'], 0);
  bytes.writeUInt8(0, 1);
  bytes.writeUInt32BE(pdvHeaderBytes + fragment.length, 2);
  bytes.writeUInt32BE(fragment.length + 2, 6);
  bytes.writeUInt8(value.contextId, 10);
  bytes.writeUInt8((value.isCommand ? 0x01 : 0) | (value.isLast ? 0x02 : 0), 11);
  fragment.copy(bytes, pduHeaderBytes + pdvHeaderBytes);
  return bytes;
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

function encodeUserInformation(information: UserInformation): Buffer {
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

function item(type: number, body: Buffer): Buffer {
  const head = Buffer.from([type, 0, 0, 0]);
  head.writeUInt16BE(body.length, 2);
  return Buffer.concat([head, body]);
}

function frame(type: number, body: Buffer): Buffer {
  const head = Buffer.from([type, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(body.length, 2);
  return Buffer.concat([head, body]);
}
