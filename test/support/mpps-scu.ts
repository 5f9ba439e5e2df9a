import { type DataSet, writeDataSet } from '../../src/dicom/index.js';
import {
  command,
  DicomScu,
  explicitVR,
  type FindReply,
  implicitVR,
  modalityWorklist,
  pdu,
  pdv,
  type ScuOptions,
  uid,
  us,
  verification,
} from './dicom-scu.js';

/**
 * A scanner's day from raw bytes: it echoes, reads the worklist, begins steps (N-CREATE), ends them (N-SET) and reads
 * them back (N-GET). Like {@link DicomScu} it shares no code with the listener's messages.
 */

export const performedProcedureStep = '1.2.840.10008.3.1.2.3.3';
export const performedProcedureStepRetrieve = '1.2.840.10008.3.1.2.3.4';

/** Presentation contexts of {@link MppsScu.open}. */
export const mppsContexts = { verification: 1, worklist: 3, step: 5, retrieve: 7 } as const;

const fields = { get: 0x0110, set: 0x0120, action: 0x0130, create: 0x0140 } as const;

export interface MppsScuOptions extends Omit<ScuOptions, 'contexts'> {
  /** For all contexts but Verification. The default offers both; the listener takes Explicit VR then. */
  readonly transferSyntaxes?: readonly string[];
}

export interface StepReply {
  readonly status: number;
  readonly errorComment: string;
  readonly errorId: number | null;
  readonly offendingElements: readonly number[];
  /** Of the attributes that were not known (0107). */
  readonly attributeIdentifierList: readonly number[];
  readonly affectedSOPClassUID: string;
  readonly affectedSOPInstanceUID: string;
  readonly dataSet: DataSet | null;
}

export interface StepRequest {
  readonly name: keyof typeof fields;
  readonly sopInstanceUID?: string | null;
  readonly dataSet?: DataSet | null;
  /** Encoded already; replaces the data set. */
  readonly bytes?: Buffer;
  readonly tags?: readonly number[];
  readonly contextId?: number;
  readonly sopClass?: string;
  /** Cuts command and data set into pieces of so many bytes, each a PDV; null: one PDV each. */
  readonly fragmentBytes?: number | null;
  /** Puts the instance into Affected instead of Requested SOP Instance UID, or the other way round. */
  readonly swapsInstanceField?: boolean;
}

export class MppsScu {
  private lastMessageId = 100;

  private constructor(
    /** For aborts, raw bytes and odd endings. */
    readonly scu: DicomScu,
    private readonly isExplicit: boolean,
  ) {}

  /** Opens an association; throws when it, or MPPS in it, is not accepted. */
  static async open(options: MppsScuOptions): Promise<MppsScu> {
    const transferSyntaxes = options.transferSyntaxes ?? [implicitVR, explicitVR];
    const scu = await DicomScu.connect({
      ...options,
      contexts: [
        { id: mppsContexts.verification, abstractSyntax: verification, transferSyntaxes: [implicitVR] },
        { id: mppsContexts.worklist, abstractSyntax: modalityWorklist, transferSyntaxes },
        { id: mppsContexts.step, abstractSyntax: performedProcedureStep, transferSyntaxes },
        { id: mppsContexts.retrieve, abstractSyntax: performedProcedureStepRetrieve, transferSyntaxes },
      ],
    });
    const reply = await scu.associate();
    if (reply.type !== 'accepted') throw new Error(`association ${JSON.stringify(reply)}`);
    const context = reply.contexts.get(mppsContexts.step);
    if (context?.result !== 0) throw new Error(`MPPS is not accepted: ${context?.result}`);
    return new MppsScu(scu, context.transferSyntax === explicitVR);
  }

  echo(): Promise<number> {
    return this.scu.echo(mppsContexts.verification);
  }

  find(identifier: DataSet): Promise<FindReply> {
    return this.scu.find(identifier, { contextId: mppsContexts.worklist });
  }

  /** Begins a step. Null as UID leaves the naming to the listener. */
  nCreate(sopInstanceUID: string | null, step: DataSet | null): Promise<StepReply> {
    return this.request({ name: 'create', sopInstanceUID, dataSet: step });
  }

