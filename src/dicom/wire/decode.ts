// PS3.8 §9.3.2 to §9.3.8 and PS3.7 Annex D.3.3: PDUs from the bytes a framer has cut.
import { Bounded } from './bounded.js';
import type { Frame } from './framer.js';
import { itemCountMax, presentationContextCountMax } from './limits.js';
import {
  type AssociateRequest,
  type ExtendedNegotiation,
  type IncomingPdu,
  type PresentationContextProposal,
  type PresentationDataValue,
  pduTypes,
  pdvHeaderBytes,
  type UserInformation,
} from './pdu.js';
import { WireProblem } from './wire-problem.js';

const fixedFieldsBytes = 68;
const itemHeaderBytes = 4;

const itemTypes = {
  applicationContext: 0x10,
  presentationContext: 0x20,
  abstractSyntax: 0x30,
  transferSyntax: 0x40,
  userInformation: 0x50,
  maximumLength: 0x51,
  implementationClassUID: 0x52,
  asynchronousOperations: 0x53,
  implementationVersionName: 0x55,
  sopClassExtendedNegotiation: 0x56,
} as const;

interface Item {
  readonly type: number;
  readonly body: Buffer;
}

/** Throws {@link WireProblem} when the bytes are not the PDU that its type promises. */
export function decodePdu(frame: Frame): IncomingPdu {
  switch (frame.pduType) {
    case pduTypes['associate-rq']:
      return recallAssociateRequest(frame.body);
    case pduTypes['associate-ac']:
      return { type: 'associate-ac' };
    case pduTypes['associate-rj']:
      return { type: 'associate-rj' };
    case pduTypes['p-data']:
      return { type: 'p-data', values: decodePresentationData(frame.body) };
    case pduTypes['release-rq']:
      return { type: 'release-rq' };
    case pduTypes['release-rp']:
      return { type: 'release-rp' };
    case pduTypes.abort:
      return { type: 'abort', source: frame.body.readUInt8(2), reason: frame.body.readUInt8(3) };
    default:
      throw new WireProblem('unrecognised-pdu', 'not a DICOM PDU');
  }
}

/** A scanner with a few kinds of association each. */
const rememberedRequestsMax = 64;
/** A console's request has some 200 to 2,000 bytes; all that is remembered stays below half a megabyte. */
const rememberedRequestBytesMax = 4 * 1024;
const rememberedRequests = new Bounded<AssociateRequest>(rememberedRequestsMax);

/** The same object for the same bytes, as long as they are remembered. */
function recallAssociateRequest(body: Buffer): AssociateRequest {
  if (body.length > rememberedRequestBytesMax) return decodeAssociateRequest(body);
  const key = body.toString('latin1');
  const known = rememberedRequests.get(key);
  if (known !== undefined) return known;
  const request = decodeAssociateRequest(body);
  rememberedRequests.set(key, request);
  return request;
}

function decodeAssociateRequest(body: Buffer): AssociateRequest {
  if (body.length < fixedFieldsBytes) throw invalid('A-ASSOCIATE-RQ too short');
  const items = readItems(body.subarray(fixedFieldsBytes));
  const contexts = items.filter((item) => item.type === itemTypes.presentationContext);
  if (contexts.length === 0) throw invalid('no presentation context');
  if (contexts.length > presentationContextCountMax) throw invalid('too many presentation contexts');
  const presentationContexts = contexts.map((item) => decodeContext(item.body));
  const ids = new Set(presentationContexts.map((context) => context.id));
  if (ids.size !== presentationContexts.length) throw invalid('a presentation context id is used twice');
  const applicationContext = items.find((item) => item.type === itemTypes.applicationContext);
  const userInformation = items.find((item) => item.type === itemTypes.userInformation);
  return {
    type: 'associate-rq',
    protocolVersion: body.readUInt16BE(0),
    calledAETitle: readTitle(body.subarray(4, 20)),
    callingAETitle: readTitle(body.subarray(20, 36)),
    applicationContext: applicationContext === undefined ? '' : readName(applicationContext.body),
    presentationContexts,
    userInformation: decodeUserInformation(userInformation?.body ?? Buffer.alloc(0)),
  };
}

