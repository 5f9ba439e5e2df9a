// PS3.4 Annex K: Modality Worklist. C-FIND answered from an index, every item matched and projected here.
import type { DicomObserver, KeyFact } from '../association/index.js';
import { AssociationEnded } from '../association/index.js';
import { type DataSet, MalformedDataSet, readDataSet } from '../dataset/index.js';
import { type Exchange, type Response, type Status, statuses } from '../dimse/index.js';
import { AnswerCursor } from './answer-cursor.js';
import { compileIdentifier } from './identifier.js';
import { type PreparedAnswer, prepareAnswer } from './prepared-answer.js';
import { type Meant, QueryMemory, type Understood } from './query-memory.js';
import type { Service, ServiceContext } from './service.js';
import { type QueryZone, toQueryZone } from './time-zones.js';
import type { WorklistPort, WorklistView } from './worklist.port.js';
import { answerNegotiation, isNegotiated } from './worklist-negotiation.js';

export const worklistSOPClass = '1.2.840.10008.5.1.4.31';

type FinalResponse = Omit<Response, 'request' | 'dataSet'>;

/** What is left to be sent: the final response, or all responses as they were prepared. */
type Outcome = FinalResponse | PreparedAnswer;

/** What becomes known of a query while it is answered. */
interface Progress {
  readonly answered: string[];
  facts: readonly KeyFact[];
  identifier: DataSet | null;
  negotiated: { readonly fuzzyNames: boolean; readonly otherClock: boolean };
  problem: string | null;
}

const plainMatching = { fuzzyNames: false, otherClock: false };

export function createWorklistService(port: WorklistPort, observe: DicomObserver): Service {
  const memory = new QueryMemory();
  return {
    sopClass: worklistSOPClass,
    requestNames: ['C-FIND-RQ'],
    negotiate: answerNegotiation,
    perform: async (exchange, context) => {
      const { association, peer } = context;
      const progress: Progress = {
        answered: [],
        facts: [],
        identifier: null,
        negotiated: plainMatching,
        problem: null,
      };
      const told = (status: Status | null) =>
        observe({
          type: 'find-answered',
          association,
          peerId: peer.id,
          status,
          answerCount: progress.answered.length,
          answeredStepIds: progress.answered,
          identifier: progress.identifier,
          negotiated: progress.negotiated,
          keys: progress.facts,
          problem: progress.problem,
        });
      try {
        const outcome = await answer(exchange, context, port, memory, observe, progress);
        if (exchange.interruption() === 'association-ended') return told(null);
        if ('bytes' in outcome) {
          progress.answered.push(...outcome.answered);
          await exchange.respondEncoded(outcome.bytes);
          told(statuses.success);
        } else {
          await exchange.respond(outcome);
          told(outcome.status);
        }
      } catch (error) {
        // Who was shown is told whatever became of the association.
        if (error instanceof AssociationEnded) told(null);
        throw error;
      }
    },
  };
}

async function answer(
  exchange: Exchange,
  context: ServiceContext,
  port: WorklistPort,
  memory: QueryMemory,
  observe: DicomObserver,
  progress: Progress,
): Promise<Outcome> {
  const understood = understand(exchange, memory);
  if (understood instanceof MalformedDataSet) {
    progress.problem = understood.message;
    return refuseIdentifier(understood);
  }
  progress.facts = understood.compiled.facts;
  progress.identifier = understood.identifier;
  const { fuzzyNames, zone } = understood;
  progress.negotiated = { fuzzyNames, otherClock: zone !== null };
  try {
    const asked = unlessInterrupted(exchange, port.current(context.peer, exchange));
    // While that is under way there is time for what will be sent most times.
    const prepared = prepare(exchange, context, port, understood, memory);
    const view = await asked;
    if (view === 'interrupted') return interruptedStatus(exchange);
    if (view === null)
      return { status: statuses.notAuthorised, errorComment: 'this scanner may not ask any more' };
    if (view === prepared?.view) {
      progress.identifier = prepared.meant.identifier;
      return prepared;
    }
    const meant = memory.meant(understood, view.peer);
    return await stream(exchange, context, meant, understood.zone, view, observe, progress);
  } catch (error) {
    if (error instanceof AssociationEnded) throw error;
    observe({ type: 'fault', association: context.association, error });
    progress.problem = 'fault';
    return { status: statuses.unableToProcess, errorComment: 'the worklist could not be read' };
  }
}