  nSet(sopInstanceUID: string, modifications: DataSet | null): Promise<StepReply> {
    return this.request({ name: 'set', sopInstanceUID, dataSet: modifications });
  }

  /** Asks for the attributes with these tags (group * 65536 + element); for all when there are none. */
  nGet(sopInstanceUID: string, tags: readonly number[] = []): Promise<StepReply> {
    return this.request({ name: 'get', sopInstanceUID, tags });
  }

  async request(request: StepRequest): Promise<StepReply> {
    this.send(request);
    return this.nextReply();
  }

  /** Sends the request only. */
  send(request: StepRequest): void {
    for (const bytes of this.pdus(request)) this.scu.sendRaw(bytes);
  }

  /** The PDUs of a request, for those who want to send a part of it. */
  pdus(request: StepRequest): readonly Buffer[] {
    const { name, dataSet: sent = null, fragmentBytes = null, swapsInstanceField = false } = request;
    const bytes =
      request.bytes ??
      (sent &&
        writeDataSet(sent, this.isExplicit ? 'explicit-vr-little-endian' : 'implicit-vr-little-endian'));
    this.lastMessageId += 1;
    const isAffected = (name === 'create') !== swapsInstanceField;
    const retrieves = name === 'get';
    const sopClass =
      request.sopClass ?? (retrieves ? performedProcedureStepRetrieve : performedProcedureStep);
    const elements: Record<number, Buffer> = {
      [name === 'create' ? 2 : 3]: uid(sopClass),
      256: us(fields[name]),
      272: us(this.lastMessageId),
      2048: us(bytes === null ? 0x0101 : 1),
    };
    if (request.sopInstanceUID) elements[isAffected ? 4096 : 4097] = uid(request.sopInstanceUID);
    if (request.tags?.length) elements[4101] = tagList(request.tags);
    const set = command(elements);
    const contextId = request.contextId ?? (retrieves ? mppsContexts.retrieve : mppsContexts.step);
    return [
      ...fragments(contextId, true, set, fragmentBytes),
      ...(bytes === null ? [] : fragments(contextId, false, bytes, fragmentBytes)),
    ];
  }

  async nextReply(): Promise<StepReply> {
    const response = await this.scu.nextResponse();
    const text = (element: number): string =>
      (response.command.get(element) ?? Buffer.alloc(0)).toString('latin1').replace(/[\0 ]+$/, '');
    return {
      status: response.status,
      errorComment: text(0x0902),
      errorId: response.command.get(0x0903)?.readUInt16LE(0) ?? null,
      offendingElements: tagsIn(response.command.get(0x0901)),
      attributeIdentifierList: tagsIn(response.command.get(0x1005)),
      affectedSOPClassUID: text(0x0002),
      affectedSOPInstanceUID: text(0x1000),
      dataSet: response.dataSet,
    };
  }

  /** C-CANCEL for the request sent last, although N-services have none. */
  cancel(): void {
    this.scu.cancel(this.lastMessageId, mppsContexts.step);
  }

  release(): Promise<void> {
    return this.scu.release();
  }

  destroy(): void {
    this.scu.destroy();
  }
}

function fragments(
  contextId: number,
  isCommand: boolean,
  bytes: Buffer,
  fragmentBytes: number | null,
): readonly Buffer[] {
  const size = fragmentBytes ?? bytes.length;
  const pdus: Buffer[] = [];
  for (let at = 0; at < bytes.length || at === 0; at += Math.max(size, 1)) {
    const isLast = at + size >= bytes.length;
    pdus.push(pdu(0x04, pdv(contextId, isCommand, isLast, bytes.subarray(at, at + size))));
  }
  return pdus;
}

function tagList(tags: readonly number[]): Buffer {
  return Buffer.concat(tags.map((tag) => Buffer.concat([us(tag >>> 16), us(tag & 0xffff)])));
}

function tagsIn(bytes: Buffer = Buffer.alloc(0)): readonly number[] {
  const tags: number[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4)
    tags.push(bytes.readUInt16LE(at) * 0x10000 + bytes.readUInt16LE(at + 2));
  return tags;
}
