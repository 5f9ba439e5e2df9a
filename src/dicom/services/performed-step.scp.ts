// PS3.4 §F.7 and §F.8: Modality Performed Procedure Step (N-CREATE, N-SET) and its Retrieve (N-GET), over a port.
import { randomUUID } from 'node:crypto';
import { AssociationEnded, type DicomObserver } from '../association/index.js';
import { DataSet, isUid, MalformedDataSet, readDataSet, uidFromUuid } from '../dataset/index.js';
import { type Exchange, type Response, statuses } from '../dimse/index.js';
import type { CreateOutcome, PerformedStepPort, SetOutcome } from './performed-step.port.js';
import {
  judgeCreate,
  type PerformedStepStatus,
  performedStepStatus,
  type StepProblem,
} from './performed-step-rules.js';
import { selectAttributes } from './performed-step-selection.js';
import type { Service, ServiceContext } from './service.js';

export const performedStepSOPClass = '1.2.840.10008.3.1.2.3.3';
export const performedStepRetrieveSOPClass = '1.2.840.10008.3.1.2.3.4';

/** §F.7.2.2.4, Table F.7.2-2: the Error ID and the comment that the standard gives to a change that comes after the end. */
const noLongerUpdatable = {
  errorId: 0xa710,
  errorComment: 'Performed Procedure Step Object may no longer be updated',
};

type Answer = Omit<Response, 'request'>;

/** How a message is answered, and why: attribute and rule, without values. */
interface Verdict {
  readonly answer: Answer;
  readonly problem: string | null;
}

/** What an observer hears of a message beside its answer. */
interface Subject {
  readonly sopInstanceUID: string;
  readonly stepStatus: PerformedStepStatus | null;
}

interface Understood {
  readonly bytes: Buffer;
  readonly dataSet: DataSet;
}

/** Both SOP classes; they share their instances (§F.7.2.1, §F.8.2.1). */
export function createPerformedStepServices(
  port: PerformedStepPort,
  observe: DicomObserver,
): readonly Service[] {
  return [
    {
      sopClass: performedStepSOPClass,
      requestNames: ['N-CREATE-RQ', 'N-SET-RQ'],
      negotiate: null,
      perform: (exchange, context) =>
        exchange.request.name === 'N-CREATE-RQ'
          ? create(exchange, context, port, observe)
          : set(exchange, context, port, observe),
    },
    {
      sopClass: performedStepRetrieveSOPClass,
      requestNames: ['N-GET-RQ'],
      negotiate: null,
      perform: (exchange, context) => get(exchange, context, port, observe),
    },
  ];
}

/** PS3.7 §10.1.5: a scanner that names no instance leaves the naming to us. */
async function create(
  exchange: Exchange,
  context: ServiceContext,
  port: PerformedStepPort,
  observe: DicomObserver,
): Promise<void> {
  const sopInstanceUID = exchange.request.affectedSOPInstanceUID || uidFromUuid(randomUUID());
  const understood = understand(exchange, sopInstanceUID);
  const decide = async (): Promise<Verdict> => {
    if (!isUnderstood(understood)) return understood;
    const problem = judgeCreate(understood.dataSet);
    if (problem !== null) return refusal(problem);
    const step = { ...understood, sopInstanceUID, transferSyntax: exchange.transferSyntax };
    return toCreateVerdict(await port.create(step, context.peer, context.association));
  };
  await conclude(exchange, context, observe, sopInstanceUID, decide, (status, problem) =>
    observe({
      type: 'step-created',
      association: context.association,
      peerId: context.peer.id,
      ...subjectOf(sopInstanceUID, understood),
      status,
      problem,
    }),
  );
}

async function set(
  exchange: Exchange,
  context: ServiceContext,
  port: PerformedStepPort,
  observe: DicomObserver,
): Promise<void> {
  const sopInstanceUID = instanceOf(exchange);
  const understood = understand(exchange, sopInstanceUID);
  const decide = async (): Promise<Verdict> => {
    if (!isUnderstood(understood)) return understood;
    const { bytes, dataSet: modifications } = understood;
    const change = { sopInstanceUID, modifications, bytes, transferSyntax: exchange.transferSyntax };
    return toSetVerdict(await port.set(change, context.peer, context.association));
  };
  await conclude(exchange, context, observe, sopInstanceUID, decide, (status, problem) =>
    observe({
      type: 'step-changed',
      association: context.association,
      peerId: context.peer.id,
      ...subjectOf(sopInstanceUID, understood),
      status,
      problem,
    }),
  );
}

async function get(
  exchange: Exchange,
  context: ServiceContext,
  port: PerformedStepPort,
  observe: DicomObserver,
): Promise<void> {
  const sopInstanceUID = instanceOf(exchange);
  const decide = async (): Promise<Verdict> => {
    if (!isUid(sopInstanceUID)) return notAnInstance;
    const step = await port.get(sopInstanceUID, context.peer);
    if (step === null) return noSuchStep;
    const { selected, unknown } = selectAttributes(step, exchange.request.attributeIdentifierList);
    const dataSet = selected.size === 0 ? null : selected;
    if (unknown.length === 0) return { answer: { status: statuses.success, dataSet }, problem: null };
    return {
      answer: { status: statuses.attributeListError, dataSet, attributeIdentifierList: unknown },
      problem: 'attributes that the step does not have',
    };
  };
  await conclude(exchange, context, observe, sopInstanceUID, decide, (status, problem) =>
    observe({
      type: 'step-read',
      association: context.association,
      peerId: context.peer.id,
      sopInstanceUID: uidOrNone(sopInstanceUID),
      status,
      problem,
    }),
  );
}