/** Nothing is lost when it cannot be prepared: the long way says what is wrong. */
function prepare(
  exchange: Exchange,
  { peer }: ServiceContext,
  port: WorklistPort,
  understood: Understood,
  memory: QueryMemory,
): PreparedAnswer | null {
  try {
    const view = port.lastSeen?.(peer) ?? null;
    return view === null ? null : prepareAnswer(exchange, understood, view, memory);
  } catch {
    return null;
  }
}

/** A malformed identifier is returned as such; it must never become a wider search. */
function understand(exchange: Exchange, memory: QueryMemory): Understood | MalformedDataSet {
  const { dataSetBytes, transferSyntax, extendedNegotiation } = exchange;
  if (dataSetBytes === null) return new MalformedDataSet('the query has no identifier');
  try {
    return memory.recall(dataSetBytes, transferSyntax, extendedNegotiation, () => {
      const identifier = readDataSet(dataSetBytes, transferSyntax);
      if (identifier.size === 0) throw new MalformedDataSet('the identifier is empty');
      const fuzzyNames = isNegotiated(extendedNegotiation, 'fuzzy names');
      const zone = isNegotiated(extendedNegotiation, 'time zones') ? toQueryZone(identifier) : null;
      const compiled = compileIdentifier(identifier, { fuzzyNames });
      return { identifier, compiled, fuzzyNames, zone, syntax: transferSyntax };
    });
  } catch (error) {
    if (error instanceof MalformedDataSet) return error;
    throw error;
  }
}

function refuseIdentifier(problem: MalformedDataSet): FinalResponse {
  return {
    status: statuses.identifierDoesNotMatchSOPClass,
    offendingElements: problem.tag === null ? [] : [problem.tag],
    errorComment: problem.message,
  };
}

async function stream(
  exchange: Exchange,
  { association }: ServiceContext,
  { identifier, compiled, narrowing, plan }: Meant,
  zone: QueryZone | null,
  view: WorklistView,
  observe: DicomObserver,
  progress: Progress,
): Promise<FinalResponse> {
  const { peer } = view;
  progress.identifier = identifier;
  const pending = compiled.hasUnsupportedKey ? statuses.pendingWithUnsupportedKeys : statuses.pending;
  const cursor = new AnswerCursor({
    selections: view.index.select(compiled, narrowing, zone),
    isShown: (item) => view.isShown(item),
    plan,
    answerCountMax: peer.maxAnswers,
    answered: progress.answered,
    onMissing: (missing) => observe({ type: 'answer-incomplete', association, peerId: peer.id, missing }),
  });
  await exchange.respondEach(pending, () => cursor.next());
  if (exchange.interruption() !== null) return interruptedStatus(exchange);
  return cursor.hasTooMany ? tooMany(peer.maxAnswers) : { status: statuses.success };
}

/** The result, or else as soon as the operation is interrupted, even when the port is still thinking. */
function unlessInterrupted<T>(exchange: Exchange, result: Promise<T>): Promise<T | 'interrupted'> {
  return new Promise((resolve, reject) => {
    const stop = exchange.onInterruption(() => resolve('interrupted'));
    result.then(resolve, reject).finally(stop);
  });
}

function interruptedStatus(exchange: Exchange): FinalResponse {
  if (exchange.interruption() === 'cancelled') return { status: statuses.cancelled };
  return { status: statuses.outOfResources, errorComment: 'the worklist took too long to read' };
}

/** Ending in success after a part would hide patients; the scanner is told that there are more. */
function tooMany(maxAnswers: number): { status: Status; errorComment: string } {
  return {
    status: statuses.outOfResources,
    errorComment: `more than ${maxAnswers} items match: narrow the query`,
  };
}
