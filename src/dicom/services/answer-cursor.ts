// PS3.4 §K.4.1.3: the answers to one query, one after the other, each made when it is its turn.
import { othersFirst } from '../dimse/index.js';
import type { AnswerPlan } from './answer-plan.js';
import type { Selection } from './worklist-index.js';
import type { WorklistItem } from './worklist-item.js';

/** Items looked at without an answer before others have their turn; asking 256 takes well under a millisecond. */
const itemsPerTurn = 256;
/** What a console asks for all day: the patients of a day. */
const usualItemsMax = 100;

export interface AnswerCursorOptions {
  readonly selections: readonly Selection[];
  isShown(item: WorklistItem): boolean;
  readonly plan: AnswerPlan;
  readonly answerCountMax: number;
  /** Takes the step id of each answer. */
  readonly answered: string[];
  onMissing(paths: readonly string[]): void;
}

export class AnswerCursor {
  /** There was one more match than may be answered. */
  hasTooMany = false;
  private selectionAt = 0;
  private itemAt = 0;
  /** Few items come into question: all of them are looked at in one turn. */
  readonly isUsual: boolean;

  constructor(private readonly options: AnswerCursorOptions) {
    const itemCount = options.selections.reduce((count, { items }) => count + items.length, 0);
    this.isUsual = itemCount <= usualItemsMax;
  }

  /** The encoded data set of the next answer; null when there is none. */
  next(): Buffer | typeof othersFirst | null {
    const { selections, isShown, plan, answerCountMax, answered, onMissing } = this.options;
    let looked = 0;
    for (; this.selectionAt < selections.length; this.selectionAt += 1, this.itemAt = 0) {
      const selection = selections[this.selectionAt];
      if (selection === undefined) return null;
      while (this.itemAt < selection.items.length) {
        const item = selection.items[this.itemAt];
        if (looked >= itemsPerTurn) return othersFirst;
        looked += 1;
        this.itemAt += 1;
        if (item === undefined || selection.test?.(item) === false || !isShown(item)) continue;
        if (answered.length >= answerCountMax) {
          this.hasTooMany = true;
          this.selectionAt = selections.length;
          return null;
        }
        const { bytes, missing } = plan.answer(item, this.isUsual);
        if (missing.length > 0) onMissing(missing);
        answered.push(item.stepId);
        return bytes;
      }
    }
    return null;
  }
}
