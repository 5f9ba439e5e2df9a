// PS3.4 Annex K: Modality Worklist. C-FIND answered from a port, every candidate matched and projected here.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DicomObserver, KeyFact } from '../association/index.js';
import { AssociationEnded } from '../association/index.js';
import { type DataSet, MalformedDataSet, readDataSet } from '../dataset/index.js';
import { type Exchange, type Response, type Status, statuses } from '../dimse/index.js';
import { type CompiledIdentifier, compileIdentifier, withDefaultStation } from './identifier.js';
import { toQuery } from './narrowing.js';
import { project } from './projection.js';
import type { Service, ServiceContext } from './service.js';
import type { WorklistPort } from './worklist.port.js';

export const worklistSOPClass = '1.2.840.10008.5.1.4.31';

/** Candidates looked at before other associations have their turn; matching 256 takes well under a millisecond. */
const candidatesPerTurn = 256;

type FinalResponse = Omit<Response, 'request' | 'dataSet'>;

interface Understood {
  readonly identifier: DataSet;
  readonly effective: DataSet;
  readonly compiled: CompiledIdentifier;
}

export function createWorklistService(port: WorklistPort, observe: DicomObserver): Service {
  return {
    sopClass: worklistSOPClass,
    requestName: 'C-FIND-RQ',
    negotiate: answerNegotiation,
    perform: async (exchange, context) => {
      const { association, peer } = context;
      const answered: string[] = [];
      const told = (status: Status | null, keys: readonly KeyFact[], problem: string | null) =>
        observe({
          type: 'find-answered',
          association,
          peerId: peer.id,
          status,
          answerCount: answered.length,
          answeredStepIds: answered,
          keys,
          problem,
        });
      try {
        const { final, facts, problem } = await answer(exchange, context, port, observe, answered);
        if (exchange.interruption() === 'association-ended') return told(null, facts, problem);
        await exchange.respond(final);
        told(final.status, facts, problem);
      } catch (error) {
        // Who was shown is told whatever became of the association.
        if (error instanceof AssociationEnded) told(null, [], null);
        throw error;
      }
    },
  };
}

/**
 * PS3.4 §K.5: as many bytes as were offered. The first two are reserved and come back; fuzzy matching of names (3)
 * and adjustment of time zones (4) are not supported.
 */
export function answerNegotiation(offered: Uint8Array): Uint8Array {
  return offered.map((byte, index) => (index < 2 ? byte : 0));
}

async function answer(
  exchange: Exchange,
  context: ServiceContext,
  port: WorklistPort,
  observe: DicomObserver,
  answered: string[],
): Promise<{ final: FinalResponse; facts: readonly KeyFact[]; problem: string | null }> {
  const understood = understand(exchange, context.peer.defaultStationAETitle);
  if (understood instanceof MalformedDataSet) {
    return { final: refuseIdentifier(understood), facts: [], problem: understood.message };
  }
  const facts = understood.compiled.facts;
  try {
    const final = await stream(exchange, context, understood, port, observe, answered);
    return { final, facts, problem: null };
  } catch (error) {
    if (error instanceof AssociationEnded) throw error;
    observe({ type: 'fault', association: context.association, error });
    const final = { status: statuses.unableToProcess, errorComment: 'the worklist could not be read' };
    return { final, facts, problem: 'fault' };
  }
}

/** A malformed identifier is returned as such; it must never become a wider search. */
function understand(exchange: Exchange, defaultStation: string | undefined): Understood | MalformedDataSet {
  if (exchange.dataSetBytes === null) return new MalformedDataSet('the query has no identifier');
  try {
    const identifier = readDataSet(exchange.dataSetBytes, exchange.transferSyntax);
    if (identifier.size === 0) return new MalformedDataSet('the identifier is empty');
    const effective = withDefaultStation(identifier, defaultStation);
    return { identifier, effective, compiled: compileIdentifier(effective) };
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
  { peer, association }: ServiceContext,
  { identifier, effective, compiled }: Understood,
  port: WorklistPort,
  observe: DicomObserver,
  answered: string[],
): Promise<FinalResponse> {
  const pending = compiled.hasUnsupportedKey ? statuses.pendingWithUnsupportedKeys : statuses.pending;
  const candidates = port
    .find(toQuery(effective, peer.maxAnswers), peer, exchange.signal)
    [Symbol.asyncIterator]();
  let candidateCount = 0;
  try {
    for (;;) {
      const next = await nextUnlessInterrupted(candidates, exchange);
      if (next === null) return interruptedStatus(exchange);
      if (next.done === true) return { status: statuses.success };
      candidateCount += 1;
      if (candidateCount % candidatesPerTurn === 0) await nextTurn();
      if (compiled.findMismatch(next.value) !== null) continue;
      if (answered.length >= peer.maxAnswers) return tooMany(peer.maxAnswers);
      const { answer: dataSet, missing } = project(identifier, next.value, peer.responseCharacterSet);
      if (missing.length > 0) observe({ type: 'answer-incomplete', association, peerId: peer.id, missing });
      answered.push(stepIdOf(next.value));
      await exchange.respond({ status: pending, dataSet });
    }
  } finally {
    // Not awaited: a port that hangs would hold the answer to a cancel.
    candidates.return?.()?.catch((error: unknown) => observe({ type: 'fault', association, error }));
  }
}

function stepIdOf(item: DataSet): string {
  return item.items('ScheduledProcedureStepSequence')[0]?.text('ScheduledProcedureStepID') ?? '';
}

/** The next candidate, or null as soon as the operation is interrupted, even when the port is still thinking. */
function nextUnlessInterrupted(
  candidates: AsyncIterator<DataSet>,
  exchange: Exchange,
): Promise<IteratorResult<DataSet> | null> {
  if (exchange.interruption() !== null) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const interrupted = (): void => resolve(null);
    exchange.signal.addEventListener('abort', interrupted, { once: true });
    candidates
      .next()
      .then(resolve, reject)
      .finally(() => exchange.signal.removeEventListener('abort', interrupted));
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
