// PS3.8 §9.3.2 to §9.3.4: the PDUs of an association that we ask for ourselves.
import { readItems, readName } from './decode.js';
import { encodeUserInformation, frame, item } from './encode.js';
import { type AssociateRequest, pduTypes } from './pdu.js';
import { WireProblem } from './wire-problem.js';

const fixedFieldsBytes = 68;
const titleBytes = 16;

/** Of an A-ASSOCIATE-AC: which of the proposed contexts were accepted, and with which transfer syntax. */
export interface AssociateAcceptSeen {
  readonly transferSyntaxes: ReadonlyMap<number, string>;
  /** Longest P-DATA-TF that the peer takes; 0 is unlimited. */
  readonly pduBytesMax: number;
}

export function encodeAssociateRequest(request: Omit<AssociateRequest, 'type'>): Buffer {
  const fixed = Buffer.alloc(fixedFieldsBytes);
  fixed.writeUInt16BE(request.protocolVersion, 0);
  fixed.write(request.calledAETitle.slice(0, titleBytes).padEnd(titleBytes, ' '), 4, 'latin1');
  fixed.write(request.callingAETitle.slice(0, titleBytes).padEnd(titleBytes, ' '), 20, 'latin1');
  const contexts = request.presentationContexts.map(({ id, abstractSyntax, transferSyntaxes }) =>
    item(
      0x20,
      Buffer.concat([
        Buffer.from([id, 0, 0, 0]),
        item(0x30, Buffer.from(abstractSyntax, 'latin1')),
        ...transferSyntaxes.map((name) => item(0x40, Buffer.from(name, 'latin1'))),
      ]),
    ),
  );
  return frame(
    pduTypes['associate-rq'],
    Buffer.concat([
      fixed,
      item(0x10, Buffer.from(request.applicationContext, 'latin1')),
      ...contexts,
      item(0x50, encodeUserInformation(request.userInformation)),
    ]),
  );
}

/** Throws {@link WireProblem} when the body is not one. */
export function decodeAssociateAccept(body: Buffer): AssociateAcceptSeen {
  if (body.length < fixedFieldsBytes) throw new WireProblem('invalid-parameter', 'A-ASSOCIATE-AC too short');
  const items = readItems(body.subarray(fixedFieldsBytes));
  const transferSyntaxes = new Map<number, string>();
  for (const { type, body: context } of items) {
    if (type !== 0x21 || context.length < 4 || context.readUInt8(2) !== 0) continue;
    const [syntax] = readItems(context.subarray(4));
    if (syntax !== undefined) transferSyntaxes.set(context.readUInt8(0), readName(syntax.body));
  }
  const information = items.find(({ type }) => type === 0x50);
  const maximum = readItems(information?.body ?? Buffer.alloc(0)).find(({ type }) => type === 0x51)?.body;
  return { transferSyntaxes, pduBytesMax: maximum?.length === 4 ? maximum.readUInt32BE(0) : 0 };
}

/** Result, source and reason (PS3.8 Table 9-21). */
export function decodeAssociateReject(body: Buffer): {
  readonly result: number;
  readonly source: number;
  readonly reason: number;
} {
  return { result: body.readUInt8(1), source: body.readUInt8(2), reason: body.readUInt8(3) };
}
