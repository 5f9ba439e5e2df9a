// PS3.7 §6.3.1, §9.3, §10.3 and Annex E: command sets to and from bytes.
import {
  type DataSet,
  dataSet,
  MalformedDataSet,
  readCommandElements,
  writeDataSet,
} from '../dataset/index.js';
import { DimseProblem } from './dimse-problem.js';
import type { Status } from './status.js';

/** Command Field (0000,0100) of the requests and their names (PS3.7 Table E.1-1). */
export const commandFields = {
  'C-STORE-RQ': 0x0001,
  'C-GET-RQ': 0x0010,
  'C-FIND-RQ': 0x0020,
  'C-MOVE-RQ': 0x0021,
  'C-ECHO-RQ': 0x0030,
  'C-CANCEL-RQ': 0x0fff,
  'N-EVENT-REPORT-RQ': 0x0100,
  'N-GET-RQ': 0x0110,
  'N-SET-RQ': 0x0120,
  'N-ACTION-RQ': 0x0130,
  'N-CREATE-RQ': 0x0140,
  'N-DELETE-RQ': 0x0150,
} as const;

export type RequestName = keyof typeof commandFields;

/** The bit that makes a request's Command Field that of its response. */
const responseBit = 0x8000;
/** Command Data Set Type: this value says that no data set follows; every other says that one does. */
const noDataSet = 0x0101;
const someDataSet = 0x0001;
/** LO limits Error Comment (0000,0902). */
const errorCommentCharactersMax = 64;

/** A request that wants a response. */
export interface Request {
  readonly kind: 'request';
  /** Null for a Command Field that PS3.7 does not have. */
  readonly name: Exclude<RequestName, 'C-CANCEL-RQ'> | null;
  readonly commandField: number;
  readonly messageId: number;
  /** Affected or, for N-GET, N-SET, N-ACTION and N-DELETE, Requested SOP Class UID. */
  readonly sopClass: string;
  /** The instance to be made (N-CREATE), or `''`: then its maker chooses. Not judged here, as all UIDs of a command. */
  readonly affectedSOPInstanceUID: string;
  /** The instance to be read or changed (N-GET, N-SET, N-ACTION, N-DELETE), or `''`. */
  readonly requestedSOPInstanceUID: string;
  /** Tags that N-GET asks for; none asks for all (PS3.7 §10.1.2.1.4). */
  readonly attributeIdentifierList: readonly number[];
  readonly hasDataSet: boolean;
}

/** C-CANCEL-RQ wants none: the cancelled operation answers for it (PS3.7 §9.3.2.3). */
export interface Cancel {
  readonly kind: 'cancel';
  readonly messageIdBeingRespondedTo: number;
  readonly hasDataSet: boolean;
}

export type Command = Request | Cancel;

export interface Response {
  readonly request: Request;
  readonly status: Status;
  readonly dataSet?: DataSet | null;
  /** Tags of the attributes that are at fault. */
  readonly offendingElements?: readonly number[];
  /** For the person at the other end, in ASCII; cut to 64 characters. Never a value of the data set. */
  readonly errorComment?: string;
  /** The instance that the operation was about. */
  readonly affectedSOPInstanceUID?: string;
  /** A code of the service class for what went wrong, such as 0xA710. */
  readonly errorId?: number;
  /** Tags of the attributes that were not known, with status 0107 (PS3.7 §C.4.2). */
  readonly attributeIdentifierList?: readonly number[];
}

/** Throws {@link DimseProblem} when the bytes are no command set or not one that a requester may send. */
export function decodeCommand(bytes: Buffer): Command {
  const at = bytes.length > plainRequestBytesMax ? -1 : findMessageId(bytes);
  if (at < 0) return decodeWhole(bytes);
  const key = `${bytes.toString('latin1', 0, at)}${bytes.toString('latin1', at + 2)}`;
  const known = plainRequests.get(key);
  if (known !== undefined) return { ...known, messageId: bytes.readUInt16LE(at) };
  const command = decodeWhole(bytes);
  if (command.kind === 'cancel') return command;
  if (plainRequests.size >= plainRequestsMax) plainRequests.clear();
  plainRequests.set(key, command);
  return command;
}

/** Requests as they came, without their Message ID: a scanner sends the same again and again. */
const plainRequests = new Map<string, Request>();
/** A few for each scanner; begun anew when somebody makes up more. */
const plainRequestsMax = 64;
/** Twice what a C-FIND-RQ has. */
const plainRequestBytesMax = 256;

/** Where the value of Message ID (0000,0110) stands; -1 when there is none of two bytes. */
function findMessageId(bytes: Buffer): number {
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4);
    if (bytes.readUInt32LE(at) === messageIdTag) return length === 2 && at + 10 <= bytes.length ? at + 8 : -1;
    at += 8 + length;
  }
  return -1;
}

/** (0000,0110) as it is read: group and element in 32 bits, little endian. */
const messageIdTag = 0x01100000;