function decodeContext(body: Buffer): PresentationContextProposal {
  if (body.length < 4) throw invalid('presentation context item too short');
  const id = body.readUInt8(0);
  if (id % 2 === 0) throw invalid('a presentation context id is even');
  const items = readItems(body.subarray(4));
  const abstractSyntaxes = items.filter((item) => item.type === itemTypes.abstractSyntax);
  const [abstractSyntax] = abstractSyntaxes;
  if (abstractSyntax === undefined || abstractSyntaxes.length > 1)
    throw invalid('a context needs one abstract syntax');
  const transferSyntaxes = items.filter((item) => item.type === itemTypes.transferSyntax);
  if (transferSyntaxes.length === 0) throw invalid('a context proposes no transfer syntax');
  return {
    id,
    abstractSyntax: readName(abstractSyntax.body),
    transferSyntaxes: transferSyntaxes.map((item) => readName(item.body)),
  };
}

function decodeUserInformation(body: Buffer): UserInformation {
  const items = readItems(body);
  const find = (type: number): Buffer | undefined => items.find((item) => item.type === type)?.body;
  const maximum = find(itemTypes.maximumLength);
  if (maximum !== undefined && maximum.length !== 4) throw invalid('maximum length item of a wrong length');
  const window = find(itemTypes.asynchronousOperations);
  if (window !== undefined && window.length !== 4)
    throw invalid('asynchronous operations item of a wrong length');
  return {
    pduBytesMax: maximum?.readUInt32BE(0) ?? null,
    implementationClassUID: readName(find(itemTypes.implementationClassUID) ?? Buffer.alloc(0)),
    implementationVersionName: readName(find(itemTypes.implementationVersionName) ?? Buffer.alloc(0)),
    asynchronousOperations:
      window === undefined ? null : { invoked: window.readUInt16BE(0), performed: window.readUInt16BE(2) },
    extendedNegotiations: items
      .filter((item) => item.type === itemTypes.sopClassExtendedNegotiation)
      .map((item) => decodeExtendedNegotiation(item.body)),
  };
}

function decodeExtendedNegotiation(body: Buffer): ExtendedNegotiation {
  if (body.length < 2) throw invalid('extended negotiation item too short');
  const end = 2 + body.readUInt16BE(0);
  if (end > body.length) throw invalid('extended negotiation names a SOP class past its end');
  return {
    sopClass: readName(body.subarray(2, end)),
    applicationInformation: Uint8Array.from(body.subarray(end)),
  };
}

/** Items of unknown types are kept and ignored later, as PS3.8 §9.3.1 asks. */
export function readItems(body: Buffer): readonly Item[] {
  const items: Item[] = [];
  let at = 0;
  while (at < body.length) {
    if (at + itemHeaderBytes > body.length) throw invalid('ends inside the header of an item');
    const end = at + itemHeaderBytes + body.readUInt16BE(at + 2);
    if (end > body.length) throw invalid('an item runs past the end');
    if (items.length >= itemCountMax) throw invalid('too many items');
    items.push({ type: body.readUInt8(at), body: body.subarray(at + itemHeaderBytes, end) });
    at = end;
  }
  return items;
}

function decodePresentationData(body: Buffer): readonly PresentationDataValue[] {
  const values: PresentationDataValue[] = [];
  let at = 0;
  while (at < body.length) {
    if (at + pdvHeaderBytes > body.length) throw invalid('ends inside the header of a PDV');
    const length = body.readUInt32BE(at);
    const end = at + 4 + length;
    if (length < 2) throw invalid('a PDV is too short for its control header');
    if (end > body.length) throw invalid('a PDV runs past the end of its PDU');
    const control = body.readUInt8(at + 5);
    values.push({
      contextId: body.readUInt8(at + 4),
      isCommand: (control & 0x01) !== 0,
      isLast: (control & 0x02) !== 0,
      fragment: body.subarray(at + pdvHeaderBytes, end),
    });
    at = end;
  }
  if (values.length === 0) throw invalid('a P-DATA-TF holds no PDV');
  return values;
}

/** Spaces around an AE title are padding (PS3.8 Table 9-11); some peers pad with NUL instead. */
function readTitle(bytes: Buffer): string {
  return readName(bytes).trimStart();
}

/** UIDs and names; some peers pad them with NUL although PS3.8 Annex F says not to. */
export function readName(bytes: Buffer): string {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x00 || bytes[end - 1] === 0x20)) end -= 1;
  return bytes.toString('latin1', 0, end);
}

function invalid(message: string): WireProblem {
  return new WireProblem('invalid-parameter', message);
}