const success: Verdict = { answer: { status: statuses.success }, problem: null };

/** PS3.7 §C.5.12: what names the instance breaks the rules for UIDs. */
const notAnInstance: Verdict = {
  answer: { status: statuses.invalidSOPInstance, errorComment: 'the SOP Instance UID is not a UID' },
  problem: 'the SOP Instance UID is not a UID',
};

const noSuchStep: Verdict = {
  answer: { status: statuses.noSuchSOPInstance, errorComment: 'there is no such performed procedure step' },
  problem: 'unknown step',
};

function toCreateVerdict({ kind }: CreateOutcome): Verdict {
  switch (kind) {
    case 'created':
      return success;
    case 'duplicate': {
      const errorComment = 'there is a performed procedure step with this UID';
      return { answer: { status: statuses.duplicateSOPInstance, errorComment }, problem: 'duplicate step' };
    }
  }
}

function toSetVerdict(outcome: SetOutcome): Verdict {
  switch (outcome.kind) {
    case 'changed':
      return success;
    case 'unknown':
      return noSuchStep;
    case 'already-final':
      return {
        answer: { status: statuses.processingFailure, ...noLongerUpdatable },
        problem: 'the step has ended already',
      };
    case 'invalid':
      return refusal(outcome.problem);
  }
}

function refusal({ status, tag, message }: StepProblem): Verdict {
  return { answer: { status, offendingElements: [tag], errorComment: message }, problem: message };
}

function failure(errorComment: string, problem: string, tag: number | null = null): Verdict {
  const answer = { status: statuses.processingFailure, errorComment };
  return { answer: tag === null ? answer : { ...answer, offendingElements: [tag] }, problem };
}

/** The data set of the request, or the answer to one that cannot be read: 0110, a failure in general (PS3.7 §C.5.21). */
function understand(exchange: Exchange, sopInstanceUID: string): Understood | Verdict {
  if (!isUid(sopInstanceUID)) return notAnInstance;
  const { dataSetBytes, transferSyntax } = exchange;
  if (dataSetBytes === null) return failure('the request has no data set', 'no data set');
  try {
    return { bytes: dataSetBytes, dataSet: readDataSet(dataSetBytes, transferSyntax) };
  } catch (error) {
    if (error instanceof MalformedDataSet) return failure(error.message, error.message, error.tag);
    throw error;
  }
}

function isUnderstood(understood: Understood | Verdict): understood is Understood {
  return 'dataSet' in understood;
}

/** Requested is the field of N-SET and N-GET; scanners exist that fill in the Affected one instead. */
function instanceOf({ request }: Exchange): string {
  return request.requestedSOPInstanceUID || request.affectedSOPInstanceUID;
}

function subjectOf(sopInstanceUID: string, understood: Understood | Verdict): Subject {
  const stepStatus = isUnderstood(understood) ? performedStepStatus(understood.dataSet) : null;
  return { sopInstanceUID: uidOrNone(sopInstanceUID), stepStatus };
}

function uidOrNone(text: string): string {
  return isUid(text) ? text : '';
}

/** Decides, answers and tells; what throws is answered 0110. Nothing is told as answered that was not sent. */
async function conclude(
  exchange: Exchange,
  { association }: ServiceContext,
  observe: DicomObserver,
  sopInstanceUID: string,
  decide: () => Promise<Verdict>,
  tell: (status: number | null, problem: string | null) => void,
): Promise<void> {
  const onFault = (error: unknown): Verdict => {
    observe({ type: 'fault', association, error });
    return failure('the performed procedure step could not be processed', 'fault');
  };
  const send = async ({ answer, problem }: Verdict): Promise<void> => {
    await exchange.respond({ affectedSOPInstanceUID: uidOrNone(sopInstanceUID), ...answer });
    tell(answer.status, problem);
  };
  const verdict = await unlessOverdue(decide().catch(onFault), exchange);
  try {
    await send(verdict);
  } catch (error) {
    if (error instanceof AssociationEnded) {
      // The step is kept all the same; whoever sends it again hears 0111 or A710.
      tell(null, verdict.problem);
      throw error;
    }
    await send(onFault(error));
  }
}

/** Kept or not is not known when this is answered: the scanner may send it again and will not do harm. */
const overdue: Verdict = {
  answer: { status: statuses.resourceLimitation, errorComment: 'took too long; send it again' },
  problem: 'took too long',
};

/** PS3.7 has no cancel for these operations, so that of all interruptions only the clock counts. */
function unlessOverdue(work: Promise<Verdict>, exchange: Exchange): Promise<Verdict> {
  return new Promise((resolve) => {
    const onAbort = (): void => {
      if (exchange.interruption() === 'overdue') resolve(overdue);
    };
    exchange.signal.addEventListener('abort', onAbort, { once: true });
    onAbort();
    void work.then(resolve).finally(() => exchange.signal.removeEventListener('abort', onAbort));
  });
}
