// Our own: while somebody asks whether the worklist is still as it was last seen, the answer to a usual query is made of
// what was seen. It is sent only when that turns out to be so.
import { type Exchange, othersFirst, statuses } from '../dimse/index.js';
import { AnswerCursor } from './answer-cursor.js';
import type { Meant, QueryMemory, Understood } from './query-memory.js';
import type { WorklistView } from './worklist.port.js';

/** One write: as much as any other answer has on its way at once. */
const preparedBytesMax = 64 * 1024;

export interface PreparedAnswer {
  /** Holds for this view and no other. */
  readonly view: WorklistView;
  readonly meant: Meant;
  /** The step ids of the answers, in order. */
  readonly answered: readonly string[];
  /** All responses, the final one too. */
  readonly bytes: Buffer;
}

/** Null when it is no usual query, or there is something to be said about its answers: then the long way is taken. */
export function prepareAnswer(
  exchange: Exchange,
  understood: Understood,
  view: WorklistView,
  memory: QueryMemory,
): PreparedAnswer | null {
  const meant = memory.meant(understood, view.peer);
  const { compiled, narrowing, plan } = meant;
  const answered: string[] = [];
  let isIncomplete = false;
  const cursor = new AnswerCursor({
    selections: view.index.select(compiled, narrowing, understood.zone),
    isShown: (item) => view.isShown(item),
    plan,
    answerCountMax: view.peer.maxAnswers,
    answered,
    onMissing: () => {
      isIncomplete = true;
    },
  });
  if (!cursor.isUsual) return null;
  const dataSets: Buffer[] = [];
  let byteCount = 0;
  for (let next = cursor.next(); next !== null; next = cursor.next()) {
    if (next === othersFirst || isIncomplete) return null;
    byteCount += next.length;
    if (byteCount > preparedBytesMax) return null;
    dataSets.push(next);
  }
  if (isIncomplete || cursor.hasTooMany) return null;
  const pending = compiled.hasUnsupportedKey ? statuses.pendingWithUnsupportedKeys : statuses.pending;
  return {
    view,
    meant,
    answered,
    bytes: exchange.encodeAll(pending, dataSets, { status: statuses.success }),
  };
}
