import type { LetterKind } from '../../platform/database/generated/enums.js';
import type { MailMessage } from '../../platform/mail/index.js';
import type { Temporal } from '../../platform/time/index.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import type { LetterOpening } from './letter-opening.rules.js';
import type { EarlierLetter } from './letter-verdict.rules.js';

/** Who knows what a letter is about, by its kind. */
export class LetterMatterService {
  readonly #matters = new Map<LetterKind, LetterMatter>();

  constructor(matters: readonly LetterMatter[]) {
    for (const matter of matters) {
      for (const kind of matter.kinds) {
        if (this.#matters.has(kind)) throw new Error(`two matters know letters of the kind ${kind}`);
        this.#matters.set(kind, matter);
      }
    }
  }

  /** The kinds of letters that can be written. */
  kinds(): ReadonlySet<LetterKind> {
    return new Set(this.#matters.keys());
  }

  /** Whom a letter is for; null when there is nothing to write about. */
  opening(tidings: Tidings): Promise<LetterOpening | null> {
    return this.#of(tidings.kind).opening(tidings);
  }

  /** Reads what it is about afresh, decides, and puts it into words. */
  write(letter: LetterAtHand, earlier: readonly EarlierLetter[], now: Temporal.Instant): Promise<Written> {
    return this.#of(letter.kind).write(letter, earlier, now);
  }

  /** The letter as it would read now; null when there is nothing to be said any more. */
  wording(letter: LetterAtHand, earlier: readonly EarlierLetter[]): Promise<MailMessage | null> {
    return this.#of(letter.kind).wording(letter, earlier);
  }

  /** Lines of the address on the envelope of a letter that goes by post; empty: the record of whom it is for has it. */
  async postTo(letter: LetterAtHand): Promise<readonly string[]> {
    return (await this.#of(letter.kind).postTo?.(letter)) ?? [];
  }

  #of(kind: LetterKind): LetterMatter {
    const matter = this.#matters.get(kind);
    if (matter === undefined) throw new Error(`nobody knows what letters of the kind ${kind} are about`);
    return matter;
  }
}
