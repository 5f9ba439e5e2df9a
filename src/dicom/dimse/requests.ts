// PS3.7 §9.3.2 and §9.3.5: requests that we make ourselves, and their responses.
import { dataSet, MalformedDataSet, readCommandElements, writeDataSet } from '../dataset/index.js';
import { commandFields } from './commands.js';
import { DimseProblem } from './dimse-problem.js';

const noDataSet = 0x0101;
const someDataSet = 0x0001;
const mediumPriority = 0x0000;

export interface ResponseSeen {
  readonly messageIdBeingRespondedTo: number;
  readonly status: number;
  readonly hasDataSet: boolean;
}

/** The command set of a C-ECHO-RQ or of a C-FIND-RQ, which has a data set. */
export function encodeRequest(name: 'C-ECHO-RQ' | 'C-FIND-RQ', sopClass: string, messageId: number): Buffer {
  const isFind = name === 'C-FIND-RQ';
  const body = writeDataSet(
    dataSet({
      AffectedSOPClassUID: sopClass,
      CommandField: commandFields[name],
      MessageID: messageId,
      Priority: isFind ? mediumPriority : undefined,
      CommandDataSetType: isFind ? someDataSet : noDataSet,
    }),
    'implicit-vr-little-endian',
  );
  const head = writeDataSet(dataSet({ CommandGroupLength: body.length }), 'implicit-vr-little-endian');
  return Buffer.concat([head, body]);
}

/** Throws {@link DimseProblem} when the bytes are no response. */
export function decodeResponse(bytes: Buffer): ResponseSeen {
  try {
    const set = readCommandElements(bytes);
    const [status] = set.numbers('Status');
    const [messageIdBeingRespondedTo] = set.numbers('MessageIDBeingRespondedTo');
    if (status === undefined || messageIdBeingRespondedTo === undefined)
      throw new DimseProblem('a response without its status or its request');
    return {
      messageIdBeingRespondedTo,
      status,
      hasDataSet: set.numbers('CommandDataSetType')[0] !== noDataSet,
    };
  } catch (error) {
    if (error instanceof MalformedDataSet) throw new DimseProblem('malformed command set');
    throw error;
  }
}
