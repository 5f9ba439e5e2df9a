import {
  type DataSet,
  type Peer,
  toWorklistItem,
  WorklistIndex,
  type WorklistPort,
  type WorklistView,
} from '../../src/dicom/index.js';

/** A worklist that everybody is shown. */
export function viewOf(items: readonly DataSet[], peer: Peer): WorklistView {
  return { index: indexOf(items), isShown: () => true, peer };
}

function indexOf(items: readonly DataSet[]): WorklistIndex {
  const index = new WorklistIndex();
  index.putAll(items.map(toWorklistItem));
  return index;
}

/** The port of a worklist that does not change. */
export function worklistOf(items: readonly DataSet[]): WorklistPort {
  const index = indexOf(items);
  return { current: async (peer) => ({ index, isShown: () => true, peer }) };
}