function decodeWhole(bytes: Buffer): Command {
  const set = readElements(bytes);
  const commandField = mustHaveNumber(set, 'CommandField');
  const hasDataSet = mustHaveNumber(set, 'CommandDataSetType') !== noDataSet;
  if ((commandField & responseBit) !== 0) throw new DimseProblem('a response to nothing we asked');
  if (commandField === commandFields['C-CANCEL-RQ']) {
    if (hasDataSet) throw new DimseProblem('C-CANCEL-RQ announces a data set');
    return {
      kind: 'cancel',
      messageIdBeingRespondedTo: mustHaveNumber(set, 'MessageIDBeingRespondedTo'),
      hasDataSet,
    };
  }
  return {
    kind: 'request',
    name: findRequestName(commandField),
    commandField,
    messageId: mustHaveNumber(set, 'MessageID'),
    sopClass: set.text('AffectedSOPClassUID') || set.text('RequestedSOPClassUID'),
    affectedSOPInstanceUID: set.text('AffectedSOPInstanceUID'),
    requestedSOPInstanceUID: set.text('RequestedSOPInstanceUID'),
    attributeIdentifierList: set.numbers('AttributeIdentifierList'),
    hasDataSet,
  };
}

/** The command set of a response, with its group length. */
export function encodeResponse(response: Response): Buffer {
  const key = plainKey(response);
  if (key === null) return encodeWhole(response);
  const known = plainResponses.get(key);
  if (known !== undefined) return withMessageId(known, response.request.messageId);
  const bytes = encodeWhole(response);
  if (plainResponses.size < plainResponsesMax) plainResponses.set(key, bytes);
  return bytes;
}

/** Responses that differ in nothing but the message that they answer. */
const plainResponses = new Map<string, Buffer>();
/** A few for each SOP class; a peer that makes up SOP classes fills no more than this. */
const plainResponsesMax = 64;

/** Null when the response says more than its status. */
function plainKey(response: Response): string | null {
  const { request, status, dataSet: _, ...more } = response;
  if (Object.values(more).some((value) => value !== undefined)) return null;
  return `${request.sopClass} ${request.commandField} ${status} ${response.dataSet ? someDataSet : noDataSet}`;
}

/** Message ID Being Responded To stands behind the group length, the SOP class and the Command Field. */
function withMessageId(plain: Buffer, messageId: number): Buffer {
  const bytes = Buffer.from(plain);
  const at = bytes.lastIndexOf(messageIdHeader);
  bytes.writeUInt16LE(messageId, at + messageIdHeader.length);
  return bytes;
}

/** (0000,0120), two bytes. */
const messageIdHeader = Buffer.from([0x00, 0x00, 0x20, 0x01, 0x02, 0x00, 0x00, 0x00]);

function encodeWhole(response: Response): Buffer {
  const { request } = response;
  const body = writeDataSet(
    dataSet({
      AffectedSOPClassUID: request.sopClass === '' ? undefined : request.sopClass,
      CommandField: request.commandField | responseBit,
      MessageIDBeingRespondedTo: request.messageId,
      CommandDataSetType: response.dataSet ? someDataSet : noDataSet,
      Status: response.status,
      OffendingElement: noneIsAbsent(response.offendingElements),
      ErrorComment: response.errorComment?.slice(0, errorCommentCharactersMax),
      ErrorID: response.errorId,
      AffectedSOPInstanceUID: response.affectedSOPInstanceUID || undefined,
      AttributeIdentifierList: noneIsAbsent(response.attributeIdentifierList),
    }),
    'implicit-vr-little-endian',
  );
  const head = writeDataSet(dataSet({ CommandGroupLength: body.length }), 'implicit-vr-little-endian');
  return Buffer.concat([head, body]);
}

function noneIsAbsent(tags: readonly number[] | undefined): readonly number[] | undefined {
  return tags === undefined || tags.length === 0 ? undefined : tags;
}

function readElements(bytes: Buffer): DataSet {
  const set = parse(bytes);
  const groupLength = mustHaveNumber(set, 'CommandGroupLength');
  // Group length comes first and is 12 bytes long itself (PS3.7 §6.3.1).
  if (groupLength !== bytes.length - 12 || bytes.readUInt32LE(0) !== 0)
    throw new DimseProblem('wrong command group length');
  return set;
}

function parse(bytes: Buffer): DataSet {
  try {
    return readCommandElements(bytes);
  } catch (error) {
    if (error instanceof MalformedDataSet) throw new DimseProblem(`malformed command set: ${error.message}`);
    throw error;
  }
}

function mustHaveNumber(set: DataSet, keyword: string): number {
  const [number, ...more] = set.numbers(keyword);
  if (number === undefined || more.length > 0) throw new DimseProblem(`command set without one ${keyword}`);
  return number;
}

function findRequestName(commandField: number): Exclude<RequestName, 'C-CANCEL-RQ'> | null {
  for (const [name, field] of Object.entries(commandFields)) {
    if (field === commandField && name !== 'C-CANCEL-RQ') return name as Exclude<RequestName, 'C-CANCEL-RQ'>;
  }
  return null;
}
